"""Local partnerships and volunteering in the United Kingdom: a plugin of volresearch."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin(
    "uk_local",
    root=__path__[0],
    title={
        "en": "Local partnerships and volunteering in the United Kingdom",
        "cy": "Partneriaethau lleol a gwirfoddoli yn y Deyrnas Unedig",
        "es": "Alianzas locales y voluntariado en el Reino Unido",
        "fr": "Partenariats locaux et bénévolat au Royaume-Uni",
        "zh": "英国的地方伙伴关系与志愿服务",
    },
    summary={
        "en": "Volunteer Centres and public bodies as partners, and rates of volunteering in England by mode of the survey.",
        "cy": "Canolfannau Gwirfoddoli a chyrff cyhoeddus yn bartneriaid, a chyfraddau gwirfoddoli yn Lloegr yn ôl dull yr arolwg.",
        "es": "Centros de voluntariado y organismos públicos como aliados, y tasas de voluntariado en Inglaterra según el modo de la encuesta.",
        "fr": "Centres de bénévolat et organismes publics partenaires, et taux de bénévolat en Angleterre selon le mode d'enquête.",
        "zh": "志愿者中心与公共机构的伙伴关系，以及按调查方式区分的英格兰志愿服务率。",
    },
    api=(0, 1),
    maintainer="volresearch contributors",
    languages=("en", "cy"),
)
