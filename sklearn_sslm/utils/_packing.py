"""Packed files, told by how they begin and not by their names."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import zlib
from typing import Any

from ._extras import import_extra

_STARTS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}

DAMAGES = EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError
"""Errors of packed files that are cut off or changed, besides OSError."""


def packing_of(start: bytes) -> str | None:
    """How a file that begins so is packed: "gzip", "bz2", "xz" or "zstd"; None if not.

    >>> import bz2
    >>> packing_of(bz2.compress(b"a")), packing_of(b"a")
    ('bz2', None)
    """
    for magic, name in _STARTS.items():
        if start.startswith(magic):
            return name
    return None


def unpacked(file: Any) -> Any:
    """An open `io.BufferedReader`, unpacked if it is packed.

    Raises
    ------
    ImportError
        If it is packed by zstd, and neither Python 3.14 nor zstandard is there.
    """
    match packing_of(file.peek(8)[:8]):
        case "gzip":
            return gzip.GzipFile(fileobj=file)
        case "bz2":
            return bz2.BZ2File(file)
        case "xz":
            return lzma.LZMAFile(file)
        case "zstd":
            return _of_zstd(file)
    return file


def _of_zstd(file):
    try:
        return importlib.import_module("compression.zstd").ZstdFile(file)
    except ImportError:
        zstandard = import_extra("zstandard", "A file packed by zstd", "zstd")
    reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return io.BufferedReader(reader)
