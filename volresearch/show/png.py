"""Text inside PNG files: the sources of a picture travel in it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

__all__ = ["read_text", "with_text"]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_text(png: bytes, texts: Mapping[str, str]) -> bytes:
    """Return a PNG with international text chunks (iTXt, PNG specification 11.3.3.4) after its header."""
    end = 8 + 12 + struct.unpack(">I", png[8:12])[0]
    chunks = b"".join(
        _chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8"))
        for key, text in texts.items()
        if text
    )
    return png[:end] + chunks + png[end:]


def read_text(png: bytes) -> dict[str, str]:
    """Return the international text chunks of a PNG."""
    out, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"iTXt":
            key, _, rest = png[at + 8 : at + 8 + length].partition(b"\0")
            out[key.decode("latin-1")] = rest[4:].decode("utf-8")
        at += 12 + length
    return out
