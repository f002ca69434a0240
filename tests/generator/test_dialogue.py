"""Tests of models of messages and replies."""

import warnings
from itertools import pairwise

import joblib
import numpy as np
import pytest
from _models import assert_same_model
from _reference import MODELS, REPLY, paired
from _replies import assert_drawn_from
from _slow import rest_slow
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import truncated

MESSAGES = [
    "oi",
    "oi",
    "oi",
    "tudo bem ?",
    "tudo bem ?",
    "bem ?",
    "tchau",
    "como vai ?",
]
REPLIES = [
    "olá !",
    "olá você !",
    "oi oi",
    "tudo e você ?",
    "bem !",
    "sim",
    "até",
    "bem e você ?",
]


def fit(smoothing="mle", n=3, **parameters):
    """A model of a few messages with their replies."""
    parameters = {"random_state": 0, "max_length": 5, **parameters}
    model = NGramTextGenerator(n, smoothing=smoothing, **parameters)
    return model.fit(MESSAGES, REPLIES)


def ids(model, text):
    """Ids of the words of a text."""
    return tuple(model.word_index_.vocabulary_[word] for word in text.split())


def reference(model, name):
    """The same model by recursion, in which the start of a reply is a symbol of its own."""
    sides = ([ids(model, text) for text in side] for side in (MESSAGES, REPLIES))
    return MODELS[name](paired(*sides), model.n, model.n_words_)


def replies_by_hand(reference, message, max_length):
    """Every reply to a message with its probability."""
    n_ids = reference.n_events - 1
    replies, begun = {}, [((), 1.0)]
    while begun:
        said, so_far = begun.pop()
        if len(said) == max_length:
            replies[said] = so_far
            continue
        p = np.array(
            [reference.p(w, (0, *message, REPLY, *said)) for w in range(n_ids)]
        )
        for word in np.flatnonzero(p):
            share = so_far * p[word] / p.sum()
            if word == 0:
                replies[said] = replies.get(said, 0) + share
            elif share > 1e-7:
                begun.append(((*said, int(word)), share))
    return replies


@pytest.mark.parametrize("message", ["oi", "tudo bem ?", "tchau"])
@pytest.mark.parametrize("n", [2, 3, 5])
def test_replies_to_a_known_message_have_the_trained_probabilities(n, message):
    """What is answered, and how often, is what the model of the whole dialogues says."""
    model = fit(n=n)
    expected = replies_by_hand(reference(model, "mle"), ids(model, message), 5)
    drawn = [ids(model, reply) for reply in model.predict([message] * 5000)]
    assert_drawn_from(expected, drawn)


@pytest.mark.parametrize("name", ["kneser_ney", "witten_bell", "stupid_backoff"])
def test_smoothed_replies_have_their_probabilities_too(name):
    """Short replies of a smoothed model come as often as by recursion."""
    model = fit(name, max_length=2)
    for message in ("oi", "vai ?"):
        expected = replies_by_hand(reference(model, name), ids(model, message), 2)
        drawn = [ids(model, reply) for reply in model.predict([message] * 5000)]
        assert_drawn_from(expected, drawn)


def steps_of(*texts):
    """Which word follows which in some texts, "" being their start and end."""
    return {step for text in texts for step in pairwise(["", *text.split(), ""])}


words = st.lists(st.sampled_from("abcd"), max_size=4).map(" ".join)


@pytest.mark.filterwarnings("ignore:There is nothing to say")  # of empty replies
@settings(max_examples=30, deadline=None)
@example([("b", "")], ["a b"], 3)
@given(
    st.lists(st.tuples(words, words), min_size=1, max_size=5).filter(
        lambda pairs: any(map("".join, pairs))
    ),
    st.lists(words, min_size=1, max_size=4),
    st.integers(2, 6),
)
def test_replies_come_from_replies(pairs, asked, n):
    """With maximum likelihood no reply has a transition that no learned reply had."""
    messages, replies = map(list, zip(*pairs, strict=True))
    model = NGramTextGenerator(n, random_state=0, unknown="backoff", max_length=20)
    model.fit(messages, replies)
    steps = steps_of(*replies)
    said = [*model.predict([text for text in messages + asked if text] * 5 or ["a"])]
    said += [*model.compact().sample(20), *model.sample(20)]
    if not any(replies):  # then there is no reply to an unknown message
        said = [reply for reply in said if reply != model.fallback_response]
    for reply in said:
        whole = len(reply.split()) < 20  # or cut off
        assert (
            steps_of(reply) - (set() if whole else {(reply.split()[-1], "")}) <= steps
        )


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("name", sorted(MODELS))
def test_words_of_messages_alone_are_as_unlikely_as_words_never_said(name, n):
    """In a reply, a word that stood in messages only has the share of an unknown word."""
    model = fit(name, n)
    alone = sorted({*" ".join(MESSAGES).split()} - {*" ".join(REPLIES).split()})
    assert alone == ["como", "tchau", "vai"]
    with np.errstate(divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # with maximum likelihood they are impossible
        for message in ("oi", "como vai ?", "zebra", "tchau"):
            never = model.score([message], ["quagga"])
            for word in alone:
                assert model.score([message], [word]) == never
            p = model.next_word_proba([message])[0]
            assert p[list(ids(model, " ".join(alone)))].max() <= max(
                0, 1.0000001 - p.sum() if name != "stupid_backoff" else 1
            )


@pytest.mark.parametrize("name", ["mle", "kneser_ney", "stupid_backoff"])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_many_replies_are_scored_as_by_the_book(name, n):
    """The score of a reply is its probability given the message, few or many at once."""
    model = fit(name, n)
    by_hand = reference(model, name)
    asked = [("oi", "olá !"), ("vai ?", "bem !"), ("tudo bem ?", "tudo e você ?")]
    expected = []
    for message, reply in asked:
        text = (0, *ids(model, message), REPLY, *ids(model, reply), 0)
        expected += by_hand.ps(text)[len(text) - len(reply.split()) - 2 :]
    with np.errstate(divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are impossible with maximum likelihood
        for times in (1, 60):
            score = model.score(*map(list, zip(*asked * times, strict=True)))
            assert score == pytest.approx(np.log(expected).mean())


def test_words_of_messages_are_forgotten():
    """Words that stood in forgotten messages only are gone; those still in some stay."""
    model = fit(n=2)
    model.partial_forget(["tchau", "oi"], ["até", "olá !"])
    assert {"tchau", "até"}.isdisjoint(model.word_index_.vocabulary_)
    assert "oi" in model.word_index_.vocabulary_
    assert model.n_tokens_seen_ == fit(n=2).n_tokens_seen_ - 2 - 2 - 2 - 3
    with pytest.raises(ValueError, match="not more often than"):
        model.partial_forget(["vai vai"], ["sim"])
    model.partial_forget(["oi"] * 2, ["olá você !", "oi oi"])
    assert "oi" not in model.word_index_.vocabulary_


@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_lower_order_is_that_of_a_model_fitted_with_it(n):
    """What a model of fewer orders knows of messages is what `fit` would keep."""
    cut = truncated(fit("kneser_ney", 6), n)
    assert_same_model(cut, fit("kneser_ney", n))
    assert cut.score(MESSAGES, REPLIES) == fit("kneser_ney", n).score(MESSAGES, REPLIES)


@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_all_forms_of_a_model_answer_the_same(name, tmp_path):
    """Compact, saved and mapped models of replies score and reply as the model does."""
    model = fit(name, 4)
    joblib.dump(model, tmp_path / "model")
    joblib.dump(model.compact(), tmp_path / "compact")
    others = [
        model.compact(),
        joblib.load(tmp_path / "model"),
        joblib.load(tmp_path / "model", mmap_mode="r"),
        joblib.load(tmp_path / "compact"),
        joblib.load(tmp_path / "compact", mmap_mode="r"),
    ]
    for other in others:
        assert other.score(MESSAGES, REPLIES) == model.score(MESSAGES, REPLIES)
        for message in ("oi", "bem ?", "como vai ?"):
            np.testing.assert_array_equal(
                other.next_word_proba([message]), model.next_word_proba([message])
            )
            assert list(other.stream(message)) == list(model.stream(message))
        asked = [*MESSAGES, "vai ?"] * 20
        assert other.predict(asked).tolist() == model.predict(asked).tolist()
        assert other.sample(2, contains="você").tolist() == (
            model.sample(2, contains="você").tolist()
        )
    learned = joblib.load(tmp_path / "model").partial_fit(["tchau"], ["vai !"])
    fresh = NGramTextGenerator(4, smoothing=name)
    assert_same_model(learned, fresh.fit([*MESSAGES, "tchau"], [*REPLIES, "vai !"]))


@pytest.mark.parametrize("name", rest_slow(["mle", "kneser_ney", "lidstone"], ["mle"]))
def test_replies_under_conditions_are_drawn_from_replies(name):
    """`sample` with conditions draws from the replies, as if those that fit were kept."""
    model = fit(name, 3)
    expected = replies_given(reference(model, name), ids(model, "você"), 4)
    texts = model.sample(3000, contains="você", max_length=4)
    assert_drawn_from(expected, [ids(model, text) for text in texts])


def replies_given(reference, words, max_length):
    """Texts from the start of a reply that end in time and hold some words."""
    n_ids, texts, begun = reference.n_events - 1, {}, [((), 1.0)]
    while begun:
        said, so_far = begun.pop()
        p = np.array([reference.p(w, (REPLY, *said)) for w in range(n_ids)])
        p = p / p.sum()
        if set(words) <= set(said):
            texts[said] = so_far * p[0]
        if len(said) < max_length:
            more = np.flatnonzero(p[1:]) + 1
            begun += [((*said, int(word)), so_far * p[word]) for word in more]
    total = sum(texts.values())
    return {said: p / total for said, p in texts.items()}


def test_sessions_reply_to_the_message():
    """A session answers in the context of the whole message, as the generator does."""
    session = fit(n=5).session()
    for message, first in (("tchau", "até"), ("como vai ?", "bem")):
        ((likeliest, _),) = session.next_words([message], k=1)[0]
        assert likeliest == first


def test_replies_by_hand():
    """With n = 5, each whole message has the replies it was seen with, by their share."""
    model = fit(n=5)
    replies = model.predict(["oi"] * 6000).tolist()
    assert {reply: round(replies.count(reply) / 6000, 1) for reply in set(replies)} == {
        "olá !": 0.3,
        "olá você !": 0.3,
        "oi oi": 0.3,
    }
    assert set(model.predict(["tchau"] * 50)) == {"até"}
    assert set(model.predict(["como vai ?"] * 50)) == {"bem e você ?"}


def test_a_message_counts_to_its_last_words():
    """Messages that end in the same n − 2 words have the same replies."""
    model = fit(n=4)
    # After "bem ?" replies begin with "tudo", "bem" or "sim"; after "?" and "bem" they
    # go on as "bem !" or as the reply to "como vai ?" did.
    expected = {"tudo e você ?", "bem !", "bem e você ?", "sim"}
    for message in ("bem ?", "tudo bem ?", "vai oi bem ?"):
        assert set(model.predict([message] * 300)) == expected


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_an_unknown_message_gets_a_reply_from_the_start_of_one(name, n):
    """With ``unknown="backoff"`` the reply begins as some reply begins, and is one."""
    model = fit(name, n, unknown="backoff", max_length=50)
    starts = {text.split()[0] for text in REPLIES}
    replies = model.predict(["zebra zebra"] * 200)
    for reply in replies:
        assert reply != model.fallback_response
        words = reply.split()
        if name == "mle":
            assert words[0] in starts
            assert steps_of(reply) <= steps_of(*REPLIES)
        assert set(words) <= set(model.word_index_.vocabulary_)
    assert len(set(replies)) > 1


def test_backing_off_keeps_the_words_that_are_known():
    """What follows the unknown word still counts, if it was seen there."""
    model = fit(n=5, unknown="backoff")
    assert set(model.predict(["zebra tchau"] * 20)) == {"até"}
    assert set(model.predict(["zebra vai ?"] * 20)) == {"bem e você ?"}
    # The last word is the unknown one: a reply from where replies start, any of them.
    assert len(set(model.predict(["tchau zebra"] * 200))) > 3


def test_an_unknown_message_as_asked_for():
    """A fall-back, or an error that names the word; only the last n − 1 words count."""
    model = fit(fallback_response="hein ?")
    assert model.predict(["tchau zebra", ""]).tolist() == ["hein ?"] * 2
    assert model.predict(["zebra oi tchau"]).tolist() == ["até"]
    model.set_params(unknown="error")
    with pytest.raises(ValueError, match="'zebra' of message 1"):
        model.predict(["oi", "tchau zebra"])


@pytest.mark.parametrize(
    ("echo", "reply"),
    [("context", "até"), ("none", "até"), ("message", "como tchau até")],
)
def test_how_replies_begin(echo, reply):
    """A reply is the reply alone, or the whole message with it; never the context."""
    model = fit(echo=echo)
    assert model.predict(["como tchau"])[0] == reply
    assert list(model.stream("como tchau")) == reply.split()
    assert model.predict(["como tchau"] * 2).tolist() == [reply] * 2


def test_an_echoed_message_counts_for_lengths_and_repeats():
    """`max_length` and `no_repeat_ngram_size` see the message where it is repeated."""
    model = fit(n=5, echo="message", max_length=5)
    replies = {reply.split()[3] for reply in model.predict(["como vai ?"] * 20)}
    assert replies == {"bem"}
    assert {len(reply.split()) for reply in model.predict(["como vai ?"] * 20)} == {5}
    model.set_params(max_length=20, no_repeat_ngram_size=1, echo="message")
    # "?" was said by the message, so "bem e você ?" ends before it.
    assert model.predict(["como vai ?"])[0] == "como vai ? bem e você"
    assert model.set_params(echo="none").predict(["como vai ?"])[0] == "bem e você ?"


def test_controls_act_on_replies():
    """Beams, greed, bad words and stops are those of any model."""
    model = fit(n=5, temperature=0)
    assert model.predict(["oi"])[0] == "olá !"  # "olá" in 2 of 3; "!" was learned first
    model.set_params(temperature=1.0, bad_words=["olá"])
    assert set(model.predict(["oi"] * 20)) == {"oi oi"}
    model.set_params(bad_words=None, num_beams=5, num_return_sequences=3)
    # All three are as likely; equals come in the order of their ids.
    found = model.predict(["oi"])[0].tolist()
    assert sorted(found) == sorted(["olá !", "olá você !", "oi oi"])
    model.set_params(num_beams=1, num_return_sequences=1, stop="e")
    assert model.predict(["como vai ?"])[0] == "bem e"


def test_replies_may_be_empty():
    """Who is told to say nothing says nothing."""
    model = NGramTextGenerator(3, random_state=0).fit(["psst", "oi"], ["", "olá"])
    assert model.predict(["psst", "oi"]).tolist() == ["", "olá"]
    assert list(model.stream("psst")) == []


def test_rows_are_answered_by_the_reply_alone():
    """Messages and replies may be rows of ids without words."""
    messages, replies = [[1, 2, 0], [3, 0, 0]], [[4, 5, 0], [6, 0, 0]]
    model = NGramTextGenerator(3, random_state=0)
    model.fit(np.array(messages), np.array(replies))
    assert model.predict(np.array([[1, 2, 0], [2, 3, 0]])).tolist() == [[4, 5], [6, 0]]


def test_learning_goes_on():
    """`partial_fit` adds dialogues as if all had been learned at once."""
    model = NGramTextGenerator(3, max_length=5, random_state=0)
    for at in range(0, len(MESSAGES), 3):
        model.partial_fit(MESSAGES[at : at + 3], REPLIES[at : at + 3])
    messages = ["oi", "tudo bem ?", "zebra", "como vai ?"] * 20
    assert model.predict(messages).tolist() == fit().predict(messages).tolist()
