"""Tests of `sklearn_sslm.ngrams.generation._beam_search`."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from _draws import TEXTS, expected_next, small_model
from _engine import context_of, continuations_after, corpora, model_of
from _replies import all_replies, beams, likeliest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sklearn_sslm.ngrams import (
    NO_WORD,
    Controls,
    beam_search,
    next_word_probabilities,
)
from sklearn_sslm.ngrams.generation import _beam_search
from sklearn_sslm.smoothing import SMOOTHINGS

WIDE = 400
"""More beams than there are continuations in these tests."""


def exactly_next(model):
    """The word after the start and some words, by the model's own probabilities."""
    return lambda said: next_word_probabilities(model, *context_of(model, [0, *said]))


def log_p_of(after, found, most, stop=()):
    """Log probability of a continuation, its end included unless it was cut off."""
    steps = [(found[:i], word) for i, word in enumerate(found)]
    if len(found) < most and not (found and found[-1] in stop):
        steps.append((found, 0))
    return sum(np.log(after(tuple(said))[word]) for said, word in steps)


def assert_same_ranking(after, found, expected, most, stop=()):
    """The same probabilities in the same order; equal ones may change places."""
    assert len(found) == len(expected)
    assert len({tuple(words) for words in found}) == len(found)
    log_ps = [log_p_of(after, words, most, stop) for words in found]
    np.testing.assert_allclose(log_ps, [log_p for log_p, _ in expected], atol=1e-9)
    known = {words for _, words in expected}
    if all(a - b > 1e-9 for a, b in pairwise(log_ps)):
        assert {tuple(words) for words in found} == known


@pytest.mark.parametrize("most", [0, 1, 3])
@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("name", sorted(SMOOTHINGS))
def test_wide_beams_find_what_exhaustive_search_finds(name, n, most):
    """With more beams than continuations, all are found, likeliest first."""
    model = model_of([[1, 2, 1], [1, 2], [3], [2, 2, 3], [1, 3]], n, name, 3)
    after = exactly_next(model)
    expected = likeliest(after, max_length=most)
    start = continuations_after(model, [0], most)
    (found,) = beam_search(model, start, Controls(), WIDE, WIDE)
    assert_same_ranking(after, found, expected, most)


@settings(max_examples=40)
@given(
    corpora.filter(any),
    st.sampled_from(["mle", "kneser_ney", "stupid_backoff"]),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sets(st.integers(1, 3), max_size=2),
    st.sets(st.integers(1, 5), max_size=2),
    st.integers(0, 2),
)
@example([[3, 1]], "mle", 2, 0, {3}, {1}, 0)
def test_under_controls_too(texts, name, least, more, bad, stop, size):
    """What is banned, too early or stopped is so in the search as in brute force."""
    model = model_of(texts, 2, name)
    after = exactly_next(model)
    most = min(least + more, 3)
    bans = {"bad_words": bad, "no_repeat_ngram_size": size}
    expected = likeliest(after, min_length=least, max_length=most, stop=stop, **bans)
    controls = Controls(
        no_repeat_ngram_size=size,
        bad_words=np.array(sorted(bad), dtype=int),
    )
    start = replace(
        continuations_after(model, [0], most),
        min_new=np.array([least]),
        stop=np.array(sorted(stop), dtype=int),
    )
    (found,) = beam_search(model, start, controls, WIDE, WIDE)
    if not expected:  # they go on from shorter contexts, or there is nothing to say
        for words in found:  # a stop word may end a text earlier
            assert words == [NO_WORD] or least <= len(words) or words[-1] in stop
        assert bad.isdisjoint(word for words in found for word in words)
        return
    found = [words[:-1] if words[-1:] == [NO_WORD] else words for words in found]
    assert {tuple(words) for words in found} == {words for _, words in expected}
    by_words = {words: log_p for log_p, words in expected}
    log_ps = [by_words[tuple(words)] for words in found]
    assert all(a >= b - 1e-9 for a, b in pairwise(log_ps))


WARPS = [
    {"temperature": 0},
    {"temperature": 0.4},
    {"top_k": 2},
    {"top_p": 0.6},
    {"min_p": 0.4},
    {"temperature": 2, "top_k": 3, "top_p": 0.9, "min_p": 0.1},
]


@pytest.mark.parametrize("values", WARPS, ids=str)
@pytest.mark.parametrize("name", ["mle", "kneser_ney", "stupid_backoff"])
def test_what_is_found_is_what_may_be_drawn(name, values):
    """Every control leaves the search the texts that it leaves to chance, by rank."""
    model = small_model(name)
    after = exactly_next(model)
    drawable = set(all_replies(after, max_length=3, **values))
    start = continuations_after(model, [0], 3)
    (found,) = beam_search(model, start, Controls(**values), WIDE, WIDE)
    assert {tuple(words) for words in found} == drawable
    log_ps = [log_p_of(after, words, 3) for words in found]
    assert all(a >= b - 1e-9 for a, b in pairwise(log_ps))


@settings(max_examples=60)
@given(
    corpora.filter(any),
    st.sampled_from(["mle", "kneser_ney", "stupid_backoff"]),
    st.integers(1, 4),
    st.integers(0, 5),
)
@example([[2], [1, 1, 1]], "kneser_ney", 1, 3)  # to end at once is third, and best
def test_beams_are_as_wide_as_asked_for(texts, name, n_beams, most):
    """What so many beams find is what the textbook's search with so many finds."""
    model = model_of(texts, 2, name)
    after = exactly_next(model)
    expected, by_rounding = beams(after, n_beams, most)
    assume(not by_rounding)
    start = continuations_after(model, [0], most)
    (found,) = beam_search(model, start, Controls(), n_beams, n_beams)
    log_ps = [log_p_of(after, words, most) for words in found]
    np.testing.assert_allclose(log_ps, [log_p for log_p, _ in expected], atol=1e-9)


def test_an_end_leaves_room_for_as_many_beams():
    """Beside an end that is likelier than all words, two beams are still two.

    Of a hundred texts, 35 are empty, 33 begin with 1 and go on in three ways, 32 are
    "2": so the two likeliest are the empty one and "2".
    """
    texts = [[]] * 35 + [[1, 3]] * 11 + [[1, 4]] * 11 + [[1, 5]] * 11 + [[2]] * 32
    model = model_of(texts, 2, "mle")
    start = continuations_after(model, [0], 5)
    assert beam_search(model, start, Controls(), 2, 2) == [[[], [2]]]


@given(corpora.filter(any), st.sampled_from(["mle", "kneser_ney", "lidstone"]))
def test_a_single_beam_is_at_least_as_good_as_greed(texts, name):
    """One beam takes the likeliest word each time, unless ending there was likelier."""
    model = model_of(texts, 2, name)
    after = exactly_next(model)
    greedy = ()
    while len(greedy) < 4 and (word := int(np.argmax(after(greedy)))):
        greedy = (*greedy, word)
    ((found,),) = beam_search(model, continuations_after(model, [0], 4), Controls(), 1)
    assert log_p_of(after, found, 4) >= log_p_of(after, greedy, 4) - 1e-9


@pytest.mark.parametrize("n_beams", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney", "witten_bell"])
def test_narrow_beams_find_texts_of_the_model_in_order(smoothing, n_beams):
    """However few the beams, what is found is possible, different, and in order."""
    model = small_model(smoothing)
    after = exactly_next(model)
    (found,) = beam_search(
        model, continuations_after(model, [0], 6), Controls(), n_beams, 8
    )
    assert len(found) <= n_beams
    assert len({tuple(words) for words in found}) == len(found)
    log_ps = [log_p_of(after, words, 6) for words in found]
    assert np.isfinite(log_ps).all()
    assert log_ps == sorted(log_ps, reverse=True)


def test_the_likeliest_text_is_not_the_greedy_one():
    """Two beams find a text that taking the likeliest word each time misses.

    Of ten texts, four begin with 1 and go on in four ways; three are "2 6". So "1 …"
    comes to 4/10 * 1/4 each, and "2 6" to 3/10.
    """
    texts = [[1, 3], [1, 4], [1, 5], [1, 6]] + [[2, 7]] * 3 + [[8], [9], [10]]
    model = model_of(texts, 2, "mle", 10)
    start = continuations_after(model, [0], 5)
    greedy = int(np.argmax(expected_next(model, [0])))
    assert greedy == 1
    assert beam_search(model, start, Controls(), 2)[0][0] == [2, 7]
    ((found,),) = beam_search(model, start, Controls(), 1)
    assert found[0] == 1


def test_each_text_is_continued_for_itself():
    """Continuations side by side find what each would find alone."""
    model = small_model("kneser_ney")
    contexts = [[0], [0, 1], [2, 1], [5, 5]]
    alone = [
        beam_search(model, continuations_after(model, words, 4), Controls(), 3, 2)[0]
        for words in contexts
    ]
    starts = [continuations_after(model, words, 4) for words in contexts]
    together = replace(
        starts[0],
        **{
            name: np.concatenate([getattr(start, name) for start in starts])
            for name in ("length", "row", "max_new", "min_new")
        },
    )
    assert beam_search(model, together, Controls(), 3, 2) == alone


def test_fewer_are_found_where_there_are_no_more():
    """A model of one text finds one, however many are asked for."""
    model = model_of([[1, 2, 3]], 2, "mle")
    start = continuations_after(model, [0], 9)
    assert beam_search(model, start, Controls(), 10, 10) == [[[1, 2, 3]]]


def test_equally_likely_words_come_in_the_order_of_their_ids():
    """Nothing depends on chance, not even between equals."""
    model = model_of([[3], [1], [2]], 2, "mle")
    start = continuations_after(model, [0], 5)
    assert beam_search(model, start, Controls(), 3, 3) == [[[1], [2], [3]]]


def test_a_dead_end_is_left_for_another_way():
    """A beam that may neither go on nor end is dropped; if all are, they go on otherwise."""
    # After 1 comes the end only; after 3 comes 4, then the end.
    model = model_of([[1], [1], [1], [3, 4]], 2, "mle")
    start = replace(continuations_after(model, [0], 5), min_new=np.array([2]))
    assert beam_search(model, start, Controls(), 5, 5) == [[[3, 4]]]
    # Without 4 they go on from the empty context, where 1 has 3/9, 3 has 1/9 and the end
    # has 4/9: 3/4 * 3/9, 3/4 * 1/9, 1/4 * 3/9, 1/4 * 1/9. After 3 only 4 was seen.
    (found,) = beam_search(model, start, Controls(bad_words=np.array([4])), 5, 5)
    assert found == [[1, 1], [1, 3, NO_WORD], [3, 1], [3, 3, NO_WORD]]
    (found,) = beam_search(model, start, Controls(bad_words=np.array([1, 3, 4])), 5, 5)
    assert found == [[NO_WORD]]


def test_words_before_are_not_repeated():
    """What was said before the search is taken into account by it."""
    model = model_of(TEXTS, 2, "kneser_ney", 6)
    start = replace(continuations_after(model, [0, 1], 4), prefix=[[2, 3, 1]])
    controls = Controls(no_repeat_ngram_size=1)
    (found,) = beam_search(model, start, controls, 20, 20)
    for words in found:
        assert len({2, 3, 1, *words}) == 3 + len(words)


rng = np.random.default_rng(5)
MANY = [
    np.minimum(rng.zipf(1.4, size), 60).tolist() for size in rng.integers(1, 9, 150)
]
BANS = [{}, {"bad_words": [*range(1, 20), (30, 1)]}, {"no_repeat_ngram_size": 1}]


@pytest.mark.parametrize("bans", BANS, ids=str)
@pytest.mark.parametrize("name", sorted(SMOOTHINGS))
def test_the_likeliest_words_and_the_end_are_enough(name, bans, monkeypatch):
    """Beams find the same among a few words as among all, also where a text may not end."""
    model, controls = model_of(MANY, 3, name), Controls(**bans)
    for n_beams, least in ((1, 0), (2, 3), (4, 0)):
        texts = continuations_after(model, [0], 5)
        texts = replace(texts, min_new=np.array([least]))
        found = []
        for more in (2, 1000):
            monkeypatch.setattr(_beam_search, "_MORE", more)
            found.append(beam_search(model, texts, controls, n_beams, n_beams))
        assert found[0] == found[1]


def test_most_words_are_not_looked_at(monkeypatch):
    """The probabilities of all words are not computed to find a few likely ones."""
    monkeypatch.setattr(_beam_search, "next_word_candidates", None)
    texts = [[word] * (word % 7 + 1) for word in range(1, 200)]
    model = model_of(texts, 2, "witten_bell")
    (found,) = beam_search(model, continuations_after(model, [0], 3), Controls(), 3)
    assert len(found[0]) <= 3
