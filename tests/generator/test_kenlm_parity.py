"""Modified Kneser–Ney as KenLM computes it, on a corpus that anyone can make.

Line i of *primes* is the prime factors of i in rising order, as 60 is ``2 2 3 5``: the
lines 2 to 20000 to learn from, 20001 to 25000 to score. The figures are those of KenLM:
``lmplz -o N`` for the n-grams and discounts, its query for the rest.
"""

import math
from typing import NamedTuple

import numpy as np
import pytest
from _primes import prime_factors

from sklearn_sslm import NGramTextGenerator


class Figures(NamedTuple):
    ngrams: list  # per order; <s> and <unk> count as unigrams
    discounts: list  # D1, D2, D3+ per order
    perplexity: float
    perplexity_without_unknown_words: float
    first_lines: list  # log10 of the first five test lines, their ends included


KENLM = {
    2: Figures(
        [2265, 9605],
        [[0.581972, 0.541149, 1.97873], [0.686232, 0.932061, 1.23482]],
        18.17693069483516,
        14.838872183156179,
        [-5.72091, -6.09818, -6.42543, -5.07782, -5.93414],
    ),
    3: Figures(
        [2265, 9605, 17542],
        [
            [0.581972, 0.541149, 1.97873],
            [0.630528, 0.817618, 2.00272],
            [0.751288, 0.840266, 1.08973],
        ],
        18.181955870661962,
        14.820613132844326,
        [-5.60648, -5.69554, -6.02213, -5.14476, -5.90812],
    ),
    4: Figures(
        [2265, 9605, 17542, 18877],
        [
            [0.581972, 0.541149, 1.97873],
            [0.630528, 0.817618, 2.00272],
            [0.663668, 1.14149, 2.17066],
            [0.79197, 0.802661, 1.08007],
        ],
        18.28632168561534,
        14.907671191560011,
        [-5.43997, -5.72448, -6.07599, -5.302, -5.9407],
    ),
    5: Figures(
        [2265, 9605, 17542, 18877, 14251],
        [
            [0.581972, 0.541149, 1.97873],
            [0.630528, 0.817618, 2.00272],
            [0.663668, 1.14149, 2.17066],
            [0.69053, 1.44886, 2.46808],
            [0.814238, 0.802958, 1.18832],
        ],
        18.352578714405347,
        14.96294633465171,
        [-5.4995, -5.784, -6.07599, -5.165, -5.9407],
    ),
    6: Figures(
        [2265, 9605, 17542, 18877, 14251, 8627],
        [
            [0.581972, 0.541149, 1.97873],
            [0.630528, 0.817618, 2.00272],
            [0.663668, 1.14149, 2.17066],
            [0.69053, 1.44886, 2.46808],
            [0.710192, 1.68716, 2.69356],
            [0.824357, 0.814236, 1.41505],
        ],
        18.414006340445763,
        15.01419668401974,
        [-5.4995, -5.784, -6.07599, -5.18438, -5.9407],
    ),
}


def lines(first, last):
    """The lines `first` to `last` of primes."""
    return [" ".join(map(str, prime_factors(i))) for i in range(first, last + 1)]


@pytest.fixture(scope="module")
def train():
    """What both models learned."""
    return lines(2, 20000)


@pytest.fixture(scope="module")
def held_out():
    """What both models scored."""
    return lines(20001, 25000)


@pytest.fixture(scope="module", params=sorted(KENLM))
def kenlm_and_ours(request, train):
    """KenLM's figures of one order, and our model of that order."""
    model = NGramTextGenerator(n=request.param, smoothing="kneser_ney").fit(train)
    return KENLM[request.param], model


def test_number_of_ngrams(kenlm_and_ours):
    """Each order has KenLM's n-grams; its unigrams are ours, ``<s>`` and ``<unk>``."""
    kenlm, model = kenlm_and_ours
    unigrams, *more = model.counts_.n_ngrams()
    assert [unigrams + 2, *more] == kenlm.ngrams


def test_discounts(kenlm_and_ours):
    """D1, D2 and D3+ of each order are KenLM's to 1e-5, of which it prints six digits."""
    kenlm, model = kenlm_and_ours
    np.testing.assert_allclose(model.discounts_, kenlm.discounts, rtol=0, atol=1e-5)


def test_perplexity(kenlm_and_ours, held_out):
    """The perplexity with unknown words and without is KenLM's to 1e-5 of it."""
    kenlm, model = kenlm_and_ours
    with_unknown = model.perplexity(held_out)
    without = model.perplexity(held_out, unknown="exclude")
    assert with_unknown == pytest.approx(kenlm.perplexity, rel=1e-5)
    assert without == pytest.approx(kenlm.perplexity_without_unknown_words, rel=1e-5)


def test_first_lines(kenlm_and_ours, held_out):
    """The first five test lines have KenLM's log10 probability to 1e-4."""
    kenlm, model = kenlm_and_ours
    ours = model.score_samples(held_out[:5]) / math.log(10)
    np.testing.assert_allclose(ours, kenlm.first_lines, rtol=0, atol=1e-4)


def test_the_corpus_is_the_one_that_kenlm_read(train, held_out):
    """It has 21 974 tokens to score, ends included, of which 500 are unknown words."""
    known = {word for line in train for word in line.split()}
    words = [word for line in held_out for word in line.split()]
    assert len(words) + len(held_out) == 21974
    assert sum(word not in known for word in words) == 500
    assert prime_factors(60) == [2, 2, 3, 5]
