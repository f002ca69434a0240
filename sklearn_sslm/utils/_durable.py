"""Changes to files that survive a crash in full, or not at all.

What fails raises the `OSError` of the system; the file is then as it was before.
"""

import contextlib
import errno
import os
import secrets
import shutil


class NotUndoneError(OSError):
    """A change failed half-way, and so did taking it back."""


def create(path):
    """Make sure that a file is there, can be written, and stays after a crash."""
    with open(path, "ab"):
        pass
    _sync_folder(path)


def append(path, data):
    """Add bytes to the end of a file."""
    with open(path, "rb+", buffering=0) as file:
        length = file.seek(0, os.SEEK_END)
        try:
            _write(file, data)
        except BaseException:
            _undo(file, length)
            raise


def cut(path, length):
    """Leave only the first bytes of a file."""
    with open(path, "rb+", buffering=0) as file:
        _truncate(file, length)


@contextlib.contextmanager
def replacing(path):
    """Open a file that takes the place of ``path`` when all went well.

    It is opened before the work begins, so that a place one cannot write to is known
    at once, and what was there is kept until the new file is complete. Who may read
    and write it stays as it was.
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
        with contextlib.suppress(OSError):  # when all went well it is gone
            os.remove(beside)


def _write(file, data):
    while data:  # a disk that is nearly full takes less than all of it
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
    with contextlib.suppress(OSError, AttributeError):  # only root may give files away
        status = os.stat(source)
        os.chown(target, status.st_uid, status.st_gid)
    shutil.copymode(source, target)


def _sync_folder(path):
    """Let the name of a file survive a crash, on systems where this has to be asked."""
    if os.name == "nt":
        return
    folder = os.open(os.path.dirname(path) or os.curdir, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some shared folders know no such thing
            raise
    finally:
        os.close(folder)
