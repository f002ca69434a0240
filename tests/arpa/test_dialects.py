"""Tests of `sklearn_sslm.arpa._content`: files as other programs write them."""

import math
import warnings

import numpy as np
import pytest
from _arpa_files import read_text, scores, written
from _arpa_files_by_hand import (
    BIGRAMS,
    BY_HAND,
    OF_LETTERS,
    assert_reads,
    expected,
    of_kenlm,
    variants,
)

from sklearn_sslm import WordIndexTransformer
from sklearn_sslm.arpa import read_arpa


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
    spelled = [text.replace("a", "</S>").replace("b", "<S>") for text in OF_LETTERS]
    np.testing.assert_allclose(scores(model, spelled), expected(BY_HAND), atol=1e-9)


@pytest.mark.parametrize("never", ["-99", "-99.999", "-inf", "-Infinity", "-1e30"])
def test_never(never, path):
    """A logarithm of −99 or less, or −inf, is a probability of 0, and a weight of 0."""
    by = BY_HAND.replace("-0.3\ta b", "-99\ta b").replace("-0.25", "-99")
    text = BY_HAND.replace("-0.3\ta b", f"{never}\ta b").replace("-0.25", never)
    model = assert_reads(text, path, by)
    assert scores(model, ["b a b"])[0] == -math.inf


@pytest.mark.parametrize("zero", [-math.inf, -99.5, -99, -50])
def test_what_stands_for_0(zero, path):
    """A logarithm above that is a number like others; it and what is less are 0."""
    usual = read_text(BY_HAND.replace("-0.3\ta b", "-49\ta b"), path)
    text = BY_HAND.replace("-0.3\ta b", "-99\ta b")
    model = read_text(text, path, zero_log_proba=zero)
    expected = scores(usual, ["b a b"]) - 50 if zero < -99 else [-math.inf]
    np.testing.assert_allclose(scores(model, ["b a b"]), expected)


@pytest.mark.parametrize("zero", [0, math.nan, "low", True, None])
def test_nothing_that_could_stand_for_0(zero, path):
    """What is no log10 probability below 0 is refused with its name."""
    path.write_text(BY_HAND)
    with pytest.raises(ValueError, match="'zero_log_proba' parameter of read_arpa"):
        read_arpa(path, zero_log_proba=zero)


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
    np.testing.assert_allclose(
        scores(model, OF_LETTERS), of_kenlm(path, OF_LETTERS), atol=1e-5
    )


# Blanks that are part of words.

BLANKS = "\u00a0\u3000\u0085\u2028\u2029\u001c\u001f\u2007\u1680"


@pytest.mark.parametrize("blank", BLANKS)
def test_words_with_blanks_of_unicode(blank, path):
    """Words that hold a blank outside of ASCII are read, found and written again."""
    text = BY_HAND.replace("b", f"b{blank}c")
    model = read_text(text, path)
    spelled = [each.replace("b", f"b{blank}c") for each in OF_LETTERS]
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
        model = read_text(BIGRAMS.replace("b", f"b{blank}c"), path)
        spelled = [each.replace("b", f"b{blank}c") for each in OF_LETTERS]
        theirs = of_kenlm(path, spelled)
        np.testing.assert_allclose(scores(model, spelled), theirs, atol=1e-5)


def test_an_index_that_splits_words_is_told(path):
    """A 'word_index' that parts words of the file is a warning that shows one."""
    text = BY_HAND.replace("b", "b\u00a0c")
    index = WordIndexTransformer(lowercase=True)
    with pytest.warns(UserWarning, match=r"never found, .*: 1, such as 'b\\xa0c'"):
        read_text(text, path, word_index=index)
    read_text(BY_HAND, path, word_index=index)
    ascii_index = WordIndexTransformer(lowercase=True, tokenizer="ascii")
    model = read_text(text, path, word_index=ascii_index)
    assert scores(model, ["a B\u00a0C"])[0] == pytest.approx(expected(BY_HAND)[0])
