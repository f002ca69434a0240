"""The models of the command line: their files, and their errors as user errors."""

import argparse
import contextlib
import os
import pickletools
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import joblib
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from ..arpa import read_arpa, write_arpa
from ..base import fitted_model
from ..classifier import NGramClassifier
from ..generator import NGramTextGenerator, UnknownWordError
from ..saving import StateError
from ..utils import (
    UserError,
    as_user_error,
    damages,
    import_extra,
    packing_of,
    replacing,
    unpacked,
)
from ..words import Tokenizer, tokenizer_of
from ._output import counted, warn

# The first bytes of joblib's compressed formats zlib and lzma, which have no header.
_COMPRESSED = (b"\x78", b"\x5d\x00")
_PICKLE, _ZIP = b"\x80", b"PK"
_ARPA_HEAD = 1 << 16  # bytes of a file in which ``\data\`` of an ARPA file is searched
_LARGE = 1 << 26  # bytes: larger files are mapped, as reading them takes seconds
_ARPA_ENDINGS = (".arpa", ".arpa.gz")
_UNWRITABLE = "The 'model' of write_arpa cannot be written: "

_WRITERS = {
    (NGramTextGenerator,): "'sslm fit' without --label",
    (NGramClassifier,): "'sslm fit --label'",
    (NGramTextGenerator, NGramClassifier): "'sslm fit'",
}
"""For the classes that a command needs, the command that writes files with them."""

_PARAMETER = re.compile(r"^The '(\w+)' (?:parameter|condition) of [\w.]+")
_VALUE = re.compile(r"(?<!['\w])(\w+)=('?)([\w.]+)\2")
_OWNER = re.compile(r" of NGram(?:TextGenerator|Classifier)(?:\.\w+)?\b")
_OPTIONS = {"num_beams": "beams", "n_candidates": "candidates"}
"""For parameters of the generator, options that have other names."""


def load_model(path: str, *, whole: bool = False) -> NGramTextGenerator:
    """Load the fitted generator in a file.

    Its `input` is set to "content": a generator that was fitted on files would read
    messages as paths.

    Parameters
    ----------
    path : str
    whole : bool, default=False
        Whether to read and check all of a large file, which is mapped otherwise: then
        only what is needed is read, and its contents are not checked.

    Raises
    ------
    UserError
        If the file has no fitted generator, or one without words.
    """
    return _loaded(path, whole, NGramTextGenerator)


def load_classifier(path: str, *, whole: bool = False) -> NGramClassifier:
    """Load the fitted classifier in a file; raises as `load_model` does."""
    return _loaded(path, whole, NGramClassifier)


def load_any(path: str, *, whole: bool = False) -> Any:
    """Load the fitted generator or classifier in a file, as `load_model` does."""
    return _loaded(path, whole, NGramTextGenerator, NGramClassifier)


def _loaded(path, whole, *kinds):
    """Load a model of one of some classes, and check it."""
    read = _reader_of(path, whole, kinds)
    try:
        model = read(path)
    except StateError as error:
        raise UserError(f"{path}: {error}") from None
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged pickle can raise anything
        raise UserError(f"{path}: damaged model file ({error!r})") from None
    if not isinstance(model, kinds):
        raise _not_a_model(path, type(model).__name__, kinds)
    try:
        check_is_fitted(model)
    except NotFittedError:
        raise UserError(
            f"{path}: this {type(model).__name__} was never fitted"
        ) from None
    if model.word_index_ is None:
        raise UserError(
            f"{path}: this model learned integer rows without words. Give one that "
            "learned texts."
        )
    if "input" in model.get_params(deep=False):
        model.set_params(input="content")
    return model


def _reader_of(path, whole, kinds):
    """The function that loads a file, chosen by its first bytes.

    A pickle whose class is none of `kinds` is refused without loading it, which could run
    code.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        raise UserError(f"cannot read {path}: it is no regular file")
    with as_user_error(f"read {path}"), open(path, "rb") as file:
        packed = file.peek(8)[:8]
        try:
            source = unpacked(file)
            head = source.read(512)
            if not head.startswith((_PICKLE, _ZIP)):
                head += source.read(_ARPA_HEAD)
        except damages() as error:
            raise UserError(f"{path}: damaged model file ({error!r})") from None
        except ImportError as error:
            raise UserError(f"cannot read {path}: {error}") from None
    if packed.startswith(_ZIP):
        return _read_skops
    if packed.startswith(_COMPRESSED):
        return joblib.load
    if b"\\data\\" in head and not head.startswith(_PICKLE):
        return _read_arpa
    found = _outermost_class(head)
    if found not in {kind.__name__ for kind in kinds}:
        raise _not_a_model(path, found, kinds)
    packing = packing_of(packed)
    if packing is None and os.path.getsize(path) > _LARGE and not whole:
        return partial(joblib.load, mmap_mode="r")
    return _read_zstd if packing == "zstd" else joblib.load


def _read_zstd(path):  # which joblib does not know
    with open(path, "rb") as file:
        return joblib.load(unpacked(file))


def _read_arpa(path):
    try:
        return read_arpa(path)
    except (ValueError, OSError) as error:
        raise UserError(error) from None


def _read_skops(path):
    try:
        skops = import_extra("skops.io", "A model file of skops", "skops")
    except ImportError as error:
        raise UserError(f"{path}: {error}") from None
    unknown = skops.get_untrusted_types(file=path)
    foreign = [name for name in unknown if not name.startswith("sklearn_sslm.")]
    if foreign:
        raise UserError(
            f"{path}: has objects of {', '.join(foreign)[:200]}, which can run any code. "
            "Load it in Python, if you trust it."
        )
    return skops.load(path, trusted=unknown)


def _outermost_class(head):
    """The name of the first class in a pickle, which is not loaded; None without one.

    >>> import pickle
    >>> from fractions import Fraction
    >>> _outermost_class(pickle.dumps({1.5: Fraction(1, 2)}))
    'Fraction'
    >>> _outermost_class(b"Some text")
    """
    strings: list[str] = []
    with contextlib.suppress(ValueError, IndexError):  # cut off, or no pickle
        for operation, argument, _ in pickletools.genops(head):
            if operation.name == "STACK_GLOBAL":
                return strings[-1]
            if operation.name == "GLOBAL":
                return str(argument).split()[-1]
            if isinstance(argument, str):
                strings.append(argument)
    return None


def _not_a_model(path, found, kinds):
    """The error about a file that has no model of one of some classes."""
    if found is None:
        return UserError(f"{path}: not a model file. Give one that 'sslm fit' wrote.")
    wanted = " or ".join(f"an {kind.__name__}" for kind in kinds)
    return UserError(
        f"{path}: this command needs {wanted}. Got an object of {found}; give a file "
        f"that {_WRITERS[kinds]} wrote."
    )


def save_model(model: BaseEstimator, path: str) -> None:
    """Write a model in the format that the ending of the file's name stands for.

    An existing file is replaced in one step, and stays if there is an error.

    Raises
    ------
    UserError
        If it cannot be written, or not in this format.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        raise UserError(f"cannot write {path}: it exists and is no regular file")
    if path.endswith(_ARPA_ENDINGS):
        _save_arpa(model, path)
        return
    dump: Any = joblib.dump
    if path.endswith(".skops"):
        try:
            dump = import_extra("skops.io", "A model file of skops", "skops").dump
        except ImportError as error:
            raise UserError(f"cannot write {path}: {error}") from None
    with as_user_error(f"write {path}"), replacing(path) as file:
        dump(model, file)


def _save_arpa(model, path):
    """Write an ARPA file; warns if the file does not say how texts are split."""
    if not isinstance(model, NGramTextGenerator):
        raise UserError(
            f"cannot write {path}: a classifier has no ARPA file. Choose a name that "
            "ends in .joblib or .skops."
        )
    try:
        with as_user_error(f"write {path}"):
            write_arpa(model, path)
    except ValueError as error:
        why = str(error).removeprefix(_UNWRITABLE)
        raise UserError(f"cannot write {path}: {why}") from None
    if tokenizer_of(model.word_index_) not in (Tokenizer(), Tokenizer("ascii")):
        warn(
            f"{path} does not say how texts become words: a program that reads it splits "
            "them at blanks"
        )


def size_of(model: Any) -> str:
    """The numbers of texts and of tokens, or of texts and classes, of a model."""
    if isinstance(model, NGramClassifier):
        texts, classes = int(model.n_texts_seen_), len(model.classes_)
        return f"{counted(texts, 'text')} of {counted(classes, 'class', 'classes')}"
    return (
        f"{counted(model.n_texts_seen_, 'text')}, "
        f"{counted(model.n_tokens_seen_, 'token')}"
    )


def refuse_unknown_format(path: str) -> None:
    """Raise a `UserError` unless the ending of a file's name stands for a format."""
    if not path.endswith((".joblib", ".skops", *_ARPA_ENDINGS)):
        raise UserError(
            f"cannot write {path}: its name must end in .joblib, .skops, .arpa or "
            ".arpa.gz, which chooses the format"
        )


def refuse_without_counts(model: Any, path: str) -> None:
    """Raise a `UserError` unless a model can learn and be merged with others."""
    if not fitted_model(model).language_model.knows_all_counts:
        raise UserError(
            f"{path}: this model cannot learn or be merged: it was read from an ARPA file "
            "or is a compact copy. Give one that 'sslm fit' wrote."
        )


def seeded(model: NGramTextGenerator, seed: int | None) -> NGramTextGenerator:
    """The model, with a seeded random generator if there is a seed."""
    if seed is not None:
        # With an int, equal messages of a chat would always get the same reply.
        model.set_params(random_state=np.random.default_rng(seed))
    return model


@contextlib.contextmanager
def refusals_as_user_errors(
    args: argparse.Namespace, work: str | None = None
) -> Iterator[None]:
    """Turn a ValueError of a model into a `UserError` about the options of a command.

    Parameters
    ----------
    args : Namespace
        The arguments of the command.
    work : str, default=None
        What cannot be done, with the files that the error is about.
    """
    try:
        yield
    except UserError:
        raise
    except UnknownWordError as error:
        raise UserError(
            f"the model does not know the word {error.word!r}, and refuses such words, by "
            "its parameter unknown='error'. End the message with words of the texts that "
            "were learned."
        ) from None
    except ValueError as error:
        message = in_options(str(error), args)
        if work:
            message = message.replace("'other'", "it")  # the file that it names first
            message = f"cannot {work}: {message}"
        raise UserError(message) from None


def in_options(message: str, args: argparse.Namespace) -> str:
    """A message about parameters of a model, as one about the options of a command.

    Parameters that the command has no option for keep their names.

    >>> args = argparse.Namespace(n=3, beams=3, novel=True)
    >>> message = "The 'num_beams' parameter of NGramTextGenerator must be 1 with novel=True"
    >>> in_options(message, args)
    'argument --beams: must be 1 with --novel'
    >>> in_options("The conditions of NGramTextGenerator.sample need n=2, beams=1", args)
    'The conditions need -n 2, --beams 1'
    """
    message = _PARAMETER.sub(partial(_as_argument, args), message, count=1)
    if message.startswith("argument "):
        message = message.replace("must be None", "must be left out")
    message = _VALUE.sub(partial(_as_given, args), message)
    return _OWNER.sub("", message)


def _as_argument(args, found):
    """The option in place of a match of `_PARAMETER`, if there is one."""
    option = _option_of(found[1], args)
    return f"argument {option}:" if option else found[0]


def _as_given(args, found):
    """The option with its value in place of a match of `_VALUE`, if there is one."""
    option, value = _option_of(found[1], args), found[3]
    if not option:
        return found[0]
    if value in ("True", "False"):
        return option if value == "True" else f"no {option}"
    return f"{option} {value}"


def _option_of(parameter, args):
    """The option of a command that sets a parameter of the model, or None."""
    name = _OPTIONS.get(parameter, parameter)
    if not hasattr(args, name):
        return None
    return "--"[: len(name)] + name.replace("_", "-")
