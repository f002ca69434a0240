"""The data set of a chat: a file of texts, to which messages are appended."""

import contextlib
import io
import os
from collections.abc import Callable, Iterator

from ..utils import (
    NotUndoneError,
    UserError,
    append,
    as_user_error,
    create,
    cut,
    message_of,
    replacing,
)
from ..words import decoded


class NotLearnedError(UserError):
    """A message could not be saved; the file is as it was before."""


class DataSet:
    """A file of texts, UTF-8, one a line, that one process at a time may change.

    Two more files may lie beside it: ``.lock``, which that process has locked, and
    ``.torn``, with incomplete lines that a crash left.

    Parameters
    ----------
    path : str
        The file.
    notify : callable
        Takes a line of text that the user should see.
    """

    def __init__(self, path: str, *, notify: Callable[[str], object]) -> None:
        self.path = os.path.realpath(path) if os.path.islink(path) else path
        self.notify = notify

    @contextlib.contextmanager
    def locked(
        self, *, must_exist: bool = False, wait: bool = False
    ) -> Iterator[list[str]]:
        """Lock the file, which is created if missing, and yield its texts.

        An incomplete last line is moved to ``.torn`` before.

        Parameters
        ----------
        must_exist : bool, default=False
            Whether a missing file is an error.
        wait : bool, default=False
            Whether to wait while another process has locked it, in place of an error.

        Raises
        ------
        UserError
            If the file cannot be locked, read or written.
        """
        self._check_place(must_exist)
        with self._file_lock(wait):
            if not must_exist:
                with as_user_error(f"write {self.path}"):
                    create(self.path)
            yield self._recover()

    def add(self, message: str) -> str:
        """Append a message, and return when it is on disk.

        Returns
        -------
        text : str
            The message as the file holds it; empty if there was nothing to add.

        Raises
        ------
        NotLearnedError
            If it could not be written; the file is as it was.
        UserError
            If what was written of it could not be removed.
        """
        text = as_line(message)
        if text:
            try:
                self._check_whole()
                append(self.path, text.encode() + b"\n")
            except NotUndoneError as error:
                raise UserError(
                    f"{self.path}: the message was not learned, and what was written "
                    f"of it could not be removed ({message_of(error)})"
                ) from None
            except UnicodeEncodeError:
                raise NotLearnedError(
                    "the message was not learned: not UTF-8"
                ) from None
            except OSError as error:
                raise NotLearnedError(
                    f"{self.path}: the message was not learned: {message_of(error)}"
                ) from None
        return text

    def forget(self, text: str, *, everywhere: bool = False) -> tuple[int, int]:
        """Remove the last line with a text, or with ``everywhere`` all of them.

        Returns
        -------
        n_forgotten, n_left : int
            Number of such lines that were removed, and that are left.
        """
        lines = self._lines()
        text = as_line(text)
        places = [
            place
            for place, line in enumerate(decoded(lines, self.path))
            if as_line(line) == text
        ]
        forgotten = set(places if everywhere else places[-1:])
        if forgotten:
            kept = (line for j, line in enumerate(lines) if j not in forgotten)
            with as_user_error(f"write {self.path}"), replacing(self.path) as file:
                file.writelines(kept)
        return len(forgotten), len(places) - len(forgotten)

    def _check_place(self, must_exist):
        """Check that the path can be a data set, before files are created beside it."""
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise UserError(f"cannot open {self.path}: it is no regular file")
        folder = os.path.join(os.path.dirname(self.path) or os.curdir, "")
        with as_user_error(f"open {self.path}"):
            os.stat(self.path if must_exist else folder)

    @contextlib.contextmanager
    def _file_lock(self, wait):
        try:
            from filelock import FileLock, Timeout
        except ImportError:
            raise UserError(
                "a data set is locked with the package filelock, which is missing. "
                "Install it first: pip install filelock"
            ) from None
        lock = FileLock(f"{self.path}.lock")
        with as_user_error(f"lock {lock.lock_file}"):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                if not wait:
                    raise UserError(
                        f"{self.path} is in use by another sslm. End that one first, "
                        "or wait for its end with --wait."
                    ) from None
                self.notify(f"waiting for another sslm that uses {self.path}")
                lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _recover(self):
        """The texts; an incomplete last line is moved to ``.torn``."""
        lines = self._lines()
        torn = lines.pop() if lines and not _is_whole(lines[-1]) else b""
        texts = [text for text in decoded(lines, self.path) if text.strip()]
        if torn:  # only now: a file with other faults stays unchanged
            self._set_aside(torn, sum(map(len, lines)))
        return texts

    def _set_aside(self, torn, n_whole):
        aside = f"{self.path}.torn"
        with as_user_error(f"write {aside}"):
            create(aside)
            append(aside, torn.rstrip(b"\n") + b"\n")
        with as_user_error(f"write {self.path}"):
            cut(self.path, n_whole)
        self.notify(
            f"{self.path}: the last line was not complete and is not learned. It was "
            f"moved to {aside}."
        )

    def _lines(self):
        with as_user_error(f"read {self.path}"), open(self.path, "rb") as file:
            return file.readlines()

    def _check_whole(self):
        """Check that the last line is complete, which other programs may have changed."""
        with open(self.path, "rb") as file:
            if file.seek(0, io.SEEK_END):
                file.seek(-1, io.SEEK_END)
                if file.read() != b"\n":
                    raise OSError(None, "another program left its last line unfinished")


def as_line(message: str) -> str:
    r"""A message as one line, without blanks at its ends.

    >>> as_line(" um\r\ndois\u2028três ")
    'um dois três'
    """
    # A byte order mark would be read as that of the file.
    return " ".join(message.replace("\ufeff", "").splitlines()).strip()


def _is_whole(line):
    r"""Whether a line ends, and ends with whole characters.

    >>> _is_whole("Olá\n".encode()), _is_whole(b"Ol"), _is_whole(b"Ol\xc3\n")
    (True, False, False)
    """
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return line.endswith(b"\n")
