"""Marks by which a page is known as ours, whole and unchanged. Standard library only."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

__all__ = ["BLANK", "digest_holds", "key_in", "seal"]

#: What stands in the place of the digest while it is computed.
BLANK = "0" * 64

_DIGEST = re.compile(r'<meta name="volresearch-digest" content="([0-9a-f]{64})">')
_KEY = re.compile(r'<meta name="volresearch-key" content="([0-9a-f]*)">')
#: The marks stand at the start of the page.
_HEAD = 8192


def seal(page: str) -> str:
    """Put the digest of the page into its mark."""
    digest = hashlib.sha256(page.encode("utf-8")).hexdigest()
    mark = '<meta name="volresearch-digest" content="'
    return page.replace(mark + BLANK, mark + digest, 1)


def digest_holds(page: str) -> bool:
    """Return whether `page` is one of ours and unchanged since it was made."""
    found = _DIGEST.search(page, 0, _HEAD)
    if found is None:
        return False
    blank = page[: found.start(1)] + BLANK + page[found.end(1) :]
    return hashlib.sha256(blank.encode("utf-8")).hexdigest() == found.group(1)


def key_in(target: Path) -> str | None:
    """Return the key of the page at `target`; None where there is none of ours, or it was changed since."""
    try:
        with target.open(encoding="utf-8", newline="") as file:
            page = file.read()
    except (OSError, UnicodeDecodeError):
        return None
    found = _KEY.search(page, 0, _HEAD)
    return found.group(1) if found and digest_holds(page) else None
