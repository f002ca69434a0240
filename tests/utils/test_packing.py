"""Tests of `sklearn_sslm.utils._packing`: packed files, told by how they begin."""

import bz2
import gzip
import io
import lzma
import sys
from types import SimpleNamespace

import pytest
from _zstd import zstd_or_skip

from sklearn_sslm.utils import damages, packing_of, unpacked, zstd

CONTENT = b"um dois\n" * 1000
PACKINGS = ["gzip", "bz2", "xz", "zstd"]


def packed(packing):
    """The content, packed; the test is skipped where no package can."""
    match packing:
        case "gzip":
            return gzip.compress(CONTENT)
        case "bz2":
            return bz2.compress(CONTENT)
        case "xz":
            return lzma.compress(CONTENT)
    return zstd_or_skip().compress(CONTENT)


def opened(data):
    """An open file of these bytes, unpacked."""
    return unpacked(io.BufferedReader(io.BytesIO(data)))


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_packed_file_is_unpacked(packing):
    """What is read is what was packed, in whole, line by line, and of files in a row."""
    data = packed(packing)
    assert packing_of(data) == packing
    assert opened(data).read() == CONTENT
    assert list(opened(data)) == CONTENT.splitlines(keepends=True)
    assert opened(data + data).read() == CONTENT * 2


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("how", ["cut off", "changed"])
def test_a_damaged_file_is_an_error(packing, how):
    """One that is cut off or changed is never taken for a shorter one."""
    data = packed(packing)
    damaged = data[:-6] if how == "cut off" else data[:20] + b"\xff" * 9 + data[29:]
    with pytest.raises((*damages(), OSError)):
        opened(damaged).read()


def test_the_standard_library_comes_first(monkeypatch):
    """Where Python has the module for zstd, it is the one that is used."""
    module = SimpleNamespace(ZstdError=KeyError)
    monkeypatch.setitem(sys.modules, "compression", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "compression.zstd", module)
    assert zstd() is module
    assert KeyError in damages()


def test_the_package_that_is_missing_is_named(monkeypatch):
    """Without either module, the error names the package and the extra."""
    for name in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=r"pip install backports\.zstd.*'zstd'"):
        opened(b"\x28\xb5\x2f\xfd and more")
