"""Conversion of lists of words to arrays, for saving, and back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ._envelope import StateError


def pack_words(words: list[str]) -> dict[str, np.ndarray]:
    r"""Words as two arrays, which take less space than a list, and are faster to load.

    Parameters
    ----------
    words : list of str
        At least one.

    Returns
    -------
    dict
        ``"text"``, all words in UTF-8 without anything between them, uint8; and
        ``"lengths"``, the number of characters of each word, an unsigned type.

    Examples
    --------
    >>> packed = pack_words(["", "é", "um"])
    >>> packed["text"].tobytes(), packed["lengths"]
    (b'\xc3\xa9um', array([0, 1, 2], dtype=uint8))
    >>> unpack_words(packed)
    ['', 'é', 'um']
    """
    text = "".join(words).encode("utf-8", "surrogatepass")
    lengths = np.array(list(map(len, words)))
    return {
        "text": np.frombuffer(text, dtype=np.uint8),
        "lengths": lengths.astype(np.min_scalar_type(lengths.max())),
    }


def unpack_words(packed: Any) -> list[str]:
    """The inverse of `pack_words`.

    Raises
    ------
    StateError
        If fields are invalid, if the first word is not empty, or if a word occurs twice.
    """
    try:
        text = packed["text"].tobytes().decode("utf-8", "surrogatepass")
        lengths = packed["lengths"].astype(np.int64, casting="safe")
        ends = np.cumsum(lengths).tolist()
        whole = lengths[0] == 0 <= lengths.min() and ends[-1] == len(text)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise StateError(
            f"The words of a saved WordIndexTransformer cannot be read: {error!r}."
        ) from None
    if not whole:
        raise StateError(
            "The words of a saved WordIndexTransformer must fill their text, and the "
            f"first is empty. Got {len(ends)} words in {len(text)} characters."
        )
    words = [text[a:b] for a, b in pairwise([0, *ends])]
    n_words, n_different = np.count_nonzero(lengths), len({*words} - {""})
    if n_different != n_words:
        raise StateError(
            "The words of a saved WordIndexTransformer must differ. Got "
            f"{n_different} different words among {n_words}."
        )
    return words
