"""The files of the command line: texts in, models in and out.

What is wrong with a file is told as a `UserError`, in one line.
"""

import contextlib
import importlib.util
import itertools
import os
import pickletools
import sys
from concurrent.futures import BrokenExecutor

import joblib
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from ..chat import UserError, as_user_error, decoded, message_of
from ..generator import NGramTextGenerator
from ..saving import StateError
from ..utils import Progress, no_progress
from ..utils import replacing as replacing_durably
from ..words import NoTextError, open_texts, raw_lines

STDIN = "-"

# The first bytes of the compressed formats of joblib: zlib, gzip, bz2, xz, lzma.
_COMPRESSED = (b"\x78", b"\x1f\x8b", b"BZ", b"\xfd7zXZ", b"\x5d\x00")


def read_texts(paths):
    """The texts of all files, a line each; blank lines are left out.

    An error is raised before the first text when there is none.
    """
    texts = (line for line in _lines_with_progress(paths) if line.strip())
    first = next(texts, None)
    if first is None:
        raise _no_text(paths)
    return itertools.chain([first], texts)


def fit_files(model, paths):
    """Let a generator with ``input="filename"`` learn files."""
    try:
        model.fit(paths)
    except OSError as error:
        name = error.filename or ", ".join(paths)
        raise UserError(f"cannot read {name}: {message_of(error)}") from None
    except NoTextError:
        raise _no_text(paths) from None
    except ValueError as error:
        raise UserError(error) from None
    except BrokenExecutor:
        raise UserError(
            "a process that read or counted was killed, perhaps because there was not "
            "enough memory. Try fewer --jobs."
        ) from None


def _no_text(paths):
    return UserError(f"no text in {', '.join(paths)}: every line is blank")


def _lines_with_progress(paths):
    """The lines of all files; when it takes a while and someone watches, with a bar."""
    progress = Progress(verbose(), "sslm")
    with progress.bar("loading", "B", _total_size(paths)) as on_progress:
        for path in paths:
            yield from read_lines(path, on_progress)


def _total_size(paths):
    """Bytes of all files, None where one of them cannot be known beforehand."""
    if STDIN in paths or not all(map(os.path.isfile, paths)):
        return None
    return sum(map(os.path.getsize, paths))


def read_lines(path, on_progress=no_progress):
    """The lines of one file, without their ends; `on_progress` gets the bytes read."""
    name = "standard input" if path == STDIN else path
    with _open(path, on_progress) as file:
        yield from decoded(raw_lines(file, name), name)


@contextlib.contextmanager
def _open(path, on_progress):
    if path == STDIN:
        yield _tracked_lines(_stdin(), on_progress)
        return
    with as_user_error(f"read {path}"), open_texts(path, on_progress) as file:
        yield file


def _tracked_lines(lines, on_progress):
    for line in lines:
        on_progress(len(line))
        yield line


def _stdin():
    if sys.stdin is None:
        raise UserError("cannot read standard input: it is closed")
    if hasattr(sys.stdin, "buffer"):
        return sys.stdin.buffer
    return (line.encode() for line in sys.stdin)  # a program put its own text there


def load_model(path):
    """Load the generator in a file, to learn texts from now on, or say why there is none.

    One that learned files must not take what it is told for a path, and read that.
    """
    _check_looks_like_model(path)
    try:
        model = joblib.load(path)
    except StateError as error:
        raise UserError(f"{path}: {error}") from None
    except Exception as error:  # noqa: BLE001 - a damaged pickle can raise anything
        raise UserError(f"{path}: damaged model file ({error!r})") from None
    if not isinstance(model, NGramTextGenerator):
        raise _not_a_model(path, type(model).__name__)
    try:
        check_is_fitted(model)
    except NotFittedError:
        raise UserError(
            f"{path}: this {type(model).__name__} was never fitted"
        ) from None
    if model.word_index_ is None:
        raise UserError(f"{path}: this model learned rows of numbers, not texts")
    return model.set_params(input="content")


def _check_looks_like_model(path):
    """Refuse a file that is plainly no model before anything in it is run."""
    with as_user_error(f"read {path}"), open(path, "rb") as file:
        head = file.read(512)
    if head.startswith(_COMPRESSED):
        return
    found = _outermost_class(head)
    if found != NGramTextGenerator.__name__:
        raise _not_a_model(path, found)


def _outermost_class(head):
    """Name of the first class in a pickle, read without running it; else None.

    >>> import pickle
    >>> from fractions import Fraction
    >>> _outermost_class(pickle.dumps({1.5: Fraction(1, 2)}))
    'Fraction'
    >>> _outermost_class(b"Some text")
    """
    strings = []
    with contextlib.suppress(ValueError, IndexError):  # cut off, or no pickle
        for operation, argument, _ in pickletools.genops(head):
            if operation.name == "STACK_GLOBAL":
                return strings[-1]
            if operation.name == "GLOBAL":
                return argument.split()[-1]
            if isinstance(argument, str):
                strings.append(argument)
    return None


def _not_a_model(path, found):
    what = f"holds a {found}, not a fitted model" if found else "not a model file"
    return UserError(f"{path}: {what}. Give a file that 'sslm fit' wrote.")


@contextlib.contextmanager
def replacing(path):
    """Open a file that takes the place of ``path`` when all went well."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise UserError(f"cannot write {path}: it exists and is no regular file")
    with as_user_error(f"write {path}"), replacing_durably(path) as file:
        yield file


def verbose():
    """Whether to show bars: they are an extra, which the command does without."""
    return importlib.util.find_spec("tqdm") is not None


def refuse_to_replace(paths, output):
    """Raise an error if the output is one of the files that are to be read."""
    for path in paths:
        with contextlib.suppress(OSError):
            if os.path.samefile(path, output):
                raise UserError(f"cannot write {output}: it is one of the texts")
