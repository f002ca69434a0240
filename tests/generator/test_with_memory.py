"""Tests of `sklearn_sslm.generator._with_memory`: texts are read in order."""

import pickle

import numpy as np
import pytest
from _memory_streams import remembering
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import GridSearchCV

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.generator._memory_parameter import as_memory_rules
from sklearn_sslm.memory import RecentWords
from sklearn_sslm.smoothing import SMOOTHINGS

LEARNED = ["a b c", "a c", "b a", "c b b a"]
SMOOTHED = sorted({*SMOOTHINGS} - {"mle", "stupid_backoff"})
words = st.sampled_from(["a", "b", "c", "x", "y"])
texts = st.lists(st.lists(words, max_size=7).map(" ".join), min_size=1, max_size=8)


def generator(smoothing="kneser_ney", n=3, memory="recent", **parameters):
    """A fitted generator."""
    model = NGramTextGenerator(n, smoothing=smoothing, memory=memory, **parameters)
    return model.fit(LEARNED)


def numbered(asked):
    """Texts as lists of ids: those of the model, then unknown words by first seen."""
    ids = generator().word_index_.vocabulary_.copy()
    return [
        [0, *(ids.setdefault(word, len(ids) + 1) for word in text.split()), 0]
        for text in asked
    ]


@pytest.mark.filterwarnings("ignore:A text has probability 0")
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@given(texts, st.integers(1, 4))
@settings(max_examples=8)
def test_scores_are_the_definition(smoothing, asked, n):
    """Each text has the product of the mixed probabilities of its words and its end."""
    memory = RecentWords(half_life=(7, 2))
    model = generator(smoothing, n, memory)
    alone = generator(smoothing, n, None)
    p = [row["probability"] for text in asked for row in alone.explain(text)]
    heard = numbered(asked)
    found = remembering(as_memory_rules(memory)).score(heard, p, n_ids=4)
    with np.errstate(divide="ignore"):
        log = np.log(found)
    ends = np.cumsum([len(text) - 1 for text in heard])
    expected = [part.sum() for part in np.split(log, ends[:-1])]
    np.testing.assert_allclose(model.score_samples(asked), expected, rtol=1e-10)


@given(texts, st.sampled_from(SMOOTHED))
@settings(max_examples=20)
def test_the_second_of_equal_texts_is_likelier(asked, smoothing):
    """What was just read is likely to come again, and its scores are pure functions."""
    model = generator(smoothing)
    text = " ".join(asked) + " a b"
    first, second = model.score_samples([text, text])
    assert second > first
    np.testing.assert_array_equal(model.score_samples([text]), [first])


@given(texts, st.sampled_from(sorted(SMOOTHINGS)))
@settings(max_examples=20)
@pytest.mark.filterwarnings("ignore:A text has probability 0")
def test_without_a_memory_nothing_changes(asked, smoothing):
    """Fits with and without a memory are the same, and so are scores without one."""
    model, other = generator(smoothing), generator(smoothing, memory=None)
    scores = model.set_params(memory=None).score_samples(asked)
    np.testing.assert_array_equal(scores, other.score_samples(asked))
    assert pickle.dumps(model.counts_) == pickle.dumps(other.counts_)


def test_score_and_perplexity_remember():
    """They are means over all tokens of what `score_samples` sums."""
    model, asked = generator(), ["a b c", "x a b", "a b x"]
    total = model.score_samples(asked).sum()
    assert model.score(asked) == pytest.approx(total / 12)
    assert model.perplexity(asked) == pytest.approx(np.exp(-total / 12))
    assert model.perplexity(asked, unknown="exclude") < model.perplexity(asked)


def test_tables_remember():
    """The tables of texts and of tokens have the probabilities of `score_samples`."""
    model, asked = generator(), ["a b c", "x a b", "a b c", "x"]
    expected = model.score_samples(asked)
    by_text, by_token = model.score_texts(asked), model.score_tokens(asked)
    np.testing.assert_allclose(by_text["log_proba"], expected, rtol=1e-12)
    summed = np.bincount(by_token["text"], by_token["log_proba"])
    np.testing.assert_allclose(summed, expected, rtol=1e-12)
    assert by_token["word"].tolist() == [
        word for text in asked for word in [*text.split(), ""]
    ]
    assert by_text["n_unknown"].tolist() == [0, 1, 0, 1]


def test_a_new_word_that_comes_again_is_known():
    """An unknown word shares its probability with those heard, and then has its own."""
    model = NGramTextGenerator(1, smoothing="lidstone", memory=RecentWords(100, 1))
    model.fit(["a"])  # Lidstone: "a" and the end 2/5, unknown 1/5
    found = np.exp(model.score_samples(["x", "y", "x"]))
    half = np.exp2(-1 / 100)
    counts = half ** np.arange(1, 6)  # of a token heard so many tokens ago
    escape = 0.95
    first = 0.2 * (escape * 0.4)
    # y: one new word is remembered. Its end: one end among x, end, y.
    second = escape * 0.1 * (escape * 0.4 + 0.05 * counts[1] / counts[:3].sum())
    x = escape * 0.2 / 3 + 0.05 * counts[3] / counts[:4].sum()
    end = escape * 0.4 + 0.05 * (counts[1] + counts[3]) / counts[:5].sum()
    np.testing.assert_allclose(found, [first, second, x * end], rtol=1e-12)


def test_messages_are_heard_and_not_scored():
    """What a message says makes it likelier in the reply; the message has no score."""
    model = NGramTextGenerator(2, smoothing="witten_bell").fit(["a b"], ["b a"])
    model.set_params(memory="recent")
    assert model.score(["a zebra"], ["b zebra"]) > model.score(["a horse"], ["b zebra"])
    plain = model.set_params(memory=None)
    assert plain.score(["a zebra"], ["b zebra"]) == plain.score(
        ["a horse"], ["b zebra"]
    )


def test_rows_are_heard_like_texts():
    """Integer rows have the scores of their texts, where all words are known."""
    index = WordIndexTransformer().fit(LEARNED)
    asked = ["a b c", "b a", "a b c"]
    by_rows = NGramTextGenerator(3, smoothing="kneser_ney", memory="recent")
    by_rows.fit(np.asarray(index.transform(LEARNED)))
    rows = np.asarray(index.transform(asked))
    expected = generator().score_samples(asked)
    np.testing.assert_allclose(by_rows.score_samples(rows), expected, rtol=1e-12)
    np.testing.assert_allclose(
        generator().score_samples(index.transform(asked)), expected, rtol=1e-12
    )


def test_unknown_words_of_rows_are_one():
    """−1 does not say which word it is, so that all of them are the same unknown word."""
    index = WordIndexTransformer().fit(LEARNED)
    scores = generator().score_samples(index.transform(["x", "y", "x"]))
    same = generator().score_samples(index.transform(["x", "x", "x"]))
    np.testing.assert_array_equal(scores, same)


def test_other_models_remember_too():
    """Compact and saved models, and those that learned on, give the same scores."""
    asked = ["a b x", "x a b", "a b x"]
    model = generator()
    expected = model.score_samples(asked)
    online = NGramTextGenerator(3, smoothing="kneser_ney", memory="recent")
    for text in LEARNED:
        online.partial_fit([text])
    twins = [model.compact(), pickle.loads(pickle.dumps(model)), online]
    for twin in twins:
        np.testing.assert_allclose(twin.score_samples(asked), expected, rtol=1e-12)


def test_the_half_life_can_be_searched():
    """A grid search over parameters of the memory finds one."""
    grid = {"memory__half_life": [5, (50, 5)], "memory__n": [1, 2]}
    search = GridSearchCV(generator(memory=RecentWords()), grid, cv=2)
    search.fit(LEARNED * 3)
    assert search.best_params_.keys() == grid.keys()
