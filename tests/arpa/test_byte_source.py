"""Tests of `sklearn_sslm.arpa._byte_source`: encodings, packed files and pipes."""

import bz2
import gzip
import lzma
import os
import threading
import warnings

import numpy as np
import pytest
from _arpa_files import read_text, scores
from _arpa_files_by_hand import BY_HAND, OF_LETTERS, assert_reads, expected

from sklearn_sslm.arpa import read_arpa


@pytest.mark.parametrize(
    "encoding", ["latin-1", "utf-16", "utf-16-le", "cp1252", "gb18030"]
)
@pytest.mark.parametrize("before", ["", "\ufeff", "# été\n"])
def test_encodings(encoding, before, path):
    """A file in another encoding is the same model, if its encoding is named."""
    if encoding in ("latin-1", "cp1252") and "\ufeff" in before:
        before = "\n"
    text = BY_HAND.replace("b", "b\u00e9").lstrip()
    model = read_text((before + text).encode(encoding), path, encoding=encoding)
    assert model.word_index_.words_[1:] == ["a", "b\u00e9"]
    spelled = [text.replace("b", "b\u00e9") for text in OF_LETTERS]
    np.testing.assert_allclose(scores(model, spelled), expected(BY_HAND), atol=1e-9)


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("utf-8", r"line 12: .*is not UTF-8; name the encoding .*encoding='latin-1'"),
        ("ascii", r"line 1: what comes after it is not in ascii"),
        ("utf-16", r"line 1: what comes after it is not in utf-16"),
    ],
)
def test_another_encoding(encoding, message, path):
    """What is not in the encoding named is told with the line before it."""
    text = BY_HAND.replace("b", "\u00e9").encode("latin-1")
    with pytest.raises(ValueError, match=message):
        read_text(text, path, encoding=encoding)


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64", 8, None])
def test_no_encoding(encoding, path):
    """What is no encoding of text is refused before the file is looked at."""
    with pytest.raises(ValueError, match=rf"'encoding' parameter .* Got {encoding!r}"):
        read_arpa(path, encoding=encoding)


PACKINGS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("name", ["model.arpa", "model.lm.gz", "model.xz", "model"])
def test_packed_files(packing, name, tmp_path):
    """A packed file is told by what it holds, and may be of several parts."""
    text, pack = BY_HAND.encode(), PACKINGS[packing]
    assert_reads(pack(text), tmp_path / name, BY_HAND)
    parts = pack(text[:100]) + pack(b"") + pack(text[100:])
    assert_reads(parts, tmp_path / name, BY_HAND)
    latin = pack(b"# \xe9\n" + text)
    assert_reads(latin, tmp_path / name, BY_HAND, encoding="latin-1")


def test_xz_files_may_be_padded(path):
    """Zeros after the parts of an xz file are no part of it."""
    packed = lzma.compress(BY_HAND.encode())
    assert_reads(packed + bytes(8), path, BY_HAND)
    assert_reads(packed + bytes(4) + lzma.compress(b"\n"), path, BY_HAND)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize(
    "change",
    [
        lambda packed: packed[:-20],
        lambda packed: packed[:20] + bytes(20) + packed[40:],
        lambda packed: packed + b"something else",
    ],
)
def test_broken_packed_files(packing, change, path):
    """A packed file that is cut off or altered is told by the name of its format."""
    packed = change(PACKINGS[packing](BY_HAND.encode()))
    with pytest.raises(
        ValueError, match=rf"model.arpa, line \d+: .* no {packing} data"
    ):
        read_text(packed, path)


@pytest.mark.parametrize("packing", PACKINGS)
def test_packed_files_do_not_grow_without_end(packing, path, monkeypatch):
    """A file that is hundreds of times as long unpacked is refused."""
    monkeypatch.setattr("sklearn_sslm.arpa._byte_source._UNPACKED_FREELY", 1 << 19)
    lines = b"\n" * (1 << 20)
    with pytest.raises(ValueError, match="more than 200 times as long unpacked"):
        read_text(PACKINGS[packing](lines), path)


def test_xz_files_that_ask_for_much_memory(path):
    """A dictionary of a gigabyte is refused, however short the file is."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    packed = lzma.compress(BY_HAND.encode(), filters=filters)
    with pytest.raises(ValueError, match=r"no xz data .*[Mm]emory"):
        read_text(packed, path)


@pytest.mark.posix
def test_a_pipe(tmp_path):
    """A file that cannot be searched, such as a pipe, is read as any other."""
    for text in (BY_HAND.encode(), gzip.compress(BY_HAND.encode())):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        writer = threading.Thread(target=pipe.write_bytes, args=[text])
        writer.start()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = read_arpa(pipe)
        writer.join()
        pipe.unlink()
        np.testing.assert_allclose(
            scores(model, OF_LETTERS), expected(BY_HAND), atol=1e-9
        )
