"""Tests of `sklearn_sslm.ngrams.conditions._plain_model`."""

from _engine import context_of, model_of, stream_of

from sklearn_sslm.ngrams import Events, OnlineModel
from sklearn_sslm.ngrams.conditions._plain_model import in_plain, plain_of


def changed_model():
    """A model that learned a text, whose contexts are after those of its base."""
    model = OnlineModel(model_of([[3, 4], [4, 3]], 4, "kneser_ney", 4))
    return model.update(stream_of([[1, 2]]), 1, 5, Events(4))


def test_contexts_of_a_changed_model_are_found_among_sorted_ngrams():
    """A context of 0 to 3 words has the same words in plain arrays, where it is known."""
    model = changed_model()
    plain = plain_of(model)
    for words in ([], [0], [3], [2], [0, 1], [1, 2], [0, 1, 2], [0, 3, 4]):
        context = context_of(model, words)
        assert in_plain(model, plain.counts, *context) == context_of(plain, words)
    assert context_of(model, [0, 1]) != context_of(plain, [0, 1])


def test_contexts_of_the_plain_model_are_its_own():
    """Its rows are not translated."""
    plain = plain_of(changed_model())
    assert in_plain(plain, plain.counts, 2, 1) == (2, 1)


def test_the_plain_model_is_made_once():
    """It is cached in the rebuilt model, and so for both."""
    model = changed_model()
    plain = plain_of(model)
    assert plain_of(model) is plain
    assert plain_of(model.rebuilt()) is plain
