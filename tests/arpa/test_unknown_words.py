"""The unknown word in files: its n-grams, its weight, and its probability."""

import math
import pickle

import _arpa
import numpy as np
import pytest
from _arpa_files import HELD_OUT, fitted, read_text, scores, written
from _arpa_files_by_hand import (
    BY_HAND,
    MANY,
    OF_LETTERS,
    assert_reads,
    expected,
    of_kenlm,
    variants,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sklearn_sslm.arpa import read_arpa

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
    monkeypatch.setattr("sklearn_sslm.ngrams.scoring._table_cache._ASKED", asked)
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


def test_unknown_words_in_all_models(tmp_path):
    """Batches, single words, explanations and next words agree in every backing."""
    path = tmp_path / "model.arpa"
    theirs = expected(WITH_UNKNOWN)
    ngrams = _arpa.parse(WITH_UNKNOWN)
    for model in variants(read_text(WITH_UNKNOWN, path), tmp_path):
        assert model.word_index_.words_ == ["", "a", "b", ""]
        assert model.n_words_ == 2
        np.testing.assert_allclose(scores(model, OF_LETTERS), theirs, atol=1e-6)
        np.testing.assert_allclose(
            scores(model, OF_LETTERS * 40), theirs * 40, atol=1e-6
        )
        scorer = model.scorer()
        for text, score in zip(OF_LETTERS, theirs, strict=True):
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
    np.testing.assert_allclose(
        scores(model, OF_LETTERS), of_kenlm(path, OF_LETTERS), atol=1e-5
    )


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
    unknown = np.array(
        [sum(w not in "ab" for w in text.split()) for text in OF_LETTERS]
    )
    below = np.minimum(log_proba + 98, 0) * unknown
    np.testing.assert_allclose(
        scores(model, OF_LETTERS), expected(by) + below, atol=1e-9
    )


def test_a_floor_is_not_for_files_with_unknown_words(path):
    """A probability of unknown words that a file has stays."""
    assert_reads(BY_HAND, path, unknown_log_proba=-3)


def test_a_floor_for_contexts(path):
    """Unknown words that are contexts have the floor as well, also when it is saved."""
    text = WITH_UNKNOWN.replace("-1.0\t<unk>", "-inf\t<unk>")
    by = WITH_UNKNOWN.replace("-1.0\t<unk>", "-0.05\t<unk>")
    model = assert_reads(text, path, by, unknown_log_proba=-0.05)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(scores(again, OF_LETTERS), scores(model, OF_LETTERS))


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
