"""Explanations of probabilities: the n-gram used, and the share of each order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..counting import TokenStream
from ..models import LanguageModel
from ._array_scorer import scorer_of
from ._looking_up import look_up_ngrams
from ._scorer import are_few
from ._table_cache import tables_of


class Explanation(NamedTuple):
    """The n-grams and backoff weights behind the probabilities of words.

    Attributes
    ----------
    p : ndarray of shape (n_predictions,), float64
        p(w | h).
    context : ndarray of shape (n_predictions,), int32
        Length of the longest suffix of h that is a context with children. The start of a
        text counts as a word.
    seen : ndarray of shape (n_predictions,), int32
        Length of the longest known n-gram that ends with the word; 0 if the word was
        never seen.
    order : ndarray of shape (n_predictions,), int32
        Order of the n-gram whose probability is used: `seen`, or 0 if the smoothing does
        not back off as far.
    weight : ndarray of shape (n_predictions,), float64
        Product of the backoff weights of the contexts longer than that of this n-gram:
        p(w | h) is `weight` times the probability after this context, or for order 0, of
        the uniform distribution. 1 if the word was seen after the longest known context;
        0 if the smoothing does not back off.
    """

    p: np.ndarray
    context: np.ndarray
    seen: np.ndarray
    order: np.ndarray
    weight: np.ndarray


def explain_texts(
    model: LanguageModel, stream: TokenStream, track: Callable[..., Iterable] = iter
) -> Explanation:
    """Explain the probability of each word of texts, and of their ends.

    Parameters
    ----------
    model : LanguageModel
    stream : TokenStream
        Texts; −1 is an unknown word.
    track : callable, default=iter
        Takes the orders and gives them as they are worked on, for a progress bar.

    Returns
    -------
    Explanation
        An entry for each position that is predicted: all but the opening boundaries,
        and messages.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="stupid_backoff").fit(["a b", "a c"])
    >>> model = model._fitted.language_model
    >>> texts = TokenStream.from_texts(np.array([1, 1]), np.array([2]))
    >>> found = explain_texts(model, texts)  # "a" after "a": 0.4 · 2/6
    >>> found.p.round(2), found.order, found.weight
    (array([1.  , 0.13, 0.13]), array([2, 1, 1], dtype=int32), array([1. , 0.4, 0.4]))
    """
    model.note_use(len(stream.ids))
    if are_few(stream):
        return _one_by_one(model, stream)
    uniform = np.full(1, 1 / len(model.events))
    zero = np.zeros(1, dtype=np.int32)
    shorter = Explanation(uniform, zero, zero, zero, np.ones(1))
    size = len(stream.ids)
    explanation = Explanation(*(np.zeros(size, part.dtype) for part in shorter))
    for found in look_up_ngrams(model, stream, track):
        shorter = _one_order_longer(model, found, shorter)
        for values, out in zip(shorter, explanation, strict=True):
            found.scatter(values, out)
    predicted = ~stream.is_given()
    return Explanation(*(part[predicted] for part in explanation))


class Origins(NamedTuple):
    """A part of an `Explanation`.

    Attributes
    ----------
    p, order, weight : ndarray of shape (n_predictions,)
        As of `Explanation`.
    """

    p: np.ndarray
    order: np.ndarray
    weight: np.ndarray


def origins(
    model: LanguageModel, stream: TokenStream, track: Callable[..., Iterable] = iter
) -> Origins:
    """A part of `explain_texts`, which is faster once many texts were scored.

    Parameters
    ----------
    model, stream, track
        As `explain_texts` takes them.

    Returns
    -------
    Origins
        As in an `Explanation`.
    """
    tables = None if are_few(stream) else tables_of(model, len(stream.ids))
    if tables is None or not tables.can_explain:
        explained = explain_texts(model, stream, track)
        return Origins(explained.p, explained.order, explained.weight)
    predicted = ~stream.is_given()
    return Origins(*(part[predicted] for part in tables.explain(stream, track)))


def _one_by_one(model, stream):
    """`explain_texts` of few words, one by one, which is faster than sorting them."""
    explain_text = scorer_of(model).explain_text
    rows = [
        row
        for text, n_given in zip(stream.texts(), stream.n_before.tolist(), strict=True)
        for row in explain_text(text[n_given:], text[:n_given])
    ]
    columns = np.array(rows, dtype=float).reshape(-1, 5).T
    context, seen, order = columns[1:4].astype(np.int32)
    return Explanation(columns[0], context, seen, order, columns[4])


def _one_order_longer(model, found, shorter):
    """Explain the last words of n-grams of order k, given those of order k − 1."""
    longer = Explanation(*(part[found.ngrams.suffix] for part in shorter))
    if not len(found.at):
        return longer
    k, at, row = found.k, found.at, found.row
    discounted, backoff_weight = model.both_weights(k, found.context, row)
    longer.p[at] = model.combine(discounted, backoff_weight, longer.p[at])
    longer.context[at] = k - 1
    seen = _seen(model, k, row)
    for part, value in ((longer.seen, k), (longer.order, k), (longer.weight, 1)):
        part[at[seen]] = value
    unseen = ~seen
    at = at[unseen]
    start, slope = _line(model, discounted[unseen], backoff_weight[unseen])
    longer.order[at[slope <= 0]] = 0
    longer.weight[at] = np.where(
        slope > 0, slope * longer.weight[at], start * len(model.events)
    )
    return longer


def order_shares(
    model: LanguageModel, length: int, row: int, word: NDArray
) -> NDArray[np.float64]:
    """The share of each order in the probabilities of words after a context.

    Parameters
    ----------
    model : LanguageModel
    length, row : int
        The context, as `NGramCounts.longest_context` finds it.
    word : ndarray of shape (n_words,), int
        Ids; −1 is an unknown word.

    Returns
    -------
    ndarray of shape (n_words, n_levels + 1), float64
        The sum of a row is p(w | h). Column k is the discounted probability of the k-gram
        times the backoff weights of the longer contexts; column 0 is the share of the
        uniform distribution.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(n=2, smoothing="stupid_backoff").fit(["a b", "a c"])
    >>> order_shares(model._fitted.language_model, 1, 1, np.array([1])).round(2)
    array([[0.  , 0.13, 0.  ]])
    """
    word = model.counts.as_in_ngrams(word)
    shares = np.zeros((len(word), len(model.counts.levels) + 1))
    shares[:, 0] = 1 / len(model.events)
    for k, (_, context) in enumerate(model.counts.suffixes(length, row), start=1):
        contexts = np.full(len(word), context)
        if not model.counts.has_children(k - 1, contexts[:1]).all():
            continue
        found = model.counts.levels[k - 1].find(contexts, word)
        found[~_seen(model, k, found)] = -1
        discounted, backoff_weight = model.both_weights(k, contexts, found)
        start, slope = _line(model, discounted, backoff_weight)
        # All but the discounted part and the backed-off part is uniform.
        shares *= slope[:, None]
        shares[:, 0] += start - discounted
        shares[:, k] = discounted
    return shares


def known_contexts(
    stream: TokenStream, explanation: Explanation, n_levels: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The shares of predictions with a known context, and with a known n-gram, by order.

    Parameters
    ----------
    stream : TokenStream
    explanation : Explanation
        That of `explain_texts` for the stream.
    n_levels : int
        Orders of which the model has n-grams.

    Returns
    -------
    contexts, ngrams : ndarray of shape (n_levels,), float64
        Entry k − 1 of `contexts` is the share of predictions whose last k − 1 words are a
        context with children; entry k − 1 of `ngrams`, the share in which the predicted
        word is among these. Near the start of a text, contexts are shorter.
    """
    place = stream.places()[~stream.is_given()]
    orders = np.arange(1, n_levels + 1)[:, None]
    contexts = explanation.context >= np.minimum(orders - 1, place)
    ngrams = explanation.seen >= np.minimum(orders, place + 1)
    return contexts.mean(axis=1), ngrams.mean(axis=1)


def _seen(model, k, row):
    """Whether n-grams of order k were seen and are not left out, for their rows."""
    seen = (row >= 0) & ~model.left_out(k, row)
    # A word may be known and never have been seen, an n-gram be in messages only.
    if k == 1 or model.counts.has_messages:
        seen &= model.weights[k - 1].count[row] > 0
    return seen


def _line(model, discounted, backoff_weight):
    """Intercept and slope of p(w | h) as a linear function of p(w | h')."""
    start = model.combine(discounted, backoff_weight, np.zeros(len(discounted)))
    end = model.combine(discounted, backoff_weight, np.ones(len(discounted)))
    return start, end - start
