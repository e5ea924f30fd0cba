"""The built-in plugin: the core's own material goes through the same door as everybody's.

Datasets and notebooks of the core lie at the top of a checkout, where people look for them, and inside
this package in an installed wheel.
"""

from __future__ import annotations

from pathlib import Path

from volresearch.plugins import FolderPlugin

__all__ = ["folders", "plugin"]


def folders(package: Path) -> dict[str, Path]:
    """Return where datasets and notebooks lie, given the folder of the package ``volresearch``.

    >>> sorted(folders(Path("no-such-folder/volresearch")))
    ['datasets', 'notebooks']
    """
    checkout = package.parent
    top = checkout if (checkout / "pyproject.toml").is_file() else package / "core"
    return {kind: top / kind for kind in ("datasets", "notebooks")}


plugin = FolderPlugin(
    "core",
    root=Path(__file__).parent,
    title={
        "en": "Core material of volresearch",
        "es": "Material básico de volresearch",
        "fr": "Matériel de base de volresearch",
        "zh": "volresearch 核心资料",
    },
    api=(0, 1),
    maintainer="volresearch contributors",
    languages=("en", "es", "fr", "zh"),
    summary={
        "en": "Published figures, indicators, survey instruments and reports that come with the package.",
        "es": "Cifras publicadas, indicadores, cuestionarios e informes que vienen con el paquete.",
        "fr": "Chiffres publiés, indicateurs, questionnaires et rapports fournis avec le paquet.",
        "zh": "随软件包提供的已公布数据、指标、调查问卷和报告。",
    },
    folders=folders(Path(__file__).parents[1]),
)
