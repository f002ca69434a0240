"""ARPA files: what is written is the model, what is read is the file."""

import copy
import gzip
import itertools
import math
import os
import pickle
import random
import re
import tracemalloc
import warnings

import _arpa
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.arpa._fields import Buffer, split
from sklearn_sslm.arpa._numbers import parse_numbers
from sklearn_sslm.arpa._text import decimals
from sklearn_sslm.smoothing import KneserNey, Smoothing, WittenBell

LN10 = math.log(10)
TEXTS = [
    "o gato dorme", "o gato come peixe", "o cão come", "a gata dorme e o cão dorme",
    "o gato e a gata", "", "peixe", "olá", "a gata come o peixe que o gato come",
]  # fmt: skip
HELD_OUT = [
    *TEXTS, "o cão e o gato dorme", "peixe peixe peixe", "a vaca dorme", "vaca", "gata",
    "o o o gato e o cão come que", "<s> o </s>", "<unk> gato",
]  # fmt: skip


class Backoff(Smoothing):
    """Takes a quarter off everything, and gives it to words not seen only."""

    lower = "backoff"

    def kept(self, count, context):
        return 0.75 * count / context.total

    def handed_on(self, context):
        return np.full(np.shape(context.total), 0.25)


PROPER = ["mle", "witten_bell", "absolute_discounting", "kneser_ney", Backoff()]


def fitted(n=3, smoothing="kneser_ney", texts=TEXTS, **parameters):
    """A model that has learned texts."""
    return NGramTextGenerator(n=n, smoothing=smoothing, **parameters).fit(texts)


def scores(model, texts=HELD_OUT):
    """log10 of texts, without the warning about impossible ones."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return model.score_samples(texts) / LN10


def written(model, path):
    """The text of a model's file."""
    write_arpa(model, path)
    return path.read_text(encoding="utf-8")


def read_text(text, path):
    """Read a model from a text."""
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return read_arpa(path)


@pytest.fixture
def path(tmp_path):
    """Where a file may be."""
    return tmp_path / "model.arpa"


# Written ------------------------------------------------------------------------------


def test_a_file_by_hand(path):
    """Each number of a small file is the one worked out on paper."""
    # Continuation counts: c(</s>) = 2, c(a) = 1, c(b) = 1, c(c) = 1, in all 5. The
    # discounts of so little text are 0.5, 1, 1.5. After nothing 0.5 * 3 + 1 = 2.5 of 5
    # is handed on to five outcomes, a tenth each: p(</s>) = (2 - 1) / 5 + 0.1, of the
    # words (1 - 0.5) / 5 + 0.1, of <unk> 0.1. After <s>, (2 - 1) / 2 + 1 / 2 * p(a);
    # after a, (1 - 0.5) / 2 + 1 / 2 * p; after b and c, 0.5 + 0.5 * p(</s>).
    expected = {
        "<unk>": (0.1, 1), "<s>": (1, 0.5), "</s>": (0.3, 1),
        "a": (0.2, 0.5), "b": (0.2, 0.5), "c": (0.2, 0.5),
        "<s> a": (0.6, 1), "a b": (0.35, 1), "a c": (0.35, 1),
        "b </s>": (0.65, 1), "c </s>": (0.65, 1),
    }  # fmt: skip
    text = written(fitted(2, texts=["a b", "a c"]), path)
    head, *_ = text.partition("\n\n")
    assert head == "\\data\\\nngram 1=6\nngram 2=5"
    assert text.endswith("\tc </s>\n\n\\end\\\n")
    ngrams = _arpa.parse(text)
    assert list(ngrams) == [tuple(gram.split()) for gram in expected]
    for gram, numbers in expected.items():
        np.testing.assert_allclose(
            ngrams[tuple(gram.split())], np.log10(numbers), rtol=0, atol=6e-8
        )


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("smoothing", PROPER, ids=str)
def test_written_is_the_model(n, smoothing, path):
    """By the definition of the format, a file gives every text the model's score."""
    model = fitted(n, smoothing)
    ngrams = _arpa.parse(written(model, path))
    theirs = [_arpa.score(ngrams, text) for text in HELD_OUT]
    np.testing.assert_allclose(scores(model), theirs, rtol=0, atol=1e-5)


def test_orders_without_ngrams_are_not_written(path):
    """A file has as many orders as the longest text has n-grams."""
    text = written(fitted(9, texts=["a b"]), path)
    assert re.findall(r"ngram (\d)=", text) == ["1", "2", "3", "4"]


def test_words_never_seen_are_written(path):
    """A word that is known without having been seen is among the unigrams."""
    index = WordIndexTransformer().fit(["a b c"])
    model = fitted(2, texts=index.transform(["a b"]))
    write_arpa(model, path)
    again = read_arpa(path)
    texts = ["a c", "c", "c a"]
    np.testing.assert_allclose(scores(again, texts), scores(model, texts), atol=1e-6)


def test_compressed_files_are_the_same_for_the_same_model(tmp_path):
    """A ``.gz`` file holds the text, and nothing of when and where it was written."""
    model = fitted()
    first, second = tmp_path / "first.arpa.gz", tmp_path / "second.arpa.gz"
    write_arpa(model, first)
    write_arpa(model, str(second))
    assert first.read_bytes() == second.read_bytes()
    plain = written(model, tmp_path / "plain.arpa")
    assert gzip.decompress(first.read_bytes()).decode() == plain
    np.testing.assert_array_equal(
        scores(read_arpa(first)), scores(read_arpa(tmp_path / "plain.arpa"))
    )


def test_a_file_is_replaced_as_a_whole(tmp_path, monkeypatch):
    """What was there stays until all is written, and nothing is left beside it."""
    path = tmp_path / "model.arpa"
    path.write_text("precious")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("sklearn_sslm.arpa._text.backoff_forms", fail)
    with pytest.raises(OSError, match="disk full"):
        write_arpa(fitted(), path)
    assert path.read_text() == "precious"
    monkeypatch.undo()
    write_arpa(fitted(), path)
    assert path.read_text(encoding="utf-8").startswith("\\data\\")
    assert os.listdir(tmp_path) == ["model.arpa"]


@pytest.mark.parametrize("name", ["model.arpa", "model.arpa.gz"])
def test_a_file_is_on_disk_before_it_replaces_another(tmp_path, monkeypatch, name):
    """All of it is synced first, as a crash would else leave an empty file."""
    path = tmp_path / name
    path.write_text("precious")
    synced = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(file):
        synced.append((os.fstat(file).st_ino, os.fstat(file).st_size))
        real_fsync(file)

    def replace(source, target):
        assert synced == [(os.stat(source).st_ino, os.stat(source).st_size)]
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    write_arpa(fitted(), path)
    assert read_arpa(path).n == fitted().n


@pytest.mark.parametrize(("link", "target"), [("m.gz", "m.arpa"), ("m.arpa", "m.gz")])
def test_a_link_is_compressed_by_its_own_name(tmp_path, link, target):
    """What is written under a name is read under that name, wherever it leads to."""
    os.symlink(target, tmp_path / link)
    write_arpa(fitted(), tmp_path / link)
    assert read_arpa(tmp_path / link).n == fitted().n
    assert (tmp_path / target).is_file()
    assert (tmp_path / link).is_symlink()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (fitted(smoothing="lidstone"), "hands on to all words alike"),
        (fitted(smoothing="stupid_backoff"), "scores of stupid backoff"),
        (NGramTextGenerator().fit([[1, 2, 0]]), "integer rows without words"),
        (NGramTextGenerator().fit(["a"], ["b"]), "learned replies"),
    ],
)
def test_what_no_file_can_say(model, message, path):
    """A model that an ARPA file cannot hold is refused, with the reason."""
    with pytest.raises(ValueError, match=f"cannot be written.*{message}"):
        write_arpa(model, path)
    assert not path.exists()


def test_only_fitted_generators_are_written(path):
    """What is no generator, or has learned nothing, is refused."""
    with pytest.raises(TypeError, match=r"must be an NGramTextGenerator. Got str"):
        write_arpa("model", path)
    with pytest.raises(NotFittedError):
        write_arpa(NGramTextGenerator(), path)


@pytest.mark.parametrize(
    "word",
    ["<s>", "</s>", "<unk>", "<UNK>", "a b", "a\tb", "a\nb", "a\rb", "\0", "\udc80"],
)
def test_words_that_would_be_mixed_up(word, path):
    """Words that mean something else in a file, or part there, are refused by name."""
    index = WordIndexTransformer(tokenizer=lambda text: text.split("|"))
    model = fitted(2, texts=[f"x|{word}|y"], word_index=index)
    with pytest.raises(ValueError, match=re.escape(f"Got {word!r}")):
        write_arpa(model, path)
    assert not path.exists()


def test_awkward_words(path):
    """Words of any script, any length, with numbers or backslashes, come back."""
    words = [
        "\\1-grams:", "\\end\\", "-1.5", "0", "ngram", "1=2", "é", "日本語", "🙂", "x" * 7,
        "x" * 8, "x" * 9, "x" * 16, "x" * 17, "x" * 5000, "x" * 5001, "a\u00a0b",
        "\ufeff", "\x01", "\u2028", "<S>", "s>", "<", "S",
    ]  # fmt: skip
    index = WordIndexTransformer(tokenizer=lambda text: text.split(" "))
    texts = [" ".join(words), " ".join(words[::-1])]
    model = fitted(3, texts=texts, word_index=index)
    write_arpa(model, path)
    again = read_arpa(path, word_index=index)
    assert again.word_index_.words_ == ["", *words]
    texts += words
    np.testing.assert_allclose(scores(again, texts), scores(model, texts), atol=1e-5)


@given(st.lists(st.floats(-99, 10), max_size=40))
def test_decimals(numbers):
    """Numbers are written with seven decimals, and the nearest number is 0 as 0."""
    texts = decimals(np.array(numbers), b"\n").tolist()
    for number, text in zip(numbers, texts, strict=True):
        assert text[:1] == b"\n"
        assert re.fullmatch(rb"0|-?\d+\.\d{7}", text[1:])
        assert float(text) == pytest.approx(number, rel=0, abs=5.1e-8)


# Read ---------------------------------------------------------------------------------

BY_HAND = """
\\data\\
ngram 1=5
ngram 2=3
ngram 3=2

\\1-grams:
-1.0\t<unk>
-99\t<s>\t-0.3
-0.7\t</s>
-0.4\ta\t-0.2
-0.6\tb\t-0.1

\\2-grams:
-0.2\t<s> a\t-0.25
-0.3\ta b\t0.05
-0.5\tb a\t0

\\3-grams:
-0.1\t<s> a b
-0.15\ta b </s>

\\end\\
"""


def test_read_by_hand(path):
    """The scores of a file written by hand are its numbers, added up on paper."""
    model = read_text(BY_HAND, path)
    expected = {
        "a b": -0.2 - 0.1 - 0.15,  # <s> a; <s> a b; a b </s>
        "": -0.3 - 0.7,  # the backoff of <s>; </s>
        "b a": (-0.3 - 0.6) - 0.5 + (0 - 0.2 - 0.7),
        "x a": (-0.3 - 1.0) - 0.4 + (-0.2 - 0.7),  # nothing is known after <unk>
        "a b b": -0.2 - 0.1 + (0.05 - 0.1 - 0.6) + (-0.1 - 0.7),
    }
    np.testing.assert_allclose(
        scores(model, list(expected)), list(expected.values()), rtol=0, atol=1e-12
    )
    assert model.n == 3
    assert model.word_index_.words_ == ["", "a", "b"]
    assert model._model.counts.n_ngrams() == [3, 4, 2]  # b </s>, which is missing, too
    p = model.next_word_proba(["a b"])[0]
    np.testing.assert_allclose(np.log10(p), [-0.15, 0.05 - 0.5, 0.05 - 0.1 - 0.6])


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("smoothing", PROPER, ids=str)
def test_round_trip(n, smoothing, path):
    """A model that was written and read scores, foretells and is written the same."""
    model = fitted(n, smoothing)
    text = written(model, path)
    again = read_arpa(path)
    np.testing.assert_allclose(scores(again), scores(model), rtol=0, atol=2e-6)
    np.testing.assert_allclose(
        again.next_word_proba(HELD_OUT), model.next_word_proba(HELD_OUT), atol=3e-7
    )
    np.testing.assert_allclose(
        again.next_word_proba(HELD_OUT).sum(axis=1),
        model.next_word_proba(HELD_OUT).sum(axis=1),
        atol=1e-6,
    )
    assert written(again, path) == text


def shuffled(text, seed=0):
    """The same file with the lines of each section in another order."""
    sections = text.split("\n\n")
    for i, section in enumerate(sections[1:-1], start=1):
        head, *lines = section.split("\n")
        random.Random(seed).shuffle(lines)
        sections[i] = "\n".join([head, *lines])
    return "\n\n".join(sections)


def test_ngrams_come_in_any_order(path):
    """The order of the lines of a section does not matter for what a model says."""
    text = written(fitted(4), path)
    expected = scores(read_arpa(path))
    for seed in range(3):
        model = read_text(shuffled(text, seed), path)
        np.testing.assert_allclose(scores(model), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", " \n"),
        lambda text: text.replace("\t", " "),
        lambda text: text.replace("\t", " \t "),
        lambda text: text.replace("\n", "\n\n\t\n"),
        lambda text: "\n\n" + text + "\n \n",
        lambda text: text.rstrip(),
        lambda text: text.replace("\t0\n", "\n"),
        lambda text: text.replace("<unk>", "<UNK>"),
        lambda text: re.sub(r"(-?\d+)\.(\d)(\d{6})", r"\1\2.\3e-1", text),
        lambda text: text.replace("=", " = "),
        lambda text: re.sub(r"(-\S+)(\te[^\n]*)\n", r"\1\2\n\n", text),
    ],
)
def test_layouts(change, path):
    """However blanks, ends of lines and numbers are written, it is the same model."""
    text = written(fitted(3), path)
    expected = scores(read_arpa(path))
    assert change(text) != text
    model = read_text(change(text), path)
    np.testing.assert_allclose(scores(model), expected, rtol=1e-12)


def without(ngrams, chosen):
    """N-grams without some, and without all that begin with these."""
    return {
        gram: numbers
        for gram, numbers in ngrams.items()
        if not any(gram[:k] in chosen for k in range(1, len(gram) + 1))
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 5), st.randoms(use_true_random=False), st.floats(0, 0.5))
def test_pruned_models(tmp_path, n, chance, share):
    """What was pruned or filtered away is backed off from, endings of others as well.

    Contexts may be left that keep a weight, and nothing that follows them.
    """
    path = tmp_path / "pruned.arpa"
    ngrams = _arpa.parse(written(fitted(n), path))
    chosen = {g for g in ngrams if len(g) > 1 and chance.random() < share}
    ngrams = without(ngrams, chosen)
    model = read_text(_arpa.write(ngrams), path)
    n = max(map(len, ngrams))
    theirs = [_arpa.score(ngrams, text) for text in HELD_OUT]
    np.testing.assert_allclose(scores(model), theirs, rtol=0, atol=1e-9)
    write_arpa(model, path)
    np.testing.assert_allclose(scores(read_arpa(path)), theirs, rtol=0, atol=1e-5)


def test_the_highest_order_may_be_empty(path):
    """Without n-grams in the highest order, contexts still hand on what they do."""
    ngrams = _arpa.parse(written(fitted(3), path))
    ngrams = {gram: numbers for gram, numbers in ngrams.items() if len(gram) < 3}
    text = _arpa.write({**ngrams, ("a", "b", "c"): (0, 0)})
    text = text.replace("ngram 3=1", "ngram 3=0").replace("0\ta b c\n", "")
    model = read_text(text, path)
    backoff = ngrams["o", "gato"][1] + ngrams["gato", "dorme"][0]
    (p,) = model.next_word_proba(["o gato"])[:, model.word_index_.vocabulary_["dorme"]]
    assert p == pytest.approx(10**backoff)


def test_never(path):
    """A logarithm of −99 is a probability of 0, of an n-gram as of a weight."""
    text = BY_HAND.replace("-0.1\t<s> a b", "-99\t<s> a b").replace("-0.3\n", "-99\n")
    model = read_text(text, path)
    assert scores(model, ["a b", "b", "a"])[:2].tolist() == [-math.inf] * 2
    assert model.next_words(["b a b"], k=9) == model.next_words(["a b"], k=9)
    model.set_params(random_state=0)
    assert {text.split()[:2] == ["a", "b"] for text in model.sample(300)} == {False}
    with pytest.warns(UserWarning, match="has probability 0"):
        model.score_samples(["a b"])


def test_without_unknown_words(path):
    """A file without ``<unk>`` says that unknown words never come."""
    text = BY_HAND.replace("-1.0\t<unk>\n", "").replace("1=5", "1=4")
    model = read_text(text, path)
    assert scores(model, ["x", "a"])[0] == -math.inf
    assert np.isfinite(scores(model, ["a"])).all()


def test_kenlm_scores_the_same(tmp_path):
    """KenLM gives every text the score of the model that was written, or pruned."""
    kenlm = pytest.importorskip("kenlm")
    config = kenlm.Config()
    config.arpa_complain = kenlm.ARPALoadComplain.NONE
    config.show_progress = False
    path = tmp_path / "model.arpa"
    for n in range(2, 7):
        model = fitted(n)
        ngrams = _arpa.parse(written(model, path))
        theirs = kenlm.Model(str(path), config)
        np.testing.assert_allclose(
            [theirs.score(text) for text in HELD_OUT[:-2]],
            scores(model)[:-2],
            rtol=0,
            atol=1e-5,
        )
        # KenLM has little room for what was pruned and is needed all the same.
        chosen = set([g for g in ngrams if len(g) > 1][5::10])
        path.write_text(_arpa.write(without(ngrams, chosen)), encoding="utf-8")
        theirs = kenlm.Model(str(path), config)
        np.testing.assert_allclose(
            [theirs.score(text) for text in HELD_OUT[:-2]],
            scores(read_arpa(path))[:-2],
            rtol=0,
            atol=1e-5,
        )


# What a read model does ---------------------------------------------------------------


@pytest.fixture
def model(path):
    """A model that was read."""
    write_arpa(fitted(3), path)
    return read_arpa(path).set_params(random_state=0)


@pytest.mark.parametrize(
    "controls",
    [
        {"num_beams": 4},
        {"temperature": 0},
        {"temperature": 0, "no_repeat_ngram_size": 2, "min_length": 4},
        {"temperature": 0, "bad_words": ["gato"], "stop": "e"},
    ],
)
def test_it_writes_under_controls(model, controls):
    """With nothing left to chance, a read model says what the written one says."""
    messages = ["o", "a gata", "o gato e", "xyz"]
    model.set_params(**controls)
    expected = fitted(3, **controls).predict(messages)
    np.testing.assert_array_equal(model.predict(messages), expected)
    assert " ".join(model.stream("o")) == expected[0]


def test_it_writes(model):
    """A read model writes texts of its words, each word by its probability."""
    words = model.word_index_.words_
    first = [text.partition(" ")[0] for text in model.sample(5000).tolist()]
    p = model.next_word_proba([""])[0]
    counts = np.array([first.count(word) for word in words])
    expected = p / p.sum() * len(first)
    assert stats.chisquare(counts, expected).pvalue > 1e-4


def test_it_writes_under_conditions(model):
    """Texts drawn under conditions have their shares of all that fulfil them."""
    words = model.word_index_.words_[1:]
    fitting = [
        " ".join(text)
        for length in (1, 2, 3)
        for text in itertools.product(words, repeat=length)
        if "gata" in text
    ]
    p = np.exp(model.score_samples(fitting))
    drawn = model.sample(3000, contains="gata", max_length=3).tolist()
    counts = np.array([drawn.count(text) for text in fitting])
    assert counts.sum() == len(drawn)
    often = p / p.sum() * len(drawn) > 5
    expected = np.append(p[often], p[~often].sum()) / p.sum() * len(drawn)
    found = np.append(counts[often], counts[~often].sum())
    assert stats.chisquare(found, expected).pvalue > 1e-4


def test_it_cannot_learn_on(model):
    """`partial_fit` is an error that leaves the model as it was; `fit` begins anew."""
    before = scores(model)
    with pytest.raises(ValueError, match=r"without the counts.*call fit"):
        model.partial_fit(["mais um texto"])
    np.testing.assert_array_equal(scores(model), before)
    model.fit(["mais um texto"])
    assert model.word_index_.words_ == ["", "mais", "um", "texto"]
    assert model.partial_fit(["e mais um"]).n_texts_seen_ == 2


def test_it_survives_pickling(model):
    """A copy of a read model gives the very same scores and texts."""
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        np.testing.assert_array_equal(scores(again), scores(model))
        assert again.sample(20).tolist() == model.sample(20).tolist()


def test_its_words_may_be_parted_otherwise(path):
    """The tokenizer a model was made with reads its texts again, and is not changed."""
    index = WordIndexTransformer(lowercase=True)
    model = fitted(2, word_index=index, texts=["O Gato dorme"])
    write_arpa(model, path)
    again = read_arpa(path, word_index=index)
    assert not hasattr(index, "words_")
    np.testing.assert_allclose(
        again.score_samples(["o GATO"]), model.score_samples(["o GATO"]), atol=1e-6
    )


# Numbers and fields -------------------------------------------------------------------

number_like = st.one_of(
    st.floats(-120, 20).map("{:.7f}".format),
    st.floats(-120, 20).map(repr),
    st.floats(-1, 1).map("{:.17f}".format),
    st.from_regex(r"[-+]?[0-9.]{1,20}([eE][-+]?[0-9]{0,4})?", fullmatch=True),
    st.text("0123456789.-+eE_xnaif", min_size=1, max_size=12),
    st.sampled_from(["nan", "inf", "-inf", "infinity", "1_0", "0x1", "-", ".", "-."]),
)


@given(st.lists(number_like, min_size=1, max_size=30))
def test_numbers(fields):
    """Every finite decimal is read as `float` reads it; nothing else is a number."""
    text = "\t".join(fields).encode()
    ends = np.cumsum([len(field) + 1 for field in fields]) - 1
    starts = ends - [len(field) for field in fields]
    read = parse_numbers(Buffer(text), starts, ends)
    for field, number in zip(fields, read, strict=True):
        decimal = re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", field)
        if decimal and math.isfinite(float(field)):
            assert number == pytest.approx(float(field), rel=1e-15, abs=1e-300)
        else:
            assert math.isnan(number)


@given(
    st.lists(
        st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=5), min_size=1
    )
)
def test_fields(lines):
    """Each line is parted at each tab and blank; two of them in a row are told."""
    blanks = re.compile(rb"[\t\n ]")
    regular = not any(blanks.search(field) for line in lines for field in line)
    text = b"".join(b"\t".join(line) + b"\n" for line in lines)
    fields = split(Buffer(text))
    if regular:
        assert fields.counts.tolist() == list(map(len, lines))
        ends = fields.ends.tolist()
        starts = fields.start(np.arange(len(ends))).tolist()
        found = [text[a:b] for a, b in zip(starts, ends, strict=True)]
        assert found == [field for line in lines for field in line]
    elif re.search(rb"[\t\n ][\t\n ]|^[\t\n ]", text):
        assert fields is None


# Hostile files ------------------------------------------------------------------------

LINES = BY_HAND.strip().split("\n")
HOSTILE = {
    "empty": ("", 0, "must have .data. here. Got the end of the file"),
    "something else": ("import this\n", 1, "must have .data. here"),
    "binary": (b"\x80\x04\x95\xff\x00", 1, "must have .data. here"),
    "gzip without the name": (gzip.compress(BY_HAND.encode()), 1, "must have .data."),
    "no counts": ("\\data\\\n\n\\1-grams:\n", 3, "must have 'ngram 1='"),
    "only the head": ("\\data\\\n", 1, "must have 'ngram 1=' .* end of the file"),
    "a count of words": (BY_HAND.replace("1=5", "1=five"), 3, "'ngram 1=' and a numb"),
    "a negative count": (BY_HAND.replace("1=5", "1=-5"), 3, "'ngram 1=' and a number"),
    "a count of 5000 digits": (BY_HAND.replace("=5", "=" + "5" * 5000), 3, "a number"),
    "counts out of turn": (BY_HAND.replace("ngram 2", "ngram 4"), 4, "of 2-grams"),
    "no first count": (BY_HAND.replace("ngram 1=5\n", ""), 3, "number of 1-grams"),
    "too many orders": (
        "\\data\\\n" + "".join(f"ngram {k}=0\n" for k in range(1, 2000)), 1002,
        "at most 1000",
    ),
    "a million millions announced": (
        BY_HAND.replace("3=2", "3=1000000000000"), 23,
        "only 2 of the 1000000000000 3-grams",
    ),
    "too few announced": (BY_HAND.replace("2=3", "2=2"), 17, "more than the 2 2-grams"),
    "none announced": (BY_HAND.replace("3=2", "3=0"), 20, "more than the 0 3-grams"),
    "a section is missing": (
        BY_HAND.replace("\\2-grams:\n", ""), 14, "a 1-gram must .* Got 4 fields"
    ),
    "sections out of turn": (
        BY_HAND.replace("\\2-grams", "\\4-grams"), 14, r"must have .2-grams: here"
    ),
    "no end": (BY_HAND.replace("\\end\\\n", ""), 22, "have .end. here. Got the end of"),
    "more after the end": (BY_HAND + "more\n", 24, "nothing may come after"),
    "not a number": (BY_HAND.replace("-0.4\ta", "nan\ta"), 11, "a number, at most 0"),
    "infinite": (BY_HAND.replace("-0.4\ta", "-inf\ta"), 11, "a number, at most 0"),
    "too large for a float": (BY_HAND.replace("-0.4\ta", "-1e999\ta"), 11, "a number"),
    "a number in hexadecimal": (BY_HAND.replace("-0.4\ta", "-0x4\ta"), 11, "a number"),
    "a probability above 1": (BY_HAND.replace("-0.3\ta b", "0.3\ta b"), 16, "at most 0"),
    "just above 1": (BY_HAND.replace("-0.3\ta b", "1e-9\ta b"), 16, "at most 0"),
    "a weight that is no number": (BY_HAND.replace("-0.25", "-0.2.5"), 15, "its backoff"),
    "an infinite weight": (BY_HAND.replace("-0.25", "inf"), 15, "its backoff weight"),
    "a huge weight": (BY_HAND.replace("-0.25", "300"), 15, "at most 10"),
    "a backoff to nowhere": (
        BY_HAND.replace("<s> a b", "<s> a b\t-0.5"), 20, "highest order has no backoff"
    ),
    "what unknown words lead to": (
        BY_HAND.replace("<unk>", "<unk>\t-0.5"), 8, "no backoff weight"
    ),
    "its first words are missing": (
        BY_HAND.replace("<s> a b", "a a b"), 20, "first 2 words are not among the 2-gr"
    ),
    "twice": (BY_HAND.replace("b a\t", "a b\t"), 17, "it comes twice"),
    "a word twice": (BY_HAND.replace("-0.6\tb", "-0.6\ta"), 12, "it comes twice"),
    "a special word twice": (BY_HAND.replace("-0.6\tb", "-1\t</s>"), 12, "comes twice"),
    "a word not in the unigrams": (
        BY_HAND.replace("b a\t", "b c\t"), 17, "'c' is not among the 1-grams"
    ),
    "the unknown word above": (
        BY_HAND.replace("b a\t", "<unk> a\t"), 17, "'<unk>' stands for all unknown"
    ),
    "a start inside": (BY_HAND.replace("b a\t", "b <s>\t"), 17, "'<s>' can only begin"),
    "an end inside": (BY_HAND.replace("b a\t", "</s> a\t"), 17, "'</s>' can only end"),
    "no start": (
        BY_HAND.replace("-99\t<s>\t-0.3\n", "").replace("1=5", "1=4"), 13,
        "must hold '<s>'",
    ),
    "no end of texts": (
        BY_HAND.replace("-0.7\t</s>\n", "").replace("1=5", "1=4"), 13, "must hold '</s>'"
    ),
    "no words": (
        "\\data\\\nngram 1=2\n\n\\1-grams:\n-1\t<s>\n-1\t</s>\n\n\\end\\\n", 8,
        "must hold a word",
    ),
    "no fields": (BY_HAND.replace("-0.3\ta b\t0.05", "-0.3"), 16, "Got 1 fields"),
    "too many fields": (BY_HAND.replace("a b\t0.05", "a b a 1 2"), 16, "Got 6 fields"),
    "not UTF-8": (BY_HAND.encode().replace(b"-0.6\tb", b"-0.6\t\xff"), 12, "not UTF-8"),
    "not UTF-8 above": (
        BY_HAND.encode().replace(b"b a\t", b"b \xff\t"), 17, "not among the 1-grams"
    ),
    "a zero byte in a word": (BY_HAND.replace("\tb\t", "\tb\0\t"), 12, "holds a blank"),
    "more than one": (BY_HAND.replace("-0.5\tb a", "-0.1\ta a"), 17, "add up to 1.296"),
    "more than one without context": (BY_HAND.replace("-0.7\t<", "-0.1\t<"), 10, "add up"),
    "an old end of lines": (BY_HAND.replace("\n", "\r"), 1, "must have .data. here"),
    "a second byte order": (BY_HAND.encode("utf-16"), 1, "must have .data. here"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name, path):
    """What is wrong with a file is told with its name and the line."""
    text, line, message = HOSTILE[name]
    where = re.escape(f"{path}, line {line}: ")
    with pytest.raises(ValueError, match=f"(?s)^{where}.*{message}"):
        read_text(text, path)


def test_no_such_file(path):
    """A file that is not there is the system's error, as everywhere."""
    with pytest.raises(FileNotFoundError):
        read_arpa(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda zipped: zipped[:-20], "no gzip data"),
        (lambda zipped: zipped[:-4] + b"abcd", "no gzip data"),
        (lambda zipped: zipped[:12] + bytes(20) + zipped[32:], "no gzip data"),
        (lambda zipped: zipped + b"something else", "no gzip data"),
        (lambda zipped: b"", "must have .data. here"),
        (lambda zipped: gzip.decompress(zipped), "no gzip data"),
    ],
)
def test_broken_gzip(change, message, tmp_path):
    """A gzip file that is cut off, altered, or none at all, is told as such."""
    path = tmp_path / "model.arpa.gz"
    with pytest.raises(ValueError, match=rf"model.arpa.gz, line \d+: .*{message}"):
        read_text(change(gzip.compress(BY_HAND.encode())), path)


def peak_of_failing(path, message):
    """Memory that was in use at most while a file was refused."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=message):
            read_arpa(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("begin", ["", "\\data\\\n", BY_HAND[:-6]])
def test_a_line_without_end(begin, path):
    """A line of a gigabyte is refused after a little of it was read."""
    path.write_text(begin, encoding="utf-8")
    os.truncate(path, 1 << 30)  # zeros, which take no place on most disks
    assert peak_of_failing(path, "longer than 1048576 bytes") < 1 << 24


def test_a_line_of_an_ngram_without_end(path):
    """A long line among the n-grams is refused as well, by its number."""
    path.write_text(BY_HAND[: BY_HAND.index("\tb a")] + " ", encoding="utf-8")
    os.truncate(path, 1 << 30)
    assert peak_of_failing(path, "line 17: .*longer than") < 1 << 24


def test_memory_is_that_of_what_was_read(path):
    """What a file announces takes no memory."""
    text = BY_HAND.replace("3=2", "3=999999999999999999")
    path.write_text(text, encoding="utf-8")
    assert peak_of_failing(path, "only 2 of the 999999999999999999") < 1 << 23


@pytest.mark.parametrize("inside", [b"\n", b"-1\ta b\n", b"x"])
def test_gzip_bombs(inside, tmp_path):
    """A small file that would fill the memory when unzipped is refused before."""
    path = tmp_path / "bomb.arpa.gz"
    head = BY_HAND.replace("2=3", f"2={10**12}").split("-0.2\t<s>")[0].encode()
    with gzip.open(path, "wb", 6) as file:
        file.write(head)
        for _ in range(24):
            file.write(inside * ((1 << 20) // len(inside)))
    if inside == b"x":
        message = "longer than 1048576 bytes"
    else:
        message = "more than 200 times as long unzipped"
    assert peak_of_failing(path, message) < 20 * (1 << 24)


PIECES = [
    "<s>", "</s>", "<unk>", "<UNK>", "nan", "-inf", "1e400", "0", "-99", "99", "\t", " ",
    "\n", "\r\n", "\n\n", "\\end\\", "\\2-grams:", "ngram 3=1000000000000", "ngram 2=0",
    "\0", "a", "-", "\\", "\u2028", "9" * 50, "10", "-5", "-0.0000001",
]  # fmt: skip


@st.composite
def mutated(draw):
    """A file of three orders with some changes, its counts put right more often than not.

    Lines are lost, doubled, swapped and taken apart; bytes are changed.
    """
    lines = [line.split("\t") for line in BY_HAND.split("\n")]
    place = st.integers(0, len(lines) - 3)
    for _ in range(draw(st.integers(1, 4))):
        i, j = draw(place), draw(place)
        match draw(st.integers(0, 4)):
            case 0:
                lines[i] = []
            case 1:
                lines[i] = lines[j]
            case 2:
                lines[i], lines[j] = lines[j], lines[i]
            case 3:
                lines[i] = [*lines[i][:-1], draw(st.sampled_from(PIECES))]
            case _:
                lines[i] = [draw(st.sampled_from(PIECES)), *lines[i][1:]]
    text = "\n".join("\t".join(line) for line in lines)
    if draw(st.integers(0, 3)):
        for k, section in re.findall(r"\\(\d)-grams:\n(.*?)(?=\\|$)", text, re.DOTALL):
            size = sum(bool(line.strip()) for line in section.split("\n"))
            text = re.sub(rf"ngram {k}=\d+", f"ngram {k}={size}", text)
    text = bytearray(text.encode())
    for _ in range(draw(st.integers(0, 1))):
        text[draw(st.integers(0, len(text) - 1))] = draw(st.integers(0, 255))
    return bytes(text)


def outcome(function, *args):
    """The message of the ValueError that a function raises, and what it returns."""
    try:
        return None, function(*args)
    except ValueError as error:
        return str(error), None


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutated())
def test_mutated(tmp_path, text):
    """Whatever a file holds, it is refused by line or is a model that works."""
    path = tmp_path / "mutated.arpa"
    refusal, model = outcome(read_text, text, path)
    if refusal:
        assert re.match(rf"{re.escape(str(path))}, line \d+: ", refusal)
        return
    model.set_params(random_state=0, max_length=20)
    p = model.next_word_proba(["", "a", "b", "a b", "x"])
    assert (p >= 0).all()
    assert not np.isnan(scores(model, ["a b b a", "x", ""])).any()
    for write in (lambda: model.sample(20), lambda: model.predict(["a", "a b"])):
        refusal, _ = outcome(write)
        assert not refusal or "gives no word a probability" in refusal
    write_arpa(model, path)
    texts = ["a b b a", "x", "", "b b b"]
    np.testing.assert_allclose(
        np.maximum(scores(read_arpa(path), texts), -90),
        np.maximum(scores(model, texts), -90),
        atol=1e-4,
    )


CRASHES = {
    # Nothing can follow "b", which made the values of conditions undefined.
    "nothing follows": BY_HAND.replace("\tb\t-0.1", "\tb\t-99")
    .replace("-0.5\tb a\t0\n", "")
    .replace("2=3", "2=2"),
    # Each attempt to draw a word was rejected but for one in ten thousand millions.
    "hardly ever": BY_HAND.replace("a b\t0.05", "a b\t10").replace("-0.15", "-99"),
    # A word that lmplz takes for one and `str.split` for two.
    "a wide blank": BY_HAND.replace("b", "b\u2028b"),
}


@pytest.mark.parametrize("name", CRASHES)
def test_crashes(name, path):
    """Files that once made the library fail or hang are models that work."""
    model = read_text(CRASHES[name], path).set_params(random_state=0, max_length=9)
    model.set_params(min_length=9, bad_words=["b"])
    assert len(model.sample(20)) == 20
    model.set_params(min_length=0, bad_words=None)
    assert len(model.sample(5, contains="a", max_length=4)) == 5
    if name == "nothing follows":
        with pytest.raises(ValueError, match="gives no word a probability"):
            model.sample(200)
    else:
        assert len(model.sample(200)) == 200
    write_arpa(model, path)
    np.testing.assert_allclose(
        scores(read_arpa(path), ["a", "b a"]), scores(model, ["a", "b a"]), atol=1e-5
    )


def test_smoothing_with_parameters(path):
    """What is written depends on the smoothing's own parameters."""
    for smoothing in (KneserNey([0.3, 0.6, 0.9]), WittenBell()):
        model = fitted(3, smoothing)
        write_arpa(model, path)
        np.testing.assert_allclose(scores(read_arpa(path)), scores(model), atol=2e-6)
