"""Tests of `_changed_tables` and `_changed_ngrams` of `sklearn_sslm.ngrams.scoring`.

The law: the bits are those of a model that is fitted on the texts it knows.
"""

import numpy as np
import pytest
from _engine import (
    N_WORDS,
    asked_texts,
    corpora,
    count,
    long_text,
    model_of,
    pairs_of_ids,
    stream_of,
    stream_of_pairs,
    zipf_corpus,
)
from _reference import UNKNOWN
from _slow import smoothings
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing
from sklearn_sslm.ngrams import Events, LanguageModel, NGramCounts, OnlineModel
from sklearn_sslm.ngrams.scoring import _block_scorer, _scoring
from sklearn_sslm.ngrams.scoring._changed_tables import ChangedTables
from sklearn_sslm.ngrams.scoring._ngram_tables import NGramTables
from sklearn_sslm.smoothing import SMOOTHINGS

names = sorted(SMOOTHINGS)
orders = st.integers(1, 5)


def update(model, stream, sign, n_words=N_WORDS):
    """The model after it learned or forgot texts."""
    return model.update(stream, sign, n_words + 1, Events(n_words))


def assert_same_bits(model, tables, fresh, stream, block=1 << 16):
    """Scores are those of a model fitted anew, which are sorted for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_block_scorer, "_BLOCK", block)
        p, known = ChangedTables(tables, model).score(stream)
    expected = _scoring._order_by_order(fresh, stream, iter)
    predicted = ~stream.is_given()
    with np.errstate(divide="ignore"):
        log_proba = np.log(p)
    np.testing.assert_array_equal(log_proba[predicted], expected.log_proba[predicted])
    np.testing.assert_array_equal(known[predicted], expected.known[predicted])


@pytest.mark.parametrize("name", smoothings(names))
@settings(max_examples=25)
@given(
    texts=corpora,
    more=corpora,
    asked=asked_texts,
    n=orders,
    random=st.randoms(),
    block=st.integers(1, 9),
)
def test_learned_and_forgotten(name, texts, more, asked, n, random, block):
    """After each lesson, and after texts are forgotten, with the tables of before."""
    base = model_of([*texts, long_text], n, name)
    tables, model, asked = NGramTables(base), OnlineModel(base), stream_of(asked)
    assert_same_bits(model, tables, base, asked, block)
    left = list(texts)
    for text in more:
        model = update(model, stream_of([text]), 1)
        left.append(text)
    assert_same_bits(model, tables, model_of([*left, long_text], n, name), asked, block)
    for text in random.sample(left, len(left)):
        model = update(model, stream_of([text]), -1)
        left.remove(text)
        fresh = model_of([*left, long_text], n, name)
        assert_same_bits(model, tables, fresh, asked, block)
    model = update(model, stream_of(more), 1)
    assert_same_bits(model, tables, model_of([*more, long_text], n, name), asked, block)


@pytest.mark.parametrize("name", smoothings(names))
@settings(max_examples=15)
@given(pairs=pairs_of_ids, more=pairs_of_ids, n=orders, random=st.randoms())
def test_replies(name, pairs, more, n, random):
    """Messages that are learned are contexts; after what is in them alone nothing comes."""

    def fitted(pairs):
        counts = NGramCounts.from_stream(stream_of_pairs(pairs), n, N_WORDS + 1)
        return LanguageModel.of_counts(counts, as_smoothing(name), Events(N_WORDS))

    enough = (long_text, long_text)  # all orders have a level
    base = fitted([*pairs, enough])
    tables, left = NGramTables(base), pairs + more
    model = update(OnlineModel(base), stream_of_pairs(more), 1)
    asked = stream_of_pairs([*pairs, *more, ([1, 2], [2, 3, 1])])
    assert_same_bits(model, tables, fitted([*left, enough]), asked, block=4)
    for pair in random.sample(left, min(len(left), 3)):
        model = update(model, stream_of_pairs([pair]), -1)
        left.remove(pair)
        assert_same_bits(model, tables, fitted([*left, enough]), asked, block=4)


@pytest.mark.parametrize("name", names)
def test_new_words_of_a_larger_corpus(name):
    """The same with discounts that were estimated, and words that were new or unknown."""
    texts = zipf_corpus(0, n_texts=300, n_words=60)
    more = [[*text, 61 + j % 9] for j, text in enumerate(zipf_corpus(2, 40, 60))]
    base = model_of([*texts, long_text], 4, name, n_words=60)
    model = update(OnlineModel(base), stream_of(more), 1, n_words=69)
    fresh = model_of([*texts, long_text, *more], 4, name, n_words=69)
    asked = zipf_corpus(1, n_texts=90, n_words=75)
    asked = [[word if word <= 69 else UNKNOWN for word in text] for text in asked]
    stream = stream_of([*asked, *more])
    tables = NGramTables(base)
    assert_same_bits(model, tables, fresh, stream, block=50)
    model = update(model, stream_of(more), -1, n_words=60)
    assert_same_bits(model, tables, base, stream_of(texts[:50]), block=50)


@pytest.mark.parametrize("name", names)
def test_a_text_without_an_end(name):
    """A text that was cut off changes what begins a text, though it adds no end of one."""
    texts, closed = [[1, 2, 3], [2, 3, 1], long_text, [3, 1]], [True, True, True, False]
    base = model_of(texts[:3], 3, name)
    model = update(OnlineModel(base), stream_of(texts[3:], closed[3:]), 1)
    counts = count(texts, 3, closed=closed)
    fresh = LanguageModel.of_counts(counts, as_smoothing(name), Events(N_WORDS))
    assert_same_bits(model, NGramTables(base), fresh, stream_of([[3, 1], [1, 3], [2]]))


def test_tables_of_an_earlier_state_stay():
    """What is learned later changes neither the tables of the base nor those of changes."""
    base = model_of([[1, 2, 3], [2, 3, 1], long_text], 3, "kneser_ney")
    tables, asked = NGramTables(base), stream_of([[1, 2, 3, 1, 1, 4], [2, 2]])
    before = tables.score(asked)
    first = update(OnlineModel(base), stream_of([[1, 1, 4]]), 1)
    changed = ChangedTables(tables, first)
    between = changed.score(asked)
    second = update(first, stream_of([[1, 2, 3, 1], [2, 2]]), 1)
    assert (ChangedTables(tables, second).score(asked)[0] != between[0]).any()
    np.testing.assert_array_equal(changed.score(asked), between)
    np.testing.assert_array_equal(tables.score(asked), before)
