"""The view "Bring your file": a data file is read, looked at and checked, then imported as a dataset, without code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets

from volresearch.errors import VolResearchError
from volresearch.show.markup import esc
from volresearch.text import language_name, ntr, tr
from volresearch.widgets.bring_calls import Asked, code_of, import_asked, missing_of, proposed_id, read_asked
from volresearch.widgets.bring_design import DesignCard
from volresearch.widgets.bring_files import DATA, FORMS, files_in, is_served, relative, save_uploads
from volresearch.widgets.controls import Quiet, box, html, named, row, set_options
from volresearch.widgets.scene import Scene

if TYPE_CHECKING:
    from volresearch.datasets import Dataset
    from volresearch.datasets.quality import Quality

__all__ = ["BringView"]

_NONE = ""
_LABELS = ("auto", "codes", "labels")


class BringView:
    """Two columns that fold: what to read and what to declare; what was found, checks and code.

    Parameters
    ----------
    folder : Path, optional
        The working folder: its files are offered, its ``private/`` takes what is uploaded or set aside, its
        ``datasets/`` what is imported. The folder of the notebook unless given.

    Attributes
    ----------
    dataset, quality
        What was read last, and its check; None before.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder, self._lang, self._quiet = folder or Path(), "en", Quiet()
        self._read: Asked | None = None
        self._listed = False
        self.dataset: Dataset | None = None
        self.quality: Quality | None = None
        self.file, self.form = (
            named(ipywidgets.Dropdown(), "bring-file"),
            named(ipywidgets.Dropdown(), "bring-form"),
        )
        self.path = named(ipywidgets.Text(continuous_update=False), "bring-path")
        self.upload = named(ipywidgets.FileUpload(multiple=True), "bring-upload")
        self.sheet = named(ipywidgets.Text(continuous_update=False), "bring-sheet")
        self.missing = named(ipywidgets.Text(continuous_update=False), "bring-missing")
        self.labels = named(ipywidgets.Dropdown(options=[("auto", "auto")]), "bring-labels")
        self.read_button = named(ipywidgets.Button(), "bring-read", "main")
        self.look_again = named(ipywidgets.Button(), "bring-again")
        self.words = named(ipywidgets.Dropdown(), "bring-words")
        self.card = DesignCard(self._show_code)
        self.import_button = named(ipywidgets.Button(disabled=True), "bring-import", "main")
        self.code = named(ipywidgets.Textarea(rows=14), "bring-code", "code")
        self.status, self.found, self.checked = (
            html("bring-status"),
            html("bring-found", "boxed"),
            html("bring-checked", "boxed"),
        )
        self.done, self.about = html("bring-done"), html("note")
        self._heads = [html() for _ in range(4)]
        self.box = self._laid_out()
        self._uncover()
        self._watch()

    def title(self, lang: str) -> str:
        """Return the words on the tab."""
        return tr("Bring your file", lang)

    def speak(self, lang: str) -> None:
        """Put the view's own words into `lang`; what was read and typed stays."""
        self._lang = lang
        words = (
            tr("The file", lang),
            tr("How to read it", lang),
            tr("Import as a dataset", lang),
            tr("Code", lang),
        )
        for place, said in zip(self._heads, words, strict=True):
            place.value = f"<h4>{esc(said)}</h4>"
        self.file.description = tr("In this folder", lang)
        self.path.description = tr("Or its path", lang)
        self.upload.description = tr("Upload", lang)
        self.about.value = esc(tr("Uploaded files go to private/, which only you can read. Copy large files into the folder instead.", lang))  # fmt: skip
        self.form.description = tr("Form (optional)", lang)
        self.sheet.description = tr("Sheet (optional)", lang)
        self.missing.description = tr("Texts that are no answer", lang)
        self.missing.placeholder = tr("for instance NA, 99=refused", lang)
        self.labels.description = tr("Cells of choices hold", lang)
        self.words.description = tr("Labels in", lang)
        self.read_button.description = tr("Read", lang)
        self.look_again.description = tr("Look for files again", lang)
        self.import_button.description = tr("Import", lang)
        self.code.description = tr("The same without this panel", lang)
        self.card.speak(lang)
        with self._quiet.hold():
            self._fill()
        self._show_read()

    def show(self, scene: Scene) -> None:
        """Draw the view; the scene of published figures tells the language only."""
        if not self._listed:
            self.list_files()

    def list_files(self, choose: str = "") -> None:
        """Offer the files of the working folder anew."""
        self._listed = True
        with self._quiet.hold():
            self._fill(choose)
        self._chosen()

    @property
    def asked(self) -> Asked:
        """What the controls ask for.

        Raises
        ------
        VolResearchError
            ``read.option`` for texts that are no answer with a reason that is none.
        """
        path = str(self.path.value).strip() or str(self.file.value or "")
        form, sheet = str(self.form.value or ""), str(self.sheet.value).strip()
        return Asked(path, form, sheet, missing_of(str(self.missing.value)), str(self.labels.value))

    def read(self) -> None:
        """Read the file that is chosen and show what was found; a fault is shown as a message."""
        self.dataset = self.quality = self._read = None
        self.import_button.disabled = True
        self.found.value = self.checked.value = self.done.value = self.code.value = ""
        self._uncover()
        lang = self._lang
        if is_served():
            self._say(
                tr("This page is served to visitors. Bring files from a notebook of your own.", lang),
                wrong=True,
            )
            return
        try:
            asked = self.asked
            if not asked.path:
                self._say(tr("Choose a file first.", lang), wrong=True)
                return
            self._say(tr("Reading {file} ...", lang, file=Path(asked.path).name))
            self.dataset, self.quality = read_asked(asked, self._folder)
        except VolResearchError as fault:
            self._say(str(fault), wrong=True)
            return
        except Exception as error:  # noqa: BLE001 - a person without code can do nothing with a traceback
            self._say(_stumbled(error, lang), wrong=True)
            return
        self._read = asked
        self.import_button.disabled = False
        with self._quiet.hold():
            self.card.propose(proposed_id(asked.path), self.dataset)
            self._fill_words()
        self._uncover()
        self._show_read()

    def bring(self) -> Path | None:
        """Import what was read and return the YAML; a fault is shown as a message, and nothing is half-written."""
        asked, lang = self._read, self._lang
        if asked is None or is_served():
            return None
        self.done.value = f'<p class="vr-note" role="status">{esc(tr("Importing ...", lang))}</p>'
        self.import_button.disabled = True
        try:
            written = import_asked(asked, self.card.wanted, self._folder)
        except VolResearchError as fault:
            self.done.value = _wrong(str(fault))
            return None
        except Exception as error:  # noqa: BLE001 - a person without code can do nothing with a traceback
            self.done.value = _wrong(_stumbled(error, lang))
            return None
        finally:
            self.import_button.disabled = False
        place = Path(self.card.wanted.out).as_posix()
        said = tr("Written: {path}", lang, path=f"{place}/{written.name}")
        next_step = tr("Open it with {call}. Raw file and what was set aside: private/{id}/.", lang, call=f'vr.dataset("{place}")', id=self.card.wanted.id)  # fmt: skip
        self.done.value = (
            f'<p role="status"><strong>{esc(said)}</strong></p><p class="vr-note">{esc(next_step)}</p>'
        )
        return written

    def _laid_out(self) -> ipywidgets.HBox:
        the_file, how, as_dataset, as_code = self._heads
        upload = row([self.upload, self.look_again], "actions")
        options = [how, self.form, self.sheet, self.missing, self.labels, self.read_button]
        asked = box([the_file, self.file, self.path, upload, self.about, *options], "column")
        card = box([as_dataset, *self.card.children, self.import_button, self.done], "boxed")
        left = box([asked, card], "column", flex="0 0 270px")
        code = box([as_code, self.code], "boxed")
        right = box(
            [self.status, self.words, self.found, self.checked, code], "column", "right", flex="1 1 460px"
        )
        self.words.layout.max_width = "220px"
        for place in (self.found, self.checked):
            place.layout.overflow, place.layout.max_height = "auto", "620px"
        self._later = (card, self.words, self.found, self.checked, code)
        return row([left, right], "columns", "bring")

    def _uncover(self) -> None:
        """Show what makes sense once a file was read."""
        for place in self._later:
            place.layout.display = None if self._read is not None else "none"

    def _watch(self) -> None:
        self.read_button.on_click(lambda _: self.read())
        self.import_button.on_click(lambda _: self.bring())
        self.look_again.on_click(lambda _: self.list_files())
        self.upload.observe(lambda change: self._uploaded(change["new"]), "value")
        self.file.observe(lambda _: None if self._quiet else self._chosen(), "value")
        self.words.observe(lambda _: None if self._quiet else self._show_read(), "value")

    def _fill(self, choose: str = "") -> None:
        """Fill the choices, keeping what is still among them."""
        lang, words = (
            self._lang,
            (tr("as found", self._lang), tr("codes", self._lang), tr("labels", self._lang)),
        )
        set_options(self.labels, list(zip(words, _LABELS, strict=True)), [str(self.labels.value or "auto")])
        if not self._listed or is_served():
            set_options(self.file, [(tr("none", lang), _NONE)])
            set_options(self.form, [(tr("none", lang), _NONE)])
            return
        files, forms = files_in(self._folder, DATA), files_in(self._folder, FORMS)
        none = (tr("none", lang), _NONE)
        set_options(self.file, [none, *((one, one) for one in files)], [choose, str(self.file.value or "")])
        set_options(self.form, [none, *((one, one) for one in forms)], [str(self.form.value or "")])
        self._fill_words()

    def _fill_words(self) -> None:
        tags = list(self.dataset.declaration.languages) if self.dataset else []
        tags = list(dict.fromkeys([self._lang, *tags]))
        set_options(
            self.words, [(language_name(tag), tag) for tag in tags], [str(self.words.value or ""), self._lang]
        )

    def _chosen(self) -> None:
        if is_served():
            self._say(tr("This page is served to visitors. Bring files from a notebook of your own.", self._lang), wrong=True)  # fmt: skip
        elif self._read is None:
            count = len(self.file.options) - 1
            found = ntr("{n} file in this folder can be brought.", "{n} files in this folder can be brought.", count, self._lang)  # fmt: skip
            self._say(
                f"{found} {tr('Choose one and read it: nothing is written before you import.', self._lang)}"
            )

    def _uploaded(self, files: Any) -> None:
        if not files or is_served():
            return
        try:
            kept = save_uploads(files, self._folder)
        except VolResearchError as fault:
            self._say(str(fault), wrong=True)
            return
        finally:
            self.upload.value = ()  # the state of a widget may be saved with the notebook
        self.path.value = ""
        self.list_files(relative(kept[-1], self._folder))
        self._say(ntr("{n} file was uploaded to private/uploads.", "{n} files were uploaded to private/uploads.", len(kept), self._lang))  # fmt: skip

    def _show_read(self) -> None:
        """Show what was read, in the language that is chosen."""
        dataset, quality, lang = self.dataset, self.quality, self._lang
        if dataset is None or quality is None or self._read is None:
            if self._listed:
                self._chosen()
            return
        from volresearch.datasets.views import dataset_html

        name = Path(self._read.path).name
        said = tr("{file} was read: {counts}.", lang, file=name, counts=quality.counts(lang))
        self._say(f"{said} {tr('Nothing is written yet.', lang)}")
        shown = str(self.words.value or lang)
        self.found.value = dataset_html(dataset, shown)
        self.checked.value = quality.html(lang)
        self._show_code()

    def _show_code(self) -> None:
        if self._read is not None:
            self.code.value = code_of(self._read, self.card.wanted)

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self.status.value = _wrong(words) if wrong else f'<p class="vr-note" role="status">{esc(words)}</p>'


def _wrong(words: str) -> str:
    return f'<p class="vr-wrong" role="alert">{esc(words)}</p>'


def _stumbled(error: BaseException, lang: str) -> str:
    return tr("The file could not be read to its end ({kind}): {said}", lang, kind=type(error).__name__, said=str(error)[:300])  # fmt: skip
