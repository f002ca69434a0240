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
    """A message could not be saved; the data set has not been changed."""


class DataSet:
    """A UTF-8 file with one text per line, which one process at a time can change.

    Two files with the same name may be next to it: ``.lock``, which the process locks,
    and ``.torn``, with incomplete last lines that were found after a crash.

    Parameters
    ----------
    path : str
        The file.
    notify : callable
        Is called with each line of text that the user should see.
    """

    def __init__(self, path: str, *, notify: Callable[[str], object]) -> None:
        self.path = os.path.realpath(path) if os.path.islink(path) else path
        self.notify = notify

    @contextlib.contextmanager
    def locked(
        self, *, must_exist: bool = False, wait: bool = False
    ) -> Iterator[list[str]]:
        """Lock the file for the time of a ``with`` block.

        A missing file is created. An incomplete last line is moved to ``.torn``.

        Parameters
        ----------
        must_exist : bool, default=False
            Whether a missing file is an error.
        wait : bool, default=False
            Whether to wait while another process has locked the file; otherwise this is an
            error.

        Yields
        ------
        list of str
            The texts of the file.

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

        Parameters
        ----------
        message : str

        Returns
        -------
        str
            The message as one line of the file; "" if it was blank, and not appended.

        Raises
        ------
        NotLearnedError
            If it could not be written; the file has not been changed.
        UserError
            If it was written in part, and this could not be undone.
        """
        text = as_line(message)
        if text:
            try:
                self._check_whole()
                append(self.path, text.encode() + b"\n")
            except NotUndoneError as error:
                raise UserError(
                    f"{self.path}: the message was not learned, and the part of it that "
                    f"was written could not be removed ({message_of(error)})"
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
        """Remove the last line with a text.

        Parameters
        ----------
        text : str
        everywhere : bool, default=False
            Whether to remove all lines with the text.

        Returns
        -------
        n_forgotten, n_left : int
            Number of lines with the text that were removed, and that are left.
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
        """Raise a `UserError` if the path cannot be a data set, before creating a lock."""
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise UserError(f"cannot open {self.path}: it is no regular file")
        folder = os.path.join(os.path.dirname(self.path) or os.curdir, "")
        with as_user_error(f"open {self.path}"):
            os.stat(self.path if must_exist else folder)

    @contextlib.contextmanager
    def _file_lock(self, wait):
        """Hold the lock of the file for the time of a ``with`` block."""
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
                        "or wait until it ends with --wait."
                    ) from None
                self.notify(f"waiting for another sslm that uses {self.path}")
                lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _recover(self):
        """Read the texts; an incomplete last line is moved to ``.torn``."""
        lines = self._lines()
        torn = lines.pop() if lines and not _is_whole(lines[-1]) else b""
        texts = [text for text in decoded(lines, self.path) if text.strip()]
        if torn:  # after decoding: a file with other errors is not changed
            self._move_torn(torn, sum(map(len, lines)))
        return texts

    def _move_torn(self, torn, n_whole):
        """Move an incomplete last line to ``.torn``; the first `n_whole` bytes stay."""
        path = f"{self.path}.torn"
        with as_user_error(f"write {path}"):
            create(path)
            append(path, torn.rstrip(b"\n") + b"\n")
        with as_user_error(f"write {self.path}"):
            cut(self.path, n_whole)
        self.notify(
            f"{self.path}: the last line was not complete and is not learned. It was "
            f"moved to {path}."
        )

    def _lines(self):
        with as_user_error(f"read {self.path}"), open(self.path, "rb") as file:
            return file.readlines()

    def _check_whole(self):
        """Raise an OSError if another program has left the last line incomplete."""
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
    r"""Whether a line is complete: valid UTF-8 with a line end.

    >>> _is_whole("Olá\n".encode()), _is_whole(b"Ol"), _is_whole(b"Ol\xc3\n")
    (True, False, False)
    """
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return line.endswith(b"\n")
