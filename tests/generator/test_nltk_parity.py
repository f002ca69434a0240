"""The smoothings as `nltk.lm` computes them, and where the two differ by definition.

nltk pads each text with several ``<s>``; here it is fed exactly the n-grams that we
count. Its vocabulary is ours: the words, the end, and ``<UNK>``.
"""

import numpy as np
import pytest
from _reference import windows
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.lm import models as nltk_models
from nltk.lm.counter import NgramCounter
from nltk.lm.vocabulary import Vocabulary

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.smoothing import (
    AbsoluteDiscounting,
    Lidstone,
    MaximumLikelihood,
    StupidBackoff,
    WittenBell,
)

START, END, UNKNOWN = "<s>", "</s>", "<UNK>"

words = st.sampled_from("a b c d".split())
corpora = st.lists(st.lists(words, max_size=7), min_size=1, max_size=8).filter(any)
beginnings = st.lists(words, max_size=5)
orders = st.integers(1, 4)
few = settings(max_examples=60)


def fit_nltk(make, texts, n):
    """A model of nltk that counted our n-grams."""
    counter = NgramCounter()
    for k in range(1, n + 1):
        for text in texts:
            marked = [START, *text, END]
            counter.update([windows(marked[1:] if k == 1 else marked, k)])
    known = [word for text in texts for word in text] + [END]
    return make(n, vocabulary=Vocabulary(known), counter=counter)


def fit_ours(smoothing, texts, n):
    """Our model of texts, which are lists of words."""
    model = NGramTextGenerator(n=n, smoothing=smoothing)
    return model.fit([" ".join(text) for text in texts])


def ours_after(model, beginning):
    """Our probability of each word, of the end, and of what is unknown."""
    p = model.next_word_proba([" ".join(beginning)])[0]
    named = dict(zip(model.word_index_.words_[1:], p[1:].tolist(), strict=True))
    return named | {END: p[0], UNKNOWN: 1 - p.sum()}


def theirs_after(model, beginning, outcomes):
    """The probability that nltk's model gives to each outcome."""
    context = context_after(model, beginning)
    return {word: model.unmasked_score(word, context) for word in outcomes}


def context_after(model, beginning):
    """The last n − 1 words of a beginning."""
    marked = [START, *beginning]
    return tuple(marked[len(marked) - min(model.order - 1, len(marked)) :])


def was_seen(model, context):
    """Whether nltk counted anything after a context."""
    return not context or bool(model.counts[context])


def assert_same(ours, theirs):
    """Both give the same probability to each outcome."""
    assert theirs == pytest.approx(ours, rel=1e-9, abs=1e-12)


@few
@given(corpora, beginnings, orders)
def test_mle(texts, beginning, n):
    """After a context that was seen, MLE is nltk's.

    After one never seen nltk gives 0 to all words; ours goes on from the shorter one.
    """
    ours = fit_ours(MaximumLikelihood(), texts, n)
    nltk = fit_nltk(nltk_models.MLE, texts, n)
    if was_seen(nltk, context_after(nltk, beginning)):
        p = ours_after(ours, beginning)
        assert_same(p, theirs_after(nltk, beginning, p))


@few
@given(corpora, beginnings, orders, st.sampled_from([0.01, 0.5, 1, 3]))
def test_lidstone(texts, beginning, n, alpha):
    """After a context that was seen, Lidstone is nltk's, the unknown word included.

    V is the same for both. After a context never seen nltk gives 1/V to all words; ours
    goes on from the shorter one.
    """
    ours = fit_ours(Lidstone(alpha), texts, n)
    nltk = fit_nltk(lambda *a, **k: nltk_models.Lidstone(alpha, *a, **k), texts, n)
    assert len(nltk.vocab) == ours.n_words_ + 2
    if was_seen(nltk, context_after(nltk, beginning)):
        p = ours_after(ours, beginning)
        assert_same(p, theirs_after(nltk, beginning, p))


@few
@given(corpora, beginnings, orders)
def test_laplace(texts, beginning, n):
    """Laplace is Lidstone with alpha = 1, the default."""
    ours = fit_ours("lidstone", texts, n)
    nltk = fit_nltk(nltk_models.Laplace, texts, n)
    if was_seen(nltk, context_after(nltk, beginning)):
        p = ours_after(ours, beginning)
        assert_same(p, theirs_after(nltk, beginning, p))


def with_our_unigrams(nltk, smoothing, texts):
    """A model of nltk that ends its recursion in our unigrams."""
    unigrams = ours_after(fit_ours(smoothing, texts, 1), [])
    nltk.estimator.unigram_score = unigrams.__getitem__
    return nltk


@few
@given(corpora, beginnings, orders)
def test_witten_bell(texts, beginning, n):
    """All orders above the unigrams are nltk's.

    Its recursion ends in the relative frequencies of the words, which leave nothing for
    an unknown word; ours in unigrams that hand on to the uniform distribution.
    """
    ours = fit_ours(WittenBell(), texts, n)
    nltk = fit_nltk(nltk_models.WittenBellInterpolated, texts, n)
    p = ours_after(ours, beginning)
    nltk = with_our_unigrams(nltk, WittenBell(), texts)
    assert_same(p, theirs_after(nltk, beginning, p))


@few
@given(corpora, beginnings, orders, st.sampled_from([0, 0.1, 0.75, 1]))
def test_absolute_discounting(texts, beginning, n, discount):
    """All orders above the unigrams are nltk's.

    Its recursion ends in the relative frequencies of the words; ours discounts these
    too and hands on to the uniform distribution.
    """
    smoothing = AbsoluteDiscounting(discount)
    ours = fit_ours(smoothing, texts, n)

    def make(*args, **kwargs):
        return nltk_models.AbsoluteDiscountingInterpolated(
            *args, discount=discount, **kwargs
        )

    p = ours_after(ours, beginning)
    nltk = with_our_unigrams(fit_nltk(make, texts, n), smoothing, texts)
    assert_same(p, theirs_after(nltk, beginning, p))


@few
@given(corpora)
def test_where_the_recursions_end(texts):
    """The unigrams differ as documented: nltk's c / N, ours handing on to the uniform.

    Witten–Bell with T types among N tokens: (c + T / (V + 2)) / (N + T).
    """
    nltk = fit_nltk(nltk_models.WittenBellInterpolated, texts, 1)
    counts = nltk.counts.unigrams
    total, types = counts.N(), len(counts)
    ours = ours_after(fit_ours(WittenBell(), texts, 1), [])
    theirs = theirs_after(nltk, [], ours)
    for word in ours:
        assert theirs[word] == counts[word] / total
        expected = (counts[word] + types / len(nltk.vocab)) / (total + types)
        assert ours[word] == pytest.approx(expected, abs=1e-12)


def stupid_backoff(alpha):
    """What makes a stupid backoff of nltk with some alpha."""
    return lambda *args, **kwargs: nltk_models.StupidBackoff(alpha, *args, **kwargs)


@few
@given(corpora, beginnings, orders, st.sampled_from([0.1, 0.4, 1]))
def test_stupid_backoff(texts, beginning, n, alpha):
    """Scores of words that occur are nltk's, but for contexts that do not.

    nltk multiplies with alpha for a context that was never seen, too, where ours goes on
    from the shorter one at no cost: that is the same factor for every next word. A word
    that never occurs scores 0 there; here alpha times the uniform distribution.
    """
    ours = fit_ours(StupidBackoff(alpha), texts, n)
    nltk = fit_nltk(stupid_backoff(alpha), texts, n)
    context = context_after(nltk, beginning)
    p = ours_after(ours, beginning)
    theirs = theirs_after(nltk, beginning, p)
    assert theirs.pop(UNKNOWN) == 0
    del p[UNKNOWN]
    while not was_seen(nltk, context):
        context = context[1:]
        theirs = {word: score / alpha for word, score in theirs.items()}
    assert_same(p, theirs)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_scores_of_whole_texts(n):
    """With the same end of the recursion, whole texts score the same as well."""
    rng = np.random.default_rng(0)
    vocabulary = np.array(list("abcdefghij"))
    texts = [
        vocabulary[np.minimum(rng.zipf(1.4, size), 10) - 1].tolist()
        for size in rng.integers(0, 9, 200)
    ]
    train, test = texts[:150], texts[150:]
    ours = fit_ours(WittenBell(), train, n)
    nltk = fit_nltk(nltk_models.WittenBellInterpolated, train, n)
    nltk = with_our_unigrams(nltk, WittenBell(), train)
    expected = [
        sum(
            np.log(nltk.unmasked_score(word, context_after(nltk, text[:i])))
            for i, word in enumerate([*text, END])
        )
        for text in test
    ]
    scores = ours.score_samples([" ".join(text) for text in test])
    np.testing.assert_allclose(scores, expected, rtol=1e-9)
