"""Tests of `sklearn_sslm.ngrams.conditions._long_texts`."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from _draws import SMOOTHINGS, after_of, small_model
from _engine import continuations_after, model_of
from _replies import all_replies, assert_drawn_from
from _slow import rest_slow

from sklearn_sslm.ngrams import Controls, OnlineModel, Streams, sample_long_enough
from sklearn_sslm.ngrams.conditions import _long_texts
from sklearn_sslm.ngrams.conditions._long_texts import look_ahead_of

LONGEST = 4


@cache
def all_texts_of(smoothing):
    """Every text of a small model, with its probability."""
    return all_replies(after_of(small_model(smoothing)), max_length=LONGEST)


@pytest.fixture(params=[32, 1, 0], ids="{} tries".format)
def n_tries(request, monkeypatch):
    """How often a text is drawn that may be too short."""
    monkeypatch.setattr(_long_texts, "_TRIES", request.param)
    return request.param


def drawn_long(model, words, least, size=2000, longest=LONGEST, stop=(), seed=0):
    """Continuations of a text, as tuples."""
    texts = continuations_after(model, words, longest, size)
    texts = replace(
        texts, min_new=np.full(size, least), stop=np.array(stop, dtype=np.int64)
    )
    streams = Streams(np.random.default_rng(seed).integers(1 << 62, size=size))
    rows = sample_long_enough(model, texts, Controls(), streams)
    return [tuple(row[row != 0].tolist()) for row in rows]


@pytest.mark.parametrize(
    "smoothing", rest_slow(SMOOTHINGS[::2], SMOOTHINGS[::4]), ids=str
)
@pytest.mark.parametrize("least", [1, 3])
def test_texts_are_those_of_the_model_given_their_length(smoothing, least, n_tries):
    """They come as often as among all its texts that are long enough, however found."""
    everything = all_texts_of(smoothing)
    long = {text: p for text, p in everything.items() if len(text) >= least}
    total = sum(long.values())
    expected = {text: p / total for text, p in long.items()}
    assert_drawn_from(expected, drawn_long(small_model(smoothing), [0], least))


@pytest.mark.parametrize("n", [1, 2, 4])
def test_texts_of_any_order_are(n, n_tries):
    """The same for other orders, and from within a text."""
    model = small_model("witten_bell", n)
    after = after_of(model)
    whole = all_replies(after, (1, 2), max_length=5)
    long = {text[2:]: p for text, p in whole.items() if len(text) >= 4}
    total = sum(long.values())
    expected = {text: p / total for text, p in long.items()}
    assert_drawn_from(expected, drawn_long(model, [0, 1, 2], 2, longest=3))


def test_where_no_text_is_so_long_it_goes_on_from_a_shorter_context(n_tries):
    """After 1 2 comes the end only, after 2 also 3, of which all are followed by the end.

    Of three words, the third goes on from no context: 1 has 1, 2 has 3, 3 has 2 of the 6.
    """
    model = model_of([[1, 2], [2, 3], [2, 3]], 3, "mle")
    drawn = drawn_long(model, [0, 1], 3, longest=3, size=2000)
    expected = {(2, 3, 1): 1 / 6, (2, 3, 2): 1 / 2, (2, 3, 3): 1 / 3}
    assert_drawn_from(expected, drawn)


def test_a_text_that_can_be_long_is_not_led_astray(n_tries):
    """Words that lead to where only the end was seen are not drawn in the first place."""
    model = model_of([[1, 2]] * 9 + [[1, 3, 4, 5]], 2, "mle")
    assert set(drawn_long(model, [0], 3, size=50)) == {(1, 3, 4, 5)}
    with_splices = set(drawn_long(model, [0], 5, 50, longest=7))  # none is so long
    assert with_splices != {(1, 3, 4, 5)}
    assert all(5 <= len(text) <= 7 for text in with_splices)


def test_how_a_text_is_drawn_does_not_depend_on_others(n_tries):
    """Its words are the same alone, and among texts with other contexts and lengths."""
    model = small_model("mle")
    size = 30
    texts = continuations_after(model, [0], 9, size)
    others = continuations_after(model, [0, 1, 2], 9, 1)
    least = np.arange(size) % 7
    length, row = texts.length.copy(), texts.row.copy()
    length[::3], row[::3] = others.length, others.row
    texts = replace(texts, min_new=least, length=length, row=row)
    seeds = np.random.default_rng(1).integers(1 << 62, size=size)
    rows = sample_long_enough(model, texts, Controls(), Streams(seeds))
    for j in range(size):
        alone = sample_long_enough(model, texts[[j]], Controls(), Streams(seeds[[j]]))
        assert alone[0].tolist() == rows[j, : alone.shape[1]].tolist()
        assert not rows[j, alone.shape[1] :].any()


def test_a_stop_word_ends_a_text_earlier(n_tries):
    """Texts are cut after it; how they are drawn does not change."""
    model = small_model("kneser_ney")
    whole = drawn_long(model, [0], 3, size=300)
    cut = drawn_long(model, [0], 3, size=300, stop=[2])
    assert cut == [text[: text.index(2) + 1] if 2 in text else text for text in whole]


def test_a_changed_model_is_looked_through_once():
    """The sorted model, which is read after the first question, has the result, too."""
    model = OnlineModel(small_model("mle"))
    assert look_ahead_of(model.rebuilt(), 2) is look_ahead_of(model, 2)


def test_a_model_that_is_too_large_is_not_looked_through(monkeypatch):
    """Texts are long enough all the same, and what was computed is kept for the next."""
    model = small_model("mle")
    assert look_ahead_of(model, 3) is look_ahead_of(model, 2)
    for limit in ("_MAX_WORK", "_MAX_NUMBERS"):
        with monkeypatch.context() as patch:
            patch.setattr(_long_texts, limit, 10)
            patch.setattr(_long_texts, "_TRIES", 1)
            other = small_model("mle")
            assert look_ahead_of(other, 3) is None
            assert min(map(len, drawn_long(other, [0], 4, size=300))) == 4
