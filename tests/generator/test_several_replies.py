"""Tests of several replies to a message, drawn or the best by a beam search."""

import numpy as np
import pytest
from _controlled_texts import CONTROLS, SMOOTHINGS, by_hand, fit, ids, names
from _replies import assert_drawn_from, likeliest

from sklearn_sslm import NGramTextGenerator


def test_several_replies_are_columns():
    """One reply a message is 1-D; more have a column each, fall-backs included."""
    model = fit(num_return_sequences=3, fallback_response="?")
    replies = model.predict(["a", "zebra", "b", ""])
    assert replies.shape == (4, 3)
    assert replies[[1, 3]].tolist() == [["?"] * 3] * 2
    assert all(reply.startswith("a") for reply in replies[0])
    assert all(reply.startswith("b") for reply in replies[2])
    assert model.sample(2).shape == (2, 3)
    assert model.predict(["a"]).shape == (1, 3)
    assert model.predict(["zebra"]).tolist() == [["?"] * 3]
    assert model.set_params(num_return_sequences=1).predict(["a", "b"]).shape == (2,)


def test_fewer_texts_than_replies_come_again():
    """Where a beam search finds two texts and three are asked for, the first comes twice."""
    model = NGramTextGenerator(n=2, num_beams=4, num_return_sequences=3)
    model.fit(["a b", "a b", "a c"])
    assert model.predict(["a"]).tolist() == [["a b", "a c", "a b"]]


@pytest.mark.parametrize("controls", [{}, {"top_p": 0.7}], ids=str)
def test_several_replies_are_drawn_for_themselves(controls):
    """Each column has the frequencies of a single reply, and columns differ."""
    model = fit("kneser_ney", num_return_sequences=2, **controls)
    replies = model.predict(["a"] * 2000)
    expected = by_hand(model, ids(model, "a"))
    for column in replies.T:
        assert_drawn_from(expected, [ids(model, reply) for reply in column])
    # Two draws agree as often as two independent ones: sum of p squared.
    agree = np.mean(replies[:, 0] == replies[:, 1])
    assert agree == pytest.approx(sum(p**2 for p in expected.values()), abs=0.04)


@pytest.mark.parametrize(
    "controls", [CONTROLS[i] for i in (0, 7, 9, 10, 12)], ids=names
)
@pytest.mark.parametrize("smoothing", SMOOTHINGS, ids=str)
def test_wide_beams_give_the_likeliest_replies_in_order(smoothing, controls):
    """With beams for every reply, the best are those of exhaustive search."""
    model = fit(smoothing, num_beams=300, num_return_sequences=5, **controls)
    bar = {
        name: ids(model, getattr(model, name) or ()) for name in ("bad_words", "stop")
    }

    def after(said):
        text = " ".join(model.word_index_.words_[j] for j in said)
        return model.next_word_proba([text])[0]

    for message in ("a", "c"):
        expected = likeliest(
            after,
            ids(model, message),
            min_length=model.min_length,
            max_length=4,
            no_repeat_ngram_size=model.no_repeat_ngram_size,
            **bar,
        )
        found = [ids(model, reply) for reply in model.predict([message])[0]]
        best = min(5, len(expected))
        log_p = {words: log_p for log_p, words in expected}
        np.testing.assert_allclose(
            [log_p[words] for words in found[:best]],
            [log_p for log_p, _ in expected[:best]],
        )
        assert len(set(found[:best])) == best
        # Where there are fewer than asked for, they come again.
        assert found[best:] == (found[:best] * 5)[best:5]


def test_beams_leave_nothing_to_chance():
    """Whatever the random state, the likeliest reply is the same."""
    replies = {
        tuple(fit(num_beams=3, random_state=seed).predict(["a", "b", "a"]))
        for seed in (0, 1, None)
    }
    assert len(replies) == 1
    (found,) = replies
    assert found[0] == found[2]


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"num_beams": 2, "temperature": 0.5}, ["temperature", "num_beams"]),
        ({"num_beams": 2, "temperature": 0}, ["temperature", "num_beams"]),
        ({"num_beams": 2, "top_k": 5}, ["top_k", "num_beams"]),
        ({"num_beams": 2, "top_p": 0.5}, ["top_p", "num_beams"]),
        ({"num_beams": 2, "min_p": 0.5}, ["min_p", "num_beams"]),
        (
            {"num_beams": 2, "num_return_sequences": 3},
            ["num_return_sequences", "num_beams"],
        ),
        ({"min_length": 5, "max_length": 4}, ["min_length", "max_length"]),
    ],
)
def test_contradictions_are_named(parameters, named):
    """Controls that cannot be meant together are refused, each by its name."""
    model = fit().set_params(**parameters)
    for write in (
        lambda: model.predict(["a"]),
        lambda: model.predict(["zebra"]),
        lambda: model.sample(2),
        lambda: model.stream("a"),
    ):
        with pytest.raises(ValueError, match=r".*".join(named)):
            write()
