"""Tests of `sklearn_sslm.generator._choosing`, and of texts that are chosen by it."""

import itertools

import numpy as np
import pytest
from _replies import assert_drawn_from, next_of
from _replies import texts_given as all_texts_given

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.generator import _choosing
from sklearn_sslm.generator._choosing import choose
from sklearn_sslm.words import is_balanced


def test_those_that_are_right_come_in_the_order_they_were_drawn():
    """None is left out, and none is drawn without need once there are enough."""
    numbers = iter(range(1000))

    def draw(size):
        return [next(numbers) for _ in range(size)]

    thirds = choose(5, draw, lambda number: number % 3 == 0, "thirds")
    assert list(thirds) == [0, 3, 6, 9, 12]
    assert next(numbers) < 60


@pytest.mark.parametrize("n_found", [0, 3])
def test_after_many_tries_in_vain_there_is_an_error(n_found):
    """It says how many were found, what was wanted, and how many tries were in vain."""
    tries = []

    def draw(size):
        tries.extend(range(size))
        return list(range(len(tries) - size, len(tries)))

    with pytest.raises(ValueError, match=f"Only {n_found} of 9 .*small.*last 10000"):
        list(choose(9, draw, lambda number: number < n_found, "small"))
    assert 10_000 <= len(tries) < 30_000


def test_the_last_text_before_the_error_may_be_accepted():
    """After 9 999 texts that were rejected the next one counts, after 10 000 no other."""

    def draw_from(numbers):
        return lambda size: list(itertools.islice(numbers, size))

    drawn = choose(1, draw_from(itertools.count()), lambda j: j == 9_999, "right")
    assert list(drawn) == [9_999]
    with pytest.raises(ValueError, match=r"Only 0 of 1 .*last 10000"):
        list(choose(1, draw_from(itertools.count()), lambda j: j == 10_000, "right"))


TEXTS = ["a b", "a b", "a c", "b", "b c a"]


@pytest.mark.parametrize("conditions", [{}, {"contains": "a"}], ids=str)
@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_unique_texts_are_drawn_without_replacement(name, conditions):
    """After a first text the second has p / (1 − p of the first): a chi-square of pairs."""
    model = NGramTextGenerator(2, smoothing=name).fit(TEXTS)
    index = model.word_index_.vocabulary_
    asked = {"contains": [(index["a"],)]} if conditions else {}
    texts = all_texts_given(next_of(model), 3, **asked)
    total = sum(texts.values())
    p = {text: q / total for text, q in texts.items()}
    pairs = {
        (one, two): p[one] * p[two] / (1 - p[one])
        for one in p
        for two in p
        if one != two
    }
    drawn = []
    model.set_params(random_state=np.random.default_rng(0))
    for _ in range(250):
        two = model.sample(2, unique=True, **{"max_length": 3, **conditions})
        drawn.append(tuple(tuple(index[w] for w in text.split()) for text in two))
    assert_drawn_from(pairs, drawn)


def test_unique_texts_under_controls():
    """Without conditions, controls stay in effect; all columns are unlike each other."""
    model = NGramTextGenerator(
        1, smoothing="lidstone", bad_words=["c"], num_return_sequences=3, random_state=0
    ).fit(["a b c"])
    texts = model.sample(5, unique=True)
    assert texts.shape == (5, 3)
    assert len(set(texts.ravel())) == 15
    assert not any("c" in text for text in texts.ravel())


@pytest.mark.parametrize("form", ["unique", "balanced"])
def test_a_seed_draws_other_texts_in_each_block(form, monkeypatch):
    """With an int as `random_state`, too, more than one block of unlike texts is found."""
    monkeypatch.setattr(_choosing, "_BLOCK", 10)
    model = NGramTextGenerator(1, smoothing="lidstone", random_state=0)
    texts = model.fit([" ".join("abcdefgh")]).sample(50, **{form: True})
    assert len({*texts}) > 40


def test_no_more_unique_texts_than_there_are():
    """Where a model has two texts a third is not found, and that is an error."""
    model = NGramTextGenerator(5, random_state=0).fit(["a b", "c d"])
    assert set(model.sample(2, unique=True)) == {"a b", "c d"}
    with pytest.raises(ValueError, match=r"Only 2 of 3 texts.*unlike each other"):
        model.sample(3, unique=True)


def test_rows_can_be_unique():
    """Models of plain rows compare ids."""
    model = NGramTextGenerator(5, random_state=0).fit(np.array([[1, 2, 0], [3, 0, 0]]))
    assert sorted(model.sample(2, unique=True).tolist()) == [[1, 2], [3, 0]]
    with pytest.raises(ValueError, match=r"'balanced'.*integer rows"):
        model.sample(balanced=True)


@pytest.mark.parametrize("conditions", [{}, {"contains": "a"}], ids=str)
@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_balanced_texts_are_the_models_given_that(name, conditions):
    """They are as frequent as those kept of all texts whose brackets pair."""
    texts = ["( a )", "( a", "a )", "a", "( a ) ( a )", "b )"]
    model = NGramTextGenerator(2, smoothing=name, random_state=0).fit(texts)
    words = model.word_index_.words_
    asked = {"contains": [(model.word_index_.vocabulary_["a"],)]} if conditions else {}
    given = {
        text: p
        for text, p in all_texts_given(next_of(model), 4, **asked).items()
        if is_balanced(" ".join(words[word] for word in text))
    }
    total = sum(given.values())
    drawn = model.sample(600, balanced=True, **{"max_length": 4, **conditions})
    index = model.word_index_.vocabulary_
    assert_drawn_from(
        {text: p / total for text, p in given.items()},
        [tuple(index[word] for word in text.split()) for text in drawn],
    )


def test_a_model_without_balanced_texts():
    """Where no text is balanced, that is an error after so many tries."""
    model = NGramTextGenerator(random_state=0).fit(["( a", "( b"])
    with pytest.raises(ValueError, match=r"Only 0 of 1 texts.*balanced"):
        model.sample(balanced=True)
    assert model.set_params(num_beams=2).sample().shape == (1,)
    with pytest.raises(ValueError, match=r"'num_beams'.*balanced"):
        model.sample(balanced=True)
