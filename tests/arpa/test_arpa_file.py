"""Tests of `sklearn_sslm.arpa._arpa_file`: files that are broken, or too large to be read."""

import gzip
import os
import tracemalloc

import pytest
from _arpa_files import read_text
from _arpa_files_by_hand import BY_HAND

from sklearn_sslm.arpa import read_arpa


def test_no_such_file(path):
    """A file that is not there is the system's error, as everywhere."""
    with pytest.raises(FileNotFoundError):
        read_arpa(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda zipped: zipped[:-20], "no gzip data"),
        (lambda zipped: zipped[:-4] + b"abcd", "no gzip data"),
        (lambda zipped: zipped[:12] + bytes(20) + zipped[32:], "no gzip data"),
        (lambda zipped: zipped + b"something else", "no gzip data"),
        (lambda zipped: b"", "must have .data. here"),
    ],
)
def test_broken_gzip(change, message, tmp_path):
    """A gzip file that is cut off, altered, or none at all, is told as such."""
    path = tmp_path / "model.arpa.gz"
    with pytest.raises(ValueError, match=rf"model.arpa.gz, line \d+: .*{message}"):
        read_text(change(gzip.compress(BY_HAND.encode())), path)


def peak_of_failing(path, message):
    """Memory that was in use at most while a file was refused."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=message):
            read_arpa(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("begin", ["", "\\data\\\n", BY_HAND[:-6]])
def test_a_line_without_end(begin, path):
    """A line of a gigabyte is refused after a little of it was read."""
    path.write_text(begin, encoding="utf-8")
    os.truncate(path, 1 << 30)  # zeros, which take no place on most disks
    assert peak_of_failing(path, "longer than 1048576 bytes") < 1 << 24


def test_a_line_of_an_ngram_without_end(path):
    """A long line among the n-grams is refused as well, by its number."""
    path.write_text(BY_HAND[: BY_HAND.index("\tb a")] + " ", encoding="utf-8")
    os.truncate(path, 1 << 30)
    assert peak_of_failing(path, "line 17: .*longer than") < 1 << 24


def test_memory_is_that_of_what_was_read(path):
    """What a file announces takes no memory."""
    text = BY_HAND.replace("3=2", "3=999999999999999999")
    path.write_text(text, encoding="utf-8")
    assert peak_of_failing(path, "only 2 of the 999999999999999999") < 1 << 23


@pytest.mark.parametrize("inside", [b"\n", b"-1\ta b\n", b"x"])
def test_gzip_bombs(inside, tmp_path):
    """A small file that would fill the memory when unzipped is refused before."""
    path = tmp_path / "bomb.arpa.gz"
    head = BY_HAND.replace("2=3", f"2={10**12}").split("-0.2\t<s>")[0].encode()
    with gzip.open(path, "wb", 6) as file:
        file.write(head)
        for _ in range(24):
            file.write(inside * ((1 << 20) // len(inside)))
    if inside == b"x":
        message = "longer than 1048576 bytes"
    else:
        message = "more than 200 times as long unpacked"
    assert peak_of_failing(path, message) < 20 * (1 << 24)
