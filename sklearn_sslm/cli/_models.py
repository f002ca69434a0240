"""The models of the command line: from files, and what they refuse to do."""

import contextlib
import pickletools
from collections.abc import Iterator

import joblib
import numpy as np
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from ..generator import NGramTextGenerator
from ..saving import StateError
from ..utils import UserError, as_user_error

# The first bytes of the compressed formats of joblib: zlib, gzip, bz2, xz, lzma.
_COMPRESSED = (b"\x78", b"\x1f\x8b", b"BZ", b"\xfd7zXZ", b"\x5d\x00")


def load_model(path: str) -> NGramTextGenerator:
    """Load the fitted generator in a file, with ``input="content"``.

    One that was fitted on files would take messages for paths of files.

    Raises
    ------
    UserError
        If there is none in it, or none that knows words.
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
    """Refuse a file that is certainly no model before anything in it is run."""
    with as_user_error(f"read {path}"), open(path, "rb") as file:
        head = file.read(512)
    if head.startswith(_COMPRESSED):
        return
    found = _outermost_class(head)
    if found != NGramTextGenerator.__name__:
        raise _not_a_model(path, found)


def _outermost_class(head):
    """Name of the first class in a pickle, found without loading it; else None.

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


def _not_a_model(path, found):
    what = f"holds a {found}, not a fitted model" if found else "not a model file"
    return UserError(f"{path}: {what}. Give a file that 'sslm fit' wrote.")


def seeded(model: NGramTextGenerator, seed: int | None) -> NGramTextGenerator:
    """The model, with a random state of its own if there is a seed."""
    if seed is not None:
        # An int would give every message of a chat the same random numbers.
        model.set_params(random_state=np.random.default_rng(seed))
    return model


@contextlib.contextmanager
def refusals_as_user_errors() -> Iterator[None]:
    """Turn what a model refuses to do, with its parameters, into a `UserError`."""
    try:
        yield
    except ValueError as error:
        raise UserError(error) from None
