"""Tests of `sklearn_sslm.generator._session`: conversations that are remembered."""

import pickle
import re
import threading
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.generator import _session, _session_state, first_words_in_session
from sklearn_sslm.memory import RecentWords
from sklearn_sslm.smoothing import SMOOTHINGS

LEARNED = ["a b c", "a c", "b a", "c b b a", "a b"]
SHORT = RecentWords(half_life=(7, 2))
words = st.sampled_from(["a", "b", "c", "x", "y"])
texts = st.lists(st.lists(words, max_size=7).map(" ".join), min_size=1, max_size=12)


def generator(smoothing="kneser_ney", n=3, memory=SHORT, **parameters):
    """A fitted generator."""
    model = NGramTextGenerator(n, smoothing=smoothing, memory=memory, **parameters)
    return model.fit(LEARNED)


model_by = cache(generator)
"""A generator of a smoothing and an order that no test changes."""


@pytest.mark.filterwarnings("ignore:A text has probability 0")
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@given(texts, st.integers(1, 4))
@settings(max_examples=8)
def test_a_session_hears_what_a_batch_reads(smoothing, asked, n):
    """Text after text, a session gives the scores of all texts read in order."""
    model = model_by(smoothing, n)
    expected = model.score_samples(asked)
    session, found = model.session(), []
    np.testing.assert_allclose(session.score_samples(asked), expected, rtol=1e-10)
    for text in asked:
        found.append(session.score_samples([text])[0])
        session.observe(text)
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    assert session.n_tokens_ == sum(len(text.split()) + 1 for text in asked)


@given(texts, texts, st.sampled_from(sorted(SMOOTHINGS)), st.integers(1, 3))
@settings(max_examples=30)
@pytest.mark.filterwarnings("ignore:A text has probability 0")
def test_next_words_are_those_of_longer_texts(heard, asked, smoothing, k):
    """A next word has the quotient of the probabilities of texts with and without it."""
    session = model_by(smoothing).session().observe(heard)
    model = session._state.fitted.language_model
    proba = session.next_word_proba(asked)
    assert proba.shape == (len(asked), len(session.words_))
    for text, p, likeliest in zip(
        asked, proba, session.next_words(asked, k=k), strict=True
    ):
        with session._state.trial():
            stream, _ = session._state.read_texts([text + " a b"])
            scores, _ = session._state.observe(stream.ids[1:-1].tolist())
        n = len(text.split())
        assert p[session.words_.index("a")] == pytest.approx(scores[n], rel=1e-9)
        known = dict(zip(session.words_, p.tolist(), strict=True))
        new = set(text.split()) - known.keys()  # they have no column
        for word, q in likeliest:
            assert word in new or known[word] == pytest.approx(q, rel=1e-9)
        if not new:
            best = np.sort(p)[::-1][:k]
            best = best[best > 0]
            np.testing.assert_allclose([q for _, q in likeliest], best, rtol=1e-9)
        if model.smoothing.lower_order != "backoff":
            assert 0 < p.sum() < 1 + 1e-12


@given(
    texts,
    st.lists(words.filter("abc".count), max_size=5).map(" ".join),
    st.sampled_from(sorted(set(SMOOTHINGS) - {"mle", "stupid_backoff"})),
)
def test_distributions_sum_to_1(heard, text, smoothing):
    """Known words, the end, words heard and one more unknown word are all there is."""
    session = model_by(smoothing).session().observe(heard)
    p = session.next_word_proba([text])[0]
    with session._state.trial():
        stream, _ = session._state.read_texts([text + " never"])
        scores, _ = session._state.observe(stream.ids[1:-1].tolist())
    assert p.sum() + scores[-1] == pytest.approx(1, abs=1e-12)


@pytest.mark.slow
def test_large_models_have_the_same_likeliest_words():
    """The likeliest words are found without looking at all others."""
    rng = np.random.default_rng(0)
    corpus = [" ".join(f"w{j}" for j in rng.zipf(1.3, 8) % 900) for _ in range(1500)]
    model = NGramTextGenerator(3, smoothing="kneser_ney").fit(corpus[:1000])
    session = model.session().observe(corpus[1000:1400])
    asked = [text.rsplit(" ", 5)[0] for text in corpus[1400:]]
    likeliest = session.next_words(asked, k=10)
    for p, found in zip(session.next_word_proba(asked), likeliest, strict=True):
        order = np.argsort(-p, kind="stable")[:10]
        assert [word for word, _ in found] == [session.words_[j] for j in order]
        np.testing.assert_allclose([q for _, q in found], p[order], rtol=1e-9)


def test_a_new_word_that_the_model_makes_likely_is_suggested():
    """Where unknown words are likelier than known ones, so is a new word, heard but once."""
    known = [f"w{j}" for j in range(20)]
    index = WordIndexTransformer(vocabulary=known)
    model = NGramTextGenerator(1, smoothing="lidstone", memory=SHORT, word_index=index)
    session = model.fit(["new " * 400]).session().observe(["other w0 w0"])
    ((best, p),) = session.next_words(["w1"], k=1)[0]
    assert best == "other"
    assert p == session.next_word_proba(["w1"])[0].max()


def test_asking_leaves_no_trace():
    """Scores and next words, also of unknown words, do not change a session."""
    session = generator().session().observe(["a b x", "x y"])
    before = pickle.dumps(session)
    session.score_samples(["a z", "z b"])
    session.next_words(["z", "a"])
    session.next_word_proba(["q"])
    assert len(session._state.new_words) == 2  # x and y
    twin = pickle.loads(before)
    for asked in (session, twin):
        asked.observe("z b a")
    assert session.words_ == twin.words_ == ["", "a", "b", "c", "x", "y", "z"]
    assert session.next_words(["z"]) == twin.next_words(["z"])


def test_pairs_are_observed_at_once_as_one_by_one(monkeypatch):
    """Words of messages are not predicted, however many texts are observed together."""
    pairs = NGramTextGenerator(2, smoothing="witten_bell", memory=SHORT)
    pairs.fit(["a b", "c"], ["b a", "c c"])
    # So many tokens that probabilities to escape are learned from them.
    messages, replies = ["a x b", "b b x", "x"] * 30, ["c x", "a", "x b"] * 30
    at_once, one_by_one = pairs.session(), pairs.session()
    for pair in zip(messages, replies, strict=True):
        one_by_one.observe(*pair)
    monkeypatch.setattr(_session_state, "_MAX_ONE_BY_ONE", 0)
    at_once.observe(messages, replies)
    expected = one_by_one.next_word_proba(["a", "x"])
    np.testing.assert_allclose(
        at_once.next_word_proba(["a", "x"]), expected, rtol=1e-10
    )


def test_bad_input_is_not_heard():
    """What is no text is an error, and nothing of it is heard."""
    session = generator().session().observe("a x")
    for wrong in (3, ["a", 3], [["a"]], None):
        for method in (session.observe, session.score_samples, session.next_words):
            with pytest.raises((TypeError, ValueError)):
                method(wrong)
    with pytest.raises(ValueError, match="same length"):
        session.observe(["a", "b"], ["c"])
    with pytest.raises(ValueError, match=re.escape("'k' parameter of Session.next_w")):
        session.next_words(["a"], k=0)
    assert session.n_tokens_ == 3


def test_a_session_needs_a_fitted_model():
    """A generator that has learned nothing has no session."""
    with pytest.raises(ValueError, match="not fitted"):
        NGramTextGenerator().session()


def test_a_generator_without_a_memory_has_sessions():
    """They remember as with "recent"."""
    session = generator(memory=None).session().observe("c a x")
    expected = generator(memory="recent").score_samples(["c a x", "c a x"])[1]
    assert session.score_samples(["c a x"])[0] == pytest.approx(expected)


def test_what_is_said_is_heard():
    """A message and its reply are one text, or of models of pairs a message and a reply."""
    session = generator(random_state=0, echo="message").session()
    (reply,) = session.predict(["a b"])
    twin = generator().session().observe(reply)
    assert session.n_tokens_ == len(reply.split()) + 1
    assert session.next_words(["a"]) == twin.next_words(["a"])
    pairs = NGramTextGenerator(2, smoothing="witten_bell", random_state=0)
    pairs.fit(["a b", "c"], ["b a", "c c"])
    session = pairs.session()
    (reply,) = session.predict(["a b"])
    twin = pairs.session().observe("a b", reply)
    assert session.n_tokens_ == twin.n_tokens_ == 2 + 1 + len(reply.split()) + 1
    assert session.next_words(["a"]) == twin.next_words(["a"])


def test_streams_say_what_predict_says():
    """The words of a stream are those of a reply, and are heard one by one."""
    model = generator(random_state=3, unknown="backoff")
    expected, streaming = model.session(), model.session()
    (reply,) = expected.predict(["a b"])
    words = streaming.stream("a b")
    assert streaming.n_tokens_ == 2
    assert " ".join(words) == reply
    assert streaming.next_words(["a"]) == expected.next_words(["a"])
    with pytest.raises(TypeError):
        streaming.stream(["a"])


def test_a_stream_repeats_the_message_as_predict_does():
    """With ``echo="message"`` a session has the message as it was typed, either way."""
    model = generator(random_state=0, echo="message", unknown="backoff")
    (reply,) = model.session().predict(["a   b"])
    assert reply.startswith("a   b")
    assert " ".join(model.session().stream("a   b")) == reply


@pytest.mark.slow
def test_several_replies_answer_the_same_message():
    """Each is drawn after the message, as if there was no other; the first is heard."""
    memory = RecentWords(n=2, min_n=2, start=0.2, strength=1e9)  # only what comes after
    model = generator("mle", 2, memory, echo="none", min_length=1, max_length=1)
    model.fit([f"q w{j}" for j in range(20)])
    replies = []
    for seed in range(40):
        model.set_params(num_return_sequences=3, random_state=seed)
        session = model.session().observe("q w0")
        replies.append(session.predict(["q"])[0])
        model.set_params(num_return_sequences=1)
        alone = model.session().observe("q w0")
        assert alone.predict(["q"])[0] == replies[-1][0]
        assert alone.n_tokens_ == session.n_tokens_
        assert alone.next_words(["q"]) == session.next_words(["q"])
    # 0.8 by the memory: less than 20 of 40 has a chance of 1e-5.
    assert (np.array(replies) == "w0").sum(axis=0).min() >= 20


def test_new_words_are_suggested_and_said():
    """An unknown word that was heard can be the likeliest next word, and be said."""
    session = generator(memory="recent", echo="none", temperature=0).session()
    session.observe(["a robot"] * 60)
    assert session.next_words(["a"], k=1)[0][0][0] == "robot"
    assert session.predict(["a"])[0] == "robot"
    session.forget()
    assert session.n_tokens_ == 0
    assert session.next_words(["a"]) == generator(memory="recent").session().next_words(
        ["a"]
    )


def test_a_word_that_was_heard_is_known():
    """The fall-back is for words that neither the model nor the session knows."""
    session = generator(random_state=0).session()
    fallback = session._state.generator.fallback_response
    first, again = session.predict(["zorp", "zorp"])
    assert first == fallback
    assert again.split()[0] == "zorp"  # the context is repeated
    strict = generator(unknown="error").session()
    with pytest.raises(ValueError, match="'zorp' of message 1 is not known"):
        strict.predict(["a", "zorp"])
    assert strict.n_tokens_ == 0


def test_controls_act_on_the_mixed_distribution():
    """Banned words are not said, though they were heard; the likeliest are."""
    heard, recent = ["a robot b"] * 20, {"memory": "recent", "echo": "none"}
    free = generator(temperature=0, **recent).session().observe(heard)
    assert free.predict(["a"])[0] == "robot b"
    banned = generator(bad_words=["robot"], random_state=0, **recent)
    session = banned.session().observe(heard)
    replies = {session.predict(["a"])[0] for _ in range(20)}
    assert not any("robot" in reply for reply in replies)
    stopped = generator(stop=["robot"], temperature=0, **recent).session()
    assert stopped.observe(heard).predict(["a"])[0] == "robot"
    with pytest.raises(ValueError, match="must be 1 in a session"):
        generator(num_beams=2).session().predict(["a"])
    with pytest.raises(
        ValueError, match="'novel' parameter of NGramTextGenerator must"
    ):
        generator(novel=True).session().stream("a")


@pytest.mark.parametrize("say", ["predict", "stream"])
def test_controls_know_the_words_of_the_message(say):
    """A word that the message is the first to say is banned, and stops replies, too."""
    message = "a robot b a robot b a robot b a"
    memory = RecentWords(half_life=(50, 5), start=0.01)  # says what was just heard

    def replies(**controls):
        writes = {"echo": "none", "unknown": "backoff", "max_length": 9}
        model = generator(memory=memory, **writes, **controls)
        for seed in range(10):
            session = model.set_params(random_state=seed).session()
            found = getattr(session, say)([message] if say == "predict" else message)
            yield " ".join(found).split()

    assert any("robot" in reply for reply in replies())
    assert not any("robot" in reply for reply in replies(bad_words=["robot"]))
    assert not any("robot" in reply[:-1] for reply in replies(stop=["robot"]))


def test_suggestions_know_the_words_of_the_message():
    """What is suggested under controls leaves out a banned word that only the message has."""
    memory = RecentWords(start=0.01)
    for banned in ([], ["robot"]):
        session = generator(memory=memory, bad_words=banned).session()
        found = dict(first_words_in_session(session, "a robot b a robot b a", k=9))
        assert ("robot" in found) == (not banned)
        assert not session._state.new_words


def test_the_first_of_several_replies_is_heard():
    """Of several replies to a message the others leave no trace."""
    session = generator(num_return_sequences=3, random_state=1, echo="none").session()
    replies = session.predict(["a", "b"])
    assert replies.shape == (2, 3)
    twin = generator().session()
    twin.observe([f"a {replies[0, 0]}", f"b {replies[1, 0]}"])
    assert session.n_tokens_ == twin.n_tokens_
    assert session.next_words(["a"]) == twin.next_words(["a"])


@pytest.mark.slow
def test_drawn_words_fit_the_distribution():
    """First words of replies come as often as the mixed distribution says."""
    rng = np.random.default_rng(0)
    model = generator(echo="none", max_length=3, random_state=rng)
    session = model.session().observe(["a x", "a x", "c a b x"])
    p = session.next_word_proba(["b a"])[0]
    counts = dict.fromkeys(session.words_, 0)
    for _ in range(1500):
        with session._state.memory.trial():
            first = session.predict(["b a"])[0].split()[:1]
        counts[first[0] if first else ""] += 1
    expected = 1500 * p / p.sum()
    enough = expected > 5
    assert enough.sum() >= 4
    observed = np.array(list(counts.values()))[enough]
    expected = expected[enough] * observed.sum() / expected[enough].sum()
    assert chisquare(observed, expected).pvalue > 1e-3


def test_sessions_are_apart():
    """One visitor's session does not touch another's, nor the model."""
    model = generator()
    before = model.score_samples(["a x"])
    one, other = model.session(), model.session()
    untouched = other.next_words(["a"])
    one.observe(["a x"] * 5)
    assert other.next_words(["a"]) == untouched
    np.testing.assert_array_equal(model.score_samples(["a x"]), before)
    assert len(pickle.dumps(one)) < len(pickle.dumps([one, other]))
    fitted = one._state.fitted
    assert fitted.language_model.counts is model._fitted.language_model.counts


def test_learning_beside_a_session_is_safe():
    """A session goes on as it was while its model learns and forgets."""
    model = generator(memory="recent")
    session, twin = model.session(), generator(memory="recent").session()

    def learn():
        for i in range(30):
            model.partial_fit([f"new{i} a b"])
            model.partial_forget([f"new{i} a b"])

    learning = threading.Thread(target=learn)
    learning.start()
    for i in range(30):
        for heard in (session, twin):
            heard.observe(f"a new{i} b")
        assert session.next_words(["a"]) == twin.next_words(["a"])
    learning.join()


def test_a_pickled_session_goes_on():
    """It needs no module but the public ones, and says the same."""
    session = generator(random_state=0).session().observe(["a x", "b x y"])
    pickled = pickle.dumps(session)
    assert not re.search(rb"sklearn_sslm[\w.]*\._", pickled)
    twin = pickle.loads(pickled)
    assert repr(twin) == repr(session) == "<Session: 7 tokens observed>"
    asked = ["a", "x", "b x"]
    assert twin.next_words(asked) == session.next_words(asked)
    assert twin.predict(asked).tolist() == session.predict(asked).tolist()


def test_few_next_words_are_cached(monkeypatch):
    """The cache of next words is emptied when it is full, and then it gives the same."""
    monkeypatch.setattr(_session, "_MAX_CACHED", 2)
    session = generator().session().observe("a x")
    for text in ("a", "b", "c", "a b", "a c", "b c", "a"):
        fresh = generator().session().observe("a x")
        assert session.next_words([text]) == fresh.next_words([text])
        assert len(session._cache) <= 3


def test_a_session_forgets():
    """Words that were heard long ago are unknown again, and take no room."""
    session = generator(memory=RecentWords(half_life=20)).session()
    sizes = []
    for i in range(3000):
        session.observe(f"u{i}")
        if i % 1000 == 999:
            sizes.append(len(pickle.dumps(session)))
    assert len(session.words_) == 4 + 100  # 200 tokens, half of them ends
    assert max(sizes) < 1.2 * min(sizes)
    assert len(session._state.new_words) < 600
    (likeliest,) = session.next_words(["a"], k=200)
    found = {word for word, _ in likeliest}  # the oldest may be forgotten until then
    assert len(session.words_) - 2 <= len(found) <= len(found & {*session.words_})


def all_kinds(tmp_path):
    """Models of many kinds, fitted, with texts that they know."""
    index = WordIndexTransformer(tokenizer=list)
    path = tmp_path / "model.arpa"
    write_arpa(generator(), path)
    online = generator(memory=None)
    online.partial_fit(["d a"])
    return {
        "compact": generator().compact(),
        "arpa": read_arpa(path).set_params(memory="recent"),
        "online": online,
        "letters": NGramTextGenerator(3, smoothing="witten_bell", word_index=index).fit(
            LEARNED
        ),
        "unigrams": generator(n=1),
        "backoff": generator("stupid_backoff"),
        "pruned": generator(min_count=[1, 1, 2]),
    }


KINDS = ["compact", "arpa", "online", "letters", "unigrams", "backoff", "pruned"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_models_have_sessions(kind, tmp_path):
    """Whatever the model is stored in, sessions have the scores of its batches."""
    model = all_kinds(tmp_path)[kind]
    memory = model.memory or "recent"
    asked = ["a b x", "x a b", "a b x"]
    session = model.session()
    found = session.score_samples(asked)
    expected = model.set_params(memory=memory).score_samples(asked)
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    session.observe(asked * 3)
    assert session.next_words(["a b"], k=1)[0][0][0] in session.words_
    assert len(session.predict(["a", "a b"])) == 2


def test_rows_have_sessions():
    """Models of plain integer rows hear and reply by rows; words are ids."""
    rows = np.array([[1, 2, 3, 0], [1, 3, 0, 0], [2, 1, 0, 0]])
    model = NGramTextGenerator(2, smoothing="witten_bell", random_state=0).fit(rows)
    session = model.session().observe(rows[:1])
    assert session.words_ == [0, 1, 2, 3]
    assert session.next_word_proba(rows[:1]).shape == (1, 4)
    expected = model.set_params(memory="recent").score_samples(np.vstack([rows, rows]))
    session.forget()
    np.testing.assert_allclose(session.observe(rows).score_samples(rows), expected[3:])
    replies = session.predict(np.array([[1, 2, 0], [1, -1, 0]]))
    assert replies.dtype == np.int32
    assert len(replies) == 2
    assert {word for word, _ in session.next_words(rows[:1])[0]} <= {0, 1, 2, 3}


def test_a_reply_is_explained_after_its_message():
    """Its first word has the probability that it has among the next words there."""
    messages, replies = ["a b c", "b c", "a c a", "c"], ["x y", "y z", "x", "z z"]
    model = NGramTextGenerator(3, smoothing="kneser_ney").fit(messages, replies)
    session = model.session().observe("a b")
    for message in ("b c", "b zebra c", "x"):
        (likeliest,) = session.next_words([message], k=9)
        for word, p in likeliest:
            table = session.explain(word, message)
            assert table["probability"][0] == pytest.approx(p)
