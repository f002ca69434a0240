"""Data sets as their tests open, fill and read them, and disks that fail."""

import os
from pathlib import Path

import pytest
from hypothesis import strategies as st

from sklearn_sslm.chat._data_set import DataSet

LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

# Surrogates cannot be in a message that is UTF-8; line ends and the like are frequent.
MESSAGES = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(LINE_ENDS + "\ufeff \t\0aá😀")
    )
)


def opened(path="d.txt", told=None, **options):
    """Hold a data set: the context manager that yields its texts."""
    tell = fail if told is None else told.append
    return DataSet(str(path), notify=tell).locked(**options)


def fail(line):
    """Tell what should not be told."""
    pytest.fail(line)


def texts_of(path="d.txt", told=None):
    """What a new start learns."""
    with opened(path, told) as texts:
        return texts


def data_set(path="d.txt"):
    """A data set that is not locked, to change it."""
    return DataSet(str(path), notify=fail)


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
