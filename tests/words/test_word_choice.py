"""Tests of `sklearn_sslm.words._word_choice`: words that are limited, and the unknown one."""

import copy
import pickle
from collections import Counter

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramClassifier, NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.base import _shards
from sklearn_sslm.smoothing import SMOOTHINGS

TEXTS = ["a b c", "a b d", "a a e", "b a"]  # a: 5, b: 3, c, d and e: 1
some_texts = st.lists(
    st.lists(st.sampled_from("abcdefg"), max_size=6).map(" ".join),
    min_size=1,
    max_size=8,
).filter(any)
LIMITS = [
    {"max_features": 2},
    {"unk_min_count": 2},
    {"vocabulary": ["b", "a", "z"]},
    {"max_features": 9},
]


def fit(texts, n=2, smoothing="witten_bell", **limits):
    """A generator of limited words."""
    index = WordIndexTransformer(**limits)
    return NGramTextGenerator(n, smoothing=smoothing, word_index=index).fit(texts)


def replaced(texts, known):
    """The texts with "<unk>" in place of words that are not known."""
    return [
        " ".join(word if word in known else "<unk>" for word in text.split())
        for text in texts
    ]


@given(some_texts, st.integers(1, 5), st.integers(1, 3))
def test_the_most_frequent_words_are_known(texts, most, least):
    """`max_features` keeps the likeliest, `unk_min_count` those seen often, in their order."""
    counts = Counter(word for text in texts for word in text.split())
    in_order = [word for word, n in counts.most_common(most) if n >= least]
    index = WordIndexTransformer(max_features=most, unk_min_count=least)
    if not in_order:
        with pytest.raises(ValueError, match=r"'unk_min_count' .* says, "):
            index.fit(texts)
        return
    expected = [
        word for word in counts if word in in_order
    ]  # counts are in order of seeing
    assert index.fit(texts).vocabulary_ == {
        w: i for i, w in enumerate(expected, start=1)
    }
    assert index.n_words_ == len(expected)
    assert index.words_ == ["", *expected, "<unk>"]
    back = index.inverse_transform(index.fit_transform(texts))
    assert back.tolist() == replaced(texts, expected)


def test_as_many_as_count_vectorizer():
    """Where counts differ, they are the words that CountVectorizer keeps."""
    texts = ["x y y z z z", "w w w w"]
    theirs = CountVectorizer(max_features=2, token_pattern=r"\S+").fit(texts)
    ours = WordIndexTransformer(max_features=2).fit(texts)
    assert ours.vocabulary_.keys() == theirs.vocabulary_.keys() == {"z", "w"}


@pytest.mark.parametrize(
    ("vocabulary", "words"),
    [
        (["b", "a"], ["b", "a"]),
        (("b", "<unk>", "a"), ["b", "a"]),
        ({"b", "a"}, ["a", "b"]),
        ({"b": 2, "a": 1}, ["a", "b"]),
        (np.array(["b", "a"]), ["b", "a"]),
        (iter("ba"), ["b", "a"]),
    ],
    ids=["list", "tuple", "set", "dict", "array", "iterator"],
)
def test_a_vocabulary_is_given(vocabulary, words):
    """Its words are known with these ids, whether texts have them or not, and no others."""
    index = WordIndexTransformer(vocabulary=vocabulary).fit(["a x"])
    assert index.words_ == ["", *words, "<unk>"]
    assert index.transform(["x a"]).tolist() == [[-1, 1 + words.index("a"), 0]]
    assert index.partial_fit(["y"]).vocabulary_.keys() == {"a", "b"}


@pytest.mark.parametrize(
    ("vocabulary", "told"),
    [
        ("ab", "Got 'ab'"),
        ([], "Got none"),
        (["a", 3], "Got 3 among them"),
        (["a", ""], "Got '' among them"),
        (["a", "b", "a"], "Got 'a' twice"),
        ({"a": 0, "b": 1}, "ids that are not those from 1 on"),
        ({"a": 1, "b": 3}, "ids that are not those from 1 on"),
    ],
    ids=str,
)
def test_what_is_no_vocabulary_is_named(vocabulary, told):
    """Neither an index nor a generator with one learns, and both say why."""
    index = WordIndexTransformer(vocabulary=vocabulary)
    for estimator in (index, NGramTextGenerator(word_index=index)):
        with pytest.raises(ValueError, match=f"'vocabulary' parameter .*{told}"):
            estimator.fit(TEXTS)


@pytest.mark.parametrize("limit", [{"max_features": 3}, {"unk_min_count": 2}])
def test_a_vocabulary_is_not_chosen_from(limit):
    """Parameters that contradict each other are an error, not silently ignored."""
    index = WordIndexTransformer(vocabulary=["a"], **limit)
    with pytest.raises(ValueError, match=r"'vocabulary' .* leave one out"):
        index.fit(TEXTS)


@settings(max_examples=30)
@given(
    some_texts,
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from(sorted(set(SMOOTHINGS) - {"mle"})),
)
def test_unknown_words_are_one_word(texts, most, n, smoothing):
    """A model of limited words is that of texts in which all others are spelled <unk>."""
    model = fit(texts, n, smoothing, max_features=most)
    known = model.word_index_.vocabulary_
    # The model that knows "<unk>" as a word has one event more, an unknown word, which
    # takes its share where counts are smoothed: here it has the same number of events.
    probes = [*texts, "a z z", "zz a b", ""]
    spelled = replaced(probes, known)
    given_ = fit(replaced(texts, known), n, smoothing, vocabulary=list(known))
    np.testing.assert_array_equal(
        model.score_samples(probes), given_.score_samples(spelled)
    )
    one_by_one = [model.score_samples([text])[0] for text in probes]
    np.testing.assert_allclose(
        model.score_samples(probes * 40)[: len(probes)], one_by_one
    )
    if smoothing != "stupid_backoff":
        p = model.next_word_proba(probes)
        assert p.shape[1] == len(model.word_index_.words_)
        unknown = [
            model.score_tokens([f"{text} zz"])["log_proba"][-2] for text in probes
        ]
        np.testing.assert_allclose(1 - p.sum(axis=1), np.exp(unknown))
    scorer, state, total = model.scorer(), model.scorer().start(), 0
    for word in probes[-3].split():
        log_p, state = scorer.score(state, word)
        total += log_p
    np.testing.assert_allclose(total + scorer.end(state), one_by_one[-3])


def test_probability_of_the_unknown_word_by_hand():
    """It is counted as any word: after "b" come c and d, both unknown, and a."""
    model = fit(TEXTS, smoothing="mle", max_features=2)
    assert model.next_words(["b"]) == [[("a", 1 / 3)]]
    assert model.next_word_proba(["b"]).tolist() == [[0, 1 / 3, 0, 0]]
    # "b c" and "b q" both are p(b|start) p(unknown|b) p(end|unknown) = 1/4 · 2/3 · 1
    np.testing.assert_allclose(np.exp(model.score_samples(["b c", "b q"])), 1 / 6)
    model = fit(TEXTS, n=1, smoothing="lidstone", max_features=2)
    # 5 + 3 known, 3 unknown words and 4 ends; 4 events: a, b, unknown, end; α = 1
    np.testing.assert_allclose(
        model.next_word_proba([""])[0], np.array([5, 6, 4, 0]) / 19
    )
    np.testing.assert_allclose(model.explain("q")["probability"][0], 4 / 19)


def test_words_stay_unknown_to_who_asks():
    """An unknown word is excluded from perplexities, and falls back, as in any model."""
    model = fit(TEXTS, max_features=2)
    assert model.perplexity(["a b c"], unknown="exclude") != model.perplexity(["a b c"])
    assert model.score_texts(["a b c", "q"])["n_unknown"].tolist() == [1, 1]
    assert model.predict(["c"]).tolist() == [model.fallback_response]
    assert "c" not in model.scorer()
    assert model.explain("a c")["word"].tolist() == ["a", "c", ""]
    with pytest.raises(ValueError, match="Got 'c'"):
        model.sample(1, contains="c")


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize(
    "controls", [{}, {"temperature": 2.0}, {"num_beams": 3}], ids=str
)
def test_what_is_written_holds_known_words(controls, smoothing):
    """The unknown word is drawn again, many at a time, one by one and in beams."""
    model = fit(TEXTS, n=3, smoothing=smoothing, max_features=2)
    model.set_params(random_state=0, max_length=5, **controls)
    written = [
        *model.sample(50),
        *(model.sample()[0] for _ in range(5)),
        *model.predict(["a", "b"]),
    ]
    assert set(" ".join(written).split()) <= {"a", "b"}


def test_draws_are_those_of_the_model_without_unknown_words():
    """A word is drawn in proportion to its probability, the unknown word left out."""
    model = fit(TEXTS, max_features=2).set_params(
        random_state=0, echo="none", max_length=1
    )
    p = model.next_word_proba(["a"])[0][:3]
    drawn = Counter(model.predict(["a"] * 20_000).tolist())
    counts = np.array([drawn[word] for word in ("", "a", "b")])
    assert chisquare(counts, 20_000 * p / p.sum()).pvalue > 0.001
    model.random_state = np.random.RandomState(0)
    drawn = Counter(model.predict(["a"])[0] for _ in range(2000))
    counts = np.array([drawn[word] for word in ("", "a", "b")])
    assert chisquare(counts, 2000 * p / p.sum()).pvalue > 0.001


@pytest.mark.parametrize("smoothing", ["mle", "kneser_ney", "witten_bell", "lidstone"])
def test_conditions_are_exact_without_unknown_words(smoothing):
    """Texts under conditions have the probabilities that drawing without an end would give."""
    texts = [*TEXTS, "b d a", "c a b"]
    model = fit(texts, smoothing=smoothing, max_features=2).set_params(random_state=0)

    def probability(*words):
        """That of a text, the unknown word drawn again each time."""
        p = [
            model.next_word_proba([" ".join(words[:i])])[0]
            for i in range(len(words) + 1)
        ]
        ids = [model.word_index_.vocabulary_[word] for word in words] + [0]
        return np.prod([each[j] / each.sum() for each, j in zip(p, ids, strict=True)])

    fitting = [("a",), ("a", "a"), ("a", "b"), ("b", "a")]
    p = np.array([probability(*words) for words in fitting])
    drawn = Counter(model.sample(1500, contains="a", max_length=2).tolist())
    counts = np.array([drawn.pop(" ".join(words), 0) for words in fitting])
    assert not drawn
    possible = p > 0
    assert not counts[~possible].any()
    expected = 1500 * p[possible] / p.sum()
    assert chisquare(counts[possible], expected).pvalue > 0.001


@pytest.mark.parametrize("n_messages", [1, 2])
def test_a_text_ends_where_only_unknown_words_follow(n_messages):
    """Without smoothing no known word has a probability there."""
    model = fit(["a x", "a y"], smoothing="mle", vocabulary=["a"])
    assert set(model.predict(["a"] * n_messages)) == {"a"}
    assert set(model.sample(n_messages)) == {"a"}


@pytest.mark.filterwarnings("ignore:A text has probability 0")
@pytest.mark.parametrize("smoothing", ["witten_bell", "kneser_ney", "mle"])
def test_models_of_limited_words_are_written_as_arpa(smoothing, tmp_path):
    """The unknown word is <unk>, also within n-grams, and scores are those of the model."""
    texts = [*TEXTS, "c a", "d a b"]
    model = fit(texts, n=3, smoothing=smoothing, max_features=2)
    write_arpa(model, tmp_path / "model.arpa")
    lines = (tmp_path / "model.arpa").read_text(encoding="utf-8").splitlines()
    assert sum(line.split("\t")[1:2] == ["<unk>"] for line in lines) == 1
    again = read_arpa(tmp_path / "model.arpa")
    probes = ["a b q", "q a b", "a q", *texts]
    np.testing.assert_allclose(
        again.score_samples(probes), model.score_samples(probes), rtol=1e-4, atol=1e-4
    )
    assert set(" ".join(again.set_params(random_state=0).sample(50)).split()) <= {
        "a",
        "b",
    }


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_learning_on_and_forgetting_keep_the_words(limits):
    """New words are unknown, forgotten ones stay known, and nothing else is left of both."""
    model, same = fit(TEXTS, n=3, **limits), fit(TEXTS, n=3, **limits)
    words = model.word_index_.words_
    model.partial_fit(["q r a", "q"])
    assert model.word_index_.words_ == words
    probes = ["q r a", "a b", "r"]
    assert (model.score_samples(probes) > same.score_samples(probes))[0]
    model.partial_forget(["q r a", "q"])
    np.testing.assert_allclose(model.score_samples(probes), same.score_samples(probes))
    model.partial_forget(["b a"])
    assert model.word_index_.words_ == words


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_rows_of_a_pipeline_have_the_same_unknown_word(limits):
    """A transformer before the generator gives the model that the generator's own gives."""
    model = fit(TEXTS, n=3, **limits)
    index = WordIndexTransformer(**limits)
    pipeline = make_pipeline(index, NGramTextGenerator(3, smoothing="witten_bell"))
    pipeline.fit(TEXTS)
    probes = ["q a", "b c a", ""]
    np.testing.assert_array_equal(
        pipeline[-1].score_samples(probes), model.score_samples(probes)
    )
    rows = pipeline[0].transform(probes)
    np.testing.assert_array_equal(
        pipeline[-1].score_samples(rows), model.score_samples(probes)
    )
    again = pickle.loads(pickle.dumps(rows))
    pipeline[-1].partial_fit(again).partial_forget(again)
    open_rows = WordIndexTransformer().fit(["b a z"]).transform(["a b"])
    with pytest.raises(ValueError, match="another WordIndexTransformer"):
        pipeline[-1].partial_fit(open_rows)


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_saved_and_copied_models_keep_the_unknown_word(limits, tmp_path):
    """Pickled, mapped, compact and merged models give the same scores."""
    model, probes = fit(TEXTS, n=3, **limits), ["q a", "b c a", "", "a a e"]
    expected = model.score_samples(probes)
    joblib.dump(model, tmp_path / "model")
    mapped = joblib.load(tmp_path / "model", mmap_mode="r")
    copies = [
        pickle.loads(pickle.dumps(model)),
        copy.copy(model),
        mapped,
        model.compact(),
    ]
    for again in copies:
        np.testing.assert_array_equal(again.score_samples(probes), expected)
        assert again.word_index_.words_ == model.word_index_.words_
    index = pickle.loads(pickle.dumps(model.word_index_))
    assert index.partial_fit(["q"]).words_ == model.word_index_.words_


def test_models_of_the_same_words_are_merged():
    """Models of the same limited words are merged, whatever their ids; others are not."""
    words = [{"vocabulary": ["a", "b"]}, {"vocabulary": ["b", "a"]}]
    model = fit(TEXTS[:2], **words[0]).merge(fit(TEXTS[2:], **words[1]))
    same, probes = fit(TEXTS, **words[0]), [*TEXTS, "q a"]
    np.testing.assert_allclose(model.score_samples(probes), same.score_samples(probes))
    for other in (fit(TEXTS), fit(TEXTS, vocabulary=["a", "c"])):
        with pytest.raises(ValueError, match="merge must have learned words as this"):
            model.merge(other)


@pytest.mark.parametrize("sharded", [False, True])
@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_files_have_the_same_words(sharded, limits, tmp_path, monkeypatch):
    """Words of files are chosen by their counts in all of them, also in shards."""
    if sharded:
        monkeypatch.setattr(_shards, "_MIN_SHARDED_BYTES", 0)
        monkeypatch.setattr(_shards, "_SHARD_BYTES", 8)
    for name, texts in (("1", TEXTS[:3]), ("2", TEXTS[3:])):
        (tmp_path / name).write_text("\n".join(texts), encoding="utf-8")
    paths = [tmp_path / "1", tmp_path / "2"]
    index = WordIndexTransformer(**limits)
    model = NGramTextGenerator(
        3, smoothing="witten_bell", word_index=index, input="filename"
    )
    same, probes = fit(TEXTS, n=3, **limits), ["q a", "b c a", ""]
    model.fit(paths)
    assert model.word_index_.words_ == same.word_index_.words_
    np.testing.assert_allclose(model.score_samples(probes), same.score_samples(probes))
    model.partial_fit(paths[:1]).partial_forget(paths[:1])
    np.testing.assert_allclose(model.score_samples(probes), same.score_samples(probes))


def test_words_are_chosen_by_weights():
    """A text that counts several times makes its words as frequent."""
    index = WordIndexTransformer(max_features=1)
    model = NGramTextGenerator(word_index=index).fit(["a a", "b"], sample_weight=[1, 3])
    assert model.word_index_.vocabulary_ == {"b": 1}
    model.fit(["a a", "b"], ["a", "b"], sample_weight=[1, 3])
    assert model.word_index_.vocabulary_ == {"b": 1}


def test_a_frozen_index_is_used_as_it_is():
    """Neither fit nor clone, search or pipeline makes a fitted, frozen index learn."""
    index = WordIndexTransformer().fit(["x a"]).set_params(frozen=True)
    assert index.fit(["b c"]).partial_fit(["d"]).vocabulary_ == {"x": 1, "a": 2}
    assert index.fit_transform(["b a"]).tolist() == [[-1, 2, 0]]
    twin = clone(index)
    assert twin is not index
    assert twin.vocabulary_ == {"x": 1, "a": 2}
    model = NGramTextGenerator(smoothing="witten_bell", word_index=index)
    assert clone(model).fit(TEXTS).word_index_.vocabulary_ == {"x": 1, "a": 2}
    pipeline = make_pipeline(index, NGramTextGenerator(smoothing="witten_bell")).fit(
        TEXTS
    )
    assert pipeline[-1].word_index_.vocabulary_ == {"x": 1, "a": 2}
    assert pipeline[-1].perplexity(TEXTS) == model.fit(TEXTS).perplexity(TEXTS)
    # All folds know the same words, so that their scores can be compared.
    assert np.isfinite(cross_val_score(model, TEXTS, cv=2)).all()


def test_a_frozen_index_that_is_not_fitted_learns_once():
    """The first fit makes it what it stays; without being frozen it learns anew."""
    index = WordIndexTransformer(frozen=True).fit(["a b"])
    assert index.fit(["c"]).vocabulary_ == {"a": 1, "b": 2}
    assert index.set_params(frozen=False).fit(["c"]).vocabulary_ == {"c": 1}
    model = fit(["a b"], frozen=True).partial_fit(["c a"])
    assert model.word_index_.vocabulary_ == {"a": 1, "b": 2}


def test_classes_share_the_limits():
    """A classifier of limited words knows them, and gives every text a probability."""
    index = WordIndexTransformer(max_features=2)
    model = NGramClassifier(smoothing="kneser_ney", word_index=index)
    model.fit(TEXTS, [0, 0, 1, 1])
    assert model.word_index_.vocabulary_ == {"a": 1, "b": 2}
    one = [
        NGramTextGenerator(
            3,
            smoothing="kneser_ney",
            word_index=WordIndexTransformer(vocabulary=["a", "b"]),
        ).fit(texts)
        for texts in (TEXTS[:2], TEXTS[2:])
    ]
    log_p = np.stack([each.score_samples(["a b q"]) for each in one], axis=1)
    expected = np.exp(log_p) / np.exp(log_p).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.predict_proba(["a b q"]), expected)
