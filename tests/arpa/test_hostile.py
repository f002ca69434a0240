"""Tests of `sklearn_sslm.arpa._section` and `_vocabulary`: files that are wrong."""

import gzip
import re

import _arpa
import numpy as np
import pytest
from _arpa_files import read_text, scores
from _arpa_files_by_hand import BY_HAND
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sklearn_sslm.arpa import write_arpa

HOSTILE = {
    "empty": ("", 0, "must have .data. here. Got the end of the file"),
    "something else": ("import this\n", 1, "must have .data. here"),
    "binary": (b"\x80\x04\x95\xff\x00", 1, "must have .data. here"),
    "a binary file of KenLM": (
        b"mmap lm http://kheafield.com/code format version 5\n\0" + bytes(99), 1,
        "binary file of KenLM, .* read the ARPA file that build_binary made it of",
    ),
    "one that is packed": (
        gzip.compress(b"mmap lm http://kheafield.com/code format version 5\n\0"), 1,
        "binary file of KenLM",
    ),
    "a file of IRSTLM": ("iARPA\n" + BY_HAND, 1, "compile-lm --text=yes"),
    "UTF-32": (BY_HAND.encode("utf-32"), 1, "read it with encoding='utf-32'"),
    "UTF-16 without a mark": (BY_HAND.encode("utf-16-le"), 1, "name the encoding"),
    "UTF-16": (BY_HAND.encode("utf-16"), 1, "read it with encoding='utf-16'"),
    "only what may come before": ("# made by\n# nobody\n", 2, "must have .data. here"),
    "what may come before, endless": (
        "#\n" + "#" * ((1 << 20) + 1), 2, "longer than 1048576 bytes"
    ),
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
    "infinite": (BY_HAND.replace("-0.4\ta", "inf\ta"), 11, "a number, at most 0"),
    "too large for a float": (BY_HAND.replace("-0.4\ta", "-1e999\ta"), 11, "a number"),
    "a number in hexadecimal": (BY_HAND.replace("-0.4\ta", "-0x4\ta"), 11, "a number"),
    "a probability above 1": (BY_HAND.replace("-0.3\ta b", "0.3\ta b"), 16, "at most 0"),
    "just above 1": (BY_HAND.replace("-0.3\ta b", "1e-9\ta b"), 16, "at most 0"),
    "a weight that is no number": (BY_HAND.replace("-0.25", "-0.2.5"), 15, "its backoff"),
    "an infinite weight": (BY_HAND.replace("-0.25", "inf"), 15, "its backoff weight"),
    "a huge weight": (BY_HAND.replace("-0.25", "300"), 15, "at most 10"),
    "almost no backoff": (BY_HAND.replace("-0.25", "98.9"), 15, "at most 10"),
    "more than no backoff": (BY_HAND.replace("-0.25", "100"), 15, "at most 10"),
    "a backoff to nowhere": (
        BY_HAND.replace("<s> a b", "<s> a b\t-0.5"), 20, "highest order has no backoff"
    ),
    "no backoff of the highest order": (
        BY_HAND.replace("<s> a b", "<s> a b\t99"), 20, "highest order has no backoff"
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
        BY_HAND.replace("-1.0\t<unk>\n", "").replace("1=5", "1=4")
        .replace("b a\t", "<unk> a\t"), 16, "'<unk>' is not among the 1-grams"
    ),
    "a start inside, too": (
        BY_HAND.replace("<s> a b", "<s> <s> b").replace("a b </s>", "a c <s>"), 21,
        "'c' is not among the 1-grams",
    ),
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
    "no unigrams": (BY_HAND[: BY_HAND.index("-1.0")].replace("=5", "=0"), 8, "hold '<s>'"),
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
    "a second byte order mark": (
        b"\xef\xbb\xbf\xef\xbb\xbf" + BY_HAND.strip().encode(), 22, "must have .data. here"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name, path):
    """What is wrong with a file is told with its name and the line."""
    text, line, message = HOSTILE[name]
    where = re.escape(f"{path}, line {line}: ")
    with pytest.raises(ValueError, match=f"(?s)^{where}.*{message}"):
        read_text(text, path)


def test_probabilities_that_grow_from_order_to_order(path):
    """Backoff weights that make a missing n-gram's probability infinite are refused."""
    # Only the longest n-gram ends in "c": those that it ends with are put in, each with
    # 10 ** 10 times the probability of the one before.
    n = 36
    ngrams = {("<s>",): (-1, 0), ("</s>",): (-1, 0), ("c",): (-1, 0)}
    for k in range(1, n):
        start = ("<s>",) * (k > 1)
        for gram in ("b",) * k, ("b",) * (k - 1) + ("a",):
            ngrams[gram] = -1, 10
            ngrams[start + gram[len(start) :]] = -1, 10
    ngrams["<s>", *("b",) * (n - 3), "a", "c"] = -1, 0
    with pytest.raises(ValueError, match="larger than any number"):
        read_text(_arpa.write(ngrams), path)


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


@pytest.mark.slow
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
        np.maximum(scores(read_text(path.read_bytes(), path), texts), -90),
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
    again = read_text(path.read_bytes(), path)
    texts = ["a", "b a"]
    np.testing.assert_allclose(scores(again, texts), scores(model, texts), atol=1e-5)
