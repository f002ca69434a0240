"""Tests of `sklearn_sslm.arpa._content`: files as other programs write them."""

import bz2
import gzip
import lzma
import math
import pickle
import re
import warnings
from itertools import product

import _arpa
import joblib
import numpy as np
import pytest
from _arpa_files import BY_HAND, HELD_OUT, fitted, read_text, scores, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sklearn_sslm.arpa import read_arpa

TEXTS = ["a b", "b a b", "", "a a", "x", "x b", "a x y b", "x x", "b x a b x"]

MANY = [" ".join(words) for k in range(6) for words in product("abxy", repeat=k)]


def expected(text):
    """log10 of texts by the definition of the format, from the n-grams of a file."""
    ngrams = _arpa.parse(text)
    return [_arpa.score(ngrams, words) for words in TEXTS]


def assert_reads(text, path, by=None, **options):
    """What is read from a text scores all texts as the n-grams of a plain file do."""
    model = read_text(text, path, **options)
    theirs = expected(by or text)
    np.testing.assert_allclose(scores(model, TEXTS), theirs, rtol=0, atol=1e-9)
    one_by_one = [scores(model, [text])[0] for text in TEXTS]
    np.testing.assert_allclose(one_by_one, theirs, rtol=0, atol=1e-9)
    many = scores(model, MANY)
    of_texts = many[[MANY.index(text) for text in TEXTS]]
    np.testing.assert_allclose(of_texts, theirs, rtol=0, atol=1e-9)
    return model


@pytest.mark.parametrize(
    "before",
    [
        "#### made by a toolkit of 1997\n\n",
        "Beginning of data mark: \\data\\\nngram 1=nr  # number of 1-grams\n\\1-grams:\n"
        "p_1 wd_1 bo_wt_1\nend of data mark: \\end\\\n\n",
        "\n \t\n\r\n",
        "\\data\\ is below\n\\end\\\n",
        "a\0b \x80\n".encode("latin-1").decode("latin-1"),
        "\ufeff",
        "\ufeff# made elsewhere\n",
    ],
)
def test_what_comes_before_is_skipped(before, path):
    """Nothing before the line of the data mark is looked at, nor a byte order mark."""
    assert_reads(before + BY_HAND.lstrip(), path, BY_HAND)
    assert_reads((before + BY_HAND).replace("\n", "\r\n"), path, BY_HAND)


def test_a_long_preface(path):
    """However long it is, and wherever blocks of it end, the first data mark is found."""
    for size in (1 << 18, (1 << 18) - 3, 3 * (1 << 18) - 7):
        before = "# \\data\\ is not here\n" * (size // 23) + "#" * (size % 23) + "\n"
        assert_reads(before + BY_HAND + "\n", path, BY_HAND)
    line = before.count("\n") + 17
    with pytest.raises(ValueError, match=rf"line {line}: .*'c' is not among"):
        read_text(before + BY_HAND.replace("b a\t", "b c\t"), path)


def test_lines_are_counted_from_the_first(path):
    """An error names the line in the file, whatever comes before the data mark."""
    with pytest.raises(ValueError, match=r"line 19: .*'c' is not among"):
        read_text("#\n\n" + BY_HAND.replace("b a\t", "b c\t"), path)


@pytest.mark.parametrize(
    "encoding", ["latin-1", "utf-16", "utf-16-le", "cp1252", "gb18030"]
)
@pytest.mark.parametrize("before", ["", "\ufeff", "# été\n"])
def test_encodings(encoding, before, path):
    """A file in another encoding is the same model, if its encoding is named."""
    if encoding in ("latin-1", "cp1252") and "\ufeff" in before:
        before = "\n"
    text = BY_HAND.replace("b", "b\u00e9").lstrip()
    model = read_text((before + text).encode(encoding), path, encoding=encoding)
    assert model.word_index_.words_[1:] == ["a", "b\u00e9"]
    spelled = [text.replace("b", "b\u00e9") for text in TEXTS]
    np.testing.assert_allclose(scores(model, spelled), expected(BY_HAND), atol=1e-9)


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("utf-8", r"line 12: .*is not UTF-8; name the encoding .*encoding='latin-1'"),
        ("ascii", r"line 1: what comes after it is not in ascii"),
        ("utf-16", r"line 1: what comes after it is not in utf-16"),
    ],
)
def test_another_encoding(encoding, message, path):
    """What is not in the encoding named is told with the line before it."""
    text = BY_HAND.replace("b", "\u00e9").encode("latin-1")
    with pytest.raises(ValueError, match=message):
        read_text(text, path, encoding=encoding)


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64", 8, None])
def test_no_encoding(encoding, path):
    """What is no encoding of text is refused before the file is looked at."""
    with pytest.raises(ValueError, match=rf"'encoding' parameter .* Got {encoding!r}"):
        read_arpa(path, encoding=encoding)


PACKINGS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("name", ["model.arpa", "model.lm.gz", "model.xz", "model"])
def test_packed_files(packing, name, tmp_path):
    """A packed file is told by what it holds, and may be of several parts."""
    text, pack = BY_HAND.encode(), PACKINGS[packing]
    assert_reads(pack(text), tmp_path / name, BY_HAND)
    parts = pack(text[:100]) + pack(b"") + pack(text[100:])
    assert_reads(parts, tmp_path / name, BY_HAND)
    latin = pack(b"# \xe9\n" + text)
    assert_reads(latin, tmp_path / name, BY_HAND, encoding="latin-1")


def test_xz_files_may_be_padded(path):
    """Zeros after the parts of an xz file are no part of it."""
    packed = lzma.compress(BY_HAND.encode())
    assert_reads(packed + bytes(8), path, BY_HAND)
    assert_reads(packed + bytes(4) + lzma.compress(b"\n"), path, BY_HAND)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize(
    "change",
    [
        lambda packed: packed[:-20],
        lambda packed: packed[:20] + bytes(20) + packed[40:],
        lambda packed: packed + b"something else",
    ],
)
def test_broken_packed_files(packing, change, path):
    """A packed file that is cut off or altered is told by the name of its format."""
    packed = change(PACKINGS[packing](BY_HAND.encode()))
    with pytest.raises(
        ValueError, match=rf"model.arpa, line \d+: .* no {packing} data"
    ):
        read_text(packed, path)


@pytest.mark.parametrize("packing", PACKINGS)
def test_packed_files_do_not_grow_without_end(packing, path, monkeypatch):
    """A file that is hundreds of times as long unpacked is refused."""
    monkeypatch.setattr("sklearn_sslm.arpa._byte_source._UNPACKED_FREELY", 1 << 19)
    lines = b"\n" * (1 << 20)
    with pytest.raises(ValueError, match="more than 200 times as long unpacked"):
        read_text(PACKINGS[packing](lines), path)


def test_xz_files_that_ask_for_much_memory(path):
    """A dictionary of a gigabyte is refused, however short the file is."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    packed = lzma.compress(BY_HAND.encode(), filters=filters)
    with pytest.raises(ValueError, match=r"no xz data .*[Mm]emory"):
        read_text(packed, path)


MARKS = {"<s>": "<S>", "</s>": "</S>", "<unk>": "<UNK>"}


@pytest.mark.parametrize("chosen", [["<s>"], ["</s>"], ["<unk>"], list(MARKS)])
def test_marks_in_upper_case(chosen, path):
    """The start, the end and the unknown word may be written in upper case."""
    text = BY_HAND
    for mark in chosen:
        text = text.replace(mark, MARKS[mark])
    model = assert_reads(text, path, BY_HAND)
    assert model.word_index_.words_ == ["", "a", "b"]


def test_words_that_look_like_marks(path):
    """Beside the marks, the same in upper case are words."""
    text = (
        BY_HAND.replace("\tb", "\t<S>").replace(" b", " <S>").replace("a\t", "</S>\t")
    )
    text = text.replace(" a", " </S>").replace("a ", "</S> ").replace("b ", "<S> ")
    model = read_text(text, path)
    assert set(model.word_index_.words_) == {"", "<S>", "</S>"}
    spelled = [text.replace("a", "</S>").replace("b", "<S>") for text in TEXTS]
    np.testing.assert_allclose(scores(model, spelled), expected(BY_HAND), atol=1e-9)


@pytest.mark.parametrize("never", ["-99", "-99.999", "-inf", "-Infinity", "-1e30"])
def test_never(never, path):
    """A logarithm of −99 or less, or −inf, is a probability of 0, and a weight of 0."""
    by = BY_HAND.replace("-0.3\ta b", "-99\ta b").replace("-0.25", "-99")
    text = BY_HAND.replace("-0.3\ta b", f"{never}\ta b").replace("-0.25", never)
    model = assert_reads(text, path, by)
    assert scores(model, ["b a b"])[0] == -math.inf


@pytest.mark.parametrize("weight", ["99", "99.0000", "99.999"])
def test_weights_of_99(weight, path):
    """A backoff weight of 99 is one of 0: nothing is backed off."""
    model = assert_reads(
        BY_HAND.replace("-0.25", weight), path, BY_HAND.replace("-0.25", "-99")
    )
    assert scores(model, ["a", "a a"]).tolist() == [-math.inf] * 2
    assert model.next_word_proba(["a"])[0].tolist() == [0, 0, pytest.approx(10**-0.1)]


# N-grams that no text can ask for.

ODD = """
-0.4\t<s> <s>\t-0.2
-0.3\t</s> <s>\t-0.5
-0.2\ta <s>
-0.1\t</s> </s>\t0
-0.1\t</s> a\t-3
"""


def with_odd_ngrams():
    """The file written by hand, with n-grams of all kinds that are left out."""
    text = BY_HAND.replace("\n-0.3\ta b", ODD[:-1] + "\n-0.3\ta b", 1)
    text = text.replace("\\end", "-0.1\t<s> <s> a\n-2\ta </s> <s>\n\n\\end")
    return text.replace("2=3", "2=8").replace("3=2", "3=4")


def test_ngrams_that_no_text_can_ask_for(path):
    """They are left out, and one warning tells how many and from which line on."""
    text = with_odd_ngrams()
    path.write_text(text, encoding="utf-8")
    line = text.split("\n").index("-0.4\t<s> <s>\t-0.2") + 1
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read_arpa(path)
    (told,) = [str(w.message) for w in caught if "left out" in str(w.message)]
    assert told.startswith(f"{path}, line {line}: ")
    assert "left out: 7, from this line on" in told
    with pytest.warns(UserWarning, match="left out: 7"):
        assert_reads(text, path, BY_HAND)


def test_lines_of_what_is_not_left_out(path):
    """Errors after n-grams that are left out name their own lines."""
    twice = with_odd_ngrams().replace("-0.5\tb a\t0", "-0.5\ta b\t0")
    line = twice.split("\n").index("-0.5\ta b\t0") + 1
    with pytest.raises(ValueError, match=rf"line {line}: .* it comes twice"):
        read_text(twice, path)


def test_kenlm_scores_the_uncut_file(path):
    """KenLM, which keeps such n-grams, gives every text the same score."""
    missing = "\n-0.6\tb </s>\n-0.2\ta </s>\n-0.3\ta b"  # KenLM needs these two
    text = with_odd_ngrams().replace("\n-0.3\ta b", missing).replace("2=8", "2=10")
    with pytest.warns(UserWarning, match="left out"):
        model = read_text(text.lstrip(), path)
    np.testing.assert_allclose(scores(model, TEXTS), of_kenlm(path, TEXTS), atol=1e-5)


def of_kenlm(path, texts):
    """log10 of texts by KenLM, which has to be installed."""
    kenlm = pytest.importorskip("kenlm")
    config = kenlm.Config()
    config.arpa_complain = kenlm.ARPALoadComplain.NONE
    config.show_progress = False
    model = kenlm.Model(str(path), config)
    return [model.score(text) for text in texts]


# The unknown word in n-grams, as SRILM writes it with -unk.

WITH_UNKNOWN = (
    BY_HAND.replace("-1.0\t<unk>", "-1.0\t<unk>\t-0.35")
    .replace("-0.5\tb a\t0", "-0.5\tb a\t0\n-0.6\ta <unk>\t-0.15\n-0.9\t<unk> <unk>\n-0.8\t<unk> b")
    .replace("\n\\end", "-0.45\ta <unk> b\n-0.7\ta <unk> <unk>\n-0.3\tb a <unk>\n\n\\end")
    .replace("2=3", "2=6").replace("3=2", "3=5")
)  # fmt: skip


def test_unknown_words_by_hand(path):
    """Scores with unknown words as contexts are the numbers of the file, added up."""
    model = read_text(WITH_UNKNOWN, path)
    by_hand = {
        "x": (-0.3 - 1.0) + (-0.35 - 0.7),  # after <unk> the end backs off
        "x b": (-0.3 - 1.0) - 0.8 + (-0.1 - 0.7),  # <unk> b; its end is no n-gram
        "b a y": (-0.3 - 0.6) - 0.5 - 0.3 + (-0.15 - 0.35 - 0.7),
        "b a y b": (-0.3 - 0.6) - 0.5 - 0.3 - 0.45 + (-0.1 - 0.7),
    }
    np.testing.assert_allclose(scores(model, list(by_hand)), list(by_hand.values()))
    assert_reads(WITH_UNKNOWN, path)


@pytest.mark.parametrize("asked", [0, 4])
def test_many_texts_with_unknown_words(asked, path, monkeypatch):
    """However the n-grams of many texts are looked up, those of unknown words are found."""
    monkeypatch.setattr("sklearn_sslm.ngrams.scoring._ngram_tables._ASKED", asked)
    model = read_text(WITH_UNKNOWN, path)
    ngrams = _arpa.parse(WITH_UNKNOWN)
    theirs = [_arpa.score(ngrams, text) for text in MANY]
    np.testing.assert_allclose(scores(model, MANY), theirs, rtol=0, atol=1e-9)
    table = model.score_texts(MANY)
    np.testing.assert_allclose(table["log_proba"] / math.log(10), theirs, atol=1e-9)
    assert table["n_unknown"].tolist() == [sum(map(t.count, "xy")) for t in MANY]
    tokens = model.score_tokens(MANY)
    sums = np.bincount(tokens["text"], tokens["log_proba"]) / math.log(10)
    np.testing.assert_allclose(sums, theirs, rtol=0, atol=1e-9)


def test_a_weight_of_unknown_words_alone(path):
    """Where no n-gram holds the unknown word, its backoff weight still counts."""
    text = BY_HAND.replace("-1.0\t<unk>", "-1.0\t<unk>\t-0.35")
    model = assert_reads(text, path)
    # The start backs off to <unk>, and <unk> to the end.
    assert scores(model, ["x"])[0] == pytest.approx(-0.3 - 1.0 - 0.35 - 0.7)
    assert read_text(BY_HAND, path).word_index_.words_ == ["", "a", "b"]


def variants(model, folder):
    """The same model, saved and loaded in all ways, and written and read again."""
    yield model
    yield pickle.loads(pickle.dumps(model))
    joblib.dump(model, folder / "model.joblib")
    yield joblib.load(folder / "model.joblib")
    yield joblib.load(folder / "model.joblib", mmap_mode="r")
    text = written(model, folder / "again.arpa")
    again = read_text(text, folder / "again.arpa")
    assert written(again, folder / "once_more.arpa") == text
    yield again


def test_unknown_words_in_all_models(tmp_path):
    """Batches, single words, explanations and next words agree in every backing."""
    path = tmp_path / "model.arpa"
    theirs = expected(WITH_UNKNOWN)
    ngrams = _arpa.parse(WITH_UNKNOWN)
    for model in variants(read_text(WITH_UNKNOWN, path), tmp_path):
        assert model.word_index_.words_ == ["", "a", "b", ""]
        assert model.n_words_ == 2
        np.testing.assert_allclose(scores(model, TEXTS), theirs, atol=1e-6)
        np.testing.assert_allclose(scores(model, TEXTS * 40), theirs * 40, atol=1e-6)
        scorer = model.scorer()
        for text, score in zip(TEXTS, theirs, strict=True):
            state, total = scorer.start(), 0.0
            for word in text.split():
                log_p, state = scorer.score(state, word)
                many, (again,) = scorer.score_many([state], [word])
                assert scorer.score(state, word) == (many[0], again)
                total += log_p
            total += scorer.end(state)
            assert total / math.log(10) == pytest.approx(score, abs=1e-6)
            told = model.explain(text)["probability"]
            assert np.log10(told).sum() == pytest.approx(score, abs=1e-6)
            context = ("<s>", *(w if w in "ab" else "<unk>" for w in text.split()))[-2:]
            p = [
                10 ** _arpa.log10_p(ngrams, word, context)
                for word in ("</s>", "a", "b")
            ]
            found = model.next_word_proba([text])[0]
            np.testing.assert_allclose(found, [*p, 0], atol=1e-6)
            words, of_words = zip(*model.next_words([text], k=9)[0], strict=True)
            assert sorted(words) == ["", "a", "b"]
            np.testing.assert_allclose(sorted(of_words), sorted(p), atol=1e-6)


def test_unknown_words_are_never_drawn(path):
    """Texts are drawn by the probabilities of known words, whatever else may follow."""
    model = read_text(WITH_UNKNOWN, path).set_params(random_state=0, max_length=1)
    p = model.next_word_proba([""])[0]
    texts = model.sample(4000).tolist()
    assert set(texts) == {"", "a", "b"}
    for word, proba in zip(("", "a", "b"), p / p.sum(), strict=False):
        assert texts.count(word) == pytest.approx(4000 * proba, abs=130)
    model.set_params(max_length=6)
    drawn = model.sample(300).tolist() + model.sample(50, contains="b").tolist()
    drawn += [" ".join(model.stream("a")) for _ in range(50)]
    drawn += model.set_params(num_beams=3).predict(["a", "b a"]).tolist()
    assert set(" ".join(drawn).split()) == {"a", "b"}
    replies = (
        model.set_params(num_beams=1, echo="none").predict(["b a"] * 2000).tolist()
    )
    p = model.next_word_proba(["b a"])[0]
    share = sum(reply.startswith("b") for reply in replies) / len(replies)
    assert share == pytest.approx(p[2] / p.sum(), abs=0.05)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_unknown_words_anywhere(tmp_path, data):
    """Whatever word of a model becomes the unknown one, its n-grams are kept and used."""
    n = data.draw(st.integers(2, 5))
    ngrams = _arpa.parse(written(fitted(n), tmp_path / "model.arpa"))
    words = sorted({gram[0] for gram in ngrams if len(gram) == 1} - {"<s>", "</s>"})
    lost = data.draw(st.sampled_from([w for w in words if w != "<unk>"]))
    del ngrams["<unk>",]
    ngrams = {
        tuple("<unk>" if word == lost else word for word in gram): numbers
        for gram, numbers in ngrams.items()
    }
    model = read_text(_arpa.write(ngrams), tmp_path / "model.arpa")
    theirs = [_arpa.score(ngrams, text) for text in HELD_OUT]
    np.testing.assert_allclose(scores(model), theirs, rtol=0, atol=1e-9)
    one_by_one = [scores(model, [text])[0] for text in HELD_OUT]
    np.testing.assert_allclose(one_by_one, theirs, rtol=0, atol=1e-9)
    again = read_text(written(model, tmp_path / "x.arpa"), tmp_path / "x.arpa")
    np.testing.assert_allclose(scores(again), theirs, rtol=0, atol=1e-5)


def test_kenlm_scores_unknown_words_the_same(path):
    """After unknown words, too, KenLM gives the score of the model that was read."""
    model = read_text(WITH_UNKNOWN.lstrip(), path)
    np.testing.assert_allclose(scores(model, TEXTS), of_kenlm(path, TEXTS), atol=1e-5)


# Without the unknown word.

NO_UNKNOWN = BY_HAND.replace("-1.0\t<unk>\n", "").replace("1=5", "1=4")


@pytest.mark.parametrize(
    "text", [NO_UNKNOWN, BY_HAND.replace("-1.0\t<unk>", "-99\t<unk>")]
)
@pytest.mark.parametrize("log_proba", [-1.0, -7, -99.5, 0])
def test_a_floor_for_unknown_words(text, log_proba, path):
    """Where a file gives unknown words nothing, they have what is asked for."""
    by = BY_HAND.replace("-1.0\t<unk>", f"{max(log_proba, -98)}\t<unk>")
    model = read_text(text, path, unknown_log_proba=log_proba)
    unknown = np.array([sum(w not in "ab" for w in text.split()) for text in TEXTS])
    below = np.minimum(log_proba + 98, 0) * unknown
    np.testing.assert_allclose(scores(model, TEXTS), expected(by) + below, atol=1e-9)


def test_a_floor_is_not_for_files_with_unknown_words(path):
    """A probability of unknown words that a file has stays."""
    assert_reads(BY_HAND, path, unknown_log_proba=-3)


def test_a_floor_for_contexts(path):
    """Unknown words that are contexts have the floor as well, also when it is saved."""
    text = WITH_UNKNOWN.replace("-1.0\t<unk>", "-inf\t<unk>")
    by = WITH_UNKNOWN.replace("-1.0\t<unk>", "-0.05\t<unk>")
    model = assert_reads(text, path, by, unknown_log_proba=-0.05)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(scores(again, TEXTS), scores(model, TEXTS))


def test_a_low_floor_is_written(path):
    """What is less than the format can say is written as the least that it can."""
    model = read_text(NO_UNKNOWN, path, unknown_log_proba=-150)
    assert "-98.9999999\t<unk>" in written(model, path)
    with_x = scores(read_text(path.read_bytes(), path), ["x"])
    np.testing.assert_allclose(with_x - scores(model, ["x"]), [150 - 99], atol=1e-5)


@pytest.mark.parametrize("value", [0.1, -301, math.nan, "low"])
def test_no_floor(value, path):
    """What is no log10 probability is refused with its name."""
    path.write_text(BY_HAND)
    with pytest.raises(ValueError, match=rf"'unknown_log_proba' .* Got {value!r}"):
        read_arpa(path, unknown_log_proba=value)


# Sums of more than 1.

GOOD = """\\data\\
ngram 1=5
ngram 2=3

\\1-grams:
-1.0\t<unk>
-99\t<s>\t-0.4
-0.7\t</s>
-0.4\ta\t-0.4
-0.6\tb\t-0.4

\\2-grams:
-0.3\t<s> a
-0.4\ta b
-0.5\tb a

\\end\\
"""


def warned(text, path):
    """The warnings of reading a file."""
    path.write_text(text, encoding="utf-8")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read_arpa(path)
    return [str(warning.message) for warning in caught]


def test_sums_of_1_are_silent(path):
    """A file whose probabilities add up to at most 1 is read without a word."""
    assert warned(GOOD, path) == []
    for n in (1, 2, 4):
        for smoothing in ("kneser_ney", "witten_bell", "mle"):
            assert warned(written(fitted(n, smoothing), path), path) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "total"),
    [
        # 0.1 + 10 ** -0.7 + 10 ** -0.4 + 10 ** -0.45 = 1.0525
        ("-0.6\tb", "-0.45\tb", 8, 1.0525),
        # 10 ** -0.02 + 10 ** -1 = 1.0550
        ("-0.4\ta b", "-0.02\ta b\n-1.0\ta a", 15, 1.0550),
    ],
)
def test_sums_a_little_over_1(old, new, line, total, path):
    """They are one warning with the largest sum and the line, and the file is read."""
    text = GOOD.replace(old, new)
    if "a a" in new:
        text = text.replace("2=3", "2=4").replace("-0.4\n-0.6", "-99\n-0.6")
    (told,) = warned(text, path)
    assert told.startswith(f"{path}, line {line}: the probabilities of all words after")
    assert f"add up to {total:.4g}, more than 1." in told
    model = read_text(text, path)
    ngrams = _arpa.parse(text)
    np.testing.assert_allclose(
        scores(model, TEXTS), [_arpa.score(ngrams, each) for each in TEXTS], atol=1e-9
    )


def test_the_largest_of_several_sums_is_told(path):
    """One warning is for all contexts, and names the one with the largest sum."""
    text = GOOD.replace("-0.4\ta b", "-0.02\ta b\n-1.0\ta a")
    text = text.replace("-0.5\tb a", "-0.02\tb a\n-0.7\tb b").replace("2=3", "2=5")
    text = text.replace("-0.4\n", "-99\n")
    (told,) = warned(text, path)
    # 10 ** -0.02 + 10 ** -0.7 = 1.1545
    assert f"{path}, line 16: " in told
    assert "add up to 1.155, more than 1, the most of 2 such contexts" in told


@pytest.mark.parametrize("weight", [0.0, 0.3, 10.0])
@pytest.mark.parametrize(("context", "line"), [("<s>", 7), ("a", 9)])
def test_sums_through_backoff_weights(context, line, weight, path):
    """A context whose backoff weight is too large is told by its own line."""
    text = re.sub(rf"(\t{context})\t-0.4", rf"\1\t{weight}", GOOD)
    (told,) = warned(text, path)
    p = {"<s>": (10**-0.3, 10**-0.4), "a": (10**-0.4, 10**-0.6)}[context]
    # All words but the one that was stored: 0.1 + 10 ** -0.7 + 10 ** -0.4 + 10 ** -0.6.
    total = p[0] + 10**weight * (0.9488 - p[1])
    assert told.startswith(f"{path}, line {line}: after this context")
    found = float(re.search(r"add up to (\S+) through its backoff weight", told)[1])
    assert found == pytest.approx(total, rel=1e-3)


def test_contexts_that_are_not_to_blame(path):
    """Of a context and longer ones that only pass on its weight, it alone is told."""
    text = GOOD.replace("\ta\t-0.4", "\ta\t10").replace(
        "ngram 2=3", "ngram 2=3\nngram 3=1"
    )
    text = text.replace("\n\\end", "\\3-grams:\n-0.3\tb a b\n\n\\end")
    (told,) = warned(text, path)
    assert told.startswith(f"{path}, line 10: after this context")
    assert "such contexts" not in told


def test_contexts_that_nothing_follows(path):
    """A weight that is too large is told where nothing follows its context, too."""
    text = GOOD.replace("-0.5\tb a\n", "").replace("2=3", "2=2")
    text = text.replace("\tb\t-0.4", "\tb\t1")
    (told,) = warned(text, path)
    assert told.startswith(f"{path}, line 10: after this context")
    assert "add up to 9.488 through" in told


@pytest.mark.parametrize("weight", [0.3, 10])
def test_models_with_sums_over_1_work(weight, tmp_path):
    """They score and draw by their numbers, and are saved and written as others are."""
    path = tmp_path / "model.arpa"
    text = GOOD.replace("\ta\t-0.4", f"\ta\t{weight}").replace("\tb\t-0.4", "\tb\t1")
    text = text.replace("-0.5\tb a\n", "").replace("2=3", "2=2")
    text = text.replace("-0.4\ta b", "-0.02\ta b\n-1\ta a").replace("2=2", "2=3")
    ngrams = _arpa.parse(text)
    theirs = [_arpa.score(ngrams, each) for each in TEXTS]
    for model in variants(read_text(text, path), tmp_path):
        np.testing.assert_allclose(scores(model, TEXTS), theirs, rtol=1e-6, atol=1e-6)
        model.set_params(random_state=1, max_length=2)
        p = model.next_word_proba(["a"])[0]
        drawn = model.sample(3000, starts_with="a").tolist()
        for word, proba in zip(("a", "a a", "a b"), p / p.sum(), strict=True):
            assert drawn.count(word) == pytest.approx(3000 * proba, abs=120)


@pytest.mark.parametrize("weight", [-0.5, 0.3, 1])
def test_draws_after_a_sum_over_1(weight, path):
    """Words come by their probabilities, divided by what these add up to."""
    # 10 ** -0.02 + 10 ** -0.7 = 1.154 after "a"; "b" ends with the weight alone.
    text = GOOD.replace("-0.4\ta b", "-0.02\ta b\n-0.7\ta a").replace(
        "\ta\t-0.4", f"\ta\t{weight}"
    )
    text = text.replace("-0.5\tb a\n", "").replace("\tb\t-0.4", f"\tb\t{weight}")
    model = read_text(text, path).set_params(random_state=1, max_length=1, echo="none")
    for context in ("a", "b"):
        p = model.next_word_proba([context])[0]
        drawn = model.predict([context] * 4000).tolist()
        for word, proba in zip(("", "a", "b"), p / p.sum(), strict=True):
            assert drawn.count(word) == pytest.approx(4000 * proba, abs=110)


# Blanks that are part of words.

BLANKS = "\u00a0\u3000\u0085\u2028\u2029\u001c\u001f\u2007\u1680"


@pytest.mark.parametrize("blank", BLANKS)
def test_words_with_blanks_of_unicode(blank, path):
    """Words that hold a blank outside of ASCII are read, found and written again."""
    text = BY_HAND.replace("b", f"b{blank}c")
    model = read_text(text, path)
    spelled = [each.replace("b", f"b{blank}c") for each in TEXTS]
    np.testing.assert_allclose(scores(model, spelled), expected(BY_HAND), atol=1e-9)
    np.testing.assert_allclose(
        scores(model, spelled * 40), expected(BY_HAND) * 40, atol=1e-9
    )
    again = read_text(written(model, path), path)
    np.testing.assert_allclose(scores(again, spelled), expected(BY_HAND), atol=1e-6)
    model.set_params(random_state=0, max_length=5)
    drawn = model.sample(50)
    assert (scores(model, drawn) > -20).all()
    for other in variants(model, path.parent):
        assert other.word_index_.tokenize(spelled[0]) == ["a", f"b{blank}c"]


def test_kenlm_finds_words_with_blanks_of_unicode(path):
    """KenLM takes the same words for known ones, and gives texts the same scores."""
    for blank in BLANKS:
        model = read_text(GOOD.replace("b", f"b{blank}c"), path)
        spelled = [each.replace("b", f"b{blank}c") for each in TEXTS]
        theirs = of_kenlm(path, spelled)
        np.testing.assert_allclose(scores(model, spelled), theirs, atol=1e-5)


def test_an_index_that_splits_words_is_told(path):
    """A 'word_index' that parts words of the file is a warning that shows one."""
    from sklearn_sslm import WordIndexTransformer

    text = BY_HAND.replace("b", "b\u00a0c")
    index = WordIndexTransformer(lowercase=True)
    with pytest.warns(UserWarning, match=r"never found, .*: 1, such as 'b\\xa0c'"):
        read_text(text, path, word_index=index)
    read_text(BY_HAND, path, word_index=index)
    ascii_index = WordIndexTransformer(lowercase=True, tokenizer="ascii")
    model = read_text(text, path, word_index=ascii_index)
    assert scores(model, ["a B\u00a0C"])[0] == pytest.approx(expected(BY_HAND)[0])


def test_a_pipe(tmp_path):
    """A file that cannot be searched, such as a pipe, is read as any other."""
    import os
    import threading

    for text in (BY_HAND.encode(), gzip.compress(BY_HAND.encode())):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        writer = threading.Thread(target=pipe.write_bytes, args=[text])
        writer.start()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = read_arpa(pipe)
        writer.join()
        pipe.unlink()
        np.testing.assert_allclose(scores(model, TEXTS), expected(BY_HAND), atol=1e-9)
