"""What a probability is made of: which n-grams spoke, and how much each order gave."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..counting import NGramCounts, TokenStream
from ..models import LanguageModel


class Explanation(NamedTuple):
    """Where the probabilities of some words come from, each after its own context.

    Attributes
    ----------
    p : ndarray of shape (n_predictions,), float64
        p(w | h).
    context : ndarray of shape (n_predictions,), int64
        Words of the longest known context, the ending of h that was seen with a word
        after it. The start of a text counts as a word.
    seen : ndarray of shape (n_predictions,), int64
        Length of the longest n-gram that ends in the word and was seen; 0 if not even
        the word was.
    order : ndarray of shape (n_predictions,), int64
        Length of the n-gram that spoke: `seen`, or 0 where the model looks no further
        than to a longer context that did not see the word.
    weight : ndarray of shape (n_predictions,), float64
        Product of what the longer contexts handed on until that n-gram spoke, so that
        p(w | h) is `weight` times what the n-gram's own context gives to the word: for
        order 0, the uniform distribution. 1 if the longest known context saw the word,
        and 0 where nothing is handed on.
    shares : ndarray of shape (n_predictions, n_levels + 1), float64
        What each order adds to `p`, which is their sum: column k what contexts of k − 1
        words keep for the word, column 0 the uniform distribution.
    """

    p: np.ndarray
    context: np.ndarray
    seen: np.ndarray
    order: np.ndarray
    weight: np.ndarray
    shares: np.ndarray


def explain(
    model: LanguageModel, length: NDArray, row: NDArray, word: NDArray
) -> Explanation:
    """Explain the probabilities of some words, each after a context.

    Parameters
    ----------
    model : LanguageModel
    length, row : ndarray of shape (n_predictions,), int64
        Contexts, as `NGramCounts.longest_context` finds them.
    word : ndarray of shape (n_predictions,), int
        Ids; −1 is an unknown word.

    Returns
    -------
    Explanation

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="stupid_backoff").fit(["a b", "a c"])
    >>> one = np.ones(1, dtype=np.int64)
    >>> found = explain(model._fitted.language_model, one, one, one)  # "a" after "a": 0.4 · 2/6
    >>> found.order, found.weight, found.shares.round(2)
    (array([1]), array([0.4]), array([[0.  , 0.13, 0.  ]]))
    """
    uniform = 1 / len(model.events)
    n_predictions, n_levels = len(word), len(model.counts.levels)
    p = np.full(n_predictions, uniform)
    seen = np.zeros(n_predictions, dtype=np.int64)
    order = np.zeros(n_predictions, dtype=np.int64)
    weight = np.ones(n_predictions)
    shares = np.zeros((n_predictions, n_levels + 1))
    shares[:, 0] = uniform
    for k, context in enumerate(endings(model.counts, length, row), start=1):
        at = np.flatnonzero(context >= 0)
        at = at[model.counts.has_children(k - 1, context[at])]
        if not len(at):
            continue
        context = context[at]
        found = _find(model, k, context, word[at])
        kept, backoff_weight = (
            model.discounted(k, context, found),
            model.backoff_weight(k, context),
        )
        # p is a straight line in what the shorter context says. Where that has no say
        # its slope is 0, and all but what is kept is a share in the uniform distribution.
        start = model.combine(kept, backoff_weight, np.zeros(len(at)))
        slope = model.combine(kept, backoff_weight, np.ones(len(at))) - start
        p[at] = model.combine(kept, backoff_weight, p[at])
        shares[at] *= slope[:, None]
        shares[at, 0] += start - kept
        shares[at, k] = kept
        new = found >= 0
        seen[at[new]] = k
        order[at] = np.where(new, k, np.where(slope > 0, order[at], 0))
        backed_off = np.where(slope > 0, slope * weight[at], start / uniform)
        weight[at] = np.where(new, 1, backed_off)
    return Explanation(p, np.asarray(length), seen, order, weight, shares)


def explain_texts(model: LanguageModel, stream: TokenStream) -> Explanation:
    """Explain the probability of every word of some texts, and of their ends.

    Parameters
    ----------
    model : LanguageModel
    stream : TokenStream
        Texts; −1 is an unknown word.

    Returns
    -------
    Explanation
        An entry for each position but the opening boundaries.
    """
    before = _words_before(stream, min(model.n, len(model.counts.levels)) - 1)
    predicted = np.ones(len(stream.ids), dtype=bool)
    predicted[stream.starts] = False
    length, row = model.counts.longest_context(before[predicted])
    return explain(model, length, row, stream.ids[predicted])


def known_contexts(
    stream: TokenStream, explanation: Explanation
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How often contexts were known, and n-grams, for every order up to the model's.

    Parameters
    ----------
    stream : TokenStream
    explanation : Explanation
        That of `explain_texts` for the stream.

    Returns
    -------
    contexts, ngrams : ndarray of shape (n_levels,), float64
        Entry k − 1 is the part of all predictions whose last k − 1 words were seen with
        a word after them, and the part in which that word was this one. Near its
        start a text has fewer words to look at; there all of them count.
    """
    place = stream.places()
    place = place[place > 0]
    orders = np.arange(1, explanation.shares.shape[1])[:, None]
    contexts = explanation.context >= np.minimum(orders - 1, place)
    ngrams = explanation.seen >= np.minimum(orders, place + 1)
    return contexts.mean(axis=1), ngrams.mean(axis=1)


def endings(counts: NGramCounts, length: NDArray, row: NDArray) -> list[NDArray]:
    """The endings of contexts, shortest first: their rows, −1 where there is none."""
    chain = [np.full(len(length), -1) for _ in range(int(length.max(initial=0)) + 1)]
    row = row.copy()
    for k in range(len(chain) - 1, -1, -1):
        here = length >= k
        chain[k][here] = row[here]
        if k:
            row[here] = counts.levels[k - 1].suffix[row[here]]
    return chain


def _find(model, k, context, word):
    """Rows of the n-grams (context, word), −1 where none was seen or it is left out."""
    row = model.counts.levels[k - 1].find(context, word)
    row[model.left_out(k, row)] = -1
    if k == 1:  # a word may be known and never have been seen
        row[(row >= 0) & (model.adjusted[0][row] == 0)] = -1
    return row


def _words_before(stream, width):
    """The words before every position of a stream, −1 before a text begins."""
    place = stream.places()
    back = np.arange(width, 0, -1)
    position = np.arange(len(stream.ids))[:, None] - back
    ids = stream.ids[np.maximum(position, 0)]
    return np.where(place[:, None] >= back, ids, -1)
