"""Tests of `sklearn_sslm.generator._word_scorer`, by way of `NGramTextGenerator.scorer`."""

import pickle
from itertools import product

import numpy as np
import pytest
from _backings import BACKINGS
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.ngrams.models import _updating
from sklearn_sslm.ngrams.scoring import _scorer
from sklearn_sslm.smoothing import SMOOTHINGS

GREETINGS = load_greetings().data
ASKED = [*GREETINGS, "", "Oi! Que bom dia!", "você você zero hoje?", "zero", "bem? Oi!"]

pytestmark = pytest.mark.filterwarnings("ignore:A text has probability 0:UserWarning")

words = st.sampled_from("a b c d zero".split())
corpora = st.lists(st.lists(words, max_size=6).map(" ".join), min_size=1, max_size=6)


def token_scores(scorer, text):
    """The score of each word of a text and of its end, chained."""
    state, scores = scorer.start(), []
    for word in text.split():
        log_proba, state = scorer.score(state, word)
        scores.append(log_proba)
    return [*scores, scorer.end(state)]


def assert_chained(model, texts):
    """Chained scores add up to those of the texts."""
    scorer = model.scorer()
    chained = [sum(token_scores(scorer, text)) for text in texts]
    np.testing.assert_allclose(chained, model.score_samples(texts), rtol=1e-14)


def in_bulk(monkeypatch):
    """Let even few texts be scored all at once."""
    monkeypatch.setattr(_scorer, "_FEW", 0)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("backing", BACKINGS)
def test_chained_it_is_the_score_of_the_text(backing, smoothing, tmp_path, monkeypatch):
    """On every backing and with every smoothing, words add up to `score_samples`."""
    in_bulk(monkeypatch)
    model = NGramTextGenerator(3, smoothing=smoothing)
    assert_chained(BACKINGS[backing](model, GREETINGS, tmp_path), ASKED)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_chained_scores_of_a_model_read_from_a_file(n, tmp_path, monkeypatch):
    """Stored probabilities are scored word by word as all at once."""
    in_bulk(monkeypatch)
    model = NGramTextGenerator(n, smoothing="kneser_ney").fit(GREETINGS)
    write_arpa(model, tmp_path / "model.arpa")
    assert_chained(read_arpa(tmp_path / "model.arpa"), ASKED)


@given(texts=corpora, asked=corpora, n=st.integers(1, 4), min_count=st.integers(1, 3))
def test_a_model_that_leaves_ngrams_out_is_chained(texts, asked, n, min_count):
    """Merging states that lost all their words changes no score."""
    model = NGramTextGenerator(n, smoothing="witten_bell", min_count=min_count)
    if any(texts):
        assert_chained(model.fit(texts), asked)


@given(texts=corpora, n=st.integers(1, 4), asked=st.lists(words, max_size=8))
def test_batches_are_the_bits_of_single_words(texts, n, asked):
    """`score_many` and `end_many` return what `score` and `end` do."""
    for smoothing in SMOOTHINGS if any(texts) else ():
        scorer = NGramTextGenerator(n, smoothing=smoothing).fit(texts).scorer()
        states = [scorer.empty(), scorer.start()]
        for word in asked:
            expected = [scorer.score(state, word) for state in states]
            scores, after = scorer.score_many(states, [word] * len(states))
            assert list(zip(scores.tolist(), after, strict=True)) == expected
            ends = scorer.end_many(after)
            assert ends.tolist() == [scorer.end(state) for state in after]
            states += after[-1:]


def test_scores_worked_out_by_hand():
    """After the start of a text, after nothing, and of what is unknown."""
    scorer = (
        NGramTextGenerator(n=2, smoothing="stupid_backoff").fit(["a b", "b"]).scorer()
    )
    # One of two texts begins with "a"; of five tokens one is "a".
    assert np.exp(scorer.score(scorer.start(), "a")[0]) == pytest.approx(1 / 2)
    assert np.exp(scorer.score(scorer.empty(), "a")[0]) == pytest.approx(1 / 5)
    # "b" was followed by nothing but ends, and words of a known context are told apart
    # from those of none: an unknown word has 0.4 · 0.4 of 1/4.
    _, after_b = scorer.score(scorer.empty(), "b")
    assert scorer.end(after_b) == 0
    unknown, after = scorer.score(after_b, "zero")
    assert np.exp(unknown) == pytest.approx(0.4 * 0.4 / 4)
    assert after == scorer.empty()


def test_an_impossible_word_is_minus_infinity():
    """Without smoothing, what was never seen has the logarithm of 0 and no warning."""
    scorer = NGramTextGenerator(n=2).fit(["a b"]).scorer()
    assert scorer.score(scorer.start(), "b")[0] == -np.inf
    assert scorer.score_many([scorer.start()], ["b"])[0].tolist() == [-np.inf]


def test_histories_without_a_difference_share_their_state():
    """What is older than the longest known context plays no part in a state."""
    scorer = (
        NGramTextGenerator(n=3, smoothing="kneser_ney").fit(["a b c", "b d"]).scorer()
    )

    def after(state, *history):
        for word in history:
            _, state = scorer.score(state, word)
        return state

    start, empty = scorer.start(), scorer.empty()
    assert (
        after(start, "a", "b") == after(empty, "a", "b") == after(empty, "d", "a", "b")
    )
    assert after(start, "zero") == after(empty, "zero", "zero") == empty
    assert after(empty, "d", "b") == after(empty, "b")  # "d b" was never seen
    assert after(start, "b") != after(empty, "b")
    assert len({after(start, "a"), after(start, "a"), after(empty, "a")}) == 2
    assert len(pickle.dumps(after(start, "a"))) < 100


LETTERS = ["a b c", "b c a", "a b a", "c", "", "b b", "a c c a b", "c a", "b c"]


def known_context(history, n):
    """The last words of a history, n − 1 at most, that a text of LETTERS goes on from."""
    texts = [["<s>", *text.split(), "</s>"] for text in LETTERS]
    for size in range(min(n - 1, len(history)), 0, -1):
        last = history[-size:]
        if any(t[i : i + size] == last for t in texts for i in range(len(t) - size)):
            return tuple(last)
    return ()


@pytest.mark.parametrize("smoothing", ["kneser_ney", "mle"])
@pytest.mark.parametrize("backing", BACKINGS)
def test_equal_states_are_equal_contexts(backing, smoothing, tmp_path):
    """Two histories have one state where the texts go on from the same last words of both."""
    after = [words for k in range(4) for words in product("abc0", repeat=k)]
    for n in (1, 2, 4):
        model = NGramTextGenerator(n, smoothing=smoothing)
        scorer = BACKINGS[backing](model, LETTERS, tmp_path).scorer()
        states = {}
        for begin in ("start", "empty"):
            for words in after:
                state = getattr(scorer, begin)()
                for word in words:
                    _, state = scorer.score(state, word)
                history = [*["<s>"][: begin == "start"], *words]
                states.setdefault(known_context(history, n), set()).add(state)
        assert all(len(found) == 1 for found in states.values())
        assert len(set.union(*states.values())) == len(states)


def test_states_whose_words_were_left_out_are_merged():
    """A context after which no n-gram is left is the same as its suffix."""
    texts = ["a b", "a b", "b c", "d c"]
    pruned = NGramTextGenerator(2, smoothing="witten_bell", min_count=[1, 2]).fit(texts)
    scorer = pruned.scorer()
    assert scorer.score(scorer.empty(), "d")[1] == scorer.empty()  # "d c" only once
    assert scorer.score(scorer.empty(), "a")[1] != scorer.empty()  # "a b" occurs twice
    states = [scorer.empty()] * 2
    assert scorer.score_many(states, ["d", "a"])[1] == [
        scorer.score(scorer.empty(), word)[1] for word in "da"
    ]


@pytest.mark.parametrize("backing", BACKINGS)
@pytest.mark.parametrize("ratio", [0, _updating.REBUILD_RATIO])
def test_a_scorer_is_a_snapshot(backing, ratio, tmp_path, monkeypatch):
    """What is learned, forgotten or merged later changes neither scores nor words.

    With a ratio of 0 all changes go into the overlay, and nothing is sorted anew.
    """
    monkeypatch.setattr(_updating, "REBUILD_RATIO", ratio)
    model = BACKINGS[backing](
        NGramTextGenerator(3, smoothing="kneser_ney"), GREETINGS, tmp_path
    )
    scorer, unasked = model.scorer(), model.scorer()
    before = [token_scores(scorer, text) for text in ASKED]
    if "compact" in backing:
        model.fit(["zero zero"])
    else:
        model.partial_fit(["zero Oi! zero", *GREETINGS[:2]])
        model.partial_forget(GREETINGS[3:5])
        model.merge(NGramTextGenerator(3).fit(["Oi! Oi!"]))
    for same in (scorer, unasked):
        assert [token_scores(same, text) for text in ASKED] == before
        assert "zero" not in same
        assert GREETINGS[3].split()[0] in same
    assert "zero" in model.scorer()


def test_words_that_were_forgotten_are_unknown():
    """A scorer knows the words of the model, neither the boundary nor what is gone."""
    model = NGramTextGenerator(2).fit(["a b", "a c"]).partial_forget(["a b"])
    scorer = model.scorer()
    assert [word in scorer for word in ("a", "b", "c", "", 1, None)] == [
        True, False, True, False, False, False,
    ]  # fmt: skip


def test_words_are_lower_cased_where_texts_are():
    """A word is looked up as the texts of the model were spelled."""
    index = WordIndexTransformer(lowercase=True)
    model = NGramTextGenerator(2, smoothing="witten_bell", word_index=index)
    assert_chained(model.fit(["Olá mundo"]), ["OLÁ Mundo", "olá zero"])
    assert "MUNDO" in model.scorer()


def test_rows_of_ids_are_scored_by_ids():
    """For plain rows words are ids; those that no row held are unknown."""
    rows = np.array([[1, 2, 0], [1, 4, 0]])
    model = NGramTextGenerator(2, smoothing="witten_bell").fit(rows)
    scorer = model.scorer()
    first, state = scorer.score(scorer.start(), 1)
    second, state = scorer.score(state, np.int64(-1))
    expected = model.score_samples([[1, -1, 0]])[0]
    assert first + second + scorer.end(state) == pytest.approx(expected, rel=1e-14)
    assert [number in scorer for number in (0, 1, 4, 5, -1)] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_a_scorer_can_be_pickled():
    """A scorer that was sent to another process answers the same."""
    scorer = NGramTextGenerator(3, smoothing="kneser_ney").fit(GREETINGS).scorer()
    again = pickle.loads(pickle.dumps(scorer))
    assert token_scores(again, ASKED[1]) == token_scores(scorer, ASKED[1])


def test_mistakes_are_told():
    """What is no word, lengths that differ, and a model that learned nothing."""
    scorer = NGramTextGenerator(2).fit(["a b"]).scorer()
    with pytest.raises(TypeError, match=r"'word' of WordScorer must be a str. Got 1\."):
        scorer.score(scorer.start(), 1)
    with pytest.raises(ValueError, match=r"same length\. Got 1 and 2"):
        scorer.score_many([scorer.start()], ["a", "b"])
    of_ids = NGramTextGenerator(2).fit([[1, 2, 0]]).scorer()
    with pytest.raises(TypeError, match="must be an int"):
        of_ids.score(of_ids.start(), "a")
    with pytest.raises(NotFittedError):
        NGramTextGenerator().scorer()
