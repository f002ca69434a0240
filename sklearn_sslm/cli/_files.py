"""The files of the command line: texts to read, models to write.

All functions raise a `UserError` if a file cannot be read or written.
"""

import codecs
import contextlib
import importlib.util
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from typing import BinaryIO

from ..generator import NGramTextGenerator
from ..utils import (
    Progress,
    UserError,
    as_user_error,
    message_of,
    no_progress,
    unpacked,
)
from ..utils import replacing as replacing_durably
from ..words import decoded, not_wide, open_texts, raw_lines
from .options import STDIN

_BLOCK = 8192
"""Texts that are read before the first of them are answered."""


def read_texts(paths: list[str], encoding: str = "utf-8") -> Iterator[str]:
    """The lines of all files that are not blank.

    If there is none, the error is raised by this call, not by the iterator.
    """
    texts = (line for line in _lines_with_progress(paths, encoding) if line.strip())
    first = next(texts, None)
    if first is None:
        raise no_text(paths)
    return itertools.chain([first], texts)


def in_blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Group texts, so that not all of them must be kept."""
    texts = iter(texts)
    while block := list(itertools.islice(texts, _BLOCK)):
        yield block


def fit_files(model: NGramTextGenerator, paths: list[str]) -> None:
    """Fit a generator with ``input="filename"`` on files.

    Raises
    ------
    UserError
        If a file cannot be read.
    ValueError
        As by ``model.fit``.
    """
    try:
        model.fit(paths)
    except OSError as error:
        name = error.filename or ", ".join(paths)
        raise UserError(f"cannot read {name}: {message_of(error)}") from None
    except BrokenExecutor:
        raise UserError(
            "a process that read or counted was killed, perhaps because there was not "
            "enough memory. Try fewer --jobs."
        ) from None


def no_text(paths: list[str]) -> UserError:
    """The error about files without texts."""
    return UserError(
        f"no text in {', '.join(map(name_of, paths))}: every line is blank"
    )


def name_of(path: str) -> str:
    """The name of a file in messages."""
    return "standard input" if path == STDIN else path


def _lines_with_progress(paths, encoding):
    """The lines of all files, with a progress bar."""
    progress = Progress(verbose(), "sslm")
    with progress.bar("loading", "B", _total_size(paths)) as on_progress:
        for path in paths:
            yield from read_lines(path, on_progress, encoding)


def _total_size(paths):
    """The size of all files in bytes; None if one is no regular file."""
    if STDIN in paths or not all(map(os.path.isfile, paths)):
        return None
    return sum(map(os.path.getsize, paths))


def read_lines(
    path: str,
    on_progress: Callable[[int], object] = no_progress,
    encoding: str = "utf-8",
) -> Iterator[str]:
    """The lines of a file, without their ends.

    Parameters
    ----------
    path : str
        The file; `STDIN` is standard input.
    on_progress : callable
        Is called with the number of bytes of each part that was read.
    encoding : str, default="utf-8"
    """
    name = name_of(path)
    try:
        with as_user_error(f"read {name}"), _open(path, on_progress) as file:
            if codecs.lookup(encoding).name == "utf-8":
                yield from decoded(not_wide(raw_lines(file, name), name), name)
            else:
                yield from _decoded_from(encoding, file, name)
    except ImportError as error:
        raise UserError(f"cannot read {name}: {error}") from None


def _decoded_from(encoding, file, name):
    """The lines of a file in another encoding, which is decoded as a whole.

    Bytes of line ends can be parts of other characters, as in UTF-16.
    """
    data = b"".join(raw_lines(file, name))
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise UserError(
            f"{name}: not {encoding} ({error}). Give its --encoding."
        ) from None
    yield from (line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n"))


def _open(path, on_progress):
    if path == STDIN:
        return contextlib.nullcontext(_tracked_lines(_stdin(), on_progress))
    return open_texts(path, on_progress)


def _tracked_lines(lines, on_progress):
    for line in lines:
        on_progress(len(line))
        yield line


def _stdin():
    if sys.stdin is None:
        raise UserError("cannot read standard input: it is closed")
    if hasattr(sys.stdin, "buffer"):
        has_peek = hasattr(sys.stdin.buffer, "peek")
        return unpacked(sys.stdin.buffer) if has_peek else sys.stdin.buffer
    return (line.encode() for line in sys.stdin)  # a StringIO, as in tests


@contextlib.contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
    """Open a file that replaces `path` if the ``with`` block ends without an error."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise UserError(f"cannot write {path}: it exists and is no regular file")
    with as_user_error(f"write {path}"), replacing_durably(path) as file:
        yield file


def verbose() -> bool:
    """Whether to show progress bars, which need the optional package tqdm."""
    return importlib.util.find_spec("tqdm") is not None


def refuse_to_replace(
    paths: list[str], output: str, what: str = "one of the texts"
) -> None:
    """Raise a `UserError` if the output is one of the files to be read."""
    for path in paths:
        with contextlib.suppress(OSError):
            if os.path.samefile(path, output):
                raise UserError(f"cannot write {output}: it is {what}")
