"""What a text, a markup or foreign bytes are, and what to do with what is no data file."""

from __future__ import annotations

import re

__all__ = ["REFUSED", "of_markup", "of_text"]

_SAVE = "Save it as a workbook (.xlsx) or CSV, and read that."
_FORM = "Give it as the form: read(data_file, instrument=this_file)."
_R = "In R, write the table with haven::write_sav(), arrow::write_parquet() or write.csv(), and read that."
_UNPACK = "Unpack it, and read the data file that is inside."

#: Kind of what is not read -> what it is, and what to do.
REFUSED: dict[str, tuple[str, str]] = {
    "zip": ("a ZIP archive", _UNPACK),
    "bzip2": ("an archive of bzip2", _UNPACK),
    "xz": ("an archive of xz", _UNPACK),
    "7z": ("an archive of 7-Zip", _UNPACK),
    "rar": ("an archive of RAR", _UNPACK),
    "tar": ("an archive of tar", _UNPACK),
    "xlsb": ("a binary Excel workbook (.xlsb)", _SAVE),
    "ods": ("an OpenDocument spreadsheet", _SAVE),
    "excel_xml": ("an Excel workbook of 2003 in XML", _SAVE),
    "locked": ("an Excel workbook with a password", "Open it in Excel, take the password away, and save it."),
    "word": ("a text document", "Copy its table into a workbook, and read that."),
    "slides": ("a presentation", "Copy its table into a workbook, and read that."),
    "ole": ("an old Office file without a workbook in it", _SAVE),
    "cut": ("an old Excel workbook that is cut off", "Download or export it again."),
    "pdf": ("a PDF", "Ask for the data as CSV, Excel or SPSS; tables of a PDF are not read."),
    "image": ("an image", "Give the data file, not a picture of it."),
    "media": ("a sound or a film", "Give the data file of the survey; attachments are not read."),
    "html": (
        "a web page, whatever its name says",
        "If a browser or a spreadsheet program shows the right table, save it there as .xlsx; "
        "a page to sign in shows that the download failed.",
    ),
    "xlsform": ("a form (XLSForm)", _FORM),
    "lss": ("the structure of a LimeSurvey survey", _FORM),
    "xform": ("a form (ODK XForm)", "Give the XLSForm it was made of as instrument, and the export as data file."),
    "lifecycle": ("DDI-Lifecycle; DDI-Codebook is read", "Ask the archive for DDI-Codebook, SPSS or CSV."),
    "xml": ("XML of a kind that is not known here", "Ask for the data as CSV, Excel, SPSS or DDI-Codebook."),
    "rds": ("an object of R (.rds)", _R),
    "rdata": ("a workspace of R (.RData)", _R),
    "access": ("an Access database", "In Access, export the table as Excel or CSV, and read that."),
    "sqlite": ("an SQLite database", "Export the table as CSV, and read that."),
    "hdf5": ("an HDF5 file", "Write its table as Parquet or CSV, and read that."),
    "arrow": ("an Arrow (Feather) file", "Write it as Parquet, and read that: pandas.read_feather(f).to_parquet(g)."),
    "pickle": ("a pickle of Python, which may run anything when opened", "Write the table as Parquet, and read that."),
    "program": ("a program", "Do not run it; ask its sender for the data."),
    "binary": ("a binary file of a kind that is not known here", "Ask for the data as CSV, Excel, SPSS or Parquet."),
}  # fmt: skip

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"II*\0", "image"),
    (b"MM\0*", "image"), (b"BM", "bitmap"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"), (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"), (b"{\\rtf", "word"), (b"RDX2\n", "rdata"), (b"RDX3\n", "rdata"), (b"RDA2\n", "rdata"),
    (b"RDA3\n", "rdata"), (b"X\n\0\0\0", "rds"), (b"B\n\x02\0\0\0", "rds"), (b"B\n\x03\0\0\0", "rds"),
    (b"A\n2\n", "rds"), (b"A\n3\n", "rds"), (b"\0\1\0\0Standard ", "access"), (b"SQLite format 3\0", "sqlite"),
    (b"\x89HDF", "hdf5"), (b"ARROW1", "arrow"), (b"FEA1", "arrow"), (b"MZ", "executable"), (b"\x7fELF", "program"),
    (b"ID3", "executable"), (b"OggS", "media"), (b"RIFF", "riff"), (b"\x80\x02", "pickle"), (b"\x80\x03", "pickle"),
    (b"\x80\x04\x95", "pickle"), (b"\x80\x05\x95", "pickle"),
)  # fmt: skip
#: These letters also begin texts: only where bytes follow that no text has.
_ONLY_BINARY = {"bitmap": "image", "executable": "program", "riff": "media"}
#: Control characters that no text has: all but tab, line ends, form feed, and the end mark of DOS.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_PROLOGUE = re.compile(
    r"\s*(<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+(?!html)[^>\[]*(\[.*?\])?\s*>)", re.DOTALL | re.IGNORECASE
)
_HTML = frozenset(
    [
        "html",
        "head",
        "body",
        "table",
        "meta",
        "title",
        "div",
        "script",
        "style",
        "p",
        "font",
        "h1",
        "h2",
        "center",
    ]
)
_ROOTS = {
    "codebook": "ddi", "document": "lss", "ddiinstance": "lifecycle", "workbook": "excel_xml", "xforms": "xform",
}  # fmt: skip


def of_markup(head: bytes) -> str:
    """Return the kind of what begins with a tag: ``ddi``, a kind of `REFUSED`, or nothing."""
    text = _as_text(head).lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return ""
    if re.match(r"<!doctype\s+html", text, re.IGNORECASE):
        return "xform" if "www.w3.org/2002/xforms" in text else "html"
    while (prologue := _PROLOGUE.match(text)) and prologue.end():
        text = text[prologue.end() :]
    root = re.match(r"\s*<(?:([\w.-]+):)?([A-Za-z][\w.-]*)[\s/>]", text)
    if root is None:
        return "xml" if head.lstrip().startswith(b"<?xml") else ""
    name = root[2].lower()
    if name in _HTML:
        return "xform" if "www.w3.org/2002/xforms" in text else "html"
    if name == "document" and "LimeSurveyDocType" not in text:
        return "xml"
    return _ROOTS.get(name, "xml")


def of_text(head: bytes) -> str:
    """Return ``csv`` for text in any encoding, else a kind of `REFUSED`."""
    kind = next((kind for start, kind in _STARTS if head.startswith(start)), "")
    if kind in _ONLY_BINARY:
        kind = _ONLY_BINARY[kind] if _CONTROL.search(head) else ""
    if kind:
        return kind
    if head[257:262] == b"ustar":
        return "tar"
    if head[4:8] == b"ftyp":
        return "media"
    if not head or head[:2] in (b"\xff\xfe", b"\xfe\xff") or looks_wide(head):
        return "csv"
    # A stray control character is a fault of a text, and its reader names the line; many are no text at all.
    return "binary" if len(_CONTROL.findall(head)) * 100 > len(head) else "csv"


def looks_wide(head: bytes) -> str:
    """Return ``utf-16-le`` or ``utf-16-be`` where every second byte of what has no mark is 0, as in Latin text."""
    even, odd = head[0:4000:2], head[1:4000:2]
    if len(odd) < 4:
        return ""
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros.count(0) * 10 >= len(zeros) * 7 and others.count(0) * 20 <= len(others):
            return name
    return ""


def _as_text(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore")
    wide = looks_wide(head)
    return head.decode(wide, "ignore") if wide else head.decode("utf-8-sig", "ignore")
