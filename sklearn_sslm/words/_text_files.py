"""Files of texts: UTF-8, one text a line."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import stat
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise, zip_longest
from typing import NamedTuple

from ..utils import UserError, damages, no_progress, packing_of, unpacked

_BLOCK = 1 << 20

# Byte order marks of UTF-32 first: one of them begins with that of UTF-16.
_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class TextFileError(UserError, ValueError):
    """A file is not text in UTF-8; the message names the place."""


class NotUtf8Error(TextFileError):
    """A file is not UTF-8.

    Attributes
    ----------
    encoding : str or None
        The encoding that it seems to have; None if that is not known.
    """

    def __init__(self, message: str, encoding: str | None = None) -> None:
        super().__init__(message)
        self.encoding = encoding


class NoTextError(ValueError):
    """There is no word in any text."""


class FilePart(NamedTuple):
    """The lines of a file that begin within a range of its bytes.

    Attributes
    ----------
    path : str
    start, stop : int
        The range; a `stop` of None is the end of the file.
    weight : int
        The multiplicity of its texts.
    folder : str
        The folder in which a relative path begins; "" is the current one, which differs
        between processes.
    """

    path: str
    start: int = 0
    stop: int | None = None
    weight: int = 1
    folder: str = ""

    def lines(
        self, on_progress: Callable[[int], object] = no_progress
    ) -> Iterator[str]:
        """The lines, without their ends.

        Parameters
        ----------
        on_progress : callable, default=no_progress
            Called from time to time with the number of further bytes that were read.

        Raises
        ------
        OSError
            If the file cannot be read.
        TextFileError
            If it is damaged, or a line is not UTF-8.
        """
        n_before = 0
        for begin, block in self._raw_blocks(on_progress):
            yield from decoded(block, self.path, begin, n_before, self.folder)
            n_before += len(block)

    def blocks(
        self, on_progress: Callable[[int], object] = no_progress
    ) -> Iterator[bytes]:
        """The lines with their ends, as blocks of UTF-8 bytes.

        Parameters
        ----------
        on_progress : callable, default=no_progress
            As of `lines`.

        Raises
        ------
        OSError, TextFileError
            As of `lines`.
        """
        n_before = 0
        for begin, block in self._raw_blocks(on_progress):
            data = b"".join(block)
            try:
                data.decode()
            except UnicodeDecodeError:
                for _ in decoded(block, self.path, begin, n_before, self.folder):
                    pass  # it raises an error that names the line
            if not begin and not n_before:
                data = data.removeprefix(codecs.BOM_UTF8)
            n_before += len(block)
            yield data

    def _raw_blocks(self, on_progress):
        """Yield the offset of the first line of each block, and the block."""
        with open_texts(self.path, on_progress, self.folder) as file:
            begin = self.start
            if begin:  # a line that began before belongs to the part before
                file.seek(begin - 1)
                begin += len(file.readline()) - 1
            at = begin
            while block := self._next_lines(file):
                if not at:
                    _refuse_wide(block[0], self.path)
                n_lines = len(block)
                ends = [*accumulate(map(len, block), initial=at)]
                if self.stop is not None and ends[-1] >= self.stop:
                    n_lines = bisect_left(ends, self.stop)
                if n_lines:
                    yield begin, block[:n_lines]
                if n_lines < len(block):
                    return
                at = ends[-1]

    def _next_lines(self, file):
        with _damage_named(self.path):
            return file.readlines(_BLOCK)

    def texts(
        self, on_progress: Callable[[int], object] = no_progress
    ) -> Iterator[str]:
        """The lines that are not blank."""
        return (line for line in self.lines(on_progress) if line.strip())


class FilePair(NamedTuple):
    """A file of messages, and a file of their replies, line by line.

    Attributes
    ----------
    messages, replies : str
        Paths.
    weight : int
        The multiplicity of each message with its reply.
    folder : str
        As of `FilePart`.
    """

    messages: str
    replies: str
    weight: int = 1
    folder: str = ""

    def texts(
        self, on_progress: Callable[[int], object] = no_progress
    ) -> Iterator[str]:
        """Messages and replies, interleaved; pairs of blank lines are left out.

        Raises
        ------
        OSError, TextFileError
            As of `FilePart.lines`, and if the files have different numbers of lines.
        """
        paths = self.messages, self.replies
        files = [FilePart(path, folder=self.folder) for path in paths]
        lines = zip_longest(*(file.lines(on_progress) for file in files))
        for number, pair in enumerate(lines, start=1):
            if None in pair:
                longer, shorter = paths if pair[1] is None else paths[::-1]
                raise TextFileError(
                    f"{longer}, line {number}: there is no such line in {shorter}. "
                    "Messages and replies must be as many, line by line."
                )
            if any(line.strip() for line in pair):
                yield from pair


@contextlib.contextmanager
def open_texts(
    path: str,
    on_progress: Callable[[int], object] = no_progress,
    folder: str = "",
) -> Iterator[io.BufferedIOBase]:
    """Open a file of texts, and decompress it if necessary.

    `on_progress` is called with the number of bytes of each read. A relative path begins in
    the folder, which errors do not name.
    """
    with io.BufferedReader(_TrackedFile(path, on_progress, folder)) as file:
        yield unpacked(file)


def _is_packed(path):
    with open(path, "rb") as file:
        return packing_of(file.read(8)) is not None


class _TrackedFile(io.FileIO):
    """A file that reports the number of bytes of each read, before decompression."""

    def __init__(self, path, on_progress, folder):
        try:
            super().__init__(os.path.join(folder, path))
        except OSError as error:
            error.filename = path
            raise
        self._on_progress = on_progress

    def readinto(self, buffer):
        n_bytes = super().readinto(buffer)
        self._on_progress(n_bytes)
        return n_bytes


def raw_lines(file: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The lines of an open file, as bytes."""
    with _damage_named(name):
        yield from file


@contextlib.contextmanager
def _damage_named(name):
    """A context manager that turns errors of a damaged file into a TextFileError."""
    try:
        yield
    except damages() as error:
        raise TextFileError(f"cannot read {name}: {error}") from None
    except OSError as error:
        if error.errno is None:  # of bz2, which has no exception of its own
            raise TextFileError(f"cannot read {name}: {error}") from None
        raise


def decoded(
    lines: Iterable[bytes],
    name: str,
    start: int = 0,
    n_before: int = 0,
    folder: str = "",
) -> Iterator[str]:
    """Decode lines of bytes, without their ends.

    Parameters
    ----------
    lines : iterable of bytes
    name : str
        The file, for messages of errors.
    start : int, default=0
        The offset in the file from which the lines are counted.
    n_before : int, default=0
        Number of lines between `start` and the first of `lines`.
    folder : str, default=""
        The folder in which the name of the file begins, if `start` is not 0.

    Raises
    ------
    NotUtf8Error
        If a line is not UTF-8.
    """
    for number, line in enumerate(lines, start=n_before + 1):
        try:
            # Some editors begin a file with a byte order mark, no part of a word.
            encoding = "utf-8-sig" if number == 1 and not start else "utf-8"
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            if number == 1 and not start:
                _refuse_wide(line, name)
            number += _lines_before(os.path.join(folder, name), start)
            raise NotUtf8Error(
                f"{name}, line {number}: not UTF-8 (byte "
                f"{error.object[error.start]:#04x} at offset {error.start}). Convert "
                "it to UTF-8 first."
            ) from None
        yield text.rstrip("\r\n")


def not_wide(lines: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yield lines of bytes, after a check that they are not UTF-16 or UTF-32.

    Raises
    ------
    NotUtf8Error
        If they are. Decoded as UTF-8, they could be texts with a null after each letter.
    """
    for number, line in enumerate(lines):
        if not number:
            _refuse_wide(line, name)
        yield line


def _refuse_wide(line, name):
    if encoding := _wide_encoding(line):
        message = (
            f"{name}: this is {encoding.upper()}, not UTF-8. Convert it first, as with "
            f"'iconv -f {encoding} -t utf-8'."
        )
        raise NotUtf8Error(message, encoding)


def _wide_encoding(line):
    r"""The encoding of a file by its first line, if it is UTF-16 or UTF-32, or None.

    >>> _wide_encoding("olá".encode("utf-16")), _wide_encoding(b"ol")
    ('utf-16', None)
    >>> _wide_encoding("bom dia\n".encode("utf-16-be")), _wide_encoding(bytes(9))
    ('utf-16-be', None)
    """
    for mark, encoding in _WIDE.items():
        if line.startswith(mark):
            return encoding
    for encoding, first in (("utf-16-be", 0), ("utf-16-le", 1)):
        high = line[first::2]  # these are 0 in Latin letters
        if len(high) >= 4 and any(line) and not any(high):
            return encoding
    return None


def _lines_before(path, end):
    """The number of lines in the first `end` bytes of a file."""
    if not end:
        return 0
    with open(path, "rb") as file:
        n_lines = 0
        while end and (block := file.read(min(end, 1 << 20))):
            n_lines += block.count(b"\n")
            end -= len(block)
    return n_lines


def split(
    paths: list[str], n_parts: int, weights: list[int] | None = None
) -> list[list[FilePart]]:
    """Split files into `n_parts` lists of `FilePart` of about equal size, in order.

    `weights` has a weight for each file. Compressed files, and files that are no regular
    ones, are not cut.

    Raises
    ------
    OSError
        If there is no such file.
    """
    weights = weights or [1] * len(paths)
    found = [os.stat(path) for path in paths]
    total = sum(status.st_size for status in found)
    cuts = [total * j // n_parts for j in range(1, n_parts)]
    parts: list[list[FilePart]] = [[] for _ in range(n_parts)]
    before = 0
    for path, status, weight in zip(paths, found, weights, strict=True):
        after = before + status.st_size
        first = bisect_right(cuts, before)
        inside = [cut - before for cut in cuts[first : bisect_left(cuts, after)]]
        if not stat.S_ISREG(status.st_mode) or _is_packed(path):
            inside = []
        for j, (start, stop) in enumerate(pairwise([0, *inside, None])):
            parts[first + j].append(FilePart(path, start or 0, stop, weight))
        before = after
    return parts


def split_pairs(
    paths: list[str],
    reply_paths: list[str],
    n_parts: int,
    weights: list[int] | None = None,
) -> list[list[FilePair]]:
    """Split pairs of files into `n_parts` lists of `FilePair` of about equal size."""
    weights = weights or [1] * len(paths)
    pairs = [FilePair(*p) for p in zip(paths, reply_paths, weights, strict=True)]
    sizes = [sum(os.stat(path).st_size for path in pair[:2]) for pair in pairs]
    total = max(1, sum(sizes))
    parts: list[list[FilePair]] = [[] for _ in range(n_parts)]
    before = 0
    for pair, size in zip(pairs, sizes, strict=True):
        parts[min(before * n_parts // total, n_parts - 1)].append(pair)
        before += size
    return parts
