"""The estimators in pipelines and searches, as users of scikit-learn put them together."""

import joblib
import numpy as np
import pytest
from _greetings import GREETINGS, MESSAGES
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_texts_straight_in_or_through_a_word_index(n):
    """A generator of texts and a pipeline with a word index are the same model."""
    straight = NGramTextGenerator(n=n, random_state=3).fit(GREETINGS)
    pipeline = make_pipeline(
        WordIndexTransformer(), NGramTextGenerator(n=n, random_state=3)
    ).fit(GREETINGS)
    messages = MESSAGES
    if n == 1:  # rows do not tell unknown words apart, which are all answered here
        known = straight.word_index_.vocabulary_.keys()
        messages = [text for text in MESSAGES if known >= {*text.split()}]
    replies = pipeline.predict(messages)
    assert replies.dtype == object
    assert replies.shape == (len(messages),)
    assert replies.tolist() == straight.predict(messages).tolist()
    assert pipeline.score(GREETINGS) == straight.score(GREETINGS)
    np.testing.assert_array_equal(
        pipeline.score_samples(GREETINGS), straight.score_samples(GREETINGS)
    )


def test_a_pipeline_answers_in_texts():
    """The word index as a step gives texts in and texts out."""
    pipeline = make_pipeline(WordIndexTransformer(), NGramTextGenerator(n=2))
    reply = pipeline.fit(GREETINGS).predict(["Boa noite!"])[0]
    assert isinstance(reply, str)
    assert reply.startswith("noite! Espero que ")


def test_left_padded_rows_keep_their_words():
    """``padding="pre"`` in a pipeline loses neither words nor replies."""
    pipeline = make_pipeline(
        WordIndexTransformer(padding="pre"), NGramTextGenerator(n=2, random_state=0)
    ).fit(["a b c", "d"])
    assert pipeline.predict(["a", "a b", "d"]).tolist() == ["a b c", "b c", "d"]


def test_grid_search_finds_the_best_n():
    """``GridSearchCV`` compares values of n by ``score``."""
    # After "b" comes "c" or "e", and only the word before tells which. Each fold of
    # 4 texts holds both texts, as do the other two.
    texts = ["a b c", "d b e"] * 6
    search = GridSearchCV(
        NGramTextGenerator(), {"n": [1, 2, 3]}, cv=KFold(3), error_score="raise"
    ).fit(texts)
    # n=1: per text b 2/8, end 2/8 and two words of 1/8 each.
    # n=2: 1/2 for the first word, 1/2 after "b"; n=3: 1/2 for the first word only.
    expected = np.log([(2 * 2 * 1 * 1) / 8**4, 1 / 4, 1 / 2]) / 4
    np.testing.assert_allclose(search.cv_results_["mean_test_score"], expected)
    assert search.best_params_ == {"n": 3}
    assert search.predict(["a b"]).tolist() == ["a b c"]


def test_grid_search_over_a_pipeline():
    """Parameters of both steps can be searched together."""
    pipeline = make_pipeline(WordIndexTransformer(), NGramTextGenerator())
    search = GridSearchCV(
        pipeline,
        {
            "wordindextransformer__lowercase": [False, True],
            "ngramtextgenerator__n": [1, 2],
        },
        cv=KFold(2),
        error_score="raise",
    ).fit(np.array(GREETINGS * 2, dtype=object))
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_params_["ngramtextgenerator__n"] == 2


def lower(texts):
    """Lower-case all texts."""
    return [text.lower() for text in texts]


def test_a_function_transformer_may_come_first():
    """Texts can be prepared by any transformer that gives texts."""
    pipeline = make_pipeline(
        FunctionTransformer(lower), NGramTextGenerator(n=2, random_state=0)
    ).fit(GREETINGS)
    assert pipeline.predict(["HOJE?", "OLÁ!"])[0] == "hoje?"
    assert pipeline.predict(["OLÁ!"])[0].startswith("olá! ")
    three = make_pipeline(
        FunctionTransformer(lower), WordIndexTransformer(), NGramTextGenerator(n=2)
    ).fit(GREETINGS)
    assert three.predict(["HOJE?"]).tolist() == ["hoje?"]
    itself = make_pipeline(WordIndexTransformer(lowercase=True), NGramTextGenerator())
    assert itself.fit(GREETINGS).predict(["HOJE?"]).tolist() == ["hoje?"]


def test_a_pipeline_with_a_memory(tmp_path):
    """Rows that come back from joblib's cache still carry their words."""
    pipeline = Pipeline(
        [
            ("index", WordIndexTransformer()),
            ("generate", NGramTextGenerator(n=2, random_state=0)),
        ],
        memory=joblib.Memory(tmp_path, verbose=0),
    )
    first = pipeline.fit(GREETINGS).predict(MESSAGES).tolist()
    again = clone(pipeline).fit(GREETINGS)  # from the cache
    assert again.predict(MESSAGES).tolist() == first
    assert all(isinstance(reply, str) for reply in first)
