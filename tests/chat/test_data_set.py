"""Tests of `sklearn_sslm.chat._data_set`: what is confirmed is what a new start learns."""

import os
import sys
import tempfile
from pathlib import Path

import filelock
import pytest
from _data_sets import (
    LINE_ENDS,
    MESSAGES,
    Disk,
    content,
    data_set,
    opened,
    texts_of,
    write,
)
from hypothesis import example, given
from hypothesis import strategies as st

from sklearn_sslm.chat._data_set import NotLearnedError, as_line
from sklearn_sslm.utils import UserError

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


# What is added ------------------------------------------------------------------------


@given(st.lists(MESSAGES, max_size=5), st.lists(MESSAGES, max_size=5))
@example(["\ufeffum", "\n\ufeffdois", "três\r"], ["", " \u2028 "])
def test_what_was_confirmed_is_what_a_new_start_learns(first, second):
    """Whatever is said, in one chat or two, a start learns what `add` returned, in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "d.txt")
        confirmed = []
        for messages in (first, second):
            with opened(path) as texts:
                assert texts == confirmed
                confirmed += filter(None, map(data_set(path).add, messages))
        assert texts_of(path) == confirmed
        assert content(path).decode() == "".join(f"{text}\n" for text in confirmed)


@given(MESSAGES)
def test_a_message_becomes_one_line_of_the_same_words(message):
    """A message is saved with its words, and with nothing that any reader splits at."""
    line = as_line(message)
    assert line.split() == message.replace("\ufeff", "").split()
    assert len(line.splitlines()) == bool(line)
    assert as_line(line) == line


@pytest.mark.parametrize("end", [*LINE_ENDS, "\r\n"], ids=ascii)
def test_a_line_end_cannot_forge_a_line(end):
    """Everything that ends a line somewhere becomes a blank."""
    with opened():
        assert data_set().add(f"um{end}dois{end}") == "um dois"
    assert content() == b"um dois\n"


@pytest.mark.parametrize("message", ["", " \t ", "\n", "\u2028\r\n", "\ufeff"])
def test_nothing_said_is_nothing_added(message):
    """A message without a word leaves the file as it is."""
    with opened():
        assert data_set().add(message) == ""
    assert content() == b""


def test_a_message_that_is_not_text_is_refused():
    """A message that UTF-8 has no bytes for is refused and leaves the file as it is."""
    with opened(), pytest.raises(NotLearnedError, match="not UTF-8"):
        data_set().add("ol\udce1")
    assert content() == b""


@pytest.mark.posix
def test_a_link_is_followed():
    """A link and the file it leads to are one data set: one content and one lock."""
    Path("folder").mkdir()
    os.symlink("folder/d.txt", "link.txt")
    with opened("link.txt"):
        data_set("link.txt").add("um")
        with pytest.raises(UserError, match="in use"):
            opened("folder/d.txt").__enter__()
    assert texts_of("folder/d.txt") == ["um"]
    assert os.path.islink("link.txt")


@pytest.mark.parametrize("name", ["d.txt", "elsewhere.txt"])
def test_a_file_that_others_took_away_is_not_made_anew(name):
    """Where the file is gone during the chat, a message is refused."""
    with opened():
        os.replace("d.txt", "elsewhere.txt")
        with pytest.raises(NotLearnedError, match="No such file"):
            data_set().add("um")
    assert sorted(os.listdir()) == ["d.txt.lock", "elsewhere.txt"]


# Torn lines ---------------------------------------------------------------------------

WHOLE = "\ufeffolá\n\num dois  \r\n世界 😀\nolá\n"


@pytest.mark.parametrize("end", range(len(WHOLE.encode()) + 1))
def test_a_torn_line_is_set_aside(end):
    """Cut at any byte, a file is learned up to its last whole line; the rest is kept."""
    write("d.txt", WHOLE.encode()[:end])
    whole, newline, torn = content().rpartition(b"\n")
    told = []
    expected = [line.rstrip("\r") for line in whole.decode("utf-8-sig").split("\n")]
    assert texts_of(told=told) == [text for text in expected if text]
    assert content() == whole + newline
    assert len(told) == bool(torn)
    if torn:
        assert "not learned. It was moved to d.txt.torn" in told[0]
        assert content("d.txt.torn") == torn + b"\n"
    assert texts_of() == [text for text in expected if text]
    assert os.path.exists("d.txt.torn") == bool(torn)


def test_a_last_line_with_broken_characters_is_set_aside():
    """A last line that is not UTF-8 is set aside even if it has an end."""
    write("d.txt", b"um\nol\xc3\n")
    assert texts_of(told=[]) == ["um"]
    assert content() == b"um\n"
    assert content("d.txt.torn") == b"ol\xc3\n"


def test_torn_lines_are_collected():
    """What is set aside later stands below what was set aside before."""
    write("d.txt.torn", b"zero\n")
    write("d.txt", b"um\ndo")
    texts_of(told=[])
    assert content("d.txt.torn") == b"zero\ndo\n"


def test_what_was_set_aside_can_be_brought_back():
    """A last line that merely had no end is learned after both files are put together."""
    write("d.txt", "um\ndois")
    texts_of(told=[])
    write("d.txt", content() + content("d.txt.torn"))
    assert texts_of() == ["um", "dois"]


def test_a_torn_line_is_saved_before_it_is_cut_off(monkeypatch):
    """The torn line is on disk in its new place before it leaves the old one."""
    write("d.txt", b"um\ndo")
    changes = []
    for name in ("create", "append", "cut"):
        monkeypatch.setattr(
            f"sklearn_sslm.chat._data_set.{name}",
            lambda path, *_, name=name: changes.append((name, path)),
        )
    texts_of(told=[])
    assert changes == [
        ("create", "d.txt"),
        ("create", "d.txt.torn"),
        ("append", "d.txt.torn"),
        ("cut", "d.txt"),
    ]


@pytest.mark.parametrize("room", range(3))
def test_a_full_disk_keeps_the_torn_line_where_it_is(monkeypatch, room):
    """Where a torn line cannot be set aside, that is told and it stays."""
    write("d.txt", b"um\ndo")
    Disk(monkeypatch, room=room)
    with pytest.raises(UserError, match=r"cannot write d\.txt\.torn: No space left"):
        texts_of()
    assert content() == b"um\ndo"
    assert content("d.txt.torn") == b""


def test_a_file_that_is_not_utf8_is_left_alone():
    """A fault before the last line is told with its number, and nothing is changed."""
    write("d.txt", b"um\nol\xe1\ndo")
    with pytest.raises(UserError, match=r"d\.txt, line 2: not UTF-8 \(byte 0xe1"):
        texts_of()
    assert content() == b"um\nol\xe1\ndo"
    assert sorted(os.listdir()) == ["d.txt", "d.txt.lock"]


# One at a time ------------------------------------------------------------------------


def test_a_second_one_is_told():
    """While a data set is held, another one that wants it is told at once."""
    told = r"^d\.txt is in use by another sslm\. End that one first, or wait .* --wait"
    with opened(), pytest.raises(UserError, match=told):
        texts_of()
    assert texts_of() == []


def test_an_error_gives_the_data_set_free(monkeypatch):
    """After a conversation that ended with an error the next one can begin."""
    # Not only because the lock happens to be collected.
    monkeypatch.setattr(filelock.BaseFileLock, "__del__", lambda lock: None)
    with pytest.raises(KeyboardInterrupt), opened():
        raise KeyboardInterrupt
    write("d.txt", b"\xff\n\n")
    with pytest.raises(UserError, match="not UTF-8"):
        texts_of()
    write("d.txt", "um\n")
    assert texts_of() == ["um"]


def test_nothing_of_the_lock_is_text():
    """Who has a data set locked otherwise is respected, and what they add is read."""
    with filelock.FileLock("d.txt.lock"):
        write("d.txt", "um\n")
        with pytest.raises(UserError, match="in use"):
            texts_of()
    assert texts_of() == ["um"]


def test_without_the_package_for_locks_it_is_named(monkeypatch):
    """Where filelock is missing, the error says how to get it, and nothing is made."""
    monkeypatch.setitem(sys.modules, "filelock", None)
    with pytest.raises(UserError, match="pip install filelock"):
        texts_of()
    assert os.listdir() == []


# What a user may get wrong ------------------------------------------------------------


def test_a_folder_is_no_data_set():
    """A folder, or anything else that is no regular file, is refused."""
    Path("d.txt").mkdir()
    with pytest.raises(UserError, match=r"cannot open d\.txt: it is no regular file"):
        texts_of()
    assert os.listdir() == ["d.txt"]


@pytest.mark.parametrize(
    ("path", "reason"), [("no/d.txt", "No such file"), ("a.txt/d.txt", "Not a dir")]
)
def test_a_missing_folder_is_told(path, reason):
    """A data set is made in a folder that is there, not with its folder."""
    write("a.txt", "um")
    with pytest.raises(UserError, match=f"cannot open {path}: {reason}"):
        texts_of(path)
    assert os.listdir() == ["a.txt"]


def test_a_data_set_that_must_exist_is_not_made():
    """On request a missing file is an error, and none is made."""
    with pytest.raises(UserError, match=r"cannot open d\.txt: No such file"):
        opened(must_exist=True).__enter__()
    assert os.listdir() == []


@pytest.mark.posix
@pytest.mark.parametrize(
    ("modes", "told"),
    [
        ({"d.txt": 0o444}, "cannot write d.txt: Permission denied"),
        ({"d.txt": 0o222}, "cannot read d.txt: Permission denied"),
        ({"d.txt.lock": 0o000}, "cannot lock d.txt.lock: Permission denied"),
        ({".": 0o555}, "cannot lock d.txt.lock: Permission denied"),
    ],
    ids=["read-only", "write-only", "lock of another", "read-only folder"],
)
def test_without_permission_it_is_told(modes, told, an_ordinary_user):
    """What one has no permission for is named, in one line."""
    write("d.txt", "um\n")
    if "d.txt.lock" in modes:
        write("d.txt.lock", "")
    for path, mode in modes.items():
        os.chmod(path, mode)
    with pytest.raises(UserError) as caught:
        texts_of()
    assert str(caught.value) == told


@pytest.fixture
def an_ordinary_user(monkeypatch):
    """Be in an empty folder of someone whom permissions matter to, unlike root."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.chdir(folder)
        user = os.geteuid()
        if user == 0:
            os.chown(folder, 65534, -1)
            os.seteuid(65534)
        yield
        os.seteuid(user)
