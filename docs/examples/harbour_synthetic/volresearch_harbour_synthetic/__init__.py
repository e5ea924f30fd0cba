"""Example plugin: invented figures on volunteering in a harbour that does not exist."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin(
    "harbour_synthetic",
    root=__path__[0],
    title={"en": "Harbour (synthetic example)", "es": "Puerto (ejemplo sintético)"},
    summary={
        "en": "Invented figures that show how a plugin is built.",
        "es": "Cifras inventadas que muestran cómo se construye un complemento.",
    },
    api=(0, 1),
    maintainer="volresearch contributors",
    languages=("en", "es"),
)
