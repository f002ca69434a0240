"""Tests of texts drawn under conditions, as users of ``sample`` meet them."""

import copy
import gc
import weakref
from collections import Counter
from functools import cache

import numpy as np
import pytest
from _replies import assert_drawn_from, fulfils, next_of
from _replies import texts_given as all_texts_given
from _slow import smoothings
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import checked_model, fitted_model
from sklearn_sslm.ngrams import Constraints, OnlineModel, TextsGiven, texts_given
from sklearn_sslm.ngrams.conditions import _long_texts
from sklearn_sslm.ngrams.conditions._completion import CompletionProbabilities
from sklearn_sslm.ngrams.models import _updating
from sklearn_sslm.smoothing import SMOOTHINGS

NAMES = sorted(SMOOTHINGS)
TEXTS = "a b a|a b|c|b b c|a c|b c a b|a b c".split("|")

CONDITIONS = [
    {"starts_with": "b"},
    {"ends_with": "c"},
    {"ends_with": ["a b", "c"], "contains": "a"},
    {"contains": "b"},
    {"contains": ["a", "c"]},
    {"contains": ["a b", "b c"]},  # they may share a word
    {"contains": "b a", "ends_with": "a b"},
    {"starts_with": "a", "contains": "c", "ends_with": "b"},
    {"min_length": 3},
    {"starts_with": "b b", "min_length": 3, "max_length": 4},
    {"max_length": 2},
]


def fit(smoothing="kneser_ney", n=2, texts=TEXTS, **parameters):
    """A model of few texts of three words."""
    parameters = {"random_state": 0, **parameters}
    return NGramTextGenerator(n, smoothing=smoothing, **parameters).fit(texts)


@cache
def reference(name, n):
    """The distribution after some words, for brute force, of a model of few texts."""
    return next_of(fit(name, n))


@cache
def free_texts(name):
    """Texts that a model writes freely, of at most six words, in ids."""
    model = fit(name, max_length=6)
    return drawn_ids(model, model.sample(5000))


def ids(model, text):
    """Ids of the words of a text."""
    return tuple(model.word_index_.vocabulary_[word] for word in text.split())


def in_ids(model, conditions):
    """Conditions for brute force: ``{"contains": "a b"} -> {"contains": ((1, 2),)}``."""
    conditions = dict(conditions)
    contains = conditions.get("contains", [])
    contains = [contains] if isinstance(contains, str) else contains
    ends = conditions.get("ends_with", "")
    ends = ids(model, ends) if isinstance(ends, str) else ends
    return {
        "starts": ids(model, conditions.get("starts_with", "")),
        "ends": ends if isinstance(ends, tuple) else [ids(model, end) for end in ends],
        "contains": tuple(ids(model, phrase) for phrase in contains),
        "least": conditions.get("min_length", 0),
        "most": conditions.get("max_length"),
    }


def drawn_ids(model, texts):
    """Texts as tuples of ids."""
    return [ids(model, text) for text in texts]


# --- exactness -----------------------------------------------------------------------


@pytest.mark.parametrize("conditions", CONDITIONS, ids=str)
@pytest.mark.parametrize("n", [2, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", smoothings(NAMES))
def test_texts_are_as_frequent_as_those_of_brute_force(name, n, conditions):
    """Among texts that fulfil conditions, each has the share of its probability."""
    model = fit(name, n)
    conditions = {"max_length": 5, **conditions}
    asked = in_ids(model, conditions)
    most = asked.pop("most")
    texts = all_texts_given(reference(name, n), most, **asked)
    total = sum(texts.values())
    if not texts:  # three words in a row that were never seen so, under mle
        with pytest.raises(ValueError, match="no text"):
            model.sample(400, **conditions)
        return
    drawn = drawn_ids(model, model.sample(400, **conditions))
    assert_drawn_from({text: p / total for text, p in texts.items()}, drawn)


@pytest.mark.parametrize("conditions", CONDITIONS, ids=str)
@pytest.mark.parametrize("name", ["mle", "kneser_ney", "stupid_backoff"])
def test_texts_are_as_frequent_as_those_kept_of_many(name, conditions):
    """Filtering what the model writes freely gives the same, only with waste."""
    model = fit(name, max_length=6)  # this cuts free texts off; conditions ask for less
    conditions = {"max_length": 5, **conditions}
    asked = in_ids(model, conditions)
    kept = Counter(text for text in free_texts(name) if fulfils(text, **asked))
    drawn = Counter(drawn_ids(model, model.sample(1000, **conditions)))
    assert all(fulfils(text, **asked) for text in drawn)
    # Two samples of one distribution; texts that are rare in both count together.
    often = [text for text in kept | drawn if kept[text] + drawn[text] >= 10]
    table = np.array([[counts[text] for text in often] for counts in (kept, drawn)])
    rest = [[kept.total()], [drawn.total()]] - table.sum(axis=1, keepdims=True)
    table = np.hstack([table, rest]) if rest.all() else table
    assert table.sum() > 1000
    assert stats.chi2_contingency(table).pvalue > 1e-4


@settings(max_examples=30)
@given(
    st.lists(
        st.lists(st.sampled_from("abc"), max_size=6).map(" ".join),
        min_size=1,
        max_size=6,
    ).filter(lambda texts: any(texts)),
    st.lists(st.sampled_from(["a", "b", "c", "a b", "b b", "c a b"]), max_size=2),
    st.sampled_from(["", "a", "b c"]),
    st.sampled_from(["", "c", "a a"]),
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(1, 4),
    st.sampled_from(NAMES),
)
def test_what_is_asked_for_is_given_or_refused(
    texts, contains, starts, ends, least, more, n, name
):
    """Every text fulfils its conditions; what no text fulfils is refused at once."""
    model = fit(name, n, texts)
    given_ = {
        "starts_with": starts,
        "ends_with": ends,
        "contains": contains,
        "min_length": least,
        "max_length": least + more,
    }
    words = " ".join([starts, ends, *contains]).split()
    if not set(words) <= set(model.word_index_.vocabulary_):
        with pytest.raises(ValueError, match="must hold known words"):
            model.sample(3, **given_)
        return
    asked = in_ids(model, given_)
    most = asked.pop("most")
    if all_texts_given(next_of(model), most, **asked):
        for text in drawn_ids(model, model.sample(3, **given_)):
            assert fulfils(text, most=most, **asked)
    else:
        with pytest.raises(ValueError, match="can be fulfilled by no text"):
            model.sample(3, **given_)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_lengths_without_a_limit(name, n):
    """Without `max_length` texts end when they like, not where the generator stops."""
    model = fit(name, n, ["a a a a a a a b", "a b", "b a"], max_length=1)
    texts = model.sample(50, contains="a", ends_with="b", min_length=5)
    assert all(len(text.split()) >= 5 for text in texts)
    # Texts "a … b" under mle and n >= 2: each "a" but the last leads to another.
    assert len({len(text.split()) for text in texts}) > (name != "mle" or n <= 2)


def test_a_share_by_hand():
    """Of "a b", "a c b" and "a d", one in three has a "c": given it, all of them."""
    model = fit("mle", texts=["a b", "a c b", "a d", "d b"])
    # Given an ending in "b": "a b" 3/4 * 1/3; "a c b" the same; "a d b" 3/4 * 1/3 * 1/2;
    # "d b" 1/4 * 1/2. Shares of 24: 6, 6, 3, 3.
    drawn = model.sample(3000, ends_with="b").tolist()
    shares = {"a b": 6 / 18, "a c b": 6 / 18, "a d b": 3 / 18, "d b": 3 / 18}
    assert_drawn_from(
        {tuple(text.split()): p for text, p in shares.items()},
        [text.split() for text in drawn],
    )


def test_a_start_alone_is_only_a_start():
    """With nothing else asked, texts go on under the generator's own controls."""
    model = fit("mle", texts=["a b c d", "x b c d"], stop="c", temperature=0)
    assert model.sample(2, starts_with="x").tolist() == ["x b c"] * 2
    assert model.sample(1, starts_with="a b").tolist() == ["a b c"]
    assert model.sample(1, starts_with="", contains=[]).tolist() == ["a b c"]


# --- impossible ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "conditions",
    [
        {"contains": "b a"},  # each is known, never in this order
        {"contains": ["c", "y"]},  # never in one text
        {"starts_with": "b"},
        {"starts_with": "a x"},
        {"starts_with": "a c", "max_length": 9},
        {"ends_with": "a"},
        {"starts_with": "a", "ends_with": "y"},
        {"min_length": 4},
        {"max_length": 1},
        {"max_length": 0},
        {"contains": "c", "max_length": 2},
        {"starts_with": "a b c", "max_length": 2},
        {"starts_with": "x", "min_length": 3},
        {"contains": "a b c x"},
    ],
    ids=str,
)
def test_what_is_impossible_is_said_at_once(conditions):
    """A model that never puts words so says that it cannot, and what to do."""
    model = fit("mle", texts=["a b c", "x y"])
    with pytest.raises(ValueError, match="can be fulfilled by no text of this model"):
        model.sample(2, **conditions)
    assert len(model.sample(2)) == 2


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"mle"}))
def test_a_smoothed_model_can_put_words_as_it_likes(name):
    """What was never seen is possible where something is handed on."""
    model = fit(name, 3, ["a b c", "x y"])
    for text in model.sample(5, starts_with="y", contains="c a x", ends_with="b b"):
        words = text.split()
        assert words[0] == "y"
        assert words[-2:] == ["b", "b"]
        assert "c a x" in text


@pytest.mark.parametrize("condition", ["starts_with", "ends_with", "contains"])
def test_unknown_words_are_named(condition):
    """A word never learned cannot be asked for, and is named with its condition."""
    with pytest.raises(ValueError, match=f"'{condition}'.*'zebra'"):
        fit().sample(**{condition: "a zebra"})


@pytest.mark.parametrize(
    ("conditions", "named"),
    [
        ({"min_length": -1}, "min_length"),
        ({"max_length": -1}, "max_length"),
        ({"min_length": 1.5}, "min_length"),
        ({"max_length": "3"}, "max_length"),
        ({"min_length": 3, "max_length": 2}, "min_length.*max_length"),
        ({"starts_with": 3}, "starts_with"),
        ({"ends_with": ["a", 3]}, "ends_with"),
        ({"contains": ["a", 3]}, "contains"),
    ],
    ids=str,
)
def test_bad_conditions_are_named(conditions, named):
    """A condition of the wrong kind or range is refused by its name."""
    with pytest.raises(ValueError, match=named):
        fit().sample(2, **conditions)


def test_conditions_of_rows_hold_the_ids_that_were_learned():
    """The highest id can be asked for; 0 and the next one are errors that name the range."""
    model = NGramTextGenerator(2, random_state=0).fit([[1, 2, 0], [1, 3, 0]])
    assert model.sample(1, contains=[3]).tolist() == [[1, 3]]
    for number in (0, 4):
        with pytest.raises(ValueError, match=rf"ids from 1 to 3\. Got {number}"):
            model.sample(1, contains=[number])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 0.5),
        ("temperature", 0),
        ("top_k", 3),
        ("top_p", 0.9),
        ("min_p", 0.1),
        ("no_repeat_ngram_size", 2),
        ("min_length", 1),
        ("stop", "a"),
        ("stop", np.array(["a", "b"])),
        ("num_beams", 2),
    ],
)
def test_controls_that_distort_are_refused_beside_conditions(name, value):
    """Exact is exact: what changes the probabilities is named, not ignored."""
    model = fit(**{name: value})
    for conditions in ({"contains": "b"}, {"ends_with": "b"}, {"max_length": 4}):
        with pytest.raises(ValueError, match=f"'{name}'.*under conditions"):
            model.sample(2, **conditions)
    assert len(model.sample(2)) == 2


@pytest.mark.parametrize("name", ["bad_words", "stop"])
def test_no_words_distort_nothing(name):
    """An empty list of words is as good as none."""
    assert fit(**{name: []}).sample(contains="b").shape == (1,)


# --- samplers are kept ---------------------------------------------------------------


def test_conditions_are_worked_out_for_each(n_solved):
    """Asking again uses what is known, also for another start, and for no other."""
    model = fit(texts=[*["a b c"] * 5000, "b a"])
    asked = [
        {"contains": "c b"},
        {"contains": "c b", "starts_with": "a"},
        {"contains": "c a b"},
        {"contains": "c b", "ends_with": "a"},
        {"contains": "c b"},
    ]
    solved = []
    for conditions in asked:
        expected = in_ids(model, conditions)
        for text in drawn_ids(model, model.sample(20, **conditions)):
            assert fulfils(text, **expected)
        solved.append(len(n_solved))
    assert solved[0] == solved[1] < solved[2] < solved[3] == solved[4]


@pytest.fixture
def n_solved(monkeypatch):
    """An entry for each time that completion probabilities are solved for."""
    solved = []

    def solve(self):
        solved.append(self)
        return of_any_length(self)

    of_any_length = CompletionProbabilities.of_any_length
    monkeypatch.setattr(CompletionProbabilities, "of_any_length", solve)
    return solved


@pytest.mark.parametrize("learn", ["fit", "partial_fit"])
def test_what_is_learned_later_counts(learn):
    """After learning, conditions are those of the new model."""
    model = fit("mle", texts=["a b", "b c"])
    with pytest.raises(ValueError, match="no text"):
        model.sample(contains="c a")
    assert set(model.sample(20, contains="b", max_length=2)) == {"a b", "b c", "b"}
    getattr(model, learn)(["c a"])
    assert "c a" in model.sample(contains="c a")[0]
    if learn == "fit":
        with pytest.raises(ValueError, match="'b'"):
            model.sample(contains="b", max_length=2)


def test_smoothing_chosen_later_counts():
    """So they are after another `fit` with another smoothing."""
    model = fit("mle", texts=["a b", "b c"])
    with pytest.raises(ValueError, match="no text"):
        model.sample(contains="c a")
    model.set_params(smoothing="kneser_ney").fit(["a b", "b c"])
    assert "c a" in model.sample(contains="c a")[0]


def test_a_forgotten_model_leaves_nothing_behind():
    """What is kept for a model goes with it."""
    model = fit()
    model.sample(contains="b")
    kept = weakref.ref(fitted_model(model).language_model)
    del model
    gc.collect()
    assert kept() is None


def test_copies_say_the_same():
    """A copy, with or without what was worked out before, gives the same texts."""
    model = fit()
    expected = model.sample(5, contains="b").tolist()
    assert copy.deepcopy(model).sample(5, contains="b").tolist() == expected
    assert fit().sample(5, contains="b").tolist() == expected


def test_many_phrases_have_a_bound():
    """Of eleven words that must all occur, the error says that it is at most ten."""
    words = "a b c d e f g h i j k".split()
    model = fit(texts=[" ".join(words)])
    assert set(words[:10]) <= set(model.sample(contains=words[:10])[0].split())
    with pytest.raises(ValueError, match=r"'contains'.*at most 10"):
        model.sample(contains=words)


@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_a_changed_model_is_asked_as_one_that_is_sorted(name, monkeypatch):
    """After texts were learned and forgotten one by one, all is as if never so."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", 0)
    model = fit(name, 3, [*TEXTS[2:], "b a c a"])
    for text in TEXTS[:2]:
        model.partial_fit([text])
    model.partial_forget(["b a c a"])
    assert type(fitted_model(model).language_model).__name__ == "OnlineModel"
    after = next_of(model)
    for conditions in CONDITIONS[:8]:
        conditions = {"max_length": 5, **conditions}
        asked = in_ids(model, conditions)
        most = asked.pop("most")
        expected = all_texts_given(after, most, **asked)
        if total := sum(expected.values()):
            drawn = drawn_ids(model, model.sample(300, **conditions))
            expected = {text: p / total for text, p in expected.items()}
            assert_drawn_from(expected, drawn)


# --- a larger corpus -----------------------------------------------------------------


@pytest.fixture(scope="module")
def zipf():
    """A few thousand texts with frequent, rare and unique words."""
    rng = np.random.default_rng(0)
    return [
        " ".join(
            f"w{word}" for word in rng.zipf(1.5, rng.integers(3, 20)) if word < 1e5
        )
        for _ in range(2000)
    ]


@pytest.mark.parametrize(("name", "n"), [("mle", 2), ("kneser_ney", 3)])
def test_a_word_seen_once_is_in_every_text_asked_for(zipf, name, n):
    """However rare the word, no text is without it, and texts differ."""
    counts = {}
    for word in " ".join(zipf).split():
        counts[word] = counts.get(word, 0) + 1
    once = sorted(word for word, count in counts.items() if count == 1)
    assert len(once) > 300
    model = fit(name, n, zipf)
    for word in once[:2]:
        texts = model.sample(20, contains=word)
        assert all(word in text.split() for text in texts)
        assert len(set(texts)) > 5
    (text,) = model.sample(contains=[once[0]], ends_with="w1", starts_with="w2")
    words = text.split()
    assert (words[0], words[-1]) == ("w2", "w1")
    assert once[0] in words


@pytest.mark.parametrize("name", ["mle", "kneser_ney", "stupid_backoff"])
def test_the_share_of_a_rare_word_is_exact(zipf, name):
    """In a larger model, the probability is 1 less that of all texts without the word.

    With n = 2 that is one linear equation for each word: a text goes on without it if
    it ends, or says another word and goes on without it from there.
    """
    model = fit(name, 2, zipf[:300])
    p = model.next_word_proba(["", *model.word_index_.words_[1:]])
    p /= p.sum(axis=1, keepdims=True)
    word = model.word_index_.vocabulary_[zipf[7].split()[-1]]
    others = np.arange(len(p)) != word
    going_on = p * others
    going_on[:, 0] = 0
    without = np.linalg.solve(np.eye(len(p)) - going_on, p[:, 0])
    asked = Constraints(contained=((word,),))
    language_model = fitted_model(model).language_model
    start = language_model.counts.back_off(1, 0)  # the start of a text
    found = texts_given(language_model, asked).completed.probability(*start, ())
    assert found == pytest.approx(1 - without[0], abs=1e-7)


@pytest.mark.parametrize("name", ["mle", "kneser_ney"])
def test_one_long_text(name):
    """A model of a single long text writes texts under conditions as well."""
    words = [f"w{i % 50}" if i % 7 else f"v{i}" for i in range(600)]
    model = fit(name, 2, [" ".join(words)])
    text = model.sample(contains="v301", ends_with=words[-1])[0]
    assert "v301" in text.split()
    assert text.endswith(words[-1])


@pytest.mark.parametrize("way", ["sample", "predict"])
def test_texts_go_on_where_a_model_with_an_overlay_does(monkeypatch, way):
    """What is learned since the last sorting is known to what looks ahead, too.

    After "yy zz" came "xx" only. The rows of such contexts change when all is sorted.
    """
    monkeypatch.setattr(TextsGiven, "_budget", lambda self, n_texts: 0)
    monkeypatch.setattr(_long_texts, "_TRIES", 0)
    monkeypatch.setattr(_updating, "REBUILD_RATIO", 0)
    letters = np.random.default_rng(0).choice(list("abcdefgh"), (200, 5))
    model = NGramTextGenerator(n=3, random_state=0).fit(list(map(" ".join, letters)))
    model.partial_fit(["aa yy", "cc yy zz", "yy zz xx a b c", "zz a b"])
    assert isinstance(checked_model(model).language_model, OnlineModel)
    if way == "sample":
        texts = model.sample(20, starts_with="yy zz", contains="c")
    else:
        model.set_params(min_length=5)
        texts = model.predict(["yy zz"] * 20)
    assert {text[:10] for text in texts} == {"yy zz xx a"}
    assert len(set(texts)) > 5
