"""Tests of `sklearn_sslm.utils._durable`, by data sets: full disks, interrupts and kills."""

import errno
import json
import os
import re
from pathlib import Path

import pytest
from _data_sets import Disk, content, data_set, opened, texts_of
from _processes import python

from sklearn_sslm.chat._data_set import NotLearnedError
from sklearn_sslm.utils import UserError, _durable

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

HERE = Path(__file__).parent
FAULTS = [errno.ENOSPC, errno.EIO, errno.EDQUOT]


# Synced -------------------------------------------------------------------------------


def test_a_confirmed_text_is_synced(monkeypatch):
    """`add` writes all of the line, syncs it after that, and only then returns."""
    calls = []
    real = os.write, os.fsync
    with opened():
        monkeypatch.setattr(os, "write", lambda *a: calls.append("w") or real[0](*a))
        monkeypatch.setattr(os, "fsync", lambda *a: calls.append("s") or real[1](*a))
        data_set().add("um dois")
    assert calls == ["w", "s"]


@pytest.mark.posix
@pytest.mark.parametrize("path", ["d.txt", "folder/d.txt"])
def test_a_new_file_is_synced_with_its_folder(monkeypatch, path):
    """The name of a new file is on disk before the first message is."""
    Path("folder").mkdir()
    synced = []
    real = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda fd: synced.append(os.fstat(fd).st_ino) or real(fd)
    )
    with opened(path):
        assert os.stat(Path(path).parent).st_ino in synced


def test_folders_that_cannot_be_synced_do_not_matter(monkeypatch):
    """Where the system knows no syncing of folders, there is nothing to be done."""
    Disk(monkeypatch, fsyncs=0, no=errno.EINVAL)
    with opened() as texts:
        assert texts == []


def test_other_failures_to_sync_a_folder_matter(monkeypatch):
    """A folder that could not be synced is told."""
    Disk(monkeypatch, fsyncs=0, no=errno.EIO)
    with pytest.raises(UserError, match=r"cannot write d\.txt: Input/output error"):
        opened().__enter__()


# A disk that is full ------------------------------------------------------------------


@pytest.mark.parametrize("no", FAULTS, ids=errno.errorcode.get)
@pytest.mark.parametrize("room", range(len("olá, 世界\n".encode())))
def test_a_full_disk_leaves_the_file_as_it_was(monkeypatch, room, no):
    """Wherever in a line the disk is full, the message is refused and the file whole."""
    with opened():
        data_set().add("um")
        disk = Disk(monkeypatch, room=room, at_a_time=3, no=no)
        reason = re.escape(os.strerror(no))
        with pytest.raises(
            NotLearnedError, match=rf"^d\.txt: .*not learned: {reason}$"
        ):
            data_set().add("olá, 世界")
        assert content() == b"um\n"
        disk.room = 100
        assert data_set().add("olá") == "olá"
    assert texts_of() == ["um", "olá"]


@pytest.mark.parametrize("no", FAULTS, ids=errno.errorcode.get)
def test_a_text_that_is_not_synced_is_taken_back(monkeypatch, no):
    """A line that was written, but could not be synced, is removed and refused."""
    with opened():
        data_set().add("um")
        Disk(monkeypatch, fsyncs=0, no=no)
        with pytest.raises(NotLearnedError):
            data_set().add("dois")
        assert content() == b"um\n"


def test_a_disk_that_takes_little_at_a_time_is_fine(monkeypatch):
    """Short writes are continued until all of the line is written."""
    with opened():
        Disk(monkeypatch, at_a_time=1)
        data_set().add("olá, 世界")
    assert content() == "olá, 世界\n".encode()


def test_an_interrupt_leaves_the_file_as_it_was(monkeypatch):
    """Ctrl-C between the pieces of a line leaves no piece of it."""

    def interrupted(file, data, write=os.write):
        if len(data) < 4:
            raise KeyboardInterrupt
        return write(file, data[:1])

    with opened():
        monkeypatch.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            data_set().add("um dois")
        assert content() == b""


def test_what_cannot_be_taken_back_ends_the_conversation(monkeypatch):
    """Where the file cannot be made whole again, that is another error than a refusal."""

    def broken(*_):
        raise OSError(errno.EIO, "Input/output error")

    with opened():
        data_set().add("um")
        with monkeypatch.context() as patch:
            Disk(patch, room=2)
            patch.setattr(_durable, "_truncate", broken)
            with pytest.raises(UserError, match="could not be removed") as caught:
                data_set().add("dois")
        assert not isinstance(caught.value, NotLearnedError)
        with pytest.raises(NotLearnedError, match="left its last line unfinished"):
            data_set().add("três")
    assert content() == b"um\ndo"
    assert texts_of(told=[]) == ["um"]


# Real limits and real kills -----------------------------------------------------------

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
from sklearn_sslm.utils import UserError
from sklearn_sslm.chat._data_set import DataSet, NotLearnedError
data_set = DataSet("d.txt", notify=print)
with data_set.locked():
    for number in range(100):
        try:
            print(data_set.add(f"mensagem {number} até {'x' * (7 * number % 97)}"))
        except NotLearnedError as error:
            print(error, file=sys.stderr)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
with data_set.locked() as texts:
    try:
        data_set.forget(texts[0])
    except UserError as error:
        print(error, file=sys.stderr)
"""


@pytest.mark.slow
@pytest.mark.posix
def test_a_real_limit_is_a_full_disk():
    """Where the system takes no more, a file holds all that was confirmed, and only that.

    The limit of a file's size stands for a full disk: it takes a part of a line first.
    """
    confirmed, refused = map(str.splitlines, python("-c", LIMITED))
    assert len(confirmed) + len(refused) == 100 + 1
    assert refused[0] == "d.txt: the message was not learned: File too large"
    assert refused[-1] == "cannot write d.txt: File too large"
    assert texts_of() == confirmed
    assert 900 < len(content()) <= 1000
    assert sorted(os.listdir()) == ["d.txt", "d.txt.lock"]


@pytest.mark.slow
@pytest.mark.posix
def test_chats_killed_at_any_moment_lose_nothing():
    """Of 200 chats that are killed, whatever one confirmed is in the file, once, in order.

    One more text may be there after each: on disk, but killed before it said so.
    """
    printed, _ = python(HERE.parent / "helpers" / "_kills.py", "chat", ".", "200")
    counts = json.loads(printed)
    # The kills hit chats while they learned, and inside of lines.
    assert counts["confirmed"] >= 100
    assert counts["torn"] >= 3


@pytest.mark.slow
@pytest.mark.posix
def test_trainings_killed_at_any_moment_leave_a_model():
    """Of 40 trainings that are killed, each leaves the old model or the new one, whole."""
    printed, _ = python(HERE.parent / "helpers" / "_kills.py", "fit", ".", "50")
    counts = json.loads(printed)
    assert counts["new"] >= 5  # every fifth was not killed
    assert counts["stray"] >= 5  # killed before it was done
