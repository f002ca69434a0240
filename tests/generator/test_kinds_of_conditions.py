"""Conditions of texts in words, of rows of ids, and of replies."""

from collections import Counter

import numpy as np
import pytest
from _replies import fulfils
from scipy import stats

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

TEXTS = "a b a|a b c|b b c|a c|b c a b|a b c".split("|")


def fit(**parameters):
    """A model of few texts of three words."""
    return NGramTextGenerator(smoothing="kneser_ney", random_state=0, **parameters).fit(
        TEXTS
    )


def test_several_columns():
    """`num_return_sequences` gives columns under conditions too."""
    model = fit(num_return_sequences=3)
    texts = model.sample(4, contains="c")
    assert texts.shape == (4, 3)
    assert all("c" in text for text in texts.ravel())
    assert len(set(texts.ravel())) > 1


def test_conditions_are_read_as_texts_are():
    """They go through the tokenizer of the model, and texts through its detokenizer."""
    index = WordIndexTransformer(lowercase=True, tokenizer=list)
    model = NGramTextGenerator(
        2, word_index=index, random_state=0, detokenizer="".join
    ).fit(["abc", "xbz"])
    assert model.sample(contains="BC", starts_with="X")[0] == "xbc"


@pytest.mark.parametrize("contains", [("c", "b"), {"c", "b"}, np.array(["c", "b"])])
def test_phrases_come_in_any_collection(contains):
    """Several phrases may be a tuple, a set, an array or a generator."""
    model = fit()
    for phrases in (contains, (phrase for phrase in contains)):
        for text in model.sample(5, contains=phrases):
            assert {"b", "c"} <= set(text.split())


ROWS = np.array([[1, 2, 3, 0], [1, 3, 2, 0], [3, 1, 0, 0]])


@pytest.mark.parametrize(
    ("conditions", "asked"),
    [
        ({"contains": [2, 3]}, {"contains": ((2, 3),)}),
        ({"contains": [[2], [3, 1]]}, {"contains": ((2,), (3, 1))}),
        ({"contains": np.array([3, 1])}, {"contains": ((3, 1),)}),
        ({"contains": np.array([[3], [2]])}, {"contains": ((3,), (2,))}),
        ({"starts_with": [3], "ends_with": (2,)}, {"starts": (3,), "ends": (2,)}),
        ({"ends_with": [[2], [1, 3]]}, {"ends": [(2,), (1, 3)]}),
    ],
    ids=str,
)
def test_models_of_plain_rows_are_asked_by_ids(conditions, asked):
    """Where there are no words, conditions are ids, and texts are padded rows."""
    model = NGramTextGenerator(2, random_state=0).fit(ROWS)
    rows = model.sample(20, **conditions)
    assert rows.dtype == np.int32
    for row in rows.tolist():
        assert fulfils([word for word in row if word], **asked)


def test_phrases_of_ids_may_come_one_by_one():
    """A generator of phrases loses none of them."""
    model = NGramTextGenerator(2, random_state=0).fit(ROWS)
    for row in model.sample(30, contains=(phrase for phrase in ([2], [3, 1]))).tolist():
        assert fulfils([word for word in row if word], contains=((2,), (3, 1)))


@pytest.mark.parametrize("condition", ["starts_with", "ends_with", "contains"])
@pytest.mark.parametrize("bad", [-1, 0, 4, 99])
def test_ids_that_are_no_words_are_named(condition, bad):
    """An id that was never given is refused at once, as an unknown word is."""
    model = NGramTextGenerator(2, smoothing="kneser_ney", random_state=0).fit(ROWS)
    with pytest.raises(ValueError, match=f"'{condition}'.*{bad}"):
        model.sample(2, **{condition: [2, bad]})


def test_a_model_of_replies_writes_replies():
    """There, texts are replies, and conditions are for them, not for messages."""
    model = NGramTextGenerator(3, random_state=0)
    model.fit(["a b", "c b", "a d"], ["x", "y", "x z"])
    assert set(model.sample(30, contains="x")) == {"x", "x z"}
    with pytest.raises(ValueError, match="no text"):
        model.sample(contains="b")


@pytest.mark.parametrize("n", [2, 3, 4])
def test_replies_are_drawn_under_conditions(n):
    """A model of replies writes replies: those kept of many, drawn by their counts."""
    messages = ["a b", "c b", "a d", "", "a b a", "b", "e"]
    replies = ["x y z", "y x", "z y x y", "x", "y y z", "z a", "b x"]
    model = NGramTextGenerator(n, random_state=0).fit(messages, replies)
    free = Counter(text for text in model.sample(6000) if "y" in text.split())
    drawn = Counter(model.sample(1500, contains="y"))
    assert all("y" in text.split() for text in drawn)
    often = [text for text in free | drawn if free[text] + drawn[text] >= 20]
    table = np.array([[counts[text] for text in often] for counts in (free, drawn)])
    rest = [[free.total()], [drawn.total()]] - table.sum(axis=1, keepdims=True)
    table = np.hstack([table, rest]) if rest.all() else table
    assert stats.chi2_contingency(table).pvalue > 1e-4
