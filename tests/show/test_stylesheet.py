import re

import pytest

from volresearch.show.stylesheet import COLOURS, styles


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(a: str, b: str) -> float:
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _tokens(selector: str) -> dict[str, str]:
    block = styles()[styles().index(selector) :]
    return dict(re.findall(r"(--vr-[a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})", block[: block.index("}")]))


LIGHT = _tokens(":root, .vr {")
DARK = _tokens('[data-jp-theme-light="false"] .vr {')
PAPER = _tokens('[data-jp-theme-light="false"] .vr .vr-paper')
TEXT_ON_GROUND = [
    *(
        (name, "--vr-paper")
        for name in ("--vr-ink", "--vr-muted", "--vr-link", "--vr-series-1", "--vr-series-2", "--vr-series-4")
    ),
    ("--vr-ink", "--vr-panel"),
    *((f"--vr-{name}", f"--vr-{name}-bg") for name in ("ok", "caution", "stop", "hold")),
]


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_contrast__text_on_its_ground_in_light__passes_aa(text, ground):
    assert _contrast(LIGHT[text], LIGHT[ground]) >= 4.5


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_contrast__text_on_its_ground_in_dark__passes_aa(text, ground):
    # JupyterLab's two dark layers, where the ground comes from the theme.
    grounds = {"--vr-paper": "#212121", "--vr-panel": "#424242"}
    assert _contrast(DARK[text], DARK.get(ground, grounds.get(ground, ""))) >= 4.5


def test_contrast__marks_of_series_three__reach_three_to_one():
    assert _contrast(LIGHT["--vr-series-3"], LIGHT["--vr-paper"]) >= 3
    assert _contrast(DARK["--vr-series-3"], "#212121") >= 3


def test_tokens__white_paper_in_the_dark_theme__are_the_light_ones():
    assert PAPER
    assert all(LIGHT[name] == value for name, value in PAPER.items())


def test_tokens__colours_of_figures__are_those_of_the_style_sheet():
    for name in ("ink", "muted", "series-1", "series-2", "series-3", "series-4", "hold", "hold-bg"):
        assert COLOURS[name] == LIGHT[f"--vr-{name}"]


def test_styles__whole_sheet__loads_nothing_and_is_scoped():
    text = re.sub(r"/\*.*?\*/", "", styles(), flags=re.S)
    assert "http" not in text
    assert "@import" not in text
    assert "url(" not in text
    components = text[text.index(".vr { font:") :]
    selectors = re.findall(r"(?:^|[{}])\s*([^{}@]+)\{", components)
    assert selectors
    assert all(".vr" in selector for selector in selectors)
