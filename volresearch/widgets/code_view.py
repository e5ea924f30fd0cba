"""The view of code: the calls that give the same without the explorer."""

from __future__ import annotations

import ipywidgets

from volresearch.show.markup import esc
from volresearch.text import tr
from volresearch.widgets.controls import box, html, named
from volresearch.widgets.exports import file_stem
from volresearch.widgets.figures import Selection
from volresearch.widgets.literals import quoted
from volresearch.widgets.scene import Scene

__all__ = ["CodeView", "code_of"]


class CodeView:
    """The code in a text box, so that keys and mouse can mark and copy it."""

    def __init__(self) -> None:
        self._intro = html("note")
        self.text = named(ipywidgets.Textarea(rows=20, disabled=False), "code")
        self.box = box([self._intro, self.text], "column")

    def title(self, lang: str) -> str:
        """Return the words on the tab."""
        return tr("Code", lang)

    def speak(self, lang: str) -> None:
        """Put the view's own words into `lang`."""
        self.text.description = tr("Code", lang)
        said = tr("The steps of this view, ready to run. Click into the code, then Ctrl+A and Ctrl+C (Cmd on a Mac) copy it.", lang)  # fmt: skip
        self._intro.value = esc(said)

    def show(self, scene: Scene) -> None:
        """Write the code of a scene."""
        drawn = tuple(scene.charted.table["area"].unique()) if scene.cut and scene.charted else ()
        self.text.value = code_of(scene.selection, scene.lang, compared=not scene.one, drawn=drawn)
        self.text.rows = self.text.value.count("\n") + 2


def code_of(selection: Selection, lang: str, *, compared: bool = True, drawn: tuple[str, ...] = ()) -> str:
    """Return the calls of ``vr`` that give what the explorer shows.

    >>> print(code_of(Selection("core.volunteer_rate", ("BRA",)), "en", compared=False).splitlines()[4])
    result = vr.facts(series="core.volunteer_rate", area=["BRA"])
    """
    words = "" if lang == "en" else f', lang="{lang}"'
    stem = f"{file_stem(selection)}_{lang}"
    lines = ["from IPython.display import display", "", "import volresearch as vr", ""]
    lines += [f"result = {_call(selection)}"]
    if compared:
        lines += ["comparison = vr.compare(result)", f'print(comparison.sentence("{lang}"))']
    chart = "result"
    if drawn:
        part = Selection(selection.series, drawn, selection.periods, selection.subgroups)
        lines += [
            "",
            "# The chart shows the areas with the largest latest value.",
            f"charted = {_call(part)}",
        ]
        chart = "charted"
    lines += [
        f"display(vr.figure({chart}{words}), vr.table(result{words}))",
        "",
        "release = result.release()",
    ]
    lines += [f'release.to_csv("{stem}.csv"{words})', f'release.to_excel("{stem}.xlsx"{words})']
    released = "release" if chart == "result" else "charted.release()"
    lines += [f'vr.figure({released}{words}).save("{stem}.svg")']
    return "\n".join(lines) + "\n"


def _call(selection: Selection) -> str:
    named_parts = {"area": selection.areas, "period": selection.periods, "subgroup": selection.subgroups}
    parts = [f'series="{selection.series}"']
    parts += [
        f"{name}=[{', '.join(quoted(code) for code in codes)}]"
        for name, codes in named_parts.items()
        if codes
    ]
    return f"vr.facts({', '.join(parts)})"
