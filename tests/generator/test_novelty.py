"""Tests of `sklearn_sslm.generator._novelty`: nothing that was learned word for word."""

import numpy as np
import pytest
from _replies import all_replies, assert_drawn_from, next_of
from _replies import texts_given as all_texts_given

from sklearn_sslm import NGramTextGenerator

TEXTS = ["a b", "a c", "b a c", "a b a c", "c", "b"]


def fit(name="mle", texts=TEXTS, y=None, **parameters):
    """A model that keeps which texts it learned."""
    parameters = {"random_state": 0, "max_length": 4, "novel": True, **parameters}
    return NGramTextGenerator(2, smoothing=name, **parameters).fit(texts, y)


def ids(model, text):
    """Ids of the words of a text."""
    return tuple(model.word_index_.vocabulary_[word] for word in text.split())


def given_new(model, texts):
    """Probabilities of texts given that they are not among those learned."""
    learned = {ids(model, text) for text in TEXTS}
    new = {text: p for text, p in texts.items() if text not in learned}
    return {text: p / sum(new.values()) for text, p in new.items()}


@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_replies_are_the_models_given_that_they_are_new(name):
    """Each has its probability, divided by that of all that were not learned."""
    model = fit(name)
    expected = given_new(
        model, all_replies(next_of(model), ids(model, "a"), max_length=4)
    )
    drawn = [ids(model, text) for text in model.predict(["a"] * 300)]
    assert_drawn_from(expected, drawn)
    model.set_params(random_state=np.random.default_rng(0))
    drawn = [ids(model, " ".join(model.stream("a"))) for _ in range(60)]
    assert set(drawn) <= set(expected)
    assert len(set(drawn)) > (name != "mle")


@pytest.mark.parametrize("conditions", [{}, {"contains": "b"}], ids=str)
@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_samples_are_the_models_given_that_they_are_new(name, conditions):
    """So it is for texts from the start, with conditions and without."""
    model = fit(name)
    asked = {"contains": [ids(model, "b")]} if conditions else {}
    expected = given_new(model, all_texts_given(next_of(model), 4, **asked))
    drawn = model.sample(300, **{"max_length": 4, **conditions})
    assert_drawn_from(expected, [ids(model, text) for text in drawn])


def test_all_columns_are_new():
    """With several replies to a message, each of them is."""
    model = fit("kneser_ney", num_return_sequences=3)
    replies = model.predict(["a", "b"] * 10)
    assert replies.shape == (20, 3)
    assert not set(replies.ravel()) & set(TEXTS)
    assert not set(model.sample(20, unique=True).ravel()) & set(TEXTS)


def test_what_is_forgotten_may_be_said_again():
    """Hashes go with their texts, and come with those that are learned later."""
    model = fit(texts=["a b", "a b", "a c", "b c", "b", "a"])
    assert set(model.predict(["a"] * 50)) == {"a b c"}
    model.partial_forget(["a b"]).partial_fit(["a b c", "x"])
    with pytest.raises(ValueError, match="No reply to message 0 "):
        model.predict(["a"])
    model.partial_forget(["a b", "a b c"]).partial_fit(["z a b", "b c q"])
    assert "a b" in set(model.predict(["a"] * 50))


def test_of_replies_it_is_replies_that_are_new():
    """A model of messages and replies never gives a reply that it learned."""
    replies = ["x y", "x z", "y z", "z"]
    model = NGramTextGenerator(3, smoothing="witten_bell", novel=True, random_state=0)
    model.fit(["a", "a", "b", "b"], replies)
    assert not set(model.predict(["a", "b"] * 50)) & set(replies)


def test_no_new_reply_is_an_error_that_names_the_message():
    """After so many tries, with the number of the message and what to do."""
    model = NGramTextGenerator(4, novel=True, random_state=0).fit(
        ["a b c", "x y", "x z"]
    )
    with pytest.raises(ValueError, match=r"No reply to message 1 .*2120 tries.*novel"):
        model.predict(["unknown", "a"])
    with pytest.raises(ValueError, match=r"Only 0 of 2 .*not learned word for word"):
        model.sample(2)
    assert model.predict(["unknown"])[0] == model.fallback_response
    assert list(model.stream("unknown")) == [model.fallback_response]


def test_what_was_not_kept_cannot_be_told():
    """A model fitted without is refused, with what to do; beams are refused, too."""
    model = NGramTextGenerator().fit(["a b"]).set_params(novel=True)
    for call in (lambda: model.predict(["a"]), model.sample, lambda: model.stream("a")):
        with pytest.raises(ValueError, match=r"'novel' parameter.*fit it again"):
            call()
    with pytest.raises(ValueError, match=r"'num_beams'.*novel=True"):
        fit(num_beams=2).predict(["a"])


def test_rows_are_compared_by_ids():
    """Models of plain rows keep theirs as well."""
    rows = np.array([[1, 2, 0, 0], [2, 1, 3, 0], [1, 3, 0, 0]])
    model = NGramTextGenerator(2, novel=True, random_state=0).fit(rows)
    learned = {(1, 2), (2, 1, 3), (1, 3)}
    for row in model.sample(30).tolist():
        assert tuple(word for word in row if word) not in learned
