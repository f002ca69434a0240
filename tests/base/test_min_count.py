"""``min_count``: n-grams that were seen too rarely are left out of the model."""

import pickle
from collections import Counter
from itertools import product

import numpy as np
import pytest
from _models import assert_same_model, state_of
from _primes import prime_factors
from _reference import MODELS, count_ngrams, marked
from _slow import rest_slow
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.base import truncated
from sklearn_sslm.ngrams.models import _updating

INTERPOLATED = ["witten_bell", "absolute_discounting", "kneser_ney"]

word_lists = st.lists(st.sampled_from("abc"), max_size=6)
corpora = st.lists(word_lists, min_size=1, max_size=12).filter(any)
thresholds = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(sorted)


class Pruned:
    """A model by recursion, without what was seen too rarely.

    a(h, w) is what its rule keeps beside a shorter context that knows nothing, and b(h)
    what it hands on to one that is certain of a word never seen.
    """

    def __init__(self, reference, texts, min_count):
        self.reference = reference
        self.true = count_ngrams(texts, reference.n)
        self.min_count = min_count

    def is_left_out(self, gram):
        least = self.min_count[min(len(gram), len(self.min_count)) - 1]
        return gram != (0,) and self.true[len(gram) - 1][gram] < least

    def p(self, word, context):
        begin = max(0, len(context) - self.reference.n + 1)
        return self._p(word, tuple(context[begin:]))

    def _p(self, word, context):
        lower = 1 / self.reference.n_events
        if context:
            lower = self._p(word, context[1:])
        followers = self.reference.followers[len(context)].get(context)
        if not followers:
            return lower
        order = len(context) + 1

        def discounted(w):
            return self.reference.rule(followers.get(w, 0), followers, 0, order)

        backoff_weight = self.reference.rule(0, followers, 1, order)
        backoff_weight += sum(
            discounted(w) for w in followers if self.is_left_out((*context, w))
        )
        own = 0 if self.is_left_out((*context, word)) else discounted(word)
        return own + backoff_weight * lower


def join(texts):
    """Texts of lists of words: ``[["a", "b"]] -> ["a b"]``."""
    return [" ".join(words) for words in texts]


def fit(texts, n=3, smoothing="kneser_ney", min_count=2, **parameters):
    """A model of few texts, given as lists of words."""
    model = NGramTextGenerator(n, smoothing=smoothing, min_count=min_count)
    return model.set_params(**parameters).fit(join(texts))


def pruned(model, texts, min_count):
    """The same by recursion."""
    ids = model.word_index_.vocabulary_
    texts = marked([[ids[word] for word in words] for words in texts])
    name = model.smoothing
    return Pruned(MODELS[name](texts, model.n, model.n_words_), texts, min_count)


@pytest.mark.parametrize("name", INTERPOLATED)
@given(corpora, word_lists, thresholds, st.integers(1, 4))
def test_probabilities_are_those_of_the_definition(name, texts, words, min_count, n):
    """Next words have the probabilities of the recursion, and these sum to 1."""
    model = fit(texts, n, name, min_count)
    words = [word for word in words if word in model.word_index_.vocabulary_]
    reference = pruned(model, texts, min_count)
    context = (0, *(model.word_index_.vocabulary_[word] for word in words))
    expected = [reference.p(word, context) for word in range(model.n_words_ + 1)]
    found = model.next_word_proba([" ".join(words)])[0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert sum(expected) + reference.p(-1, context) == pytest.approx(1)


@given(corpora, corpora, thresholds)
def test_scores_are_those_of_the_definition(texts, test, min_count):
    """``score_samples`` is the log probability by recursion, unknown words and all."""
    model = fit(texts, min_count=min_count)
    reference = pruned(model, texts, min_count)
    expected = []
    for words in test:
        ids = [model.word_index_.vocabulary_.get(word, -1) for word in words]
        (text,) = marked([ids])
        ps = [reference.p(text[i], text[:i]) for i in range(1, len(text))]
        expected.append(np.log(ps).sum())
    np.testing.assert_allclose(model.score_samples(join(test)), expected, rtol=1e-9)


def test_by_hand():
    """Of "a b" twice and "a c" once, c goes where Witten and Bell's b(h) goes.

    After a: b 2, c 1, so a(b) = 2/5, a(c) = 1/5, b = 2/5. Unigrams: a 3, b 2, c 1, the
    end 3: p(b) = 2/13 + 4/13 · 1/5. With [1, 2]: p(b | a) = 2/5 + (2/5 + 1/5) p(b).
    """
    texts = [["a", "b"], ["a", "b"], ["a", "c"]]
    model = fit(texts, 2, "witten_bell", [1, 2])
    p_b, p_c = 2 / 13 + 4 / 13 / 5, 1 / 13 + 4 / 13 / 5
    found = model.next_word_proba(["a"])[0][2:]
    np.testing.assert_allclose(found, [2 / 5 + 3 / 5 * p_b, 3 / 5 * p_c])


def test_what_is_left_out_does_not_speak():
    """``explain`` tells of the n-gram that is left, and of what was handed on to it.

    As worked out above: c gets 3/5 of what it has without a context. That a text ends
    after c was seen once, too.
    """
    model = fit([["a", "b"], ["a", "b"], ["a", "c"]], 2, "witten_bell", [1, 2])
    told = model.explain("a c")
    assert told["order"].tolist() == [2, 1, 1]
    np.testing.assert_allclose(told["weight"][1], 3 / 5)
    np.testing.assert_allclose(told["probability"][1], 3 / 5 * (1 / 13 + 4 / 13 / 5))
    np.testing.assert_allclose(
        np.log(told["probability"]).sum(), model.score_samples(["a c"])[0]
    )


@pytest.mark.parametrize(
    "min_count", rest_slow([[1, 1, 2], [1, 2, 3], [2, 2, 5]], [[1, 2, 3]])
)
def test_a_longer_corpus_by_the_definition(min_count):
    """Of 600 numbers, each as its prime factors, scores are those of the recursion."""
    texts = [list(map(str, prime_factors(number))) for number in range(2, 602)]
    model = fit(texts, 3, "kneser_ney", min_count)
    reference = pruned(model, texts, min_count)
    ids = model.word_index_.vocabulary_
    test = [list(map(str, prime_factors(number))) for number in range(602, 702)]
    marked_test = marked([[ids.get(word, -1) for word in words] for words in test])
    expected = [
        np.log([reference.p(text[i], text[:i]) for i in range(1, len(text))]).sum()
        for text in marked_test
    ]
    np.testing.assert_allclose(model.score_samples(join(test)), expected, rtol=1e-12)


@given(corpora, corpora, thresholds)
def test_learning_on_is_exact(texts, more, min_count):
    """All n-grams are counted, so that those left out come back when seen again."""
    model = fit(texts, min_count=min_count).partial_fit(join(more))
    together = fit(texts + more, min_count=min_count)
    assert_same_model(model, together)
    np.testing.assert_array_equal(model.discounts_, together.discounts_)
    test = join(texts + more)
    again = pickle.loads(pickle.dumps(model))
    for one in (model, again):
        np.testing.assert_array_equal(
            one.score_samples(test), together.score_samples(test)
        )


@pytest.mark.slow
@given(corpora, corpora, thresholds)
def test_forgetting_is_exact(texts, more, min_count):
    """What is forgotten may leave other n-grams too rare."""
    model = fit(texts + more, min_count=min_count).partial_forget(join(more))
    alone = fit(texts, min_count=min_count)
    np.testing.assert_array_equal(model.discounts_, alone.discounts_)
    test = join(texts)
    np.testing.assert_array_equal(model.score_samples(test), alone.score_samples(test))


@pytest.mark.slow
@given(corpora, corpora, thresholds)
def test_merging_is_exact(texts, more, min_count):
    """What is rare in each of two models may not be rare in both."""
    model = fit(texts, min_count=min_count).merge(fit(more, min_count=9))
    together = fit(texts + more, min_count=min_count)
    assert_same_model(model, together)
    test = join(texts + more)
    np.testing.assert_array_equal(
        model.score_samples(test), together.score_samples(test)
    )


def test_other_numbers_hold_from_the_next_texts_on():
    """After ``set_params`` learning on makes the model of the new numbers."""
    texts, more = [list("abcab"), list("bac")], [list("cab")]
    model = fit(texts, min_count=1).set_params(min_count=[1, 2])
    model.partial_fit(join(more))
    expected = fit(texts + more, min_count=[1, 2]).score(join(texts))
    assert model.score(join(texts)) == expected


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_smaller_order_keeps_its_numbers(n):
    """The part of a model up to a smaller n is the model of that n."""
    texts = [list("abcab"), list("bac"), list("cab"), list("ab")]
    part, whole = truncated(fit(texts, 3, min_count=[1, 2, 3]), n), fit(texts, n)
    whole = whole.set_params(min_count=[1, 2, 3]).fit(join(texts))
    assert part.score(join(texts)) == whole.score(join(texts))


def test_few_texts_are_learned_and_forgotten_exactly(monkeypatch):
    """So is a text that another model would learn without sorting its n-grams."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", 0)
    texts, more = [list("abcab"), list("bac")], [list("cab")]
    model = fit(texts).partial_fit(join(more))
    test = join([*texts, *more])
    expected = fit(texts + more).score_samples(test)
    np.testing.assert_array_equal(model.score_samples(test), expected)
    model.partial_forget(join(more))
    expected = fit(texts).score_samples(test)
    np.testing.assert_array_equal(model.score_samples(test), expected)


def test_totals_and_discounts_are_those_of_all_ngrams():
    """What is left out changes neither the counts nor the discounts."""
    texts = [list("abcab"), list("bac"), list("cab")]
    model, whole = fit(texts, min_count=3), fit(texts, min_count=1)
    assert_same_model(model, whole)
    np.testing.assert_array_equal(model.discounts_, whole.discounts_)
    assert model.score(join(texts)) < whole.score(join(texts))


def test_one_leaves_nothing_out():
    """``min_count=1`` is the model as ever, given once or for each order."""
    texts = [list("abcab"), list("bac")]
    scores = [fit(texts, min_count=m).score(join(texts)) for m in (1, [1], [1, 1, 1])]
    assert scores[0] == scores[1] == scores[2]


FEW = [list("ab"), list("ab"), list("ac"), list("b"), list("a")]


@pytest.mark.parametrize(("n_drawn", "n_messages"), [(2500, 1), (10_000, 10_000)])
def test_words_are_drawn_with_their_probability(n_drawn, n_messages):
    """Side by side or one by one, words are drawn as often as the definition says.

    An unknown word is drawn anew. After a, c is left out and b is not.
    """
    model = fit(FEW, min_count=[1, 2], random_state=np.random.default_rng(0))
    model.set_params(max_length=1, echo="none")
    drawn = [
        reply
        for _ in range(0, n_drawn, n_messages)
        for reply in model.predict(["a"] * n_messages)
    ]
    p = model.next_word_proba(["a"])[0]
    found = [drawn.count(word) for word in model.word_index_.words_]
    assert sum(found) == n_drawn
    assert stats.chisquare(found, n_drawn * p / p.sum()).pvalue > 1e-4


def test_conditions_know_what_is_left_out():
    """Texts under conditions are drawn by their probability in the same model."""
    model = fit(FEW, min_count=[1, 2], random_state=0)
    drawn = Counter(model.sample(10_000, starts_with="a", max_length=2, min_length=2))
    texts = sorted(drawn)
    p = np.exp(model.score_samples(texts))
    assert texts == ["a a", "a b", "a c"]
    found = [drawn[text] for text in texts]
    assert stats.chisquare(found, 10_000 * p / p.sum()).pvalue > 1e-4


def test_conditions_on_texts_of_any_length_know_it_too():
    """Of texts that have to say c, any two come as often as their probabilities say."""
    texts = [list("abcab"), list("bac"), list("cab"), list("ab"), list("ab")]
    model = fit(texts, min_count=[1, 2], random_state=0)
    drawn = Counter(model.sample(10_000, contains="c"))
    short = [" ".join(words) for k in (1, 2, 3) for words in product("abc", repeat=k)]
    short = [text for text in short if "c" in text]
    found = np.array([drawn[text] for text in short])
    p = np.exp(model.score_samples(short))
    often = found.sum() * p / p.sum() > 5
    assert often.sum() > 20
    found, p = found[often], p[often]
    assert stats.chisquare(found, found.sum() * p / p.sum()).pvalue > 1e-4


@pytest.mark.parametrize("min_count", [[1, 1, 2], [2, 2, 2]])
def test_files_hold_what_is_left(tmp_path, min_count):
    """An ARPA file has no line for what is left out but words, and says the same."""
    texts = [list("abcab"), list("bac"), list("cabd"), list("ab")]
    model = fit(texts, min_count=min_count)
    path = tmp_path / "model.arpa"
    write_arpa(model, path)
    true = count_ngrams(marked(texts), 3)
    kept = [
        sum(count >= least or k == 0 for count in true[k].values())
        for k, least in enumerate(min_count)
    ]
    kept[0] += 2  # <s> and <unk>
    sections = path.read_text().split("-grams:\n")[1:]
    assert [len(part.split("\n\n")[0].splitlines()) for part in sections] == kept
    for k, size in enumerate(kept, start=1):
        assert f"ngram {k}={size}\n" in path.read_text()
    again = read_arpa(path)
    test = join([*texts, list("dab"), list("ccc")])
    np.testing.assert_allclose(
        again.score_samples(test), model.score_samples(test), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("min_count", "smoothing", "told"),
    [
        (0, "kneser_ney", "'min_count' parameter of NGramTextGenerator must be"),
        ([], "kneser_ney", r"must be an int in the range .* Got \[\]"),
        ([2, 1], "kneser_ney", r"none smaller than the one before it. Got \[2, 1\]"),
        ([1, 1.5], "kneser_ney", r"Got \[1, 1.5\]"),
        (2, "mle", "must be 1 with MaximumLikelihood, which does not interpolate"),
        (2, "stupid_backoff", "must be 1 with StupidBackoff"),
        (2, "lidstone", "must be 1 with Lidstone"),
    ],
)
def test_what_makes_no_sense_is_refused(min_count, smoothing, told):
    """Numbers that fall, and smoothings without shorter contexts, are refused."""
    model = fit([["a"]])
    model.set_params(min_count=min_count, smoothing=smoothing)
    before = state_of(model)
    with pytest.raises(ValueError, match=told):
        model.fit(["a b"])
    assert state_of(model) == before
