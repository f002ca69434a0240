"""Tests of `sklearn_sslm.arpa._arpa_reader`: what is read is the file."""

import math
import random
import re

import _arpa
import numpy as np
import pytest
from _arpa_files import HELD_OUT, PROPER, fitted, read_text, scores, written
from _arpa_files_by_hand import BY_HAND, of_kenlm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sklearn_sslm import WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.base import fitted_model


def test_read_by_hand(path):
    """The scores of a file written by hand are its numbers, added up on paper."""
    model = read_text(BY_HAND, path)
    expected = {
        "a b": -0.2 - 0.1 - 0.15,  # <s> a; <s> a b; a b </s>
        "": -0.3 - 0.7,  # the backoff of <s>; </s>
        "b a": (-0.3 - 0.6) - 0.5 + (0 - 0.2 - 0.7),
        "x a": (-0.3 - 1.0) - 0.4 + (-0.2 - 0.7),  # nothing is known after <unk>
        "a b b": -0.2 - 0.1 + (0.05 - 0.1 - 0.6) + (-0.1 - 0.7),
    }
    np.testing.assert_allclose(
        scores(model, list(expected)), list(expected.values()), rtol=0, atol=1e-12
    )
    assert model.n == 3
    assert model.word_index_.words_ == ["", "a", "b"]
    assert fitted_model(model).language_model.counts.n_ngrams() == [
        3,
        4,
        2,
    ]  # b </s>, which is missing, too
    p = model.next_word_proba(["a b"])[0]
    np.testing.assert_allclose(np.log10(p), [-0.15, 0.05 - 0.5, 0.05 - 0.1 - 0.6])


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("smoothing", PROPER, ids=str)
def test_round_trip(n, smoothing, path):
    """A model that was written and read scores, foretells and is written the same."""
    model = fitted(n, smoothing)
    text = written(model, path)
    again = read_arpa(path)
    np.testing.assert_allclose(scores(again), scores(model), rtol=0, atol=2e-6)
    np.testing.assert_allclose(
        again.next_word_proba(HELD_OUT), model.next_word_proba(HELD_OUT), atol=3e-7
    )
    np.testing.assert_allclose(
        again.next_word_proba(HELD_OUT).sum(axis=1),
        model.next_word_proba(HELD_OUT).sum(axis=1),
        atol=1e-6,
    )
    assert written(again, path) == text


def shuffled(text, seed=0):
    """The same file with the lines of each section in another order."""
    sections = text.split("\n\n")
    for i, section in enumerate(sections[1:-1], start=1):
        head, *lines = section.split("\n")
        random.Random(seed).shuffle(lines)
        sections[i] = "\n".join([head, *lines])
    return "\n\n".join(sections)


def test_ngrams_come_in_any_order(path):
    """The order of the lines of a section does not matter for what a model says."""
    text = written(fitted(4), path)
    expected = scores(read_arpa(path))
    for seed in range(3):
        model = read_text(shuffled(text, seed), path)
        np.testing.assert_allclose(scores(model), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", " \n"),
        lambda text: text.replace("\t", " "),
        lambda text: text.replace("\t", " \t "),
        lambda text: text.replace("\n", "\n\n\t\n"),
        lambda text: "\n\n" + text + "\n \n",
        lambda text: text.rstrip(),
        lambda text: text.replace("\t0\n", "\n"),
        lambda text: text.replace("<unk>", "<UNK>"),
        lambda text: re.sub(r"(-?\d+)\.(\d)(\d{6})", r"\1\2.\3e-1", text),
        lambda text: text.replace("=", " = "),
        lambda text: re.sub(r"(-\S+)(\te[^\n]*)\n", r"\1\2\n\n", text),
    ],
)
def test_layouts(change, path):
    """However blanks, ends of lines and numbers are written, it is the same model."""
    text = written(fitted(3), path)
    expected = scores(read_arpa(path))
    assert change(text) != text
    model = read_text(change(text), path)
    np.testing.assert_allclose(scores(model), expected, rtol=1e-12)


def without(ngrams, chosen):
    """N-grams without some, and without all that begin with these."""
    return {
        gram: numbers
        for gram, numbers in ngrams.items()
        if not any(gram[:k] in chosen for k in range(1, len(gram) + 1))
    }


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 5), st.randoms(use_true_random=False), st.floats(0, 0.5))
def test_pruned_models(tmp_path, n, chance, share):
    """What was pruned or filtered away is backed off from, endings of others as well.

    Contexts may be left that keep a weight, and nothing that follows them.
    """
    path = tmp_path / "pruned.arpa"
    ngrams = _arpa.parse(written(fitted(n), path))
    chosen = {g for g in ngrams if len(g) > 1 and chance.random() < share}
    ngrams = without(ngrams, chosen)
    model = read_text(_arpa.write(ngrams), path)
    n = max(map(len, ngrams))
    theirs = [_arpa.score(ngrams, text) for text in HELD_OUT]
    np.testing.assert_allclose(scores(model), theirs, rtol=0, atol=1e-9)
    again = read_text(written(model, path), path)
    np.testing.assert_allclose(scores(again), theirs, rtol=0, atol=1e-5)


def test_the_highest_order_may_be_empty(path):
    """Without n-grams in the highest order, contexts still hand on what they do."""
    ngrams = _arpa.parse(written(fitted(3), path))
    ngrams = {gram: numbers for gram, numbers in ngrams.items() if len(gram) < 3}
    text = _arpa.write({**ngrams, ("a", "b", "c"): (0, 0)})
    text = text.replace("ngram 3=1", "ngram 3=0").replace("0\ta b c\n", "")
    model = read_text(text, path)
    backoff = ngrams["o", "gato"][1] + ngrams["gato", "dorme"][0]
    (p,) = model.next_word_proba(["o gato"])[:, model.word_index_.vocabulary_["dorme"]]
    assert p == pytest.approx(10**backoff)


def test_never(path):
    """A logarithm of −99 is a probability of 0, of an n-gram as of a weight."""
    text = BY_HAND.replace("-0.1\t<s> a b", "-99\t<s> a b").replace("-0.3\n", "-99\n")
    model = read_text(text, path)
    assert scores(model, ["a b", "b", "a"])[:2].tolist() == [-math.inf] * 2
    assert model.next_words(["b a b"], k=9) == model.next_words(["a b"], k=9)
    model.set_params(random_state=0)
    assert {text.split()[:2] == ["a", "b"] for text in model.sample(300)} == {False}
    with pytest.warns(UserWarning, match="has probability 0"):
        model.score_samples(["a b"])


def test_both_spellings_of_the_unknown_word(path):
    """Where ``<unk>`` and ``<UNK>`` are both there, their probabilities add up."""
    text = BY_HAND.replace("-1.0\t<unk>\n", "-1.2\t<unk>\n-1.5\t<UNK>\n")
    model = read_text(text.replace("1=5", "1=6"), path)
    # The start backs off with 10 ** -0.3; after the unknown word the end has 10 ** -0.7.
    expected = -0.3 + math.log10(10**-1.2 + 10**-1.5) - 0.7
    assert scores(model, ["x"])[0] == pytest.approx(expected)


def test_without_unknown_words(path):
    """A file without ``<unk>`` says that unknown words never come."""
    text = BY_HAND.replace("-1.0\t<unk>\n", "").replace("1=5", "1=4")
    model = read_text(text, path)
    assert scores(model, ["x", "a"])[0] == -math.inf
    assert np.isfinite(scores(model, ["a"])).all()


def test_its_words_may_be_parted_otherwise(path):
    """The tokenizer a model was made with reads its texts again, and is not changed."""
    index = WordIndexTransformer(lowercase=True)
    model = fitted(2, word_index=index, texts=["O Gato dorme"])
    write_arpa(model, path)
    again = read_arpa(path, word_index=index)
    assert not hasattr(index, "words_")
    np.testing.assert_allclose(
        again.score_samples(["o GATO"]), model.score_samples(["o GATO"]), atol=1e-6
    )


def test_kenlm_scores_the_same(tmp_path):
    """KenLM gives every text the score of the model that was written, or pruned."""
    path = tmp_path / "model.arpa"
    for n in range(2, 7):
        model = fitted(n)
        ngrams = _arpa.parse(written(model, path))
        theirs = of_kenlm(path, HELD_OUT[:-2])
        np.testing.assert_allclose(theirs, scores(model)[:-2], rtol=0, atol=1e-5)
        # KenLM has little room for what was pruned and is needed all the same.
        chosen = set([g for g in ngrams if len(g) > 1][5::10])
        model = read_text(_arpa.write(without(ngrams, chosen)), path)
        theirs = of_kenlm(path, HELD_OUT[:-2])
        np.testing.assert_allclose(theirs, scores(model)[:-2], rtol=0, atol=1e-5)
