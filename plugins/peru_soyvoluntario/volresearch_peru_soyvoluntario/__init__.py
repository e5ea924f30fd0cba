"""Peru: the SoyVoluntari@ network: a plugin of volresearch."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin(
    "peru_soyvoluntario",
    root=__path__[0],
    title={
        "en": "Peru: the SoyVoluntari@ network",
        "es": "Perú: la red SoyVoluntari@",
        "fr": "Pérou : le réseau SoyVoluntari@",
        "zh": "秘鲁：SoyVoluntari@网络",
    },
    summary={
        "en": "A network of volunteering entities across sectors, the national register and the third sector in Peru.",
        "es": "Una red intersectorial de entidades de voluntariado, el registro nacional y el tercer sector en el Perú.",
        "fr": "Un réseau intersectoriel d'entités de volontariat, le registre national et le tiers secteur au Pérou.",
        "zh": "秘鲁跨部门志愿服务实体网络、国家登记册和第三部门。",
    },
    api=(0, 1),
    maintainer="volresearch contributors",
    languages=("es", "en"),
)
