"""Tests of `sklearn_sslm.generator._score_warnings`."""

import warnings

import joblib
import numpy as np
import pytest
from _arpa_files import read_text
from _arpa_files_by_hand import BY_HAND

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.smoothing import KneserNey

NO_UNKNOWN = BY_HAND.replace("-1.0\t<unk>\n", "").replace("1=5", "1=4")


def scorers(model):
    """All ways to score texts that may warn."""
    return [
        model.score_samples,
        model.score,
        model.perplexity,
        model.score_texts,
        lambda texts: model.score_samples(texts * 200),
    ]


def told(scorer, texts):
    """The one warning of scoring some texts, which points at this line."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        scorer(texts)
    (warning,) = caught
    assert warning.filename == __file__
    return str(warning.message)


def test_a_file_without_unknown_words(tmp_path):
    """The warning about an unknown word names what helps a model that was read."""
    model = read_text(NO_UNKNOWN, tmp_path / "model.arpa")
    joblib.dump(model, tmp_path / "model")
    for each in (model, joblib.load(tmp_path / "model")):
        for scorer in scorers(each):
            message = told(scorer, ["a", "a x"])
            assert message.startswith(
                "A text has probability 0: it has an unknown word"
            )
            assert "unknown='exclude'" in message
            assert "read_arpa(path, unknown_log_proba=" in message
            assert "smoothing" not in message


def test_what_the_warning_names_helps(tmp_path):
    """With 'exclude', or a floor for unknown words, texts have scores."""
    model = read_text(NO_UNKNOWN, tmp_path / "model.arpa")
    assert np.isfinite(model.score_texts(["a x"], unknown="exclude")["log_proba"]).all()
    assert np.isfinite(model.perplexity(["a x"], unknown="exclude"))
    model = read_text(NO_UNKNOWN, tmp_path / "model.arpa", unknown_log_proba=-7)
    assert np.isfinite(model.score_samples(["a x"])).all()


def test_a_known_word_of_a_file(tmp_path):
    """Where a word that is known is impossible, it is the written model that has to change."""
    write_arpa(NGramTextGenerator(2, smoothing="mle").fit(["a b"]), tmp_path / "m.arpa")
    message = told(read_arpa(tmp_path / "m.arpa").score_samples, ["b"])
    assert message.startswith(
        "A text has probability 0: by the ARPA file of this model"
    )
    assert "cannot be smoothed" in message
    assert "unknown_log_proba" not in message


@pytest.mark.parametrize(
    ("smoothing", "expected"),
    [
        ("mle", "smoothing='kneser_ney'"),
        (KneserNey([0, 0, 0]), "smoothing='witten_bell'"),
    ],
)
def test_a_fitted_model(smoothing, expected):
    """A model that was fitted can be smoothed otherwise, and unknown words left out."""
    model = NGramTextGenerator(2, smoothing=smoothing).fit(["a b", "a c"])
    for scorer in scorers(model):
        assert expected in told(scorer, ["b"])
        assert "exclude" not in told(scorer, ["b"])
        assert "unknown='exclude'" in told(scorer, ["a x"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(model.perplexity(["x"], unknown="exclude"))


def test_scores_above_0(tmp_path):
    """A probability above 1 is told by all that score, also of a model that was saved."""
    text = BY_HAND.replace("a b\t0.05", "a b\t10").replace("-0.15", "-99")
    model = read_text(text, tmp_path / "model.arpa")
    joblib.dump(model, tmp_path / "model")
    for each in (model, joblib.load(tmp_path / "model")):
        for scorer in [*scorers(each), each.score_tokens]:
            message = told(scorer, ["a b a"])
            assert message.startswith("A word has a log probability above 0")
        assert told(each.explain, "a b a") == message
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            each.score_samples(["a", "b", "a a"])
