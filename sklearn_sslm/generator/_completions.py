"""Completions: the words that begin with a prefix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import FittedModel


def checked_prefixes(prefix: Any, n_samples: int, owner: str) -> list[str]:
    """Check the parameter 'prefix' of a method.

    Parameters
    ----------
    prefix : str, iterable of str, or None
        One prefix for all texts, or one for each; None is "".
    n_samples : int
        Number of texts.
    owner : str
        The method, which the message of an error names.

    Returns
    -------
    list of str, of length n_samples
        The prefix of each text.

    Raises
    ------
    TypeError, ValueError
        If `prefix` is no prefix, or there are more or fewer prefixes than texts.

    Examples
    --------
    >>> checked_prefixes("a", 2, "f"), checked_prefixes(["a", ""], 2, "f")
    (['a', 'a'], ['a', ''])
    """
    if prefix is None or isinstance(prefix, str):
        return [prefix or ""] * n_samples
    domain = (
        f"The 'prefix' parameter of {owner} must be None, a str, or one for each text"
    )
    if not np.iterable(prefix) or isinstance(prefix, bytes):
        raise TypeError(f"{domain}. Got {prefix!r:.80} instead.")
    prefixes = list(prefix)
    wrong = next((each for each in prefixes if not isinstance(each, str)), None)
    if wrong is not None:
        raise TypeError(f"{domain}. Got {wrong!r:.80} among them.")
    if len(prefixes) != n_samples:
        raise ValueError(f"{domain}. Got {len(prefixes)} for {n_samples} texts.")
    return prefixes


def ids_starting(
    fitted: FittedModel, prefix: str, match: str = "exact"
) -> NDArray[np.int64]:
    """Ids of the words that begin with a prefix.

    Parameters
    ----------
    fitted : FittedModel
    prefix : str
        It is preprocessed as texts are, before they are split into words.
    match : {"exact", "loose"}, default="exact"
        With "loose", if no word begins with exactly this prefix, case, accents and
        punctuation at the ends of words are ignored.

    Returns
    -------
    ndarray of shape (n_words,), int64
        In ascending order.

    Raises
    ------
    ValueError
        If the model has no words.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> fitted = NGramTextGenerator().fit(["Boa tarde!", "Bom dia!"])._fitted
    >>> ids_starting(fitted, "Bo"), ids_starting(fitted, "bo")
    (array([1, 3]), array([], dtype=int64))
    >>> ids_starting(fitted, "bo", match="loose")
    array([1, 3])
    """
    vocabulary = fitted.vocabulary
    if vocabulary is None:
        msg = (
            "The 'prefix' parameter must be None for a model that was fitted on integer "
            f"rows without words. Got {prefix!r:.80}; fit the model on texts, or omit it."
        )
        raise ValueError(msg)
    prefix = fitted.tokenizer.preprocess(prefix)
    ids = vocabulary.starting(prefix)
    if not ids and match == "loose":
        ids = vocabulary.starting(prefix, folded=True)
    return np.array(ids, dtype=np.int64)


def likeliest_of(
    words: NDArray[Any], p: NDArray[np.float64], some: NDArray[np.int64], k: int
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """The `k` likeliest of some words, without those of probability 0.

    Parameters
    ----------
    words : ndarray of shape (n_words,), int
        Ids in ascending order.
    p : ndarray of shape (n_words,), float64
        The probability of each.
    some : ndarray of shape (n_some,), int64
        Ids of the words that are considered.
    k : int
        Maximum number of words.

    Returns
    -------
    words, p : ndarray
        Likeliest first; equally likely words in the order of their ids.

    Examples
    --------
    >>> likeliest_of(np.array([0, 1, 4]), np.array([0.5, 0.2, 0.3]), np.array([1, 4]), 5)
    (array([4, 1]), array([0.3, 0.2]))
    """
    at = np.flatnonzero(np.isin(words, some) & (p > 0))
    best = at[np.argsort(-p[at], kind="stable")[:k]]
    return words[best], p[best]
