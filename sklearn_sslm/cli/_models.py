"""The models of the command line: their files, and their errors as user errors."""

import contextlib
import os
import pickletools
import re
from collections.abc import Iterator
from typing import Any

import joblib
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from ..arpa import read_arpa, write_arpa
from ..classifier import NGramClassifier
from ..generator import NGramTextGenerator
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
_ARPA_ENDINGS = (".arpa", ".arpa.gz")

_PARAMETER = re.compile(r"^The '(\w+)' (?:parameter|condition) of [\w.]+ ")
_OPTIONS = {
    "bad_words": "bad-words",
    "balanced": "balanced",
    "contains": "contains",
    "ends_with": "ends-with",
    "max_length": "max-length",
    "min_count": "min-count",
    "min_length": "min-length",
    "min_p": "min-p",
    "no_repeat_ngram_size": "no-repeat-ngram-size",
    "novel": "novel",
    "num_beams": "beams",
    "starts_with": "starts-with",
    "stop": "stop",
    "temperature": "temperature",
    "top_k": "top-k",
    "top_p": "top-p",
    "unique": "unique",
}
"""For parameters and conditions of the generator, the options that set them."""


def load_model(path: str) -> NGramTextGenerator:
    """Load the fitted generator in a file.

    Its `input` is set to "content": a generator that was fitted on files would read
    messages as paths.

    Raises
    ------
    UserError
        If the file has no fitted generator, or one without words.
    """
    return _loaded(path, NGramTextGenerator)


def load_classifier(path: str) -> NGramClassifier:
    """Load the fitted classifier in a file; raises as `load_model` does."""
    return _loaded(path, NGramClassifier)


def load_any(path: str) -> Any:
    """Load the fitted generator or classifier in a file, as `load_model` does."""
    return _loaded(path, NGramTextGenerator, NGramClassifier)


def _loaded(path, *kinds):
    """Load a model of one of some classes, and check it."""
    read = _reader_of(path, kinds)
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


def _reader_of(path, kinds):
    """The function that loads a file, chosen by its first bytes.

    A pickle whose class is none of `kinds` is refused without loading it, which could run
    code.
    """
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
    return _read_zstd if packing_of(packed) == "zstd" else joblib.load


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
    if found in {NGramTextGenerator.__name__, NGramClassifier.__name__}:
        return UserError(
            f"{path}: has an {found}; this command needs an {kinds[0].__name__}"
        )
    what = f"has a {found}, not a fitted model" if found else "not a model file"
    return UserError(f"{path}: {what}. Give a file that 'sslm fit' wrote.")


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
        raise UserError(error) from None
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


def seeded(model: NGramTextGenerator, seed: int | None) -> NGramTextGenerator:
    """The model, with a seeded random generator if there is a seed."""
    if seed is not None:
        # With an int, equal messages of a chat would always get the same reply.
        model.set_params(random_state=np.random.default_rng(seed))
    return model


@contextlib.contextmanager
def refusals_as_user_errors() -> Iterator[None]:
    """Turn a ValueError of a model into a `UserError` that names the option."""
    try:
        yield
    except ValueError as error:
        raise UserError(_PARAMETER.sub(_as_option, str(error), count=1)) from None


def _as_option(found):
    """The option that sets the parameter of a match of `_PARAMETER`, if there is one.

    >>> _PARAMETER.sub(_as_option, "The 'num_beams' parameter of A must be 1")
    'argument --beams: must be 1'
    """
    option = _OPTIONS.get(found[1])
    return f"argument --{option}: " if option else found[0]
