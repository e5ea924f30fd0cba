"""XML that others wrote, parsed without entities, network or depth without end; tags without their namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from volresearch.errors import VolResearchError, Where
from volresearch.instruments.exchange import tool_missing

__all__ = ["child", "children", "content", "parsed", "tag"]


def parsed(data: bytes, name: str) -> Any:
    """Return the root element.

    Raises
    ------
    VolResearchError
        ``instrument.format``: not XML, or XML that declares entities; ``tool.missing``.
    """
    try:
        from lxml import etree
    except ImportError:
        tool_missing("lxml")
    if re.search(rb"<!\s*ENTITY", data.replace(b"\x00", b"")):
        raise VolResearchError(
            "instrument.format",
            "The file declares XML entities.",
            where=Where(file=name),
            hint="Write the text itself; entities are not read, because they can fill the memory.",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise VolResearchError(
            "instrument.format", f"This is no XML: {error}.", where=Where(file=name, line=line)
        ) from None


def tag(element: Any) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Any, *names: str) -> Iterator[Any]:
    """Yield the direct children of these names, in order, whatever their namespace."""
    for one in element if element is not None else ():
        if isinstance(one.tag, str) and tag(one) in names:
            yield one


def child(element: Any, *path: str) -> Any:
    """Return the first element along a path of names, None where there is none."""
    for name in path:
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def content(element: Any) -> str:
    """Return the text of an element and of what stands in it, in single spaces."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
