"""Tests of `sklearn_sslm.arpa._arpa_writer`: what is written is the model."""

import gzip
import os
import re

import _arpa
import numpy as np
import pytest
from _arpa import parse
from _arpa_files import HELD_OUT, PROPER, fitted, read_text, scores, written
from _random_arpa import files
from hypothesis import given
from sklearn.exceptions import NotFittedError

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.smoothing import KneserNey, WittenBell


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


def test_smoothing_with_parameters(path):
    """What is written depends on the smoothing's own parameters."""
    for smoothing in (KneserNey([0.3, 0.6, 0.9]), WittenBell()):
        model = fitted(3, smoothing)
        write_arpa(model, path)
        np.testing.assert_allclose(scores(read_arpa(path)), scores(model), atol=2e-6)


@given(text=files)
def test_a_file_that_was_read_is_written_as_it_was(text, tmp_path_factory):
    """Of what reading puts in only the missing endings of n-grams are written."""
    path = tmp_path_factory.mktemp("arpa") / "model.arpa"
    before, model = parse(text), read_text(text, path)
    after = parse(written(model, path))
    n = max(map(len, after))
    endings = {g[i:] for g in before for i in range(1, len(g) - 1)}
    assert {*after} == {*before, *endings}
    for gram, (p, weight) in before.items():
        if gram != ("<s>",):  # whose probability is never used
            assert after[gram][0] == pytest.approx(p, abs=2e-7)
        assert after[gram][1] == pytest.approx(weight if len(gram) < n else 0, abs=2e-7)
    np.testing.assert_allclose(scores(model), scores(read_arpa(path)), atol=1e-5)


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

    monkeypatch.setattr("sklearn_sslm.arpa._formatting.backoff_forms", fail)
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


@pytest.mark.posix
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
        (fitted(smoothing="lidstone"), "backs off to the uniform distribution"),
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
    [
        "<s>",
        "</s>",
        "<unk>",
        "<UNK>",
        *(f"a{blank}b" for blank in " \t\n\v\f\r"),
        "\0",
        "\udc80",
    ],
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


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_word_that_was_forgotten_is_not_written(tmp_path, n):
    """Its id is free, and the file is that of the other words."""
    texts = ["a b", "x y x", "c d", "c e", "e d"]
    model = NGramTextGenerator(n, smoothing="kneser_ney").fit(texts)
    model.partial_forget(["a b", "x y x"])
    assert model.word_index_.words_[1:5] == [""] * 4
    fresh = NGramTextGenerator(n, smoothing="kneser_ney").fit(texts[2:])
    for name, each in {"forgotten": model, "fresh": fresh}.items():
        write_arpa(each, tmp_path / name)
    assert (tmp_path / "forgotten").read_bytes() == (tmp_path / "fresh").read_bytes()
    again = read_arpa(tmp_path / "forgotten")
    np.testing.assert_allclose(
        again.score_samples(texts), fresh.score_samples(texts), rtol=1e-6
    )
