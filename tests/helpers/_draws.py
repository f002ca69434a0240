"""Draws compared with the distribution that they should have."""

import numpy as np
from _engine import context_of, count, model_of
from _jelinek_mercer import JelinekMercer
from _slow import rest_slow
from scipy import stats

from sklearn_sslm.ngrams import Events, LanguageModel, next_word_probabilities
from sklearn_sslm.smoothing import (
    AbsoluteDiscounting,
    KneserNey,
    Lidstone,
    MaximumLikelihood,
    StupidBackoff,
    WittenBell,
)

# Word 6 is known and never seen; words 4 and 5 never follow 1.
TEXTS = [
    [1, 2, 3], [1, 2, 4], [1, 2, 3, 3], [1, 3], [1, 3, 5], [2, 1, 2, 3],
    [4, 1, 2, 5], [5, 5, 5, 1], [1, 1, 2, 3], [], [3, 1, 2, 3], [2, 3],
]  # fmt: skip
N_KNOWN = 6

# From "a text starts", from a text's second word, and from further on: contexts seen
# often, once, and never. UNKNOWN ends them where it stands.
CONTEXTS = [[0], [0, 1], [0, 1, 2], [3, 1, 2], [5, 5], [4, 1], [6], [0, -1], [2, 3, 3]]


SMOOTHINGS = [
    MaximumLikelihood(),
    Lidstone(0.3),
    WittenBell(),
    AbsoluteDiscounting(),
    AbsoluteDiscounting(discount=1),
    KneserNey(),
    KneserNey([[0.9, 1.2, 2], [0.2, 2, 2.5], [1, 0.5, 3]]),
    KneserNey(strength=0.3),
    StupidBackoff(0.7),
    JelinekMercer(),
]

FEW_QUICK = rest_slow(SMOOTHINGS, [SMOOTHINGS[i] for i in (0, 5, 8)])
"""Of these, all are slow but one for each use of the lower order: none, mixed, backoff."""


def small_model(smoothing, n=3):
    """A model of `TEXTS`."""
    return model_of(TEXTS, n, smoothing, N_KNOWN)


def model_with_a_gap(smoothing):
    """A model of the words 1, 3 and 4, whose word 2 was forgotten."""
    counts = count([[1, 3], [3, 4, 1], [1]], n=2, n_ids=5)
    events = Events(n_words=3, unused_ids=np.array([2]))
    return LanguageModel.of_counts(counts, smoothing, events)


def repeated(context, size):
    """The same context many times."""
    length, row = context
    return np.full(size, length), np.full(size, row)


def expected_next(model, words):
    """What the next word is drawn with: an unknown one is drawn anew."""
    p = next_word_probabilities(model, *context_of(model, words))
    return p / p.sum()


def after_of(model):
    """The distribution after some words, for brute force, an unknown word drawn again."""
    known = {}

    def after(said):
        if said not in known:
            known[said] = expected_next(model, [0, *said])
        return known[said]

    return after


def assert_drawn_from(p, drawn):
    """Numbers were drawn from a distribution: the chi-square of the counts is ordinary.

    Seeds are fixed, so this is no matter of luck; 1e-4 allows for new seeds.
    """
    counts = np.bincount(drawn, minlength=len(p))
    assert len(counts) == len(p)
    assert not counts[p == 0].any()
    if np.count_nonzero(p) > 1:
        possible = p > 0
        expected = p[possible] / p[possible].sum() * counts.sum()
        assert stats.chisquare(counts[possible], expected).pvalue > 1e-4


def all_texts(model, n_words, longest, probability):
    """Each text of up to some words, and its probability when drawn word by word.

    `probability(model, words)` is the distribution of the word after a beginning.
    """
    texts, begun = {}, {(): 1.0}
    while begun:
        words, p = begun.popitem()
        after = probability(model, [0, *words])
        texts[words] = p * after[0]
        if len(words) < longest:
            begun.update(
                {(*words, word): p * after[word] for word in range(1, n_words + 1)}
            )
    return texts


def assert_texts_drawn_from(expected, drawn):
    """Whole texts have their frequencies; what is not expected counts as one more."""
    numbers = {words: i for i, words in enumerate(expected)}
    p = np.array(list(expected.values()))
    p = np.append(p, max(1 - p.sum(), 0))
    # Texts that come too rarely for a chi-square are counted together.
    rare = p * len(drawn) < 5
    kept = np.append(p[~rare], p[rare].sum())
    place = np.where(rare, len(kept) - 1, np.cumsum(~rare) - 1)
    drawn = [place[numbers.get(tuple(words), len(expected))] for words in drawn]
    assert_drawn_from(kept, np.array(drawn))
