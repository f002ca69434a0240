"""A message and its reply: words, their surprise, where they came from, other replies."""

import math
from functools import partial

import numpy as np
import pytest

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.chat._exchange import (
    Source,
    other_reply,
    reply_to,
    sources_of_reply,
    surprises_of_exchange,
)
from sklearn_sslm.chat._visit import Visit
from sklearn_sslm.datasets import load_greetings

GREETINGS = load_greetings().data


def test_surprise_is_counted_after_what_was_said():
    """Words are scored after all before them, and what a reply repeats is not anew."""
    model = NGramTextGenerator(n=2).fit(["a b", "a c", "b a"])
    # Texts begin with a in 2 of 3; after a come b, c and the end, each in 1 of 3;
    # after b come a and the end.
    said, replied = surprises_of_exchange(model, "a b", ["b", "a"])
    a, b = math.log2(3 / 2), math.log2(3)
    assert [word for word, _ in said + replied] == ["a", "b", "b", "a", ""]
    np.testing.assert_allclose([bits for _, bits in said], [a, b])
    np.testing.assert_allclose([bits for _, bits in replied], [b, 1, b])


@pytest.mark.parametrize(
    ("tokenizer", "detokenizer", "texts", "message", "text"),
    [
        (list, "".join, ["ab", "ac c"], "ab", "b"),
        (partial(str.split, sep=", "), ", ".join, ["a b, c d"], "a b", "a b, c d"),
        (str.split, "simple", ["oi , tudo bem ?"], "oi ,", ", tudo bem?"),
    ],
)
def test_surprise_is_told_of_the_words_that_were_said(
    tokenizer, detokenizer, texts, message, text
):
    """The words of a reply are the model's own, however they were made into a text."""
    index = WordIndexTransformer(tokenizer=tokenizer)
    model = NGramTextGenerator(word_index=index, detokenizer=detokenizer).fit(texts)
    reply = reply_to(model, message)
    said, replied = surprises_of_exchange(model, message, reply.words)
    # Each first text is the only one that goes on as the message does.
    expected = model.explain(texts[0])[["word", "surprise"]].tolist()
    assert reply.text == text
    assert said == expected[: len(said)]
    assert said + replied[1:] == expected


def test_a_reply_is_what_the_model_predicts():
    """With the same chance the reply is that of `predict`, a fallback included."""
    model = NGramTextGenerator(random_state=3).fit(GREETINGS)
    for message in ["Olá!", "zebra", ""]:
        reply = reply_to(model, message)
        assert reply.text == model.predict([message])[0]
        assert reply.words == (reply.text.split() if message == "Olá!" else None)


def test_a_fallback_is_no_reply():
    """Of a fallback, which the model did not draw, no surprise is told."""
    model = NGramTextGenerator(n=2).fit(["a b"])
    said, replied = surprises_of_exchange(model, "a x", None)
    assert said == [("a", 0), ("x", math.inf)]
    assert replied == []


def test_a_reply_that_was_learned_is_no_text_of_its_own():
    """A model of replies is surprised by a reply after its message, by no message."""
    model = NGramTextGenerator(n=3).fit(["a", "b", "b"], ["c", "c", "d"])
    # One of the two replies to b is c, though two of all three are.
    assert surprises_of_exchange(model, "b", ["c"]) == ([], [("c", 1), ("", 0)])
    assert surprises_of_exchange(model, "x", None) == ([], [])


def test_words_came_from_the_longest_run_that_was_learned():
    """Each word of a reply is told with the words after which it was learned so often.

    After "a b" came c; after "x b" nothing, so that "b" alone counts, after which came
    c and d: with n = 3 and Witten-Bell both are likely, and only after "a b" is c likelier.
    """
    model = NGramTextGenerator(n=3, smoothing="witten_bell").fit(["a b c", "e b d"])
    (c, end) = sources_of_reply(model, "a b", ["c"])
    assert (c.word, c.before, c.is_first, c.message) == ("c", ("a", "b"), False, ())
    assert (end.word, end.before) == ("", ("b", "c"))
    assert [c.p] == pytest.approx([model.explain("a b c")["probability"][2]])
    (d, _) = sources_of_reply(model, "c b", ["d"])
    assert (d.before, d.is_first) == (("b",), False)
    (e, *_) = sources_of_reply(model, "", ["e"])
    assert (e.before, e.is_first) == ((), True)
    (lone, _) = sources_of_reply(model, "d", ["e"])
    assert (lone.before, lone.is_first) == ((), False)
    (never, _) = sources_of_reply(model, "d", ["zebra"])
    assert never.before is None
    assert sources_of_reply(model, "zebra", None) == []


def test_repeated_words_came_from_the_message():
    """What a reply repeats of the message comes from before it, as in the message."""
    model = NGramTextGenerator(n=3).fit(["a b c"])
    assert sources_of_reply(model, "a b", ["a", "b", "c"]) == [
        Source("a", (), True, (), 1),
        Source("b", ("a",), True, (), 1),
        Source("c", ("a", "b"), False, (), 1),
        Source("", ("b", "c"), False, (), 1),
    ]


def test_replies_came_from_their_messages():
    """A model of replies is told with as much of the message as it looked at."""
    model = NGramTextGenerator(n=4).fit(["a b", "c b"], ["d", "e"])
    assert sources_of_reply(model, "a b", ["d"]) == [
        Source("d", (), True, ("a", "b"), 1),
        Source("", ("d",), True, ("b",), 1),
    ]


@pytest.mark.parametrize("listens", [False, True])
@pytest.mark.parametrize("seed", [0, None])
def test_another_reply_is_another(seed, listens):
    """Ten greetings begin with Oi! in 4 of 10: four replies come before one comes again."""
    model = NGramTextGenerator(n=20, random_state=seed).fit(GREETINGS)
    visit = Visit(listens=listens)
    visit = visit.replied("Oi!", *reply_to(model, "Oi!", visit.session(model)))
    for _ in range(3):
        visit = visit.replied_otherwise(*other_reply(model, visit))
    assert len(set(visit.replies)) == 4
    if not listens:  # or else what was heard may follow
        assert {text for text in GREETINGS if text.startswith("Oi!")} == {
            *visit.replies
        }
        assert other_reply(model, visit).text in visit.replies[:-1]
    assert visit.history == ("Oi!", visit.replies[-1])
    assert len(visit.remembered) == listens


@pytest.mark.parametrize("parameters", [{"temperature": 0}, {"num_beams": 2}])
def test_a_model_without_chance_has_no_other_reply(parameters):
    """Where the likeliest reply is always taken, there is no other one."""
    model = NGramTextGenerator(n=3, **parameters).fit(["a b", "a b", "a c"])
    visit = Visit().replied("a", *reply_to(model, "a"))
    assert other_reply(model, visit) is None


def test_a_fallback_stays_one():
    """Words that are not known have no other reply."""
    model = NGramTextGenerator().fit(["a b"])
    assert other_reply(model, Visit().replied("x", *reply_to(model, "x"))) is None


@pytest.mark.parametrize("remembers", [False, True])
def test_a_reply_about_a_word_is_a_text_of_its_own(remembers):
    """Its words are told as those of a text, whatever words of the message it begins with."""
    model = NGramTextGenerator(n=3, reply="keyword", random_state=0)
    model.fit(["um cão come", "um gato dorme", "a um gato"])
    session = model.session() if remembers else None
    reply = reply_to(model, "cão um", session)
    assert reply == ("um cão come", ["um", "cão", "come"])
    said, replied = surprises_of_exchange(model, "cão um", reply.words)
    assert replied == model.explain("um cão come")[["word", "surprise"]].tolist()
    assert [word for word, _ in said] == ["cão", "um"]
    found = [source.word for source in sources_of_reply(model, "cão um", reply.words)]
    assert found == ["um", "cão", "come", ""]
    assert reply_to(model, "zebra", session) == (model.fallback_response, None)
