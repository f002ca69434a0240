"""Tests of `sklearn_sslm.smoothing`, through the estimator that uses it."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from _jelinek_mercer import JelinekMercer
from _reference import MODELS
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, KFold

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import as_smoothing
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.smoothing import (
    SMOOTHINGS,
    AbsoluteDiscounting,
    KneserNey,
    Lidstone,
    MaximumLikelihood,
    StupidBackoff,
    WittenBell,
)

FIELDS = "total", "types", "ones", "twos", "discounts", "n_events"
NAMES = sorted(SMOOTHINGS)
SMOOTH = sorted(set(NAMES) - {"mle"})  # gives every text a probability


def fit(smoothing, n=2, texts=("a b", "a c")):
    """A model of few texts."""
    return NGramTextGenerator(n=n, smoothing=smoothing).fit(list(texts))


# Worked out for the texts "a b" and "a c" with n=2. There are 6 words and ends: a and
# the end twice, b and c once; 2 "^ a", 1 each of "a b", "a c", "b $", "c $". The
# outcomes are a, b, c, the end and one unknown word, so the uniform share is 1/5.
# Given are p(a | ^), p(b | a), p($ | b), p(unknown | a), and p($ | unknown), which is
# that of the unigrams.
BY_HAND = {
    # Relative frequencies.
    "mle": (1, 1 / 2, 1, 0, 2 / 6),
    # (2 + 1) / (2 + 5), (1 + 1) / (2 + 5), (1 + 1) / (1 + 5), (0 + 1) / (2 + 5),
    # (2 + 1) / (6 + 5)
    "lidstone": (3 / 7, 2 / 7, 2 / 6, 1 / 7, 3 / 11),
    # Unigrams, 4 types of 6: p(a) = p($) = (2 + 4/5) / 10 = 0.28, p(b) = 0.18, unknown
    # 0.08. Then (2 + 1 · 0.28) / 3, (1 + 2 · 0.18) / 4, (1 + 0.28) / 2, 2 · 0.08 / 4.
    "witten_bell": (0.76, 0.34, 0.64, 0.04, 0.28),
    # Discounts: of unigrams 2 / (2 + 2 · 2) = 1/3, of bigrams 4 / (4 + 2 · 1) = 2/3.
    # Unigrams hand on (1/3 · 4) / 6 · 1/5 = 2/45, which is what an unknown word has:
    # p(a) = p($) = (2 − 1/3) / 6 + 2/45 = 29/90, p(b) = (1 − 1/3) / 6 + 2/45 = 7/45.
    # Then (2 − 2/3) / 2 + 1/3 · 29/90, (1 − 2/3) / 2 + 2/3 · 7/45,
    # (1 − 2/3) / 1 + 2/3 · 29/90, and 2/3 · 2/45.
    "absolute_discounting": (209 / 270, 73 / 270, 74 / 135, 4 / 135, 29 / 90),
    # Left neighbours: one each of a, b and c, two of the end, 5 in all. Discounts 0.5
    # off 1, 1 off 2: taken are 3 · 0.5 + 1 = 2.5 of 5, so 0.5 · 1/5 = 0.1 is handed to
    # each: p(a) = p(b) = 0.5/5 + 0.1 = 0.2, p($) = 1/5 + 0.1 = 0.3, unknown 0.1. Then
    # (2 − 1) / 2 + 1/2 · 0.2, (1 − 0.5) / 2 + 1/2 · 0.2, 0.5 + 0.5 · 0.3, 1/2 · 0.1.
    "kneser_ney": (0.6, 0.35, 0.65, 0.05, 0.3),
    # Relative frequencies; 0.4 · 0.4 · 1/5 for what no order has seen.
    "stupid_backoff": (1, 1 / 2, 1, 0.032, 2 / 6),
}


@pytest.mark.parametrize("name", NAMES)
def test_two_short_texts_by_hand(name):
    """The probabilities of "a b" are those worked out above, step by step."""
    model = fit(name)
    a, b, end, unknown, _ = BY_HAND[name]
    after_start, after_a, after_b = model.next_word_proba(["", "a", "a b"])
    assert after_start[1] == pytest.approx(a)
    assert after_a[2] == pytest.approx(b)
    assert after_b[0] == pytest.approx(end)
    assert model.score_samples(["a b"])[0] == pytest.approx(np.log(a * b * end))
    if name != "stupid_backoff":
        assert 1 - after_a.sum() == pytest.approx(unknown)


@pytest.mark.parametrize("name", SMOOTH)
def test_an_unknown_word_by_hand(name):
    """In "a z" the unknown z has the share worked out above, and the end a unigram's."""
    model = fit(name)
    a, _, _, unknown, end = BY_HAND[name]
    score = model.score_samples(["a z"])[0]
    assert score == pytest.approx(np.log(a * unknown * end))


# --- parameters ---------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_for_the_object_with_its_defaults(name):
    """``smoothing="x"`` and ``smoothing=X()`` are the same model."""
    by_name, by_object = fit(name), fit(SMOOTHINGS[name]())
    assert type(by_name.smoothing_) is SMOOTHINGS[name]
    texts = ["a b", "b", "a"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # for MLE some are impossible
        scores = by_name.score_samples(texts), by_object.score_samples(texts)
    np.testing.assert_array_equal(*scores)


def test_parameters_are_reached_through_the_estimator():
    """``smoothing__alpha`` is a parameter of the model, for `get_params` and `set_params`."""
    model = NGramTextGenerator(smoothing=Lidstone(alpha=0.5))
    assert model.get_params()["smoothing__alpha"] == 0.5
    model.set_params(smoothing__alpha=2.0).fit(["a b", "a c"])
    # (1 + 2) / (2 + 2 · 5)
    assert model.next_word_proba(["a"])[0, 2] == pytest.approx(3 / 12)


def test_as_much_as_may_be_added_makes_words_equally_likely():
    """Of the highest `alpha` nothing overflows: each of 5 outcomes has a fifth."""
    model = fit(Lidstone(alpha=1e100))
    np.testing.assert_allclose(model.next_word_proba(["a", "b"]), 0.2)


def test_the_object_given_stays_as_it_was():
    """The model works with a copy, so what is set later waits for the next ``fit``."""
    smoothing = Lidstone(alpha=1.0)
    model = fit(smoothing)
    assert model.smoothing_ is not smoothing
    smoothing.alpha = 5.0
    assert model.next_word_proba(["a"])[0, 2] == pytest.approx(2 / 7)
    model.fit(["a b", "a c"])
    # (1 + 5) / (2 + 5 · 5)
    assert model.next_word_proba(["a"])[0, 2] == pytest.approx(6 / 27)


@pytest.mark.parametrize(
    "smoothing",
    [
        MaximumLikelihood(),
        Lidstone(0.2),
        WittenBell(),
        AbsoluteDiscounting(0.3),
        KneserNey([0.5, 1, 1.5]),
        KneserNey(strength=0.1),
        StupidBackoff(0.3),
        JelinekMercer(0.1),
    ],
    ids=lambda smoothing: type(smoothing).__name__,
)
def test_clones_have_the_same_parameters(smoothing):
    """A clone of the model clones its smoothing."""
    model = clone(NGramTextGenerator(smoothing=smoothing))
    assert model.smoothing is not smoothing
    assert type(model.smoothing) is type(smoothing)
    assert model.smoothing.get_params() == smoothing.get_params()


@pytest.mark.parametrize(
    ("smoothing", "parameter"),
    [
        (Lidstone(alpha=0), "alpha"),
        (Lidstone(alpha=-1), "alpha"),
        (Lidstone(alpha="much"), "alpha"),
        (Lidstone(alpha=np.nan), "alpha"),
        (Lidstone(alpha=1e101), "alpha"),
        (Lidstone(alpha=1e308), "alpha"),
        (Lidstone(alpha=np.inf), "alpha"),
        (Lidstone(alpha=10**101), "alpha"),
        (AbsoluteDiscounting(discount=-0.1), "discount"),
        (AbsoluteDiscounting(discount=1.1), "discount"),
        (AbsoluteDiscounting(discount=[0.5]), "discount"),
        (StupidBackoff(alpha=0), "alpha"),
        (StupidBackoff(alpha=1.1), "alpha"),
        (StupidBackoff(alpha=None), "alpha"),
        (KneserNey(discounts=0.5), "discounts"),
        (KneserNey(discounts=[0.5, 1]), "discounts"),
        (KneserNey(discounts=[0.5, 1, 1, 1]), "discounts"),
        (KneserNey(discounts=[1.1, 1, 1]), "discounts"),
        (KneserNey(discounts=[0.5, -1, 1]), "discounts"),
        (KneserNey(discounts=[0.5, 1, np.nan]), "discounts"),
        (KneserNey(discounts=[[0.5, 1, 1.5]]), "discounts"),
        (KneserNey(strength=-0.1), "strength"),
        (KneserNey(strength=np.nan), "strength"),
        (KneserNey(strength=np.inf), "strength"),
        (KneserNey(strength="much"), "strength"),
    ],
    ids=str,
)
def test_parameters_out_of_range_are_named(smoothing, parameter):
    """``fit`` refuses them with the smoothing's and the parameter's name."""
    owner = type(smoothing).__name__
    message = f"The '{parameter}' parameter of {owner} must be .* Got "
    model = NGramTextGenerator(smoothing=smoothing)
    with pytest.raises(ValueError, match=message):
        model.fit(["a b", "a c"])
    with pytest.raises(NotFittedError):
        model.predict(["a"])


@pytest.mark.parametrize("smoothing", ["kneser-ney", "", 3, None])
def test_what_is_no_smoothing_is_refused(smoothing):
    """An unknown name, or what is neither name nor smoothing, is an error that says so."""
    message = "The 'smoothing' parameter of NGramTextGenerator must be"
    with pytest.raises(ValueError, match=message):
        fit(smoothing)


# --- discounts ----------------------------------------------------------------------


def test_discounts_given_for_all_orders():
    """KneserNey takes three discounts for every order alike."""
    model = fit(KneserNey([0.1, 0.2, 0.3]), n=3)
    np.testing.assert_array_equal(model.discounts_, [[0.1, 0.2, 0.3]] * 3)


def test_discounts_given_for_each_order():
    """Or a row for each order, from the unigrams up; more rows than orders are legal."""
    rows = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]
    np.testing.assert_array_equal(fit(KneserNey(rows)).discounts_, rows[:2])
    np.testing.assert_array_equal(fit(KneserNey(rows), n=3).discounts_, rows)


def test_discounts_given_by_hand():
    """The discounts given are those used: D1 off both followers of "a"."""
    model = fit(KneserNey([[0, 0, 0], [0.2, 0, 0]]))
    # Unigrams, left neighbours undiscounted: p(b) = 1/5. After a: (1 − 0.2)/2 + 0.2 · p.
    assert model.next_word_proba(["a"])[0, 2] == pytest.approx(0.4 + 0.2 / 5)


def test_strength_by_hand():
    """With V events, strength · V more words followed, drawn from the shorter context."""
    model = fit(KneserNey([0.5, 1, 1], strength=0.2), texts=["a b", "a c", "a c"])
    # V = 5, so 1 more word. Left neighbours: one each of a, b and c, two of the end. Of
    # these 5, 3 · 0.5 + 1 are taken, so (2.5 + 1) / 6 · 1/5 = 7/60 is handed to each:
    # p(a) = p(b) = p(c) = 0.5 / 6 + 7/60 = 1/5, p($) = 1 / 6 + 7/60 = 17/60.
    # After a came b once and c twice: (0.5 + 1 + 1) / 4 = 5/8 is handed on.
    # p($) = 5/8 · 17/60, p(a) = 5/8 · 1/5, p(b) = 0.5/4 + 1/8, p(c) = (2 − 1)/4 + 1/8.
    expected = [17 / 96, 1 / 8, 1 / 4, 3 / 8]
    np.testing.assert_allclose(model.next_word_proba(["a"])[0], expected)


@given(
    st.lists(st.text("abc ", min_size=1, max_size=8), min_size=1, max_size=8),
    st.sampled_from([0.0, 0.01, 0.7, 1e100]),
    st.integers(1, 3),
)
def test_strength_by_the_book(texts, strength, n):
    """It is the mean of p(w | h) without it and p(w | h'), by c(h) and strength · V."""
    texts = [*texts, "a"]

    class Strong(MODELS["kneser_ney"]):
        def rule(self, count, followers, lower, order):
            total, added = sum(followers.values()), strength * self.n_events
            p = super().rule(count, followers, lower, order)
            return (total * p + added * lower) / (total + added)

    model = fit(KneserNey(strength=strength), n, texts)
    ids = model.word_index_.vocabulary_
    coded = [(0, *(ids[word] for word in text.split()), 0) for text in texts]
    reference = Strong(coded, n, len(ids))
    expected = [np.log(reference.ps(text)).sum() for text in coded]
    np.testing.assert_allclose(model.score_samples(texts), expected, rtol=1e-9)
    halves = fit(KneserNey(strength=strength), n, [*texts[:1], "a"])
    learned = halves.partial_fit(texts[1:-1]) if texts[1:-1] else halves
    np.testing.assert_allclose(learned.score_samples(texts), expected, rtol=1e-9)


def test_without_strength_nothing_changes():
    """A smoothing saved before there was a strength has none."""
    older = KneserNey()
    del older.strength
    assert older.strength == 0
    np.testing.assert_array_equal(
        fit(older).score_samples(["a c"]), fit("kneser_ney").score_samples(["a c"])
    )


def test_absolute_discount_given():
    """One number is the discount of all counts and orders."""
    model = fit(AbsoluteDiscounting(0.25), n=3)
    np.testing.assert_array_equal(model.discounts_, np.full((3, 3), 0.25))


@pytest.mark.parametrize(
    "name", sorted(set(NAMES) - {"kneser_ney", "absolute_discounting"})
)
def test_other_smoothings_have_no_discounts(name):
    """``discounts_`` is an attribute only where something is discounted."""
    model = fit(name)
    assert not hasattr(model, "discounts_")
    owner = type(model.smoothing_).__name__
    with pytest.raises(AttributeError, match=f"{owner} takes no discounts"):
        _ = model.discounts_


def test_estimated_discounts_by_hand():
    """With enough counts of 1 to 4 the discounts follow equation 26."""
    # n=1: 6 words once, 3 twice, 2 three times, 1 four times, and 1 end.
    words = "a b c d e f g g h h i i j j j k k k l l l l".split()
    model = fit("kneser_ney", n=1, texts=[" ".join(words)])
    # The end is a seventh that was seen once. Y = 7 / (7 + 2 · 3) = 7/13.
    # D1 = 1 − 2 Y · 3/7 = 7/13, D2 = 2 − 3 Y · 2/3 = 12/13, D3 = 3 − 4 Y · 1/2 = 25/13.
    np.testing.assert_allclose(model.discounts_, [[7 / 13, 12 / 13, 25 / 13]])


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize(
    "texts",
    [load_greetings().data[:1], ["Olá!"], ["a b", "a c"], ["a"] * 10],
    ids=["one sentence", "one word", "two texts", "one word often"],
)
def test_kneser_ney_on_next_to_nothing(texts, n):
    """Tiny corpora get the fall-back discounts, finite scores, and no warnings."""
    model = fit("kneser_ney", n=n, texts=texts)
    assert model.discounts_.tolist() == [[0.5, 1, 1.5]] * len(model.discounts_)
    asked = [*texts, "", "zebra", "zebra zebra a", texts[0] + " " + texts[0]]
    assert np.isfinite(model.score_samples(asked)).all()
    assert np.isfinite(model.perplexity(asked))
    assert model.next_word_proba(asked).min() > 0


def test_kneser_ney_on_the_greetings():
    """Orders that the ten greetings are too few for fall back, all the others do not."""
    texts = load_greetings().data
    model = fit("kneser_ney", n=5, texts=texts)
    # Of the words, 30 have one left neighbour, 8 have two, 3 have three, none has four:
    # Y = 30/46, D1 = 1 − 2 Y · 8/30 = 15/23, D2 = 2 − 3 Y · 3/8 = 233/184, D3 = 3 − 0.
    np.testing.assert_allclose(model.discounts_[0], [15 / 23, 233 / 184, 3])
    # Of the trigrams, 63 come once, 1 twice, 1 three times: D2 = 2 − 3 · 63/65 < 0. Of
    # longer ones, none comes three times.
    assert model.discounts_[2:].tolist() == [[0.5, 1, 1.5]] * 3
    assert np.isfinite(model.score_samples([*texts, "zebra", ""])).all()
    total = model.next_word_proba(["Olá!", "você", "zebra", ""]).sum(axis=1)
    assert np.all(total < 1)  # the unknown word has the rest


# --- MLE ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda model, texts: model.score_samples(texts),
        lambda model, texts: model.score(texts),
        lambda model, texts: model.perplexity(texts),
    ],
    ids=["score_samples", "score", "perplexity"],
)
def test_impossible_texts_are_one_warning(ask):
    """Without smoothing, unseen words make −inf and one warning that names the cure."""
    model = fit("mle")
    with pytest.warns(UserWarning, match="smoothing='kneser_ney'") as warned:
        answer = ask(model, ["zebra", "b a", "a b", "c c c"])
    assert len(warned) == 1
    assert warned[0].filename == __file__
    assert np.isinf(np.min(answer)) or np.isinf(np.max(answer))


def test_possible_texts_are_no_warning():
    """What was learned can be scored without smoothing."""
    assert np.isfinite(fit("mle").score_samples(["a b", "a c"])).all()


def test_only_impossible_texts_are_impossible():
    """The −inf of one text does not reach the others."""
    with pytest.warns(UserWarning, match="probability 0"):
        scores = fit("mle").score_samples(["a b", "zebra", "a c"])
    np.testing.assert_allclose(scores, [np.log(0.5), -np.inf, np.log(0.5)])


# --- model selection ----------------------------------------------------------------


def primes(first, last):
    """Lines of prime factors: ``60 -> "2 2 3 5"``."""
    lines = []
    for number in range(first, last + 1):
        factors, divisor = [], 2
        while number > 1:
            while number % divisor == 0:
                factors.append(str(divisor))
                number //= divisor
            divisor += 1
        lines.append(" ".join(factors))
    return lines


def test_grid_search_over_n_and_smoothing():
    """``GridSearchCV`` ranks orders and smoothings by the score that each really has."""
    texts = np.array(primes(2, 600))
    grid = {"n": [1, 2, 3], "smoothing": ["kneser_ney", WittenBell(), "lidstone"]}
    cv = KFold(3, shuffle=True, random_state=0)
    search = GridSearchCV(NGramTextGenerator(), grid, cv=cv).fit(texts)
    ranked = search.cv_results_
    for parameters, score in zip(
        ranked["params"], ranked["mean_test_score"], strict=True
    ):
        by_hand = [
            NGramTextGenerator(**parameters).fit(texts[train]).score(texts[test])
            for train, test in cv.split(texts)
        ]
        assert score == pytest.approx(np.mean(by_hand), rel=1e-12)
    assert search.best_score_ == ranked["mean_test_score"].max()
    assert search.best_params_["n"] > 1  # factors rise, so what came before tells much
    assert np.isfinite(search.score(["2 2 3", "5 7"]))


def test_grid_search_over_a_parameter_of_the_smoothing():
    """The parameters of the smoothing can be searched for, too."""
    texts = primes(2, 300)
    grid = {"smoothing__alpha": [0.01, 1.0, 100.0]}
    model = NGramTextGenerator(smoothing=Lidstone())
    search = GridSearchCV(model, grid, cv=3).fit(texts)
    assert search.best_params_ == {"smoothing__alpha": 0.01}
    assert search.best_estimator_.smoothing_.alpha == 0.01


@pytest.mark.parametrize("name", NAMES)
def test_as_smoothing_knows_every_name(name):
    """Each name gives a new object of its class."""
    assert isinstance(as_smoothing(name), SMOOTHINGS[name])
    assert as_smoothing(name) is not as_smoothing(name)


def test_a_discount_of_0_is_kept():
    """As lmplz keeps it; only what is below 0 or above its count is no discount.

    Counts: a, b and c once, d twice, f three times, e twice, the end five times, so that
    n1 = 3, n2 = 2, n3 = 1, n4 = 0. Y = 3/7, D1 = 1 − 2 · 3/7 · 2/3 = 3/7,
    D2 = 2 − 3 · 3/7 · 1/2 = 19/14, D3 = 3 − 0 = 3.
    """
    texts = ["a f", "b f", "c f", "d e", "e d"]
    model = fit("kneser_ney", n=1, texts=texts)
    np.testing.assert_allclose(model.discounts_, [[3 / 7, 19 / 14, 3]])
    # a, b, c and d once, e twice, f three times: n1 = 4, n2 = 1, n3 = 1, n4 = 0, so that
    # Y = 2/3, D1 = 1 − 2 · 2/3 · 1/4 = 2/3, D2 = 2 − 3 · 2/3 · 1/1 = 0, D3 = 3.
    model = fit("kneser_ney", n=1, texts=["a f", "b f", "c f", "d e", "e"])
    np.testing.assert_allclose(model.discounts_, [[2 / 3, 0, 3]], atol=1e-12)
    # 14 tokens: a keeps 1/3; what is discounted, 4 · 2/3 + 0 + 2 · 3, is shared by 8.
    p = (1 / 3 + (8 / 3 + 6) / 8) / 14
    assert np.log10(p) == pytest.approx(-0.99486, abs=1e-5)  # what lmplz says
    assert model.next_word_proba([""])[0][1] == pytest.approx(p)


def test_absolute_discounting_where_nothing_occurs_twice():
    """With n2 = 0 the estimate is n1 / n1 = 1: all of each count is discounted."""
    # Each of a, b, c and the end is a unigram that occurs once, so is each 2-gram.
    model = fit("absolute_discounting", texts=["a b c"])
    assert model.discounts_.tolist() == [[1, 1, 1], [1, 1, 1]]
    # What is left is the uniform distribution over a, b, c, the end, an unknown word.
    np.testing.assert_allclose(model.next_word_proba(["a"]), [[0.2] * 4])


@pytest.mark.parametrize("smoothing", [*SMOOTHINGS, KneserNey(strength=0.3)], ids=str)
def test_numbers_give_what_arrays_give(smoothing):
    """Each smoothing answers of single numbers with the bits of its arrays."""
    smoothing = as_smoothing(smoothing)
    assert smoothing.takes_numbers
    discounts = smoothing.estimate_discounts(2, np.array([0, 40, 20, 9, 3]))
    given = np.array([[7, 3, 1, 1], [1, 1, 1, 0], [123, 45, 20, 9], [5, 1, 0, 0]])
    for count in range(6):
        columns = [*given.T, discounts, 99]
        of_all = SimpleNamespace(**dict(zip(FIELDS, columns, strict=True)))
        p = smoothing.discounted(np.full(len(given), count), of_all)
        weight = smoothing.backoff_weight(of_all)
        for j, row in enumerate(given.tolist()):
            of_one = SimpleNamespace(
                **dict(zip(FIELDS, [*row, discounts, 99], strict=True))
            )
            assert smoothing.discounted(count, of_one) == p[j]
            assert smoothing.backoff_weight(of_one) == weight[j]
