"""Compressed files, recognised by their first bytes rather than by their names."""

from __future__ import annotations

import bz2
import gzip
import importlib
import lzma
import sys
import zlib
from types import ModuleType
from typing import Any

from ._extras import import_extra

_STARTS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}

_ZSTD = "compression.zstd", "backports.zstd"  # the first is there from Python 3.14 on


def damages() -> tuple[type[Exception], ...]:
    """Exceptions for compressed files that are truncated or damaged, besides OSError."""
    imported = filter(None, map(sys.modules.get, _ZSTD))
    found = [module.ZstdError for module in imported]
    return EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, *found


def packing_of(start: bytes) -> str | None:
    """The format of a compressed file by its first bytes, or None.

    One of "gzip", "bz2", "xz" and "zstd".

    >>> import bz2
    >>> packing_of(bz2.compress(b"a")), packing_of(b"a")
    ('bz2', None)
    """
    for magic, name in _STARTS.items():
        if start.startswith(magic):
            return name
    return None


def unpacked(file: Any) -> Any:
    """A reader of an open `io.BufferedReader`, which decompresses it if necessary.

    Raises
    ------
    ImportError
        If the format is zstd, and the module `zstd` is missing.
    """
    match packing_of(file.peek(8)[:8]):
        case "gzip":
            return gzip.GzipFile(fileobj=file)
        case "bz2":
            return bz2.BZ2File(file)
        case "xz":
            return lzma.LZMAFile(file)
        case "zstd":
            return zstd().ZstdFile(file)
    return file


def zstd() -> ModuleType:
    """The module ``compression.zstd`` of Python 3.14, or its backport.

    Raises
    ------
    ImportError
        If it is missing; the message says what to install.
    """
    try:
        return importlib.import_module(_ZSTD[0])
    except ImportError:
        return import_extra(_ZSTD[1], "A file packed by zstd", "zstd")
