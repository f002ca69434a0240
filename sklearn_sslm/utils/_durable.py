"""Changes to files that are there in full after a crash, or not at all.

Each raises the `OSError` of the system if it fails, and leaves the file as it was.
"""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from typing import BinaryIO


class NotUndoneError(OSError):
    """A change failed when part of it was written, and undoing that failed too."""


def create(path: str) -> None:
    """Create a file unless it exists; it will be there after a crash."""
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
    """Open a file that takes the place of ``path`` when all went well.

    A path that cannot be written is an error at once, before the work begins. The old
    file stays until the new one is complete, which gets its owner and permissions.
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
        with contextlib.suppress(OSError):  # it is gone when all went well
            os.remove(beside)


def _write(file, data):
    while data:  # on a disk that is nearly full, write may take a part of it
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
