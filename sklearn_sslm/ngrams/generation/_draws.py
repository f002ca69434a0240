"""Random words, drawn exactly from a smoothed model without its whole distributions.

To draw the word after a context h, one of the n-grams hw is proposed in proportion to its
count and accepted with probability discounted(h, w) * total / count; otherwise the draw
backs off to the shorter context h'. That is the interpolated model exactly:
p(w | h) = discounted(h, w) + backoff_weight(h) * p(w | h').
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY
from ..models import LanguageModel
from ..scoring import next_word_candidates
from ._distribution_cache import DistributionCache
from ._streams import Streams, streams_of

_ATTEMPTS = 100
"""Rejected draws before a word is drawn from its whole distribution."""


class DeadEndError(ValueError):
    """No word has a probability above 0 after a text."""


class Drawn(NamedTuple):
    """Words drawn, and the n-grams with which they were drawn.

    Attributes
    ----------
    word : ndarray of shape (n_texts,), int32
        Ids; 0 is the end.
    order, ngram : ndarray of shape (n_texts,), int64
        Order of each n-gram and its row in ``levels[order - 1]``.
    """

    word: NDArray[np.int32]
    order: NDArray[np.int64]
    ngram: NDArray[np.int64]


def draw(
    model: LanguageModel,
    length: NDArray,
    row: NDArray,
    rng: np.random.Generator | Streams,
) -> Drawn:
    """Draw one word after each context.

    Parameters
    ----------
    model : LanguageModel
    length, row : ndarray of shape (n_texts,), int
        Contexts, as returned by `NGramCounts.longest_context`.
    rng : numpy.random.Generator or Streams
        A stream for each text, or a generator of their seeds.

    Returns
    -------
    Drawn
    """
    streams = streams_of(rng, len(row))
    order, ngram = _attempt(model, length, row, streams)
    rejected = np.flatnonzero(order == 0)
    for _ in range(_ATTEMPTS):
        if not len(rejected):
            break
        again = _attempt(model, length[rejected], row[rejected], streams[rejected])
        order[rejected], ngram[rejected] = again
        rejected = rejected[order[rejected] == 0]
    order[rejected] = 1
    if len(rejected):
        contexts = length[rejected], row[rejected]
        ngram[rejected] = _draw_outright(model, *contexts, streams[rejected])
    return Drawn(model.counts.words_at(order, ngram), order, ngram)


def _attempt(model, length, row, streams):
    """Draw once for each context; order 0 stands for a rejected draw."""
    backs_off = model.smoothing.lower_order == "backoff"
    attempt = _draw_backoff if backs_off else _draw_interpolated
    order, ngram = attempt(model, length, row, streams)
    if model.counts.unknown_id >= 0:
        word = model.counts.words_at(order, ngram)
        order[word == model.counts.unknown_id] = 0
    return order, ngram


def _draw_outright(model, length, row, streams):
    """Draw words from whole distributions, for contexts where nearly all draws fail."""

    def distribution(*context):
        words, p = next_word_candidates(model, *context)
        if not p.any() and model.counts.unknown_id >= 0:
            return np.array([BOUNDARY]), np.ones(1)  # only unknown words were seen
        if not p.any():
            raise DeadEndError(
                "The model gives no word a probability after some words."
            )
        return words, p

    contexts = zip(length.tolist(), row.tolist(), strict=True)
    chances = streams.random().tolist()
    return list(map(DistributionCache(distribution).draw, contexts, chances))


def _draw_interpolated(model, length, row, streams):
    """Draw from each context, or if the proposal is rejected, from shorter ones.

    After "a b": propose "a b c", rejected; propose "b d", accepted -> order 2, "b d".

    Returns
    -------
    order, ngram : ndarray of int64
        As in `Drawn`; order 0 stands for the unknown word, a rejected draw.
    """
    order, context = length + 1, row.copy()
    ngram = np.empty_like(row)
    for k in range(int(order.max(initial=1)), 0, -1):
        here = (order == k).nonzero()[0]
        ngram[here], accepted = _propose(model, k, context[here], streams[here])
        rejected = here[~accepted]
        order[rejected] = 0 if model.smoothing.lower_order == "uniform" else k - 1
        if k > 1:
            context[rejected] = model.counts.levels[k - 2].suffix[context[rejected]]
    _draw_uniform(model, order, ngram, streams)
    return order, ngram


def _draw_backoff(model, length, row, streams):
    """Draw from a backoff model, where p(w | h') applies to unseen hw only.

    The order is drawn first, in proportion to the weight of each suffix of the context in
    a model that interpolates. A word is then rejected in proportion to its discount, or
    if it was seen after a longer suffix. The accepted words have the right distribution.

    Returns
    -------
    order, ngram : ndarray of int64
        As in `Drawn`; order 0 stands for a rejected draw.
    """
    contexts, stop_here = _backoff_chances(model, length, row)
    order = length + 1
    ngram = np.empty_like(row)
    discounted = []
    for k in range(int(order.max(initial=1)), 0, -1):
        here = (order == k).nonzero()[0]
        backs_off = streams[here].random() >= stop_here[k - 1][here]
        order[here[backs_off]] = k - 1
        here = here[~backs_off]
        context = contexts[k - 1][here]
        ngram[here], accepted = _propose(model, k, context, streams[here])
        discounted.append(here[~accepted])
    _draw_uniform(model, order, ngram, streams, unseen_only=True)
    order[np.concatenate(discounted)] = 0
    shorter = np.flatnonzero((order > 0) & (order <= length))
    word = model.counts.words_at(order[shorter], ngram[shorter])
    longest, _ = longest_ngrams(
        model.counts,
        length[shorter],
        row[shorter],
        Drawn(word, order[shorter], ngram[shorter]),
    )
    order[shorter[longest > order[shorter]]] = 0
    return order, ngram


def _backoff_chances(model, length, row):
    """The rows of the suffixes of each context, and the probabilities to stop at each.

    With backoff weights 0.5 of "a" and 1 of the empty context, "a", the empty context and
    the uniform distribution weigh 1 : 0.5 : 0.5 -> stop_here is 1/2 for both contexts.

    Returns
    -------
    contexts : list of ndarray of shape (n_texts,), int64
        ``contexts[k]`` holds the rows of the suffixes of length k.
    stop_here : list of ndarray of shape (n_texts,), float64
        The probability that a draw which backed off to length k stops there.
    """
    contexts = [np.zeros_like(row) for _ in range(int(length.max(initial=0)) + 1)]
    for k in range(len(contexts) - 1, -1, -1):
        starts_here = length == k
        contexts[k][starts_here] = row[starts_here]
        if k:
            contexts[k - 1][:] = model.counts.levels[k - 1].suffix[contexts[k]]
    stop_here, whole = [], np.ones(len(row))
    for k, context in enumerate(contexts):
        longer = np.flatnonzero(length >= k)
        weight = model.backoff_weight(k + 1, context[longer])
        here = np.ones(len(row))
        here[longer] = model.weights[k].normalizer(context[longer])
        whole[longer] = here[longer] + weight * whole[longer]
        stop_here.append(here / whole)
    return contexts, stop_here


def _propose(model, order, context, streams):
    """Propose an n-gram of each context by its count.

    Parameters
    ----------
    order : int
        Order of the n-grams.
    context : ndarray of int
        Rows of contexts that have children.

    Returns
    -------
    ngram : ndarray of int64
        Rows in ``levels[order - 1]``.
    accepted : ndarray of bool
        True with probability discounted · total / count.
    """
    weights = model.weights[order - 1]
    ngram, offset = weights.draw(context, streams.random())
    if model.smoothing.lower_order == "none":
        return ngram, np.ones(len(ngram), dtype=bool)
    return ngram, weights.accepts(context, ngram, offset)


def _draw_uniform(model, order, ngram, streams, unseen_only=False):
    """Draw from the uniform distribution for draws that backed off to it, in place."""
    backed_off = np.flatnonzero(order == 0)
    chance = streams[backed_off].random()
    drawn = (chance * len(model.events)).astype(np.int64)
    is_word = drawn < len(model.events) - 1
    drawn = nth_used_id(drawn, model.events.unused_ids)
    if unseen_only:
        is_word[is_word] = model.adjusted[0][drawn[is_word]] == 0
    ngram[backed_off] = drawn
    order[backed_off[is_word]] = 1


def nth_used_id(n, unused_ids):
    """The n-th id in use, counted from 0; `unused_ids` are in rising order.

    >>> nth_used_id(np.array([0, 1, 2, 3]), unused_ids=np.array([2, 3]))
    array([0, 1, 4, 5])
    """
    return n + np.searchsorted(unused_ids - np.arange(len(unused_ids)), n, "right")


def longest_ngrams(counts, length, row, drawn):
    """The longest n-grams seen that end a context and the word drawn after it.

    After "a b", "c" drawn as a unigram -> "a b c" if that was seen, else "b c" if that
    was, else "c".

    Returns
    -------
    order, ngram : ndarray of int
        As in `drawn` if no longer n-gram was seen.
    """
    order, ngram = drawn.order.copy(), drawn.ngram.copy()
    row = row.copy()
    for k in range(int(length.max(initial=0)), 0, -1):
        here = ((length >= k) & (order <= k)).nonzero()[0]
        here = here[row[here].argsort()]  # sorted look-ups are faster
        found = counts.levels[k].find(row[here], drawn.word[here])
        hit = found >= 0
        order[here[hit]] = k + 1
        ngram[here[hit]] = found[hit]
        row[here] = counts.levels[k - 1].suffix[row[here]]
    return order, ngram
