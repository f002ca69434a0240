"""Learning, forgetting: at every moment the model equals one fitted from scratch."""

import copy
import pickle
import sys
import warnings
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest
from _counts import assert_same_counts
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.base import fitted_model
from sklearn_sslm.ngrams import NGramCounts, OnlineModel
from sklearn_sslm.ngrams.models import _updating
from sklearn_sslm.smoothing import SMOOTHINGS, KneserNey, Lidstone

WORDS = "a b c d e".split()
texts_of_words = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
batches = st.lists(texts_of_words, min_size=1, max_size=4)
PATHS = {"online": 0, "sorted": 10**9, "mixed": 1}
"""Values of `SMALL` with which all, none and some texts are learned without a sort."""


@contextmanager
def path(name):
    """Learn texts one by one, or sort them in at once."""
    before, _updating.REBUILD_RATIO = _updating.REBUILD_RATIO, PATHS[name]
    try:
        yield
    finally:
        _updating.REBUILD_RATIO = before


def generator(n, smoothing, min_count=1):
    """A model that replies with new words only."""
    model = NGramTextGenerator(n, smoothing=smoothing, min_count=min_count)
    return model.set_params(random_state=3, echo="none")


def split(samples, replies):
    """Samples as the arguments of `fit`: texts, or messages and their replies."""
    if replies:
        return [text for text, _ in samples], [reply for _, reply in samples]
    return ([text for text, _ in samples],)


PROBES = ["a b c", "c c a", "", "e", "d e d e d e d", "b b b b", "z a", "a a a a a"]


def assert_equal_models(model, fresh, *, same_ids, replies=False):
    """Equal fitted state, scores and, where words have the same order, replies."""
    assert model.n_texts_seen_ == fresh.n_texts_seen_
    assert model.n_tokens_seen_ == fresh.n_tokens_seen_
    assert model.n_words_ == fresh.n_words_
    assert model.word_index_.n_words_ == fresh.n_words_
    assert set(model.word_index_.vocabulary_) == set(fresh.word_index_.vocabulary_)
    if hasattr(fresh, "discounts_"):
        np.testing.assert_array_equal(model.discounts_, fresh.discounts_)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some texts are impossible to mle
        np.testing.assert_allclose(
            model.score_samples(PROBES), fresh.score_samples(PROBES), rtol=1e-12
        )
    if same_ids:
        assert model.word_index_.words_ == fresh.word_index_.words_
        for message in PROBES[:5]:
            assert model.predict([message]) == fresh.predict([message])
        assert model.predict(PROBES).tolist() == fresh.predict(PROBES).tolist()
        assert model.sample(3).tolist() == fresh.sample(3).tolist()
        np.testing.assert_allclose(
            model.next_word_proba(PROBES), fresh.next_word_proba(PROBES), rtol=1e-12
        )


class LearnAndForget(RuleBasedStateMachine):
    """Learns and forgets; `samples` says what it should know."""

    @initialize(
        n=st.integers(1, 5),
        smoothing=st.sampled_from(sorted(SMOOTHINGS)),
        min_count=st.sampled_from([1, 1, 2, [1, 2, 3]]),
        replies=st.booleans(),
        path=st.sampled_from(sorted(PATHS)),
    )
    def begin(self, n, smoothing, min_count, replies, path):
        if SMOOTHINGS[smoothing]().lower_order != "interpolate":
            min_count = 1  # only these can leave n-grams out
        self.rules = n, smoothing, min_count
        self.replies, self.path = replies, path
        self.samples = [("b a b b a a b", "a b")]
        self.in_order = True
        self.model = generator(*self.rules).fit(*split(self.samples, replies))

    @rule(texts=batches, replies=batches)
    def learn(self, texts, replies):
        samples = list(zip(texts, replies, strict=False))
        with path(self.path):
            self.model.partial_fit(*split(samples, self.replies))
        self.samples += samples

    @rule(size=st.integers(1, 3))
    def forget_the_last(self, size):
        size = min(size, len(self.samples) - 1)
        if size:
            samples, self.samples = self.samples[-size:], self.samples[:-size]
            with path(self.path):
                self.model.partial_forget(*split(samples, self.replies))

    @precondition(lambda self: len(self.samples) > 2)
    @rule(data=st.data())
    def forget_any(self, data):
        sample = data.draw(st.sampled_from(self.samples))
        self.samples.remove(sample)
        self.in_order = False
        with path(self.path):
            self.model.partial_forget(*split([sample], self.replies))

    @rule()
    def compare(self):
        fresh = self.fresh()
        if fresh is not None:
            with path(self.path):
                assert_equal_models(self.model, fresh, same_ids=self.in_order)

    def fresh(self):
        """A model fitted on what is known; None where no word is left to fit on."""
        parts = split(self.samples, self.replies)
        if any(text for part in parts for text in part):
            return generator(*self.rules).fit(*parts)
        return None

    @rule()
    def sort(self):
        assert self.model.counts_.n_texts == len(self.samples)

    def teardown(self):
        if hasattr(self, "model"):
            self.compare()
            fresh = self.fresh()
            if self.in_order and fresh is not None:
                assert_same_counts(self.model.counts_, fresh.counts_)


TestLearnAndForget = LearnAndForget.TestCase
TestLearnAndForget.settings = settings(
    max_examples=25, stateful_step_count=8, deadline=None
)


LEARNED = ["a b c", "b c d", "a b", "c a b d e"]


def fitted():
    """A small model."""
    return generator(3, "kneser_ney").fit(["b a b b a a b", *LEARNED])


@pytest.mark.slow
@pytest.mark.parametrize("way", ["online", "sorted"])
@pytest.mark.parametrize(
    ("method", "exception"),
    [("partial_fit", KeyboardInterrupt), ("partial_forget", MemoryError)],
)
def test_whoever_is_interrupted_is_as_before_or_as_after(method, exception, way):
    """An exception at any line leaves a model as it was, or as it would have been."""
    texts = ["f a b"] if method == "partial_fit" else ["c a b d e"]
    before, after = fitted(), fitted()
    with path(way):
        for model in (before, after):  # what an earlier call has left behind counts too
            model.partial_fit(["d d"])
        getattr(after, method)(texts)
        states = [state_of(before), state_of(after)]
        seen, line = set(), 0
        while True:
            line += 1
            model = fitted().partial_fit(["d d"])
            call = partial(getattr(model, method), texts)
            if not interrupted(call, exception, line):
                break
            state = state_of(model)
            assert state in states, f"at line {line}"
            seen.add(states.index(state))
            if states.index(state) == 0:  # and it can go on
                getattr(model, method)(texts)
                assert state_of(model) == states[1]
    assert line > 100
    assert 0 in seen


def state_of(model):
    """What can be seen of a model, and told apart."""
    return (
        model.n_texts_seen_,
        model.n_tokens_seen_,
        model.n_words_,
        tuple(model.word_index_.words_),
        model.word_index_.n_words_,
        model.discounts_.tobytes(),
        model.score_samples(PROBES).tobytes(),
        tuple(model.predict(PROBES)),
    )


def interrupted(call, exception, line):
    """Whether a call was interrupted at the line-th line of the package it comes to."""
    package = sys.modules["sklearn_sslm"].__path__[0]
    left = line

    def trace(frame, event, arg):
        nonlocal left
        if not frame.f_code.co_filename.startswith(package):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                raise exception
        return trace

    sys.settrace(trace)
    try:
        call()
    except exception:
        return True
    finally:
        sys.settrace(None)
    return False


@pytest.mark.parametrize("way", PATHS)
def test_forgetting_what_was_never_learned_names_the_first_such_text(way):
    """The first text that was never learned is named, and nothing is forgotten."""
    model = fitted()
    before = state_of(model)
    for texts, named in [
        (["a b c", "c b a", "b c d", "a a"], "text 1, 'c b a'"),
        (["a b c", "a b c", "a b c"], "text 1, 'a b c'"),  # learned once only
        (["a b", "unheard of"], "text 1, 'unheard of'"),
        (["", "a b"], "text 0, ''"),
    ]:
        with path(way), pytest.raises(ValueError, match=named):
            model.partial_forget(texts)
        assert state_of(model) == before


@pytest.mark.parametrize("way", PATHS)
def test_forgotten_words_leave_no_trace(way):
    """A word that no longer occurs is gone; all others keep their ids."""
    model = fitted().partial_fit(["x a y", "z"])
    ids = model.word_index_.vocabulary_
    with path(way):
        model.partial_forget(["x a y"])
    assert model.n_words_ == 6
    assert model.word_index_.vocabulary_ == {
        word: number for word, number in ids.items() if word not in "xy"
    }
    assert model.word_index_.words_ == ["", "b", "a", "c", "d", "e", "", "", "z"]
    assert model.next_word_proba(["a"])[0, [6, 7]].tolist() == [0, 0]
    assert model.predict(["x"]) == model.fallback_response
    with path(way):
        model.partial_fit(["y new newer"])
    numbers = map(model.word_index_.vocabulary_.get, ["y", "new", "newer"])
    assert list(numbers) == [6, 7, 9]  # ids that are free again come first


def test_no_more_is_learned_than_can_be_counted(monkeypatch):
    """A fit, learning on or a merge with too many words is an error, and changes nothing."""
    monkeypatch.setattr(NGramCounts, "most", 9)
    model = NGramTextGenerator().fit(["a b", "b c d"])  # 7 words and ends
    for call in (
        lambda: model.partial_fit(["a b"]),
        lambda: model.merge(NGramTextGenerator().fit(["a b"])),
        lambda: model.fit(["a b c", "a b c d e"]),
    ):
        with pytest.raises(ValueError, match=r"at most 9 words .* Got 10 in all"):
            call()
        assert model.n_tokens_seen_ == 7
    model.partial_fit(["a"])
    assert model.n_tokens_seen_ == 9


def test_the_highest_ids_are_free_again():
    """Whoever forgets the last words learned is ready to learn others in their place."""
    model = fitted().partial_fit(["x y"]).partial_forget(["x y"]).partial_fit(["z"])
    assert model.word_index_.words_ == fitted().partial_fit(["z"]).word_index_.words_


@pytest.mark.parametrize("way", PATHS)
def test_whoever_forgets_everything_is_not_fitted(way):
    """Without any text there is no model, as before the first one."""
    model = fitted()
    with path(way):
        model.partial_forget([*LEARNED, "b a b b a a b"])
    with pytest.raises(NotFittedError):
        model.predict(["a"])
    model.partial_fit(LEARNED)
    assert state_of(model) == state_of(generator(3, "kneser_ney").fit(LEARNED))


@pytest.mark.parametrize("way", PATHS)
def test_empty_texts_are_left_when_every_word_is_forgotten(way):
    """They are kept in mind, saved, and part of what is learned later."""
    model = fitted().partial_fit(["", ""])
    with path(way):
        model.partial_forget([*LEARNED, "b a b b a a b"])
    assert (model.n_texts_seen_, model.n_words_) == (2, 0)
    assert model.sample(2).tolist() == ["", ""]
    for each in (model, pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        fresh = generator(3, "kneser_ney").fit(["", "", "a b"])
        assert_equal_models(each.partial_fit(["a b"]), fresh, same_ids=True)


@pytest.mark.parametrize("way", PATHS)
@pytest.mark.parametrize("rows", [[[1, 5, 0], [2, 1, 4]], [[7, 7, 7]]])
def test_integer_rows_are_forgotten_too(way, rows):
    """Rows without words are forgotten as they were learned, ends that were cut too."""
    first = [[1, 2, 3, 0], [2, 1, 2, 2], [5, 1, 1, 1]]
    model = NGramTextGenerator(n=3, smoothing="witten_bell").fit(first)
    fresh = copy.deepcopy(model)
    with path(way):
        model.partial_fit(rows)
        model.partial_forget(rows)
    assert model.n_words_ == fresh.n_words_
    np.testing.assert_array_equal(
        model.next_word_proba(first), fresh.next_word_proba(first)
    )
    assert_same_counts(model.counts_, fresh.counts_)


def test_rows_that_carry_words_are_forgotten_as_texts_are():
    """Rows of a WordIndexTransformer mean its words."""
    index = WordIndexTransformer().fit(["a b c d"])
    model = NGramTextGenerator(n=2).fit(index.transform(["a b c", "a d"]))
    model.partial_forget(index.transform(["a d"]))
    assert model.word_index_.vocabulary_ == {"a": 1, "b": 2, "c": 3}
    with pytest.raises(ValueError, match="row 0"):
        model.partial_forget(index.transform(["a d"]))


def test_replies_are_forgotten_with_their_messages():
    """A message with a reply it never had was never learned."""
    model = generator(3, "mle").fit(["a b", "c"], ["d", "e f"])
    with pytest.raises(ValueError, match="text 0, 'a b'"):
        model.partial_forget(["a b"], ["e f"])
    with pytest.raises(ValueError, match="without 'y'"):
        model.partial_forget(["a b"])
    assert model.partial_forget(["c"], ["e f"]).predict(["a b"]) == ["d"]
    assert model.n_words_ == 3


def test_a_smoothing_chosen_later_smooths_what_was_learned_before():
    """Learning on takes the smoothing's parameters as they are now."""
    for before, after in [
        ("mle", "kneser_ney"),
        (Lidstone(0.5), Lidstone(0.25)),
        (KneserNey(), KneserNey(discounts=[0.4, 0.5, 0.6])),
    ]:
        model = generator(3, before).fit(LEARNED).set_params(smoothing=after)
        with path("online"):
            model.partial_fit(["a b d"])
        fresh = generator(3, after).fit([*LEARNED, "a b d"])
        np.testing.assert_array_equal(
            model.score_samples(LEARNED), fresh.score_samples(LEARNED)
        )


def test_few_texts_are_learned_without_a_sort_and_much_use_makes_one():
    """A long text is sorted in; after a short one, reading makes it worth while."""
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abcdefghij"), 12)) for _ in range(400)]
    model = generator(4, "kneser_ney").fit(texts)
    assert not isinstance(fitted_model(model).language_model, OnlineModel)
    model.partial_fit(["a b c"])
    assert isinstance(fitted_model(model).language_model, OnlineModel)
    model.predict(["a b"])
    assert isinstance(fitted_model(model).language_model, OnlineModel)
    model.predict(texts[:1])
    assert isinstance(fitted_model(model).language_model, OnlineModel)
    for _ in range(3):  # a word used counts a fraction of one learned
        model.score_samples(texts[:20])
    assert isinstance(fitted_model(model).language_model, OnlineModel)
    for _ in range(10):
        model.score_samples(texts)  # from tables, which need no sorting
    assert isinstance(fitted_model(model).language_model, OnlineModel)
    for _ in range(10):
        model.predict(texts)
    assert not isinstance(fitted_model(model).language_model, OnlineModel)
    model.partial_fit(["a b c"]).partial_fit(texts)
    assert not isinstance(fitted_model(model).language_model, OnlineModel)


@given(batches, batches, st.integers(1, 5), st.sampled_from(sorted(SMOOTHINGS)))
@settings(max_examples=12, deadline=None)
def test_copies_share_nothing_that_changes(texts, more, n, smoothing):
    """A copy, deep or not, stays as it is when the model it came from learns on."""
    with path("online"):
        model = generator(n, smoothing).fit([*LEARNED, *texts]).partial_fit(["a c e"])
        fresh = generator(n, smoothing).fit([*LEARNED, *texts, "a c e"])
        for make in (copy.copy, copy.deepcopy):
            other = make(model)
            model.partial_fit(more)
            assert_equal_models(other, fresh, same_ids=True)
            model.partial_forget(more)
        assert_equal_models(model, fresh, same_ids=True)


def test_forgetting_takes_the_smoothing_as_it_is_now():
    """What is left is what `fit` makes of it by the parameters that are set."""
    model = generator(2, "mle").fit(["a b", "a c", "z"])
    model.set_params(smoothing="witten_bell").partial_forget(["z"])
    fresh = generator(2, "witten_bell").fit(["a b", "a c"])
    assert model.score_samples(["a b"]) == fresh.score_samples(["a b"])


def test_a_text_of_an_iterator_is_named_too():
    """What cannot be forgotten is told of whatever held it."""
    model = fitted()
    with pytest.raises(ValueError, match="Got text 1, 'zz qq'; nothing was forgotten"):
        model.partial_forget(text for text in [LEARNED[0], "zz qq"])


@pytest.mark.parametrize("way", ["online", "sorted"])
def test_the_first_text_that_was_never_learned_is_named(way):
    """Also where more texts are to be forgotten than were ever learned."""
    model = generator(2, "mle").fit(["a b c"])
    with path(way):
        with pytest.raises(ValueError, match="Got text 0, 'x y'"):
            model.partial_forget(["x y", "a"])
        with pytest.raises(ValueError, match="Got text 1, 'a b c'"):
            model.partial_forget(["a b c", "a b c"])
    assert model.partial_fit(["a b c"]).n_texts_seen_ == 2


def test_a_copy_that_learns_changes_nothing_that_another_reads():
    """Threads may ask a model while a copy of it learns."""
    with path("online"):
        model = fitted().partial_fit(["a c e"])
        levels = fitted_model(model).language_model.levels
        before = model.next_word_proba(["a"]).tolist()
        copy.copy(model).partial_fit(["a c c"]).partial_forget(["a c e"])
        assert fitted_model(model).language_model.levels is levels
        assert model.next_word_proba(["a"]).tolist() == before


rows_cut_off = st.lists(st.integers(0, 2), min_size=3, max_size=3).filter(any)


@pytest.mark.parametrize("way", ["online", "sorted"])
@settings(max_examples=60, deadline=None)
@given(st.lists(rows_cut_off, min_size=1, max_size=5), rows_cut_off, st.integers(1, 4))
def test_what_is_forgotten_of_rows_leaves_a_model_of_others(way, learned, row, n):
    """Rows whose ends are not known, too: a model never has words after no context."""
    learned = [*learned, [1, 2, 2], [1, 2, 2]]  # something is left
    model = generator(n, "kneser_ney").fit(np.array(learned))
    before = model.counts_
    with path(way):
        try:
            model.partial_forget(np.array([row]))
        except ValueError:
            assert row not in learned
            assert_same_counts(model.counts_, before)
        else:
            pickle.loads(pickle.dumps(model))  # which refuses what is no trie
            assert_same_counts(model.partial_fit(np.array([row])).counts_, before)


@pytest.mark.parametrize("way", ["online", "sorted"])
def test_a_row_that_was_learned_with_its_end_is_not_forgotten_without(way):
    """Else the end would be left, without the word before it."""
    rows = np.array([[1, 2, 0], [3, 0, 0], [1, 2, 4]])
    model = generator(2, "mle").fit(rows)
    with path(way):
        with pytest.raises(ValueError, match="Got row 0; nothing was forgotten"):
            model.partial_forget([[3]])
        with pytest.raises(ValueError, match="Got row 1; nothing was forgotten"):
            model.partial_forget([[1, 2, 4], [1, 2, 4]])
        assert model.partial_forget(rows[1:]).n_texts_seen_ == 1
