"""Tests of compact models: `NGramTextGenerator.compact`."""

import copy

import pytest
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.datasets import load_greetings

TEXTS = load_greetings().data
SMOOTHINGS = ["mle", "witten_bell", "kneser_ney", "stupid_backoff"]


def fitted(smoothing="kneser_ney", n=3, **params):
    """A model of the greetings."""
    params = {"random_state": 0} | params
    return NGramTextGenerator(n, smoothing=smoothing, **params).fit(TEXTS)


@pytest.mark.filterwarnings("ignore:A text has probability 0")
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_all_answers_are_the_same(smoothing):
    """To the last bit, of every method that asks a model."""
    model = fitted(smoothing)
    compact = model.compact()
    texts = [*TEXTS, "Olá! Nunca ouvi", ""]
    for ask in (
        lambda model: model.predict(TEXTS).tolist(),
        lambda model: model.sample(100).tolist(),
        lambda model: model.sample(9, contains="você", max_length=9).tolist(),
        lambda model: list(model.stream("Olá!")),
        lambda model: model.score_samples(texts).tolist(),
        lambda model: model.perplexity(TEXTS),
        lambda model: model.next_word_proba(texts).tolist(),
        lambda model: model.next_words(TEXTS),
        lambda model: model.explain("Olá! Nunca ouvi").tolist(),
        lambda model: model.set_params(num_beams=3).predict(TEXTS).tolist(),
        lambda model: model.set_params(num_beams=1, top_k=2).predict(TEXTS).tolist(),
        lambda model: model.set_params(n_jobs=2).predict(TEXTS * 40).tolist(),
    ):
        assert ask(compact) == ask(model)


def test_the_copy_and_the_model_live_on_their_own():
    """The model still learns, and its compact copy stays as it was."""
    model = fitted()
    compact = model.compact()
    before = compact.score_samples(TEXTS).tolist()
    model.partial_fit(["Olá! Algo novo"])
    assert compact.score_samples(TEXTS).tolist() == before
    assert compact.n_words_ < model.n_words_
    assert compact.compact().score_samples(TEXTS).tolist() == before
    assert (
        copy.deepcopy(compact).predict(TEXTS).tolist()
        == compact.predict(TEXTS).tolist()
    )


def test_what_was_just_learned_is_in_the_copy():
    """A model that learned a text on the way gives a copy that knows it."""
    model = fitted().partial_fit(["Olá! Algo novo"])
    texts = [*TEXTS, "Olá! Algo novo"]
    assert (model.compact().score_samples(texts) == model.score_samples(texts)).all()


@pytest.mark.parametrize(
    "learn",
    [
        lambda model: model.partial_fit(["Olá!"]),
        lambda model: model.partial_forget(TEXTS[:1]),
        lambda model: model.merge(fitted()),
        lambda model: fitted().merge(model),
    ],
)
def test_what_needs_counts_is_an_error(learn):
    """The error says what the copy lacks, and the copy stays as it was."""
    compact = fitted().compact()
    with pytest.raises(ValueError, match=r"is a compact copy, without the counts"):
        learn(compact)
    assert (
        compact.score_samples(TEXTS).tolist() == fitted().score_samples(TEXTS).tolist()
    )


def test_counts_are_no_attribute_of_a_compact_model():
    """What is not known is not there, and why is said."""
    compact = fitted().compact()
    assert not hasattr(compact, "counts_")
    with pytest.raises(AttributeError, match=r"without the counts .* counts_ needs"):
        _ = compact.counts_


def test_a_compact_model_can_be_fitted_anew():
    """`fit` forgets everything, and with it that the model was compact."""
    compact = fitted().compact().fit(TEXTS[:3]).partial_fit(TEXTS[3:])
    assert compact.score(TEXTS) == fitted().score(TEXTS)


def test_a_compact_model_is_written_as_arpa(tmp_path):
    """Byte for byte as the model that it was made of."""
    write_arpa(fitted(), tmp_path / "model.arpa")
    write_arpa(fitted().compact(), tmp_path / "compact.arpa")
    written = [
        (tmp_path / f"{name}.arpa").read_bytes() for name in ("model", "compact")
    ]
    assert written[0] == written[1]


def test_stored_probabilities_cannot_be_compact(tmp_path):
    """A model without counts says so."""
    write_arpa(fitted(), tmp_path / "model.arpa")
    with pytest.raises(ValueError, match="read from probabilities, without the counts"):
        read_arpa(tmp_path / "model.arpa").compact()


def test_a_model_without_texts_cannot_be_compact():
    """Nothing was learned yet."""
    with pytest.raises(NotFittedError):
        NGramTextGenerator().compact()


def test_what_leaves_ngrams_out_is_never_compact():
    """A compact copy could not tell what is rare, so there is none."""
    model = fitted(min_count=[1, 2])
    with pytest.raises(
        ValueError, match=r"must have been 1 .* Got \[1, 2\]; write_arpa"
    ):
        model.compact()
    assert model.set_params(min_count=1).fit(TEXTS).compact().n_texts_seen_ == 10
