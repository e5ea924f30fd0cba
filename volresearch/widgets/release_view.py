"""The view of a release: what leaves, in which formats, under which name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets

from volresearch.errors import VolResearchError
from volresearch.show.markup import esc
from volresearch.text import ntr, tr
from volresearch.widgets.controls import box, html, named, row
from volresearch.widgets.exports import FORMATS, download_link, export
from volresearch.widgets.figures_view import chart_and_table, fault_html
from volresearch.widgets.scene import Scene

if TYPE_CHECKING:
    from volresearch.release import Release

__all__ = ["ReleaseView"]


class ReleaseView:
    """The released table and chart on paper, and the files to write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scene: Scene | None = None
        self._release: Release | None = None
        self.preview = html("preview")
        self.formats = {
            ending: named(ipywidgets.Checkbox(value=ending in {"csv", "svg"}), f"format-{ending}")
            for ending in FORMATS
        }
        self.button = named(ipywidgets.Button(), "export", "main")
        self.files, self.record = html("exported"), html("record")
        self._head, self._where = html(), html()
        choices = named(ipywidgets.GridBox(tuple(self.formats.values())), "grid2")
        card = box([self._head, choices, self._where, self.button, self.files], "boxed")
        left = box([self.preview], "column", flex="3 1 560px")
        right = box([card, box([self.record], "boxed")], "column", flex="2 1 340px")
        self.box = row([left, right], "columns")
        self._anchor = f"vr{self.box.model_id[:8]}r"
        self.button.on_click(lambda _: self.export())
        for choice in self.formats.values():
            choice.observe(lambda _: self._name_button(), "value")

    def title(self, lang: str) -> str:
        """Return the words on the tab."""
        return tr("Release", lang)

    def speak(self, lang: str) -> None:
        """Put the view's own words into `lang`."""
        words = {
            "csv": tr("Table, CSV", lang),
            "xlsx": tr("Table, Excel", lang),
            "svg": tr("Chart, SVG", lang),
            "png": tr("Chart, PNG", lang),
        }
        for ending, choice in self.formats.items():
            choice.description = words[ending]
        self._head.value = f"<h4>{esc(tr('Export', lang))}</h4>"
        said = tr("Files go to {folder}; a file that is there is never overwritten. Sources travel with each.", lang, folder=f"{self._folder.name}/")  # fmt: skip
        self._where.value = f'<p class="vr-note">{esc(said)}</p>'
        self._name_button(lang)

    def show(self, scene: Scene) -> None:
        """Draw a scene as it will leave."""
        self._scene, self._release = scene, None
        self.files.value = ""
        self._name_button()
        if scene.result is None or scene.charted is None:
            self.preview.value, self.record.value = fault_html(scene), ""
            return
        try:
            self._release = scene.result.release()
        except VolResearchError as fault:
            self.preview.value = f'<p class="vr-wrong" role="alert">{esc(fault)}</p>'
            self._name_button()
            return
        chart, shown = chart_and_table(scene, scene.charted.release(), self._release, self._anchor)
        self.preview.value = f'<div class="vr-paper vr-sheet">{chart}{shown}</div>'
        self.record.value = _record(self._release, scene)
        self._name_button()

    def export(self) -> list[Path]:
        """Write the chosen formats and show the names; a fault is shown, and nothing is overwritten."""
        scene, release = self._scene, self._release
        if scene is None or scene.charted is None or release is None:
            return []
        try:
            written = export(
                release, scene.charted.release(), self._folder, scene.selection, self.chosen, scene.lang
            )
        except (VolResearchError, OSError) as fault:
            self.files.value = f'<p class="vr-wrong" role="alert">{esc(fault)}</p>'
            return []
        rows = "".join(
            f"<li><code>{esc(self._folder.name)}/{esc(path.name)}</code> {download_link(path, tr('Download', scene.lang))}</li>"
            for path in written
        )
        self.files.value = f'<ul class="vr-files" role="status">{rows}</ul>'
        return written

    @property
    def chosen(self) -> list[str]:
        """The endings that are ticked."""
        return [ending for ending, choice in self.formats.items() if choice.value]

    def _name_button(self, lang: str | None = None) -> None:
        language = lang or (self._scene.lang if self._scene else "en")
        number = len(self.chosen)
        self.button.description = ntr("Export {n} file", "Export {n} files", number, language)
        self.button.disabled = number == 0 or self._release is None


def _record(release: Release, scene: Scene) -> str:
    lang, record = scene.lang, release.record
    datasets = ", ".join(f"{item.id} {item.version} ({item.sha256[:12]})" for item in release.facts.datasets)
    rows = {
        tr("Rule", lang): record.rule,
        tr("Values", lang): tr("{cells} shown, {hidden} hidden", lang, cells=record.cells, hidden=record.hidden),
        tr("Comparability", lang): scene.comparison.headline(lang) if scene.comparison else "",
        tr("Data", lang): datasets,
        tr("Time (UTC)", lang): record.time,
    }  # fmt: skip
    listed = "".join(f"<dt>{esc(key)}</dt><dd>{esc(value)}</dd>" for key, value in rows.items() if value)
    return f'<h4>{esc(tr("Record of the release", lang))}</h4><dl class="vr-rec">{listed}</dl>'
