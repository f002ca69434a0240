"""Rows of word ids together with their vocabulary."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from ._tokenizer import Tokenizer


class WordIds(np.ndarray):
    """Padded rows of word ids, as `WordIndexTransformer.transform` returns them.

    A subclass of ndarray with the attributes that are needed to convert the ids to text.
    Slices, copies and pickles have these attributes, too.

    Attributes
    ----------
    words : list of str
        ``words[id]`` is the word; ``words[0]`` is the empty string of the boundary.
    padding : {"pre", "post"}
        The side on which rows are padded.
    padding_value : int
        The value of padding.
    unknown_value : int
        The value of words without id.
    tokenizer : Tokenizer
        Splits texts into words, and joins them.
    is_closed : bool
        Whether all other words are one unknown word, the last one of `words`.

    Examples
    --------
    >>> from sklearn_sslm import WordIndexTransformer
    >>> rows = WordIndexTransformer().fit_transform(["a b", "a"])
    >>> rows[1:]
    WordIds([[1, 0, 0]], dtype=int32)
    >>> rows[1:].words
    ['', 'a', 'b']
    """

    __module__ = "sklearn_sslm"  # the name in saved files

    words: list[str] | None
    padding: str | None
    padding_value: int | None
    unknown_value: int | None
    tokenizer: Tokenizer | None
    is_closed: bool | None

    _CARRIED = (
        "words",
        "padding",
        "padding_value",
        "unknown_value",
        "tokenizer",
        "is_closed",
    )

    def __array_finalize__(self, source):
        for name in self._CARRIED:
            setattr(self, name, getattr(source, name, None))

    def __reduce__(self):
        rebuild, arguments, state = cast(tuple, super().__reduce__())
        carried = [getattr(self, name) for name in self._CARRIED]
        if self.tokenizer is not None:
            carried[-2] = vars(self.tokenizer)  # a dict, which names no class
        return rebuild, arguments, (state, carried)

    def __setstate__(self, state):
        state, carried = state
        super().__setstate__(state)
        for name, value in zip(self._CARRIED, carried, strict=False):
            setattr(self, name, value)
        if isinstance(self.tokenizer, dict):
            self.tokenizer = Tokenizer(**self.tokenizer)

    @classmethod
    def carrying(
        cls,
        rows: NDArray,
        words: list[str],
        padding: str,
        padding_value: int,
        unknown_value: int,
        tokenizer: Tokenizer,
        is_closed: bool = False,
    ) -> WordIds:
        """Add the attributes to plain rows.

        Parameters
        ----------
        rows : ndarray of shape (n_samples, n_columns), int32
            Padded rows of ids; they are not copied.
        words : list of str
            The words of the ids.
        padding : {"pre", "post"}
            The side on which rows are padded.
        padding_value, unknown_value : int
            The values of padding, and of words without id.
        tokenizer : Tokenizer
            Splits texts into words, and joins them.
        is_closed : bool, default=False
            Whether the last of `words` is the unknown word.

        Returns
        -------
        WordIds of shape (n_samples, n_columns), int32
            The same rows.
        """
        carrying = rows.view(cls)
        carrying.words, carrying.padding = words, padding
        carrying.padding_value, carrying.unknown_value = padding_value, unknown_value
        carrying.tokenizer, carrying.is_closed = tokenizer, is_closed
        return carrying


def padded(
    ids: NDArray[np.int32],
    lengths: NDArray[np.int64],
    width: int,
    padding: str,
    truncating: str,
    padding_value: int,
) -> NDArray[np.int32]:
    """Arrange the ids of texts as rows of equal width.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        The words of all texts, one text after the other.
    lengths : ndarray of shape (n_samples,), int64
        Number of words of each text.
    width : int
        Length of every row.
    padding, truncating : {"pre", "post"}
        Sides on which short rows are padded, and long texts cut.
    padding_value : int
        What rows are padded with.

    Returns
    -------
    ndarray of shape (n_samples, width), int32

    Examples
    --------
    >>> padded(np.array([1, 2, 3, 4]), np.array([3, 1]), 2, "post", "pre", 0)
    array([[2, 3],
           [4, 0]], dtype=int32)
    """
    kept = np.minimum(lengths, width)
    # Lengths 3 and 1 → the place of each id in its text, [0 1 2 0].
    place = np.arange(len(ids)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    if truncating == "post":
        ids = ids[place < width]
    else:
        ids = ids[place >= np.repeat(lengths - kept, lengths)]
    column = np.arange(width)
    rows = np.full((len(lengths), width), padding_value, dtype=np.int32)
    if padding == "post":
        rows[column < kept[:, None]] = ids
    else:
        rows[column >= width - kept[:, None]] = ids
    return rows
