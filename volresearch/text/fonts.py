"""Which scripts this computer can print, and the font families asked for in each.

Nothing is fetched: a page names families in order, and what the computer has is used.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from volresearch.text.languages import script_of

__all__ = ["FontStatus", "families", "status"]


@dataclass(frozen=True)
class _Script:
    code: str
    name: str
    languages: tuple[str, ...]
    probe: str
    families: tuple[str, ...]
    files: tuple[str, ...]


# `probe` is fontconfig's language; `files` are starts of file names on Windows and macOS, in small letters.
_SCRIPTS: tuple[_Script, ...] = (
    _Script(
        "Latn", "Latin", ("en", "es", "fr", "pt", "sw"), "en",
        ("Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans"),
        ("notosans-", "segoeui", "helvetica", "arial", "dejavusans"),
    ),
    _Script(
        "Arab", "Arabic", ("ar", "fa", "ur"), "ar",
        ("Noto Naskh Arabic", "Noto Sans Arabic", "Segoe UI", "Geeza Pro"),
        ("notonaskharabic", "notosansarabic", "geezapro", "segoeui", "tahoma", "arial"),
    ),
    _Script(
        "Khmr", "Khmer", ("km",), "km",
        ("Noto Sans Khmer", "Noto Serif Khmer", "Leelawadee UI", "Khmer UI", "Khmer Sangam MN"),
        ("notosanskhmer", "notoserifkhmer", "leelawui", "khmerui", "khmer sangam", "khmer mn"),
    ),
    _Script(
        "Hans", "Han", ("zh",), "zh-cn",
        ("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC"),
        ("notosanscjk", "notosanssc", "msyh", "simsun", "pingfang", "hiragino sans gb", "stheiti"),
    ),
    _Script(
        "Mymr", "Myanmar", ("my",), "my",
        ("Noto Sans Myanmar", "Noto Serif Myanmar", "Myanmar Text", "Myanmar Sangam MN"),
        ("notosansmyanmar", "notoserifmyanmar", "mmrtext", "myanmar sangam", "myanmar mn"),
    ),
    _Script(
        "Deva", "Devanagari", ("hi", "ne", "mr"), "hi",
        ("Noto Sans Devanagari", "Nirmala UI", "Kohinoor Devanagari"),
        ("notosansdevanagari", "nirmala", "mangal", "kohinoor", "devanagari"),
    ),
    _Script(
        "Ethi", "Ethiopic", ("am", "ti"), "am",
        ("Noto Sans Ethiopic", "Ebrima", "Nyala", "Kefa"),
        ("notosansethiopic", "notoserifethiopic", "ebrima", "nyala", "kefa"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class FontStatus:
    """Whether one script can be printed here.

    ``found`` are names of font families (or of font files, where fontconfig is absent); ``available`` is
    whether there are any, ``languages`` are tags written in the script.
    """

    script: str
    name: str
    languages: tuple[str, ...]
    available: bool
    found: tuple[str, ...]


def families(lang: str) -> tuple[str, ...]:
    """Return the font families to ask for in `lang`, the preferred first, then Latin ones, then ``sans-serif``.

    The answer does not depend on this computer, so that the same page comes out everywhere.

    Examples
    --------
    >>> families("km")[:2], families("km")[-1]
    (('Noto Sans Khmer', 'Noto Serif Khmer'), 'sans-serif')
    """
    code = script_of(lang)
    code = "Hans" if code in {"Hant", "Hani"} else code
    own = next((script.families for script in _SCRIPTS if script.code == code), ())
    return (*dict.fromkeys((*own, *_SCRIPTS[0].families)), "sans-serif")


def status() -> tuple[FontStatus, ...]:
    """Return, for each script we print, the fonts this computer has for it.

    Asks fontconfig (``fc-list``) where it is there, else looks for known files in the font folders of
    Windows and macOS. Looks once; the answer is kept.

    Examples
    --------
    >>> [script.name for script in status()][:3]
    ['Latin', 'Arabic', 'Khmer']
    """
    return _status()


@cache
def _status() -> tuple[FontStatus, ...]:
    listed = _fontconfig()
    files = () if listed is not None else _font_files()
    out = []
    for script in _SCRIPTS:
        found = _by_language(listed, script) if listed is not None else _by_file(files, script)
        out.append(FontStatus(script.code, script.name, script.languages, bool(found), found))
    return tuple(out)


def _fontconfig() -> tuple[tuple[str, frozenset[str]], ...] | None:
    """Return (family, languages it covers) of every font fontconfig knows, or None without fontconfig."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    command = [program, "--format", "%{family}\t%{lang}\n"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    rows = [line.partition("\t") for line in done.stdout.decode("utf-8", "replace").splitlines()]
    return tuple((family.split(",")[0], frozenset(langs.split("|"))) for family, _, langs in rows if family)


def _by_language(listed: tuple[tuple[str, frozenset[str]], ...], script: _Script) -> tuple[str, ...]:
    covering = {family for family, langs in listed if script.probe in langs}
    preferred = [name for name in script.families if name in covering]
    return tuple([*preferred, *sorted(covering.difference(preferred))][:4])


def _font_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        windows = os.environ.get("WINDIR", "C:/Windows")
        return (Path(windows) / "Fonts", Path(local) / "Microsoft" / "Windows" / "Fonts")
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local" / "share" / "fonts")


def _font_files(folders: tuple[Path, ...] | None = None) -> tuple[str, ...]:
    endings = {".ttf", ".ttc", ".otf", ".otc"}
    names: set[str] = set()
    for folder in folders or _font_folders():
        if folder.is_dir():
            names.update(path.name for path in folder.rglob("*") if path.suffix.lower() in endings)
    return tuple(sorted(names))


def _by_file(names: tuple[str, ...], script: _Script) -> tuple[str, ...]:
    return tuple(name for name in names if name.lower().startswith(script.files))[:4]
