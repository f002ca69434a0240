"""Tests of the models that `sklearn_sslm.arpa._arpa_reader` makes: what they can do."""

import copy
import itertools
import pickle

import numpy as np
import pytest
from _arpa_files import fitted, read_text, scores
from scipy import stats

from sklearn_sslm.arpa import read_arpa, write_arpa


@pytest.fixture
def model(path):
    """A model that was read."""
    write_arpa(fitted(3), path)
    return read_arpa(path).set_params(random_state=0)


@pytest.mark.parametrize(
    "controls",
    [
        {"num_beams": 4},
        {"temperature": 0},
        {"temperature": 0, "no_repeat_ngram_size": 2, "min_length": 4},
        {"temperature": 0, "bad_words": ["gato"], "stop": "e"},
    ],
)
def test_it_writes_under_controls(model, controls):
    """With nothing left to chance, a read model says what the written one says."""
    messages = ["o", "a gata", "o gato e", "xyz"]
    model.set_params(**controls)
    expected = fitted(3, **controls).predict(messages)
    np.testing.assert_array_equal(model.predict(messages), expected)
    assert " ".join(model.stream("o")) == expected[0]


def test_it_writes(model):
    """A read model writes texts of its words, each word by its probability."""
    words = model.word_index_.words_
    first = [text.partition(" ")[0] for text in model.sample(5000).tolist()]
    p = model.next_word_proba([""])[0]
    counts = np.array([first.count(word) for word in words])
    expected = p / p.sum() * len(first)
    assert stats.chisquare(counts, expected).pvalue > 1e-4


def test_a_context_after_which_nothing_comes(path):
    """Under conditions no text comes to it, and all others have their probabilities."""
    dead_end = """\\data\\
ngram 1=4
ngram 2=2

\\1-grams:
-0.4\t</s>
-99\t<s>\t0
-0.4\ta\t-0.2
-0.7\tb\t-99

\\2-grams:
-99\tb </s>
-0.3\ta b

\\end\\
"""
    model = read_text(dead_end, path).set_params(random_state=0)
    drawn = model.sample(200, contains="a").tolist()
    assert all(set(text.split()) == {"a"} for text in drawn)
    # After "a" comes "b" with 0.5, another "a" and the end with 10 ** -0.6 = 1/4 each. A
    # text that does not come to "b" ends there with 1/4 / (1/4 + 1/4 · 1/3) = 3/4.
    assert drawn.count("a") == pytest.approx(150, abs=30)


def test_it_writes_under_conditions(model):
    """Texts drawn under conditions have their shares of all that fulfil them."""
    words = model.word_index_.words_[1:]
    fitting = [
        " ".join(text)
        for length in (1, 2, 3)
        for text in itertools.product(words, repeat=length)
        if "gata" in text
    ]
    p = np.exp(model.score_samples(fitting))
    drawn = model.sample(3000, contains="gata", max_length=3).tolist()
    counts = np.array([drawn.count(text) for text in fitting])
    assert counts.sum() == len(drawn)
    often = p / p.sum() * len(drawn) > 5
    expected = np.append(p[often], p[~often].sum()) / p.sum() * len(drawn)
    found = np.append(counts[often], counts[~often].sum())
    assert stats.chisquare(found, expected).pvalue > 1e-4


def test_it_cannot_learn_on(model):
    """`partial_fit` is an error that leaves the model as it was; `fit` begins anew."""
    before = scores(model)
    with pytest.raises(ValueError, match=r"without the counts.*call fit"):
        model.partial_fit(["mais um texto"])
    np.testing.assert_array_equal(scores(model), before)
    model.fit(["mais um texto"])
    assert model.word_index_.words_ == ["", "mais", "um", "texto"]
    assert model.partial_fit(["e mais um"]).n_texts_seen_ == 2


def test_it_survives_pickling(model):
    """A copy of a read model gives the very same scores and texts."""
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        np.testing.assert_array_equal(scores(again), scores(model))
        assert again.sample(20).tolist() == model.sample(20).tolist()
