"""Small corpora, and the engine's arrays for them."""

import numpy as np
from _counts import assert_same_counts
from _reference import UNKNOWN
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import (
    Continuations,
    Controls,
    Events,
    LanguageModel,
    NGramCounts,
    TokenStream,
    log_probabilities,
    next_word_probabilities,
    sample,
    sample_one,
)

N_WORDS = 5
"""Words there are in `corpora`; often not all of them occur."""

long_text = list(range(1, N_WORDS + 1)) * 2
"""Longer than any order tested, so that there are levels for all."""

texts_of_ids = st.lists(st.integers(1, N_WORDS), max_size=8)
corpora = st.lists(texts_of_ids, min_size=1, max_size=8)

asked_texts = st.lists(
    st.lists(st.sampled_from([*range(1, N_WORDS + 1), UNKNOWN]), max_size=7),
    min_size=1,
    max_size=5,
)
"""What models of `corpora` are asked about, with words that are not known."""


pairs_of_ids = st.lists(
    st.tuples(
        st.lists(st.integers(1, N_WORDS), max_size=5),
        st.lists(st.integers(1, N_WORDS), max_size=5),
    ),
    min_size=1,
    max_size=6,
)
"""Messages with their replies."""


@st.composite
def corpora_with_cuts(draw):
    """Texts, and for each whether its end is known."""
    texts = draw(corpora)
    same = {"min_size": len(texts), "max_size": len(texts)}
    return texts, draw(st.lists(st.booleans(), **same))


def flat(texts):
    """Texts as the engine takes them: all words, and the length of each text."""
    words = [word for text in texts for word in text]
    lengths = [len(text) for text in texts]
    return np.array(words, dtype=np.int64), np.array(lengths, dtype=np.int64)


def stream_of(texts, closed=None):
    """A stream of texts of ids."""
    return TokenStream.from_texts(*flat(texts), closed)


def stream_of_pairs(pairs):
    """A stream of messages with their replies, of ids."""
    messages, replies = zip(*pairs, strict=True)
    return TokenStream.from_pairs(flat(messages), flat(replies))


def count(texts, n, n_ids=N_WORDS + 1, closed=None):
    """Counted texts of ids."""
    return NGramCounts.from_stream(stream_of(texts, closed), n, n_ids)


def on_demand(model):
    """The same model, with nothing precomputed."""
    return LanguageModel.on_demand(
        model.counts,
        model.adjusted,
        model.smoothing,
        model.events,
        counts_of_counts=model.counts_of_counts,
        min_count=model.min_count,
    )


def model_of(texts, n, smoothing, n_words=N_WORDS):
    """A smoothed model of texts of ids."""
    counts = count(texts, n, n_words + 1)
    return LanguageModel.of_counts(counts, as_smoothing(smoothing), Events(n_words))


def grams_of(counts, k):
    """The n-grams of order k as tuples of ids, row by row."""
    grams = [()]
    for level in counts.levels[:k]:
        pairs = zip(level.context.tolist(), level.word.tolist(), strict=True)
        grams = [(*grams[context], word) for context, word in pairs]
    return grams


def context_of(model, words):
    """The longest known ending of some words, as (length, row)."""
    width = model.n - 1
    asked = ([-1] * width + list(words))[len(words) :]
    length, row = model.counts.longest_context(np.array([asked], dtype=np.int64))
    return length.item(), row.item()


def continuations_after(model, words, most, size=1):
    """The ending of some words, to be continued `size` times by up to `most` words."""
    length, row = context_of(model, words)
    numbers = (length, row, most, 0)
    return Continuations(*(np.full(size, number) for number in numbers))


def sample_after(model, words, most, size, rng):
    """Texts drawn side by side, as lists of words."""
    rows = sample(model, continuations_after(model, words, most, size), Controls(), rng)
    return [[word for word in row if word] for row in rows.tolist()]


def sample_one_after(model, words, most, size, rng):
    """Texts drawn one by one, as lists of words."""
    lanes = continuations_after(model, words, most)
    return [list(sample_one(model, lanes, Controls(), rng)) for _ in range(size)]


def assert_same_model(model, fresh, texts=()):
    """The same answers, to the last bit, about some texts and others."""
    assert len(model.counts.levels) == len(fresh.counts.levels)
    for mine, theirs in zip(model.discounts, fresh.discounts, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(model.counts_of_counts, fresh.counts_of_counts)
    texts = [*texts, [1, 2, 3], [3, 3, 3, 1, 2], [], [2, 5, 4, 1], [-1, 2, -1, 1]]
    np.testing.assert_array_equal(
        log_probabilities(model, stream_of([*texts, long_text])),
        log_probabilities(fresh, stream_of([*texts, long_text])),
    )
    for i, words in enumerate(([], [1], [2, 3], [4] * 4, long_text[:6], [3, 1, 2])):
        words = [0, *words] if len(words) < model.n - 1 else words[: model.n - 1]
        length, row = context_of(model, words)
        assert length == context_of(fresh, words)[0]
        np.testing.assert_array_equal(
            next_word_probabilities(model, length, row),
            next_word_probabilities(fresh, *context_of(fresh, words)),
        )
        if i % 2:  # from there texts come through the other contexts, too
            continue
        for draw, size in (
            (sample_one_after, 5),
            (sample_after, 5),
            (sample_after, 40),
        ):
            mine = draw(model, words, 8, size, np.random.default_rng(5))
            assert mine == draw(fresh, words, 8, size, np.random.default_rng(5))
    if model.knows_all_counts:
        assert_same_counts(model.precomputed().counts, fresh.counts)


def zipf_corpus(seed, n_texts=60, n_words=25):
    """Random texts in which some n-grams are frequent, others unique."""
    rng = np.random.default_rng(seed)
    return [
        np.minimum(rng.zipf(1.6, length), n_words).tolist()
        for length in rng.integers(0, 12, n_texts)
    ]
