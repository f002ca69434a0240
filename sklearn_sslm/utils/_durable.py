"""Changes of files that survive a crash completely, or not at all.

If one fails, it raises the `OSError` of the system, and the file is unchanged.
"""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from typing import BinaryIO


class NotUndoneError(OSError):
    """A change failed after a part of it was written, and undoing this part failed, too."""


def create(path: str) -> None:
    """Create a file unless it exists; it then survives a crash."""
    with open(path, "ab"):
        pass
    _sync_folder(path)


def append(path: str, data: bytes) -> None:
    """Append bytes to a file."""
    with open(path, "rb+", buffering=0) as file:
        length = file.seek(0, os.SEEK_END)
        try:
            _write(file, data)
        except BaseException:
            _undo(file, length)
            raise


def cut(path: str, length: int) -> None:
    """Truncate a file to its first bytes."""
    with open(path, "rb+", buffering=0) as file:
        _truncate(file, length)


@contextlib.contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
    """A context manager that opens a new file, and replaces ``path`` by it at the end.

    A path that cannot be written raises an error at once, before the work begins. The old
    file remains until the new one is complete. The new one gets its owner and permissions.
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    beside = os.path.join(folder, f".{name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(beside, "xb") as file:
            if os.path.exists(target):
                _copy_permissions(target, beside)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
        _sync_folder(target)
    finally:
        with contextlib.suppress(OSError):  # after success, it was renamed
            os.remove(beside)


def _write(file, data):
    while data:  # write may write only a part, if the disk is nearly full
        data = data[os.write(file.fileno(), data) :]
    os.fsync(file.fileno())


def _undo(file, length):
    try:
        _truncate(file, length)
    except OSError as error:
        raise NotUndoneError(*error.args) from error


def _truncate(file, length):
    file.truncate(length)
    os.fsync(file.fileno())


def _copy_permissions(source, target):
    with contextlib.suppress(OSError, AttributeError):  # only root may change owners
        status = os.stat(source)
        os.chown(target, status.st_uid, status.st_gid)
    shutil.copymode(source, target)


def _sync_folder(path):
    """Write the entry of a file in its folder to disk, on systems that need this."""
    if os.name == "nt":
        return
    folder = os.open(os.path.dirname(path) or os.curdir, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network folders cannot
            raise
    finally:
        os.close(folder)
