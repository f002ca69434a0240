"""Tests of `sklearn_sslm.base._state`: what skops asks to be trusted."""

import io
import json
import re
import zipfile

import pytest
import skops.io
from _saved import SMOOTHINGS, TEXTS, read_model, texts_of_rows

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.saving import seal

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

GENERATOR = "sklearn_sslm.NGramTextGenerator"
WORD_INDEX = "sklearn_sslm.WordIndexTransformer"


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_skops_asks_for_public_classes_only(smoothing):
    """To trust are the generator, its word index, and its smoothing; nothing else."""
    model = NGramTextGenerator(smoothing=smoothing).fit(TEXTS)
    of_smoothing = f"sklearn_sslm.smoothing.{SMOOTHINGS[smoothing]}"
    data = skops.io.dumps(model)
    expected = [GENERATOR, WORD_INDEX, of_smoothing]
    assert skops.io.get_untrusted_types(data=data) == expected
    again = skops.io.loads(data, trusted=expected)
    assert again.score_samples(TEXTS).tolist() == model.score_samples(TEXTS).tolist()


def test_skops_asks_for_less_where_there_is_less():
    """Neither rows nor models that were read need more; a word index needs itself."""
    rows = NGramTextGenerator().fit(texts_of_rows())
    for estimator, expected in (
        (rows, [GENERATOR, "sklearn_sslm.smoothing.MaximumLikelihood"]),
        (read_model(2), [GENERATOR, WORD_INDEX]),
        (WordIndexTransformer().fit(TEXTS), [WORD_INDEX]),
    ):
        data = skops.io.dumps(estimator)
        assert skops.io.get_untrusted_types(data=data) == expected
        skops.io.loads(data, trusted=expected)


def test_a_pattern_that_splits_texts_is_saved_as_text():
    """It needs no more trust; flags are kept, and the models are still merged."""
    split = re.compile("[ab]+", re.IGNORECASE).findall
    for name in ("tokenizer", "analyzer"):
        index = WordIndexTransformer(**{name: split})
        model = NGramTextGenerator(2, word_index=index).fit(["aB-b", "b-A"])
        data = skops.io.dumps(model)
        expected = [GENERATOR, WORD_INDEX, "sklearn_sslm.smoothing.MaximumLikelihood"]
        assert skops.io.get_untrusted_types(data=data) == expected
        again = skops.io.loads(data, trusted=expected)
        assert again.word_index_.tokenize("xBAxa") == ["BA", "a"]
        assert again.merge(model).n_texts_seen_ == 4


@pytest.mark.parametrize(
    "packed",
    [
        {},
        {"findall": "(", "flags": 0},
        {"findall": b"a", "flags": 0},
        {"findall": "a", "flags": "i"},
        {"findall": "a{99999999999}", "flags": 0},
        {"findall": "(" * 9999, "flags": 0},
    ],
)
def test_a_damaged_pattern_is_an_error(packed):
    """What cannot be compiled is told when it is loaded, not when it is used."""
    state = WordIndexTransformer().__getstate__()
    fields = {name: value for name, value in state.items() if name != "_sklearn_sslm"}
    with pytest.raises(ValueError, match="damaged: 'tokenizer' is "):
        WordIndexTransformer().__setstate__(seal(fields | {"tokenizer": packed}))


def test_skops_tells_of_a_stranger():
    """A file that would call something else is not loaded with what ours need."""
    data = skops.io.dumps(NGramTextGenerator().fit(TEXTS))
    evil = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(evil, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "schema.json":
                schema = json.loads(content)
                schema["content"]["content"]["smoothing_"] |= {
                    "__class__": "Popen",
                    "__module__": "subprocess",
                }
                content = json.dumps(schema)
            new.writestr(name, content)
    data = evil.getvalue()
    assert "subprocess.Popen" in skops.io.get_untrusted_types(data=data)
    trusted = [GENERATOR, WORD_INDEX, "sklearn_sslm.smoothing.MaximumLikelihood"]
    with pytest.raises(Exception, match=r"subprocess\.Popen"):
        skops.io.loads(data, trusted=trusted)
