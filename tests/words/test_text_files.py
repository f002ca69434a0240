"""Tests of `sklearn_sslm.words._text_files`: files of texts, whole and in parts."""

import gzip
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.words import _text_files
from sklearn_sslm.words._text_files import (
    FilePair,
    FilePart,
    TextFileError,
    split,
    split_pairs,
)

contents = st.lists(
    st.sampled_from(["a", "é b", "", " ", "c\r", "\ufeffd"]), max_size=6
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(path, content):
    """Write text or bytes to a file and return its name."""
    content = content if isinstance(content, bytes) else content.encode()
    if path.endswith(".gz"):
        content = gzip.compress(content)
    with open(path, "wb") as file:
        file.write(content)
    return path


def lines_of(parts):
    """The lines of parts of files, one after the other."""
    return [line for part in parts for line in part.lines()]


@pytest.mark.parametrize(
    "content",
    ["a b\n\nc\n \t\n", "a b\r\nc\r\n", "\ufeffa b\nc", "a b\nc\n\n"],
    ids=["blank lines", "CRLF", "byte order mark", "blank end"],
)
def test_texts_are_lines_without_what_surrounds_them(content):
    """Blank lines, line ends and a byte order mark are no part of a text."""
    for path in ("a.txt", "a.txt.gz"):
        assert list(FilePart(write(path, content)).texts()) == ["a b", "c"]


@given(st.lists(contents, min_size=1, max_size=4), st.booleans(), st.integers(1, 9))
def test_parts_hold_every_line_once(files, ended, n_parts):
    """However files are cut, their parts have the lines of the whole, in order."""
    paths = [
        write(f"{j}.txt", "\n".join(lines) + "\n" * (ended and bool(lines)))
        for j, lines in enumerate(files)
    ]
    parts = split(paths, n_parts)
    assert len(parts) == n_parts
    whole = [line for path in paths for line in FilePart(path).lines()]
    assert lines_of(part for share in parts for part in share) == whole


@given(st.lists(contents, min_size=1, max_size=3), st.integers(1, 5), st.integers(1, 9))
def test_blocks_hold_the_lines(files, n_parts, size):
    """Blocks of parts have the bytes of their lines, however large blocks are."""
    paths = [write(f"{j}.txt", "\n".join(lines)) for j, lines in enumerate(files)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_text_files, "_BLOCK", size)
        for part in (part for share in split(paths, n_parts) for part in share):
            text = b"".join(part.blocks()).decode()
            lines = [line.rstrip("\r") for line in text.split("\n")]
            assert lines == [*part.lines(), *[""] * (text[-1:] in ("", "\n"))]


@pytest.mark.parametrize("size", [1, 9, 1 << 20])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_blocks_name_the_line_that_is_not_utf8(monkeypatch, name, size):
    """Read many at a time, lines that are not UTF-8 are named as one by one."""
    monkeypatch.setattr(_text_files, "_BLOCK", size)
    write(name, b"um\n" * 10 + b"ol\xe1\n" + b"um\n" * 10)
    for read in (FilePart(name).blocks, FilePart(name).lines):
        with pytest.raises(TextFileError, match=rf"^{name}, line 11: .* at offset 2"):
            list(read())


def test_parts_are_about_as_long_as_each_other():
    """A part has its share of the bytes, but for a line."""
    write("a.txt", "".join(f"{j:09}\n" for j in range(700)))
    write("b.txt", "".join(f"{j:09}\n" for j in range(300)))
    parts = split(["a.txt", "b.txt"], 4)
    assert [len(lines_of(part)) for part in parts] == [250] * 4
    assert [len(part) for part in parts] == [1, 1, 2, 1]


@pytest.mark.posix
def test_packed_files_and_pipes_are_not_cut():
    """What cannot be entered in the middle is read by one worker, from the start."""
    write("a.txt.gz", "a\n" * 100)
    os.mkfifo("pipe")
    assert [part for part in split(["a.txt.gz"], 3) if part] == [[FilePart("a.txt.gz")]]
    assert [part for part in split(["pipe"], 3) if part] == [[FilePart("pipe")]]
    writer = threading.Thread(target=write, args=("pipe", "a\nb\n"))
    writer.start()
    assert list(FilePart("pipe").texts()) == ["a", "b"]
    writer.join()


@pytest.mark.parametrize("n_parts", [1, 2, 4])
def test_a_byte_order_mark_is_one_at_the_start_of_a_file_only(n_parts):
    """Inside of a file it is a character like any other, where a part begins too."""
    write("a.txt", "\ufeffum\n" + "\ufeffdois\n" * 3)
    lines = lines_of(part for share in split(["a.txt"], n_parts) for part in share)
    assert lines == ["um", *["\ufeffdois"] * 3]


@pytest.mark.parametrize("n_parts", [1, 2, 5])
def test_what_is_not_utf8_is_named_with_its_line(n_parts):
    """The line is that of the file, whichever part it is in."""
    write("a.txt", b"um\n" * 10 + b"ol\xe1\n" + b"um\n" * 10)
    told = r"^a.txt, line 11: not UTF-8 \(byte 0xe1 at offset 2\). Convert"
    with pytest.raises(TextFileError, match=told):
        lines_of(part for share in split(["a.txt"], n_parts) for part in share)


def test_a_part_is_read_in_its_folder(monkeypatch):
    """So are the lines before it, which are counted to name one that is not UTF-8."""
    os.mkdir("elsewhere")
    monkeypatch.chdir("elsewhere")
    write("a.txt", b"um\n" * 10 + b"ol\xe1\n" + b"um\n" * 10)
    shares = split(["a.txt"], 5)
    monkeypatch.chdir("..")
    parts = [part._replace(folder="elsewhere") for share in shares for part in share]
    assert set(lines_of(parts[:2])) == {"um"}
    for read in (FilePart.lines, FilePart.blocks):
        with pytest.raises(TextFileError, match=r"^a.txt, line 11: not UTF-8"):
            [list(read(part)) for part in parts]


def test_a_damaged_packed_file_is_named():
    """A packed file that was cut off, or changed, is told as such."""
    packed = gzip.compress(b"um dois\n" * 100)
    for content in (packed[:-9], packed[:10] + b"\xff" * 99):
        with open("a.gz", "wb") as file:
            file.write(content)
        with pytest.raises(TextFileError, match=r"^cannot read a.gz: "):
            list(FilePart("a.gz").lines())


def test_pairs_are_read_line_by_line():
    """Messages and replies alternate; only where both are blank they are left out."""
    pair = FilePair(write("m.txt", "a\n\n\nb\n"), write("r.txt", "c\n \nd\n\n"))
    assert list(pair.texts()) == ["a", "c", "", "d", "b", ""]


@pytest.mark.parametrize("swap", [False, True])
def test_pairs_of_different_length_are_named(swap):
    """The longer file is named with the first line that has no partner."""
    names = [write("long.txt", "a\nb\n"), write("short.txt", "c\n")]
    pair = FilePair(*(names[::-1] if swap else names))
    with pytest.raises(TextFileError, match=r"^long.txt, line 2: .* in short.txt"):
        list(pair.texts())


def test_pairs_stay_together():
    """Pairs are shared out whole, one after the other, by the bytes of both."""
    for j, length in enumerate([10, 1, 10, 10, 9]):
        write(f"m{j}", "a" * length)
        write(f"r{j}", "b")
    names = [f"m{j}" for j in range(5)], [f"r{j}" for j in range(5)]
    parts = split_pairs(*names, 2)  # 45 bytes, of which the first 22.5 are one share
    assert [[pair.messages for pair in part] for part in parts] == [
        ["m0", "m1", "m2"],
        ["m3", "m4"],
    ]
    assert parts[0][1] == FilePair("m1", "r1")


def test_a_missing_file_is_an_error_of_the_system():
    """What the system has against a file is told by the system's own error."""
    with pytest.raises(FileNotFoundError, match=r"no\.txt"):
        split(["no.txt"], 2)
