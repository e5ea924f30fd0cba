"""China and the Belt and Road: volunteering across borders: a plugin of volresearch."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin(
    "china_bri",
    root=__path__[0],
    title={
        "en": "China and the Belt and Road: volunteering across borders",
        "zh": "中国与“一带一路”：跨国志愿服务",
        "es": "China y la Franja y la Ruta: voluntariado más allá de las fronteras",
        "fr": "La Chine et la Ceinture et la Route : le volontariat par-delà les frontières",
    },
    summary={
        "en": "Outputs of the UNV project with the Beijing Volunteer Service Federation, 2016-2019, and the registration figures of China.",
        "zh": "联合国志愿人员组织与北京市志愿服务联合会2016—2019年合作项目的产出，以及中国志愿者注册数据。",
        "es": "Resultados del proyecto de VNU con la Federación de Servicio Voluntario de Beijing, 2016-2019, y cifras de registro de China.",
        "fr": "Résultats du projet VNU avec la Fédération du service volontaire de Beijing, 2016-2019, et chiffres d'inscription de la Chine.",
    },
    api=(0, 1),
    maintainer="volresearch contributors",
    languages=("zh", "en"),
)
