"""Tests of `DataSet.forget` in `sklearn_sslm.chat._data_set`."""

import errno
import os
import stat
import tempfile
from pathlib import Path

import pytest
from _data_sets import MESSAGES, content, data_set, fail, opened, texts_of, write
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.chat._data_set import DataSet, as_line
from sklearn_sslm.utils import UserError

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def forget(text, **options):
    """Forget a text of the data set; how many lines are gone, and how many are left."""
    with opened(must_exist=True):
        return data_set().forget(text, **options)


def test_the_last_one_is_forgotten():
    """Of several lines with the text the last one is removed, the others stay."""
    write("d.txt", "a\nb\na\nc\na\nd\n")
    assert forget("a") == (1, 2)
    assert content() == b"a\nb\na\nc\nd\n"


def test_all_are_forgotten_on_request():
    """With ``everywhere`` every line with the text is removed."""
    write("d.txt", "a\nb\na\nc\na\nd\n")
    assert forget("a", everywhere=True) == (3, 0)
    assert content() == b"b\nc\nd\n"


def test_only_lines_equal_to_the_text_are_forgotten():
    """A line that contains the text, or differs in case, is another text."""
    write("d.txt", "a b\nA\naa\n")
    before = os.stat("d.txt")
    assert forget("a", everywhere=True) == (0, 0)
    assert content() == b"a b\nA\naa\n"
    assert os.stat("d.txt").st_ino == before.st_ino


def test_the_rest_stays_byte_by_byte():
    """Other lines keep their blanks and their ends; those of the text do not count."""
    write("d.txt", "\ufeffum \r\n\n  olá  \r\n \tdois\n")
    assert forget("olá\n") == (1, 0)
    assert content().decode() == "\ufeffum \r\n\n \tdois\n"
    assert forget("um") == (1, 0)
    assert content() == b"\n \tdois\n"


@given(st.lists(MESSAGES, min_size=1, max_size=8), st.data())
def test_forgetting_is_the_inverse_of_adding(messages, data):
    """Whatever was said, as it was said, can be forgotten, and nothing else goes."""
    with tempfile.TemporaryDirectory() as folder:
        here = DataSet(str(Path(folder, "d.txt")), notify=fail)
        with here.locked():
            texts = list(filter(None, map(here.add, messages)))
            message = data.draw(st.sampled_from(messages))
            text = as_line(message)
            if text:
                assert here.forget(message) == (1, texts.count(text) - 1)
                texts.reverse()
                texts.remove(text)
                texts.reverse()
            here.add("fim")
        assert texts_of(here.path) == [*texts, "fim"]


def test_a_data_set_can_become_empty():
    """After the only text was forgotten the file is there and empty."""
    write("d.txt", "a\n")
    assert forget("a") == (1, 0)
    assert texts_of() == []


@pytest.mark.posix
def test_forgetting_keeps_the_permissions():
    """Who may read and write the file stays as it was."""
    write("d.txt", "a\nb\n")
    os.chmod("d.txt", 0o640)
    forget("a")
    assert os.stat("d.txt").st_mode & 0o777 == 0o640


@pytest.mark.posix
def test_forgetting_follows_a_link():
    """Where the data set is a link, the file it leads to is replaced, the link kept."""
    write("real.txt", "a\nb\n")
    os.symlink("real.txt", "d.txt")
    forget("a")
    assert os.path.islink("d.txt")
    assert content("real.txt") == b"b\n"


@pytest.mark.parametrize("fault", ["fsync", "replace"])
def test_forgetting_that_fails_changes_nothing(monkeypatch, fault):
    """Where the new file cannot be completed, the old one stays and no other is left."""
    write("d.txt", "a\nb\n")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with opened():
        monkeypatch.setattr(os, fault, full)
        with pytest.raises(UserError, match=r"cannot write d\.txt: No space left"):
            data_set().forget("a")
    assert content() == b"a\nb\n"
    assert sorted(os.listdir()) == ["d.txt", "d.txt.lock"]


@pytest.mark.posix
def test_the_new_file_is_synced_before_it_takes_the_place(monkeypatch):
    """The new file is on disk before it replaces the old one, the folder after that."""
    write("d.txt", "a\nb\n")
    calls = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(file):
        kind = "folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file"
        calls.append((kind, os.fstat(file).st_size if kind == "file" else None))
        real_fsync(file)

    def replace(*paths):
        calls.append("replace")
        real_replace(*paths)

    with opened():
        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "replace", replace)
        data_set().forget("a")
    assert calls == [("file", 2), "replace", ("folder", None)]
