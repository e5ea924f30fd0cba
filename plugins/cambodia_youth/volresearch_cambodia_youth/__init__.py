"""Cambodia: youth, volunteering and work: a plugin of volresearch."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin(
    "cambodia_youth",
    root=__path__[0],
    title={
        "en": "Cambodia: youth, volunteering and work",
        "km": "កម្ពុជា៖ យុវជន ការងារស្ម័គ្រចិត្ត និងការងារ",
        "es": "Camboya: juventud, voluntariado y empleo",
        "fr": "Cambodge : jeunesse, volontariat et emploi",
        "zh": "柬埔寨：青年、志愿服务与就业",
    },
    summary={
        "en": "Volunteering as a road to work for young people, the mapping of organizations and the project that followed.",
        "km": "ការងារស្ម័គ្រចិត្តជាផ្លូវទៅរកការងារសម្រាប់យុវជន ការធ្វើផែនទីអង្គការ និងគម្រោងបន្ទាប់។",
        "es": "El voluntariado como camino al empleo para la juventud, el mapeo de organizaciones y el proyecto que siguió.",
        "fr": "Le volontariat comme voie vers l'emploi des jeunes, la cartographie des organisations et le projet qui a suivi.",
        "zh": "志愿服务作为青年就业之路、组织摸底调查及后续项目。",
    },
    api=(0, 1),
    maintainer="volresearch contributors",
    languages=("km", "en"),
)
