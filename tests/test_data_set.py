"""The data set of a conversation: what is confirmed is there, whatever happens."""

import errno
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import filelock
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import sklearn_sslm
from sklearn_sslm import _durable
from sklearn_sslm._cli_files import UserError
from sklearn_sslm._data_set import DataSet, NotLearnedError, as_line

HERE = Path(__file__).parent
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
FAULTS = [errno.ENOSPC, errno.EIO, errno.EDQUOT]

# Surrogates cannot be in a message that is UTF-8; line ends and the like are frequent.
MESSAGES = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(LINE_ENDS + "\ufeff \t\0aá😀")
    )
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def opened(path="d.txt", told=None, **options):
    """Hold a data set: the context manager that yields its texts."""
    return DataSet(str(path), tell=told.append if told is not None else fail).held(
        **options
    )


def fail(line):
    """Tell what should not be told."""
    pytest.fail(line)


def texts_of(path="d.txt", told=None):
    """What a new start learns."""
    with opened(path, told) as texts:
        return texts


def data_set(path="d.txt"):
    """A data set that is not locked, to change it."""
    return DataSet(str(path), tell=fail)


def write(path, content):
    """Write bytes, or text as UTF-8, and return the path."""
    Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def content(path="d.txt"):
    """The bytes of a file."""
    return Path(path).read_bytes()


class Disk:
    """A disk that fails as it is told to, in place of ``os.write`` and ``os.fsync``.

    It takes so many bytes, at most so many at a time, then fails.
    """

    def __init__(
        self, monkeypatch, *, room=10**9, at_a_time=10**9, fsyncs=10**9, no=28
    ):
        self.room, self.at_a_time, self.fsyncs, self.no = room, at_a_time, fsyncs, no
        self.real_write, self.real_fsync = os.write, os.fsync
        monkeypatch.setattr(os, "write", self.write)
        monkeypatch.setattr(os, "fsync", self.fsync)

    def write(self, file, data):
        """As ``os.write``."""
        taken = min(self.room, self.at_a_time)
        if not taken:
            raise OSError(self.no, os.strerror(self.no))
        written = self.real_write(file, data[:taken])
        self.room -= written
        return written

    def fsync(self, file):
        """As ``os.fsync``."""
        self.fsyncs -= 1
        if self.fsyncs == -1:
            raise OSError(self.no, os.strerror(self.no))
        self.real_fsync(file)


# What is added


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


def test_a_confirmed_text_is_synced(monkeypatch):
    """`add` writes all of the line, syncs it after that, and only then returns."""
    calls = []
    real = os.write, os.fsync
    with opened():
        monkeypatch.setattr(os, "write", lambda *a: calls.append("w") or real[0](*a))
        monkeypatch.setattr(os, "fsync", lambda *a: calls.append("s") or real[1](*a))
        data_set().add("um dois")
    assert calls == ["w", "s"]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not sync folders")
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


# A disk that is full


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


@pytest.mark.parametrize("name", ["d.txt", "elsewhere.txt"])
def test_a_file_that_others_took_away_is_not_made_anew(name):
    """Where the file is gone during the chat, a message is refused."""
    with opened():
        os.replace("d.txt", "elsewhere.txt")
        with pytest.raises(NotLearnedError, match="No such file"):
            data_set().add("um")
    assert sorted(os.listdir()) == ["d.txt.lock", "elsewhere.txt"]


# Torn lines


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
            f"sklearn_sslm._data_set.{name}",
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


# One at a time


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


# What a user may get wrong


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


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a user of POSIX")
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


def python(*argv):
    """Run Python with the package at hand, in the current folder."""
    settings = os.environ | {"PYTHONPATH": str(Path(sklearn_sslm.__file__).parents[1])}
    ran = subprocess.run(
        [sys.executable, *argv], env=settings, capture_output=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran


# Forgetting


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
        here = DataSet(str(Path(folder, "d.txt")), tell=fail)
        with here.held():
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


def test_forgetting_keeps_the_permissions():
    """Who may read and write the file stays as it was."""
    write("d.txt", "a\nb\n")
    os.chmod("d.txt", 0o640)
    forget("a")
    assert os.stat("d.txt").st_mode & 0o777 == 0o640


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


@pytest.mark.skipif(os.name == "nt", reason="Windows does not sync folders")
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


# Real limits and real kills


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
from sklearn_sslm._cli_files import UserError
from sklearn_sslm._data_set import DataSet, NotLearnedError
data_set = DataSet("d.txt", tell=print)
with data_set.held():
    for number in range(100):
        try:
            print(data_set.add(f"mensagem {number} até {'x' * (7 * number % 97)}"))
        except NotLearnedError as error:
            print(error, file=sys.stderr)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
with data_set.held() as texts:
    try:
        data_set.forget(texts[0])
    except UserError as error:
        print(error, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of POSIX")
def test_a_real_limit_is_a_full_disk():
    """Where the system takes no more, a file holds all that was confirmed, and only that.

    The limit of a file's size stands for a full disk: it takes a part of a line first.
    """
    ran = python("-c", LIMITED)
    confirmed = ran.stdout.decode().splitlines()
    refused = ran.stderr.decode().splitlines()
    assert len(confirmed) + len(refused) == 100 + 1
    assert refused[0] == "d.txt: the message was not learned: File too large"
    assert refused[-1] == "cannot write d.txt: File too large"
    assert texts_of() == confirmed
    assert 900 < len(content()) <= 1000
    assert sorted(os.listdir()) == ["d.txt", "d.txt.lock"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks make the kills quick")
def test_chats_killed_at_any_moment_lose_nothing():
    """Of 200 chats that are killed, whatever one confirmed is in the file, once, in order.

    One more text may be there after each: on disk, but killed before it said so.
    """
    ran = python(HERE / "_kills.py", "chat", ".", "200")
    counts = json.loads(ran.stdout)
    # The kills hit chats while they learned, and inside of lines.
    assert counts["confirmed"] >= 100
    assert counts["torn"] >= 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks make the kills quick")
def test_trainings_killed_at_any_moment_leave_a_model():
    """Of 40 trainings that are killed, each leaves the old model or the new one, whole."""
    ran = python(HERE / "_kills.py", "fit", ".", "50")
    counts = json.loads(ran.stdout)
    assert counts["new"] >= 5  # every fifth was not killed
    assert counts["stray"] >= 5  # killed before it was done
