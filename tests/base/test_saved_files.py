"""Files that earlier versions wrote load for ever; `tests/saved/make.py` made them."""

import warnings
from pathlib import Path

import joblib
import pytest
import skops.io

SAVED = Path(__file__).parents[1] / "saved"
TEXTS = ["o gato dorme", "a gata come", "só", "zebra"]


# As they were when the files were written; layout 1 counted messages like replies.
OLD_REPLY = -1.1289587944868915
REPLY = -0.8700528044365151
SCORES = [
    -3.064009095489326,
    -6.266568301019494,
    -3.757057571647898,
    -6.254922230668898,
]


def of_skops(path):
    """The model in a file of skops."""
    return skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))


@pytest.mark.parametrize("path", sorted(SAVED.glob("*.layout*")), ids=lambda p: p.name)
def test_a_kept_file_loads_and_answers_as_it_did(path):
    """A model of each form is read, and is the one that the same texts make."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scikit-learn's version, which has moved on
        model = (of_skops if path.suffix == ".skops" else joblib.load)(path)
    if path.name.startswith("words"):
        assert model.vocabulary_["gato"] == 2
        assert model.inverse_transform(model.transform(["O GATO"])).tolist() == [
            "o gato"
        ]
    elif path.name.startswith("replies"):
        counts_messages = ".layout1." in path.name
        expected = OLD_REPLY if counts_messages else REPLY
        assert model.score(["o gato dorme"], ["boa noite"]) == pytest.approx(expected)
        if counts_messages:
            with pytest.raises(ValueError, match="saved by an earlier version, which"):
                model.partial_fit(["o"], ["a"])
        else:
            model.partial_fit(["o"], ["a"])
    else:
        assert model.n_texts_seen_ == 3
        assert model.score_samples(TEXTS) == pytest.approx(SCORES, rel=1e-12)
