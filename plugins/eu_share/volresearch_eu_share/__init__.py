"""SHARE: volunteering for refugee integration: a plugin of volresearch."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin(
    "eu_share",
    root=__path__[0],
    title={
        "en": "SHARE: volunteering for refugee integration",
        "fr": "SHARE : le bénévolat pour l'intégration des personnes réfugiées",
        "de": "SHARE: freiwilliges Engagement für die Integration von Geflüchteten",
        "es": "SHARE: voluntariado para la integración de personas refugiadas",
        "zh": "SHARE：促进难民融合的志愿服务",
    },
    summary={
        "en": "Mentoring between European cities and organizations on volunteering for refugee integration, 2014-2015, and the network behind it.",
        "fr": "Mentorat entre villes et organisations européennes sur le bénévolat pour l'intégration des personnes réfugiées, 2014-2015, et le réseau qui le porte.",
        "de": "Mentoring zwischen europäischen Städten und Organisationen zum freiwilligen Engagement für die Integration von Geflüchteten, 2014-2015, und das Netzwerk dahinter.",
        "es": "Mentoría entre ciudades y organizaciones europeas sobre voluntariado para la integración de personas refugiadas, 2014-2015, y la red que la sostiene.",
        "zh": "2014—2015年欧洲城市与组织之间关于志愿服务促进难民融合的导师项目及其网络。",
    },
    api=(0, 1),
    maintainer="volresearch contributors",
    languages=("en", "fr", "de"),
)
