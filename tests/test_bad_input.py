"""Bad input gets an error that says what is wrong and where, and does no harm.

Odd input that is legal works.
"""

import copy
import pickle
import warnings
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm._envelope import seal
from sklearn_sslm.ngrams import NGramCounts

REFUSED = (TypeError, ValueError)
TEXTS = ["a b c", "a c b", "b a", "c c a b"]
MESSAGES = ["a", "b c", "x", "", "a b"]

# What is not a collection of texts, and what the message has to say about it.
NOT_TEXTS = {
    "a bare str": ("a b c", ["'a b c'", "list"]),
    "an empty str": ("", ["''", "list"]),
    "bytes": (b"a b c", ["bytes"]),
    "a list with bytes": (["a b", b"c"], ["index 1", "b'c'|bytes"]),
    "a number": (3, ["3|int"]),
    "None": (None, ["None"]),
    "an int among texts": (["a b", "c", 3], ["index 2", "3|int"]),
    "a float among texts": (("a b", 0.5), ["index 1", "0.5|float"]),
    "None among texts": ([None, "a b"], ["index 0", "None"]),
    "a list of words": (["a b", ["a", "b"]], ["index 1", "list|\\['a', 'b'\\]"]),
    "a dict": ({"a b": 1}, ["dict"]),
    "a Series with NaN": (
        pd.Series(["a b", np.nan, "c"], dtype=object),
        ["index 1", "nan"],
    ),
    "a Series with None": (
        pd.Series(["a b", "c", None], dtype=object),
        ["index 2", "None"],
    ),
    "a str Series with a gap": (
        pd.Series(["a b", None], dtype="string"),
        ["index 1", "NA|nan"],
    ),
    "a Series of numbers": (pd.Series([1.5, 2]), ["1-D|1.5"]),
    "a DataFrame": (pd.DataFrame({"text": ["a b", "c"]}), ["DataFrame"]),
    "a 2-D array of str": (np.array([["a b"], ["c"]]), [r"\(2, 1\)|2-D"]),
    "a 2-D array of object": (
        np.array([["a b"], ["c"]], dtype=object),
        [r"\(2, 1\)|2-D"],
    ),
    "a 0-D array": (np.array("a b"), ["a b|0-D"]),
    "a 1-D array of ints": (np.array([1, 2]), ["1|1-D"]),
    "a generator with an int": ((text for text in ["a", 7]), ["index 1", "7|int"]),
}

# What is not rows of ids, neither to learn from nor as messages.
NOT_ROWS = {
    "floats": (np.array([[1.0, 2.0, 0.0]]), ["float"]),
    "NaN": (np.array([[1.0, np.nan, 0.0]]), ["float"]),
    "less than -1": (np.array([[1, 2, 0], [1, -2, 0]]), ["-2", "row 1"]),
    "complex numbers": (np.array([[1j, 2, 0]]), ["complex|1.?j"]),
    "booleans": (np.array([[True, False]]), ["bool"]),
    "one row without its brackets": (np.array([1, 2, 0]), ["1-D"]),
    "three dimensions": (np.zeros((1, 2, 3), dtype=int), ["3-D"]),
    "ragged rows": ([[1, 2, 0], [1, 0]], ["2-D"]),
    "rows of words": ([["a", "b"], ["c", "d"]], ["2-D|index 0"]),
    "a sparse matrix": (sparse.csr_matrix(np.array([[1, 2, 0]])), ["[Ss]parse|csr"]),
}


@contextmanager
def refusal(*patterns):
    """Like `pytest.raises`, for a message that has to say several things."""
    with pytest.raises(REFUSED) as error:
        yield error
    for pattern in patterns:
        error.match(f"(?s){pattern}")


def state(model):
    """All of a model, as bytes that are equal only for models that are equal."""
    return pickle.dumps(model)


def answers(model, messages=MESSAGES, learned=TEXTS):
    """What a model says, over and over the same with an int as random_state."""
    return model.predict(messages).tolist(), model.score_samples(learned).tolist()


@pytest.fixture(params=["one fit", "several partial_fits"])
def model(request):
    """A fitted generator."""
    model = NGramTextGenerator(n=3, random_state=0)
    if request.param == "one fit":
        return model.fit(TEXTS)
    for text in TEXTS:
        model.partial_fit([text])
    return model


@pytest.fixture
def index():
    """A fitted word index."""
    return WordIndexTransformer().fit(TEXTS)


@pytest.fixture
def rows_model(index):
    """A generator fitted on plain integer rows."""
    rows = np.array(index.transform(TEXTS))
    return NGramTextGenerator(n=3, random_state=0).fit(rows)


def call(estimator, method, X):
    """Call a method; a generator is read to its end, as `stream` is lazy."""
    # A sparse matrix warns of itself in some versions of SciPy; that is not ours.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return getattr(estimator, method)(X)


GENERATOR_METHODS = [
    "partial_fit",
    "predict",
    "score_samples",
    "score",
    "perplexity",
    "next_word_proba",
    "next_words",
]


def fresh(X):
    """A copy of an input that can be read once only."""
    return (text for text in ["a", 7]) if hasattr(X, "send") else X


# Things that are no texts --------------------------------------------------------------


@pytest.mark.parametrize("method", GENERATOR_METHODS)
@pytest.mark.parametrize("case", NOT_TEXTS)
def test_generator_refuses_what_is_no_texts(model, method, case):
    """The error says what came in and where, and the fitted model stays as it was."""
    X, message = NOT_TEXTS[case]
    before, said = state(model), answers(model)
    with refusal(*message, r"\bX\b", "NGramTextGenerator"):
        call(model, method, fresh(X))
    assert state(model) == before
    assert answers(model) == said


@pytest.mark.parametrize("case", NOT_TEXTS)
def test_generator_cannot_be_fitted_on_what_is_no_texts(case):
    """``fit`` refuses it too, and an estimator that was never fitted stays unfitted."""
    X, message = NOT_TEXTS[case]
    model = NGramTextGenerator()
    with refusal(*message):
        model.fit(fresh(X))
    with pytest.raises(NotFittedError):
        model.predict(["a"])


@pytest.mark.parametrize("method", ["fit", "partial_fit", "transform", "fit_transform"])
@pytest.mark.parametrize("case", NOT_TEXTS)
def test_word_index_refuses_what_is_no_texts(index, method, case):
    """The word index says the same, and keeps its words."""
    X, message = NOT_TEXTS[case]
    before = state(index)
    with refusal(*message, r"\bX\b", "WordIndexTransformer"):
        getattr(index, method)(fresh(X))
    assert state(index) == before


@pytest.mark.parametrize("message", [None, 3, b"a", ["a", "b"], np.array(["a"])])
def test_stream_takes_one_text(model, message):
    """``stream`` answers one message, which is a str."""
    before = state(model)
    with pytest.raises(REFUSED, match="message"):
        list(model.stream(message))
    assert state(model) == before


def test_a_bare_str_is_told_to_become_a_list(model):
    """The error for a bare str shows how it should have been passed."""
    with pytest.raises(REFUSED, match=r"\['a b'\]|list"):
        model.predict("a b")


def test_a_failing_refit_leaves_the_model_as_it_was(model):
    """A ``fit`` that is refused does not forget what had been learned."""
    before, said = state(model), answers(model)
    for X in ["a b", ["a", 3], [], ["", ""], np.array([[1.5]]), np.array([[-1, 0]])]:
        with pytest.raises(REFUSED):
            model.fit(X)
        assert state(model) == before
    assert answers(model) == said


def test_an_iterator_that_fails_half_way_does_no_harm(model):
    """An error raised by the texts themselves comes through and nothing was learned."""

    def texts():
        yield "d e f"
        raise OSError("the disk is gone")

    before = state(model)
    for method in [model.partial_fit, model.fit, model.predict, model.score]:
        with pytest.raises(OSError, match="the disk is gone"):
            method(texts())
    assert state(model) == before


def test_running_out_of_memory_does_no_harm(model, monkeypatch):
    """When counting fails after the words were read, no word and no count has changed."""

    def fail(*args):
        raise MemoryError

    before = state(model)
    monkeypatch.setattr(NGramCounts, "from_stream", fail)
    for method in [model.partial_fit, model.fit]:
        with pytest.raises(MemoryError):
            method(["a new word"])
    assert state(model) == before


# Nothing to learn ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "empty",
    [[], (), iter(()), np.array([], dtype=str), pd.Series([], dtype=object)],
    ids=["list", "tuple", "iterator", "array", "Series"],
)
def test_no_texts_at_all_are_refused(empty):
    """An empty X is an error that says so."""
    with pytest.raises(ValueError, match=r"(?i)at least one|empty|no text|0 sample"):
        NGramTextGenerator().fit(empty)


def test_no_rows_at_all_are_refused():
    """Rows without any row are an error too."""
    with pytest.raises(ValueError, match=r"(?i)at least one|empty|no text|0 sample"):
        NGramTextGenerator().fit(np.zeros((0, 3), dtype=int))


@pytest.mark.parametrize(
    "X", [[""], ["", "  ", "\t\n"], np.zeros((2, 3), dtype=int)], ids=str
)
def test_only_empty_texts_are_refused(X):
    """Texts without a single word leave nothing to learn."""
    with pytest.raises(ValueError, match=r"(?i)word|empty"):
        NGramTextGenerator().fit(X)


def test_word_index_refuses_only_empty_texts_or_none():
    """The word index needs at least one word as well."""
    with pytest.raises(ValueError, match=r"(?i)at least one|empty|no text"):
        WordIndexTransformer().fit([])
    with pytest.raises(ValueError, match=r"(?i)word|empty"):
        WordIndexTransformer().fit(["", " "])


def test_empty_texts_beside_others_are_learned():
    """An empty text among others is a text that ends at once."""
    model = NGramTextGenerator(n=2).fit(["a", "", "a b", "  "])
    # Of four texts two begin with "a" and two end before any word.
    assert model.n_texts_seen_ == 4
    np.testing.assert_allclose(
        model.score_samples(["", "a"]), np.log([2 / 4, 2 / 4 * 1 / 2])
    )


# Parameters ---------------------------------------------------------------------------

BAD_PARAMETERS = [
    (NGramTextGenerator, "n", 0),
    (NGramTextGenerator, "n", -1),
    (NGramTextGenerator, "n", 2.5),
    (NGramTextGenerator, "n", "3"),
    (NGramTextGenerator, "n", None),
    (NGramTextGenerator, "echo", "loud"),
    (NGramTextGenerator, "echo", None),
    (NGramTextGenerator, "unknown", "ignore"),
    (NGramTextGenerator, "fallback_response", 3),
    (NGramTextGenerator, "max_length", -1),
    (NGramTextGenerator, "max_length", 1.5),
    (NGramTextGenerator, "random_state", "seed"),
    (NGramTextGenerator, "random_state", -1),
    (NGramTextGenerator, "word_index", "words"),
    (NGramTextGenerator, "verbose", -1),
    (NGramTextGenerator, "verbose", "yes"),
    (WordIndexTransformer, "tokenizer", "split"),
    (WordIndexTransformer, "lowercase", "yes"),
    (WordIndexTransformer, "max_length", 0),
    (WordIndexTransformer, "max_length", 2.5),
    (WordIndexTransformer, "padding", "left"),
    (WordIndexTransformer, "truncating", "left"),
    (WordIndexTransformer, "padding_value", "0"),
    (WordIndexTransformer, "unknown_value", 0.5),
]


@pytest.mark.parametrize(("estimator", "name", "value"), BAD_PARAMETERS)
def test_bad_parameters_are_named_with_their_value(estimator, name, value):
    """``fit`` and ``partial_fit`` name the parameter, its owner and the value."""
    message = rf"The '{name}' parameter of {estimator.__name__} must be .* Got "
    for method in ["fit", "partial_fit"]:
        with pytest.raises(ValueError, match=message) as error:
            getattr(estimator(**{name: value}), method)(TEXTS)
        assert str(error.value).endswith(f"Got {value!r} instead.")


def test_the_message_for_a_bad_n_in_full():
    """The wording is scikit-learn's."""
    with pytest.raises(ValueError, match="instead") as error:
        NGramTextGenerator(n=0).fit(TEXTS)
    assert str(error.value) == (
        "The 'n' parameter of NGramTextGenerator must be an int in the range "
        "[1, inf). Got 0 instead."
    )


@pytest.mark.parametrize(("estimator", "name", "value"), BAD_PARAMETERS)
def test_bad_parameters_do_not_harm_a_fitted_model(estimator, name, value):
    """A bad value set on a fitted model is refused by ``fit`` and can be taken back."""
    fitted = estimator().fit(TEXTS)
    good = fitted.get_params()[name]
    before = state(fitted)
    fitted.set_params(**{name: value})
    for method in ["fit", "partial_fit"]:
        with pytest.raises(ValueError, match=f"'{name}' parameter"):
            getattr(fitted, method)(TEXTS)
    fitted.set_params(**{name: good})
    assert state(fitted) == before


@pytest.mark.parametrize("change", ["set_params", "setattr"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(n, v) for cls, n, v in BAD_PARAMETERS if cls is NGramTextGenerator],
        ("temperature", float("nan")),
        ("top_p", float("nan")),
        ("bad_words", 3),
    ],
)
def test_parameters_that_passed_before_are_no_excuse(name, value, change):
    """A model that just answered refuses each bad value, as often as it is asked."""
    model = NGramTextGenerator(random_state=0).fit(TEXTS)
    model.predict(MESSAGES)
    if change == "set_params":
        model.set_params(**{name: value})
    else:
        setattr(model, name, value)
    for copied in [model, copy.copy(model), pickle.loads(pickle.dumps(model))]:
        for _ in range(2):
            with pytest.raises(ValueError, match=f"The '{name}' parameter"):
                copied.predict(MESSAGES)


def test_words_barred_are_looked_at_each_time():
    """A list of words that is changed in place is the new list for the next reply."""
    model = NGramTextGenerator(bad_words=[]).fit(["a b"])
    assert model.predict(["a"]) == ["a b"]
    model.bad_words.append("b")
    assert model.predict(["a"]) == ["a"]
    model.bad_words[0] = 3
    with pytest.raises(ValueError, match="'bad_words' parameter"):
        model.predict(["a"])


def test_a_file_does_not_say_that_its_parameters_are_right():
    """What a pickled model remembers of its checks is not believed."""
    model = NGramTextGenerator().fit(TEXTS)
    model.temperature = "hot"
    stranger = model.__getstate__()
    del stranger["_sklearn_sslm"]
    names = model._parameter_constraints
    stranger["_passed"] = [getattr(model, name) for name in names]
    stranger = seal(stranger)
    again = NGramTextGenerator.__new__(NGramTextGenerator)
    again.__setstate__(stranger)
    with pytest.raises(ValueError, match="'temperature' parameter"):
        again.predict(MESSAGES)


@pytest.mark.parametrize("new", [1, 2, 4])
def test_partial_fit_after_n_has_changed_is_refused(model, new):
    """The error names both values of n and sends to ``fit``; the model still works."""
    before, said = state(model), answers(model)
    model.set_params(n=new)
    with pytest.raises(ValueError, match=rf"(?s)\b{new}\b.*\bfit\b") as error:
        model.partial_fit(["a d"])
    assert "3" in str(error.value)
    model.set_params(n=3)
    assert state(model) == before
    assert answers(model) == said
    assert model.set_params(n=new).fit(TEXTS).partial_fit(["a d"]).n_texts_seen_ == 5


def test_misspelt_parameters_are_refused():
    """There are no silent options."""
    with pytest.raises(TypeError, match="fallback"):
        NGramTextGenerator(fallback="?")
    with pytest.raises(ValueError, match="smoothness"):
        NGramTextGenerator().set_params(smoothness=1)


# Unfitted -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method",
    [
        "predict",
        "score_samples",
        "score",
        "perplexity",
        "next_word_proba",
        "next_words",
    ],
)
def test_unfitted_generator_says_so(method):
    """Before ``fit`` every answer is a ``NotFittedError`` that names the class."""
    with pytest.raises(NotFittedError, match="NGramTextGenerator"):
        getattr(NGramTextGenerator(), method)(["a"])


def test_unfitted_sample_and_stream_say_so():
    """``sample`` and ``stream`` need a fitted model like the others."""
    with pytest.raises(NotFittedError, match="NGramTextGenerator"):
        NGramTextGenerator().sample()
    with pytest.raises(NotFittedError, match="NGramTextGenerator"):
        next(iter(NGramTextGenerator().stream("a")))


@pytest.mark.parametrize("method", ["transform", "inverse_transform"])
def test_unfitted_word_index_says_so(method):
    """The word index needs ``fit`` first, too."""
    with pytest.raises(NotFittedError, match="WordIndexTransformer"):
        getattr(WordIndexTransformer(), method)(["a"])


# Integer rows -------------------------------------------------------------------------


@pytest.mark.parametrize("case", NOT_ROWS)
@pytest.mark.parametrize("method", ["fit", *GENERATOR_METHODS])
def test_what_is_no_rows_of_ids_is_refused(rows_model, method, case):
    """The error says what came in, and the fitted model stays as it was."""
    X, message = NOT_ROWS[case]
    rows = np.array([[1, 2, 3, 0], [3, 3, 1, 2], [2, 1, 0, 0]])
    before, said = state(rows_model), answers(rows_model, rows, rows)
    with refusal(*message, r"\bX\b", "NGramTextGenerator"):
        call(rows_model, method, X)
    assert state(rows_model) == before
    assert answers(rows_model, rows, rows) == said


def test_unknown_words_cannot_be_learned(rows_model):
    """-1 in a row to learn from is refused, with the place where it stands."""
    rows = np.array([[1, 2, 0], [1, -1, 0]])
    before = state(rows_model)
    for method in [rows_model.fit, rows_model.partial_fit]:
        with refusal(r"\bX\b", "-1|unknown word", "row 1"):
            method(rows)
    assert state(rows_model) == before


def test_unknown_words_are_understood_in_messages(rows_model):
    """-1 in a message is an unknown word, whose text has probability 0."""
    rows = np.array([[-1, 0, 0], [1, -1, 2]])
    with pytest.warns(UserWarning, match="probability 0"):
        assert rows_model.score_samples(rows).tolist() == [-np.inf, -np.inf]
    assert len(rows_model.predict(rows)) == 2


@pytest.mark.parametrize(
    "method", ["predict", "score_samples", "score", "next_word_proba", "next_words"]
)
def test_ids_beyond_the_vocabulary_are_refused(rows_model, method):
    """Ids that no word has are named together with the largest that one has."""
    before = state(rows_model)
    # a, b and c are 1, 2 and 3.
    for beyond in [4, 99, 2**31 - 1]:
        with pytest.raises(ValueError, match=rf"\b{beyond}\b"):
            getattr(rows_model, method)(np.array([[1, 2, 0], [1, beyond, 0]]))
    assert state(rows_model) == before


def test_ids_that_do_not_fit_are_refused(rows_model):
    """An id of 32 bits or more is refused in place of being cut to another one."""
    before = state(rows_model)
    for huge in [2**31, 2**32 + 1]:
        with pytest.raises(REFUSED, match=str(huge)):
            rows_model.partial_fit(np.array([[1, huge, 0]]))
        with pytest.raises(REFUSED, match=str(huge)):
            rows_model.predict(np.array([[1, huge, 0]]))
    with pytest.raises(REFUSED):
        rows_model.predict(np.array([[1, 2**64 - 1, 0]], dtype=np.uint64))
    assert state(rows_model) == before


def test_texts_for_a_model_of_rows_are_refused(rows_model):
    """A model that has only seen ids knows no words to look texts up in."""
    before = state(rows_model)
    for method in ["predict", "score", "partial_fit", "next_words"]:
        with pytest.raises(REFUSED, match=r"(?i)word|text|integer|ids"):
            getattr(rows_model, method)(["a b"])
    assert state(rows_model) == before


def test_word_index_refuses_ids_it_never_gave(index):
    """``inverse_transform`` names an id that no word has."""
    with pytest.raises(ValueError, match=r"\b4\b"):
        index.inverse_transform(np.array([[1, 4, 0]]))
    with pytest.raises(REFUSED, match="float"):
        index.inverse_transform(np.array([[1.0, 2.0, 0.0]]))
    with pytest.raises(ValueError, match="-2"):
        index.inverse_transform(np.array([[1, -2, 0]]))


# Messages and replies -----------------------------------------------------------------


def test_as_many_replies_as_messages(model):
    """X and y of different lengths are refused with both lengths."""
    pairs = NGramTextGenerator().fit(["a", "b"], ["c", "d"])
    before = state(model), state(pairs)
    for method in [model.fit, pairs.fit, pairs.partial_fit, pairs.score]:
        with refusal(r"\by\b", r"\b3\b", r"\b1\b"):
            method(["a", "b", "a"], ["c"])
    assert (state(model), state(pairs)) == before


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ("ab", ["'ab'"]),
        (["a", 3], ["index 1", "3"]),
        ([None, "a"], ["index 0", "None"]),
    ],
    ids=["a bare str", "an int", "None"],
)
def test_replies_are_texts_like_messages(model, y, message):
    """What is refused as X is refused as y, under its own name."""
    pairs = NGramTextGenerator().fit(["a", "b"], ["c", "d"])
    before = state(model), state(pairs)
    for method in [model.fit, pairs.fit, pairs.partial_fit, pairs.score]:
        with refusal(*message, r"\by\b"):
            method(["a", "b"], y)
    assert (state(model), state(pairs)) == before


def test_replies_are_given_always_or_never(model):
    """A model of texts learns no replies later, nor the other way round."""
    pairs = NGramTextGenerator().fit(["a", "b"], ["c", "d"])
    before = state(model), state(pairs)
    with refusal("without", r"\by\b", r"\bfit\b"):
        model.partial_fit(["a"], ["b"])
    with refusal("with", r"\by\b", r"\bfit\b"):
        pairs.partial_fit(["a"])
    assert (state(model), state(pairs)) == before
    assert model.fit(["a"], ["b"]).partial_fit(["b"], ["c"]).n_texts_seen_ == 2


def test_unknown_words_are_an_error_only_if_asked_for():
    """``unknown="error"`` names the word and the message it stands in."""
    model = NGramTextGenerator(n=3, unknown="error").fit(TEXTS)
    before = state(model)
    with pytest.raises(ValueError, match=r"(?s)zebra") as error:
        model.predict(["a b", "a zebra b"])
    assert "1" in str(error.value)
    # Only the last two words have to be known.
    assert len(model.predict(["zebra a b"])) == 1
    assert state(model) == before


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", None])
def test_n_samples_and_k_are_positive_ints(model, value):
    """``sample`` and ``next_words`` name the argument that is out of range."""
    before = state(model)
    with pytest.raises(REFUSED, match="n_samples"):
        model.sample(value)
    with pytest.raises(REFUSED, match=r"\bk\b"):
        model.next_words(["a"], k=value)
    assert state(model) == before


def test_n_samples_and_k_may_be_numpy_ints(model):
    """What scikit-learn takes for an int is one."""
    assert len(model.sample(np.int64(2))) == 2
    assert len(model.next_words(["a"], k=np.int32(2))[0]) == 2


# The tokenizer is the user's code -----------------------------------------------------


@pytest.mark.parametrize(
    ("tokenizer", "message"),
    [
        (lambda text: None, "tokenizer"),
        (lambda text: [3], "tokenizer"),
        (lambda text: ["a", None], "tokenizer"),
    ],
    ids=["None", "an int", "None among words"],
)
def test_a_tokenizer_must_return_words(tokenizer, message):
    """A tokenizer that returns something else is named in the error."""
    with pytest.raises(REFUSED, match=message):
        WordIndexTransformer(tokenizer=tokenizer).fit(["a b"])


def test_a_tokenizer_that_fails_does_no_harm():
    """Its own error comes through, and the words known before are those known after."""

    def tokenizer(text):
        if "!" in text:
            raise RuntimeError("no exclamations here")
        return text.split()

    index = WordIndexTransformer(tokenizer=tokenizer).fit(["a b"])
    for method in [index.partial_fit, index.fit, index.transform]:
        with pytest.raises(RuntimeError, match="no exclamations"):
            method(["c d", "e!"])
    assert index.words_ == ["", "a", "b"]
    generator = NGramTextGenerator(word_index=index).fit(["a b"])
    with pytest.raises(RuntimeError, match="no exclamations"):
        generator.partial_fit(["c d", "e!"])
    assert generator.word_index_.words_ == ["", "a", "b"]
    assert generator.n_words_ == 2
    assert generator.n_texts_seen_ == 1


# Legal and odd ------------------------------------------------------------------------

ODD = {
    "tabs": ("a\tb\t\tc", ["a", "b", "c"]),
    "lines": ("a\nb\r\nc", ["a", "b", "c"]),
    "non-breaking spaces": ("a\u00a0b\u202fc", ["a", "b", "c"]),
    "ideographic space": ("你好\u3000世界", ["你好", "世界"]),
    "emoji": ("👩‍👩‍👧 ❤️ 🇧🇷", ["👩‍👩‍👧", "❤️", "🇧🇷"]),
    "combining accents": ("e\u0301 \u00e9", ["e\u0301", "\u00e9"]),
    "right to left": ("שלום עולם مرحبا", ["שלום", "עולם", "مرحبا"]),
    "control signs": ("a\x00b \u200bc", ["a\x00b", "\u200bc"]),
    "a lone surrogate": ("a \ud800", ["a", "\ud800"]),
    "beyond 16 bits": ("\U0010ffff 𝔘", ["\U0010ffff", "𝔘"]),
    "marks only": ("? ! ' \" \\ %s {0}", ["?", "!", "'", '"', "\\", "%s", "{0}"]),
    "what looks like our marks": ("0 -1 <s> </s> nan", ["0", "-1", "<s>", "</s>", "nan"]),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_odd_texts_come_out_as_they_went_in(case):
    """Words are what ``str.split`` says, and a text of them is generated whole."""
    text, words = ODD[case]
    index = WordIndexTransformer()
    rows = index.fit_transform([text])
    assert index.words_ == ["", *words]
    assert list(index.inverse_transform(rows)) == [" ".join(words)]
    model = NGramTextGenerator(n=3).fit([text])
    assert model.predict([words[0]]).tolist() == [" ".join(words)]
    assert model.sample().tolist() == [" ".join(words)]
    assert model.score([text]) == pytest.approx(0)


def test_accents_are_not_normalised():
    """Two spellings of one letter are two words: we do not touch what we are given."""
    assert WordIndexTransformer().fit(["e\u0301 \u00e9"]).n_words_ == 2


def test_a_text_of_a_million_characters():
    """A very long line is one text like any other."""
    words = [f"w{i % 997}" for i in range(220_000)]
    text = " ".join(words)
    assert len(text) > 1_000_000
    model = NGramTextGenerator(n=3, max_length=5, random_state=0).fit([text])
    assert model.n_tokens_seen_ in (220_000, 220_001)  # the end may count
    # Words go round in a circle of 997, so two words tell which one is next.
    assert model.predict(["w41 w42"])[0].startswith("w41 w42 w43 w44 w45")
    assert np.isfinite(model.score([text]))


def test_a_word_of_a_million_characters():
    """A very long word is one word like any other."""
    word = "a" * 1_000_000
    model = NGramTextGenerator(n=2).fit([f"{word} b"])
    assert model.predict([word])[0] == f"{word} b"


def test_many_texts_of_one_word():
    """Texts as short as can be are learned with any n."""
    model = NGramTextGenerator(n=7).fit(["a"] * 300 + ["b"] * 100)
    # 300 of 400 texts are "a"; each ends after its only word.
    np.testing.assert_allclose(model.score_samples(["a", "b"]), np.log([3 / 4, 1 / 4]))


def test_a_message_of_a_million_words_is_answered_from_its_end(model):
    """A message is as long as it likes; its last words count."""
    reply = model.predict(["b " * 1_000_000 + "c c"])[0]
    assert reply.startswith("c c a b")  # "c c" was only seen in "c c a b"
