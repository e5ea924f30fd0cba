"""The last pages of a brief: who was asked, how the figures were made, release, citation, sources, software."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from volresearch.datasets.facts import Check, Variant
from volresearch.reports.brief.material import Item, Material
from volresearch.show.markup import esc, source_items
from volresearch.show.verdicts import KEY_FIELDS, key_words, verdict_words
from volresearch.text import formats

__all__ = ["asked", "citation", "made", "mode_words", "record", "software", "sources"]

_UNSAID = frozenset({"", "unknown"})


def asked(material: Material) -> str:
    """Return who was asked, and how: the measurement key of each series, gaps marked [x]."""
    keys: dict[tuple[str, ...], list[Item]] = {}
    outputs = 0
    for item in material.items:
        if item.figure.variant.kind == "project_output":
            outputs += 1
            continue
        key = tuple(_field(item.figure.variant, name) for name in KEY_FIELDS)
        keys.setdefault(key, []).append(item)
    text = material.tr("[x] = not stated in the sources seen; it is not filled in by guess.")
    parts = [_key_table(keys, material, text)] if keys else []
    if outputs:
        words = material.tr("{count} figures are outputs of projects and of field work: they count what was done, and nobody was asked.", count=outputs)  # fmt: skip
        parts.append(f'<p class="vr-note">{esc(words)}</p>')
    return "".join(parts)


def _field(variant: Variant, name: str) -> str:
    return str(getattr(variant.key, name))


def _key_table(keys: Mapping[tuple[str, ...], list[Item]], material: Material, text: str) -> str:
    """One row for each key: many keys stay readable so, on paper and on the phone."""
    fields = [name for name in KEY_FIELDS if name not in {"survey"}]
    heads = [material.tr("Series and years"), *(key_words(name, material.words) for name in fields)]
    widths = (28, 9, 12, 13, 12, 11, 15)
    columns = "".join(f'<col style="width:{width}%">' for width in widths)
    head = "".join(f'<th scope="col">{esc(word)}</th>' for word in heads)
    body = ""
    for items in keys.values():
        cells = "".join(
            f'<td data-h="{esc(label)}">{esc(_said(_field(items[0].figure.variant, name), material))}</td>'
            for name, label in zip(fields, heads[1:], strict=True)
        )
        body += f'<tr><th scope="row">{_series_words(items, material)}</th>{cells}</tr>'
    return (
        f'<p class="vr-hint" id="vr-key-hint">{esc(text)}</p>'
        f'<table class="vr-t vr-stack vr-key" aria-describedby="vr-key-hint"><colgroup>{columns}</colgroup>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _series_words(items: Sequence[Item], material: Material) -> str:
    names = list(dict.fromkeys(material.say(item, "series") for item in items))
    shown = "; ".join(names[:3])
    if len(names) > 3:
        shown = material.tr("{series} and {count} more", series=shown, count=len(names) - 3)
    first, last = material.years(items)
    years = str(first) if first == last else f"{first}–{last}"
    return f"{shown}, {years}{material.marks(items)}"


def _said(value: str, material: Material) -> str:
    if value in _UNSAID:
        return "[x]"
    return _known(value, material) or value.replace("_", " ")


def mode_words(mode: str, material: Material) -> str:
    """Return how people were asked, in words."""
    return _known(mode, material) or mode.replace("_", " ")


def _known(value: str, material: Material) -> str:
    words = {
        "any": material.tr("any"),
        "direct": material.tr("direct"),
        "organization": material.tr("through organizations"),
        "included": material.tr("counted"),
        "excluded": material.tr("not counted"),
        "face_to_face": material.tr("face to face"),
        "online": material.tr("online"),
        "online_paper": material.tr("online or paper"),
        "telephone": material.tr("by telephone"),
        "administrative": material.tr("records"),
        "not_applicable": "–",
    }
    return words.get(value, "")


def made(material: Material) -> str:
    """Return how the figures were made, with every sum that was tried and what came of it."""
    derived = [item for item in material.items if item.figure.evidence == "D"]
    second = [item for item in material.items if item.figure.evidence == "S2"]
    text = [
        material.tr(
            "Every number stands as its source printed it; nothing was re-estimated, rounded or repaired."
        )
    ]
    if derived:
        text.append(material.tr("{count} figures were derived by arithmetic from printed ones: {names}.", count=len(derived), names=_named(derived, material)))  # fmt: skip
    if second:
        text.append(material.tr("{count} figures were seen second-hand only: {names}.", count=len(second), names=_named(second, material)))  # fmt: skip
    text.append(material.tr("Rates, numbers and hours keep the vintage they were published with."))
    checks = material.checks
    if not checks:
        text.append(material.tr("No sum could be tried on these figures."))
        return f'<p class="vr-small">{esc(" ".join(text))}</p>'
    failed = sum(not check.ok for check in checks)
    text.append(material.tr("{count} sums and ratios were tried; {failed} do not add up and are told here.", count=len(checks), failed=failed))  # fmt: skip
    heads = (material.tr("Where"), material.tr("What was tried"), material.tr("What came of it"))
    head = "".join(f'<th scope="col">{esc(word)}</th>' for word in heads)
    rows = "".join(_check_row(check, heads, material) for check in sorted(checks, key=lambda check: check.ok))
    return (
        f'<p class="vr-small vr-lines">{esc(" ".join(text))}</p>'
        '<table class="vr-t vr-stack vr-checks"><colgroup><col style="width:17%"><col style="width:42%"><col></colgroup>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _check_row(check: Check, heads: Sequence[str], material: Material) -> str:
    verdict = esc(_verdict(check.ok, material))
    verdict = verdict if check.ok else f"<b>{verdict}</b>"
    return (
        f'<tr><th scope="row" lang="en" dir="ltr">{esc(check.where)}</th>'
        f'<td data-h="{esc(heads[1])}"><span lang="en" dir="ltr">{esc(check.rule)}</span></td>'
        f'<td data-h="{esc(heads[2])}">{verdict}{_comment(check.comment)}</td></tr>'
    )


def _verdict(ok: bool, material: Material) -> str:
    return material.tr("holds") if ok else material.tr("does not add up")


def _comment(text: str) -> str:
    return f': <span lang="en" dir="ltr">{esc(text)}</span>' if text else ""


def _named(items: Sequence[Item], material: Material) -> str:
    names = [f"{item.row.words['series'].text} {item.row.words['period'].text}" for item in items]
    unique = list(dict.fromkeys(names))
    return "; ".join(unique[:4]) + (" ..." if len(unique) > 4 else "")


def record(material: Material) -> str:
    """Return the release record: rule, what was hidden, why, when."""
    entry = material.release.record
    day = formats.date(entry.time, material.words)
    rows = [
        (material.tr("Release"), f"{day}, {entry.time[11:16]} UTC"),
        (material.tr("Rule"), _rule(entry.rule, material)),
        (
            material.tr("Figures"),
            material.tr("{cells} shown, {hidden} hidden", cells=entry.cells, hidden=entry.hidden),
        ),
        (
            material.tr("Reason"),
            material.tr(
                "Published totals: no personal data, nothing to hide. Sources travel with every figure."
            ),
        ),
    ]
    if entry.verdict:
        told = material.tr("Worst of all pairs: {verdict}. See what may be compared.", verdict=verdict_words(entry.verdict, material.words))  # fmt: skip
        rows.append((material.tr("Comparison"), told))
    return _list(rows)


def _rule(rule: str, material: Material) -> str:
    return material.tr("published figures") if rule == "published figures" else rule


def citation(material: Material, *, report: str, version: str, made_on: str) -> str:
    """Return how to cite the brief, and the command that makes it again."""
    title = material.title
    day = formats.date(made_on, material.words)
    code, lang = material.area_code, material.lang
    told = material.tr("Report {report} {version}, {area}, {day}. Cite the source of each figure.", report=report, version=version, area=code, day=day)  # fmt: skip
    command = f"volresearch reports render {report} \\\n  --for {code} --lang {lang} --out briefs"
    python = f'vr.report("{report}", area="{code}", lang="{lang}", out="briefs")'
    return (
        f'<p class="vr-note">volresearch ({made_on[:4]}). <cite>{esc(title)}</cite>. {esc(told)}</p>'
        f'<pre dir="ltr" translate="no">{esc(command)}\n\n# Python\n{esc(python)}</pre>'
    )


def sources(material: Material) -> str:
    """Return the numbered sources with the figures taken from each."""
    used: dict[str, list[str]] = {}
    for item in material.items:
        used.setdefault(item.row.source, []).append(item.id)
    out = ""
    for source in material.sources:
        line = source_items([source], {source.id: material.numbers[source.id]}, "s", material.words)
        ids = used.get(source.id, [])
        note = (
            material.tr("Figures {ids}.", ids=_ranges(ids))
            if ids
            else material.tr("Used only to judge a comparison.")
        )
        out += line.replace("</span></li>", f' <span class="vr-ids">· {esc(note)}</span></span></li>')
    return f'<ol class="vr-src">{out}</ol>'


def _ranges(ids: Sequence[str]) -> str:
    """Write runs of ids short: F0124 to F0141.

    >>> _ranges(["F0001", "F0002", "F0003", "F0007"])
    'F0001–F0003, F0007'
    """
    runs: list[list[str]] = []
    for name in sorted(ids):
        last = runs[-1][-1] if runs else ""
        follows = last[:-4] == name[:-4] and last[-4:].isdigit() and name[-4:].isdigit()
        if follows and int(name[-4:]) == int(last[-4:]) + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def software(material: Material, plugins: Sequence[tuple[str, str]]) -> str:
    """Return datasets with version and sha256, plugins and the package with their versions."""
    parts = "".join(
        f'<tr><th scope="row">{esc(item.id)}</th><td data-h="{esc(material.tr("Version"))}">{esc(item.version)}</td>'
        f'<td class="vr-sha" data-h="sha256">{esc(item.sha256)}</td></tr>'
        for item in material.release.facts.datasets
    )
    programs = [*material.release.facts.software]
    programs += [f"{name} {version}".strip() for name, version in plugins]
    unique = list(dict.fromkeys(programs))
    heads = (material.tr("Dataset"), material.tr("Version"), "sha256")
    head = "".join(f'<th scope="col">{esc(word)}</th>' for word in heads)
    said = material.tr("Software and plugins: {names}.", names=" · ".join(unique))
    return (
        f'<table class="vr-t vr-stack"><thead><tr>{head}</tr></thead><tbody>{parts}</tbody></table>'
        f'<p class="vr-note">{esc(said)}</p>'
    )


def _list(rows: Sequence[tuple[str, Any]]) -> str:
    inner = "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in rows)
    return f'<dl class="vr-rec">{inner}</dl>'
