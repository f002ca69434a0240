"""Tests of `sklearn_sslm.arpa._sums`: probabilities that add up to more than 1."""

import re
import warnings

import _arpa
import numpy as np
import pytest
from _arpa_files import fitted, read_text, scores, written
from _arpa_files_by_hand import BIGRAMS, OF_LETTERS, variants

from sklearn_sslm.arpa import read_arpa


def warned(text, path):
    """The warnings of reading a file."""
    path.write_text(text, encoding="utf-8")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read_arpa(path)
    return [str(warning.message) for warning in caught]


def test_sums_of_1_are_silent(path):
    """A file whose probabilities add up to at most 1 is read without a word."""
    assert warned(BIGRAMS, path) == []
    for n in (1, 2, 4):
        for smoothing in ("kneser_ney", "witten_bell", "mle"):
            assert warned(written(fitted(n, smoothing), path), path) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "total"),
    [
        # 0.1 + 10 ** -0.7 + 10 ** -0.4 + 10 ** -0.45 = 1.0525
        ("-0.6\tb", "-0.45\tb", 8, 1.0525),
        # 10 ** -0.02 + 10 ** -1 = 1.0550
        ("-0.4\ta b", "-0.02\ta b\n-1.0\ta a", 15, 1.0550),
    ],
)
def test_sums_a_little_over_1(old, new, line, total, path):
    """They are one warning with the largest sum and the line, and the file is read."""
    text = BIGRAMS.replace(old, new)
    if "a a" in new:
        text = text.replace("2=3", "2=4").replace("-0.4\n-0.6", "-99\n-0.6")
    (told,) = warned(text, path)
    assert told.startswith(f"{path}, line {line}: the probabilities of all words after")
    assert f"add up to {total:.4g}, more than 1." in told
    model = read_text(text, path)
    ngrams = _arpa.parse(text)
    np.testing.assert_allclose(
        scores(model, OF_LETTERS),
        [_arpa.score(ngrams, each) for each in OF_LETTERS],
        atol=1e-9,
    )


def test_the_largest_of_several_sums_is_told(path):
    """One warning is for all contexts, and names the one with the largest sum."""
    text = BIGRAMS.replace("-0.4\ta b", "-0.02\ta b\n-1.0\ta a")
    text = text.replace("-0.5\tb a", "-0.02\tb a\n-0.7\tb b").replace("2=3", "2=5")
    text = text.replace("-0.4\n", "-99\n")
    (told,) = warned(text, path)
    # 10 ** -0.02 + 10 ** -0.7 = 1.1545
    assert f"{path}, line 16: " in told
    assert "add up to 1.155, more than 1, the most of 2 such contexts" in told


@pytest.mark.parametrize("weight", [0.0, 0.3, 10.0])
@pytest.mark.parametrize(("context", "line"), [("<s>", 7), ("a", 9)])
def test_sums_through_backoff_weights(context, line, weight, path):
    """A context whose backoff weight is too large is told by its own line."""
    text = re.sub(rf"(\t{context})\t-0.4", rf"\1\t{weight}", BIGRAMS)
    (told,) = warned(text, path)
    p = {"<s>": (10**-0.3, 10**-0.4), "a": (10**-0.4, 10**-0.6)}[context]
    # All words but the one that was stored: 0.1 + 10 ** -0.7 + 10 ** -0.4 + 10 ** -0.6.
    total = p[0] + 10**weight * (0.9488 - p[1])
    assert told.startswith(f"{path}, line {line}: after this context")
    found = float(re.search(r"add up to (\S+) through its backoff weight", told)[1])
    assert found == pytest.approx(total, rel=1e-3)


def test_contexts_that_are_not_to_blame(path):
    """Of a context and longer ones that only pass on its weight, it alone is told."""
    text = BIGRAMS.replace("\ta\t-0.4", "\ta\t10").replace(
        "ngram 2=3", "ngram 2=3\nngram 3=1"
    )
    text = text.replace("\n\\end", "\\3-grams:\n-0.3\tb a b\n\n\\end")
    (told,) = warned(text, path)
    assert told.startswith(f"{path}, line 10: after this context")
    assert "such contexts" not in told


def test_contexts_that_nothing_follows(path):
    """A weight that is too large is told where nothing follows its context, too."""
    text = BIGRAMS.replace("-0.5\tb a\n", "").replace("2=3", "2=2")
    text = text.replace("\tb\t-0.4", "\tb\t1")
    (told,) = warned(text, path)
    assert told.startswith(f"{path}, line 10: after this context")
    assert "add up to 9.488 through" in told


@pytest.mark.parametrize("weight", [0.3, 10])
def test_models_with_sums_over_1_work(weight, tmp_path):
    """They score and draw by their numbers, and are saved and written as others are."""
    path = tmp_path / "model.arpa"
    text = BIGRAMS.replace("\ta\t-0.4", f"\ta\t{weight}").replace("\tb\t-0.4", "\tb\t1")
    text = text.replace("-0.5\tb a\n", "").replace("2=3", "2=2")
    text = text.replace("-0.4\ta b", "-0.02\ta b\n-1\ta a").replace("2=2", "2=3")
    ngrams = _arpa.parse(text)
    theirs = [_arpa.score(ngrams, each) for each in OF_LETTERS]
    for model in variants(read_text(text, path), tmp_path):
        np.testing.assert_allclose(
            scores(model, OF_LETTERS), theirs, rtol=1e-6, atol=1e-6
        )
        model.set_params(random_state=1, max_length=2)
        p = model.next_word_proba(["a"])[0]
        drawn = model.sample(3000, starts_with="a").tolist()
        for word, proba in zip(("a", "a a", "a b"), p / p.sum(), strict=True):
            assert drawn.count(word) == pytest.approx(3000 * proba, abs=120)


@pytest.mark.parametrize("weight", [-0.5, 0.3, 1])
def test_draws_after_a_sum_over_1(weight, path):
    """Words come by their probabilities, divided by what these add up to."""
    # 10 ** -0.02 + 10 ** -0.7 = 1.154 after "a"; "b" ends with the weight alone.
    text = BIGRAMS.replace("-0.4\ta b", "-0.02\ta b\n-0.7\ta a").replace(
        "\ta\t-0.4", f"\ta\t{weight}"
    )
    text = text.replace("-0.5\tb a\n", "").replace("\tb\t-0.4", f"\tb\t{weight}")
    model = read_text(text, path).set_params(random_state=1, max_length=1, echo="none")
    for context in ("a", "b"):
        p = model.next_word_proba([context])[0]
        drawn = model.predict([context] * 4000).tolist()
        for word, proba in zip(("", "a", "b"), p / p.sum(), strict=True):
            assert drawn.count(word) == pytest.approx(4000 * proba, abs=110)
