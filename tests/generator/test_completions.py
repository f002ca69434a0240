"""Tests of `sklearn_sslm.generator._completions`: what a half typed word can become."""

import re

import numpy as np
import pytest
from _reference import MODELS
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.datasets import load_greetings

words = st.sampled_from(["a", "ab", "aba", "b", "ba", "A", "á"])
texts = st.lists(st.lists(words, max_size=6).map(" ".join), min_size=1, max_size=8)
SMOOTHINGS = sorted(MODELS)


def expected(p, known, prefix, k):
    """The k likeliest words with a prefix, looked for among all."""
    some = [j for j, word in enumerate(known) if word.startswith(prefix) and p[j] > 0]
    return [(known[j], p[j]) for j in sorted(some, key=lambda j: -p[j])[:k]]


@given(
    texts,
    texts,
    st.sampled_from(["", "a", "ab", "b", "x", "abc"]),
    st.integers(1, 4),
    st.sampled_from(SMOOTHINGS),
    st.integers(1, 8),
)
@settings(max_examples=60)
def test_a_prefix_only_leaves_words_out(learned, asked, prefix, n, smoothing, k):
    """The words are those with the prefix, with the probabilities that they always have."""
    model = NGramTextGenerator(n, smoothing=smoothing).fit([*learned, "a"])
    model.partial_fit(["ab aba", "bb"]).partial_forget(["bb"])
    found = model.next_words(asked, k, prefix=prefix)
    for p, ranked in zip(model.next_word_proba(asked), found, strict=True):
        assert ranked == expected(p, model.word_index_.words_, prefix, k)


@given(texts, texts, st.sampled_from(["a", "ab", "z"]), st.sampled_from(SMOOTHINGS))
@settings(max_examples=15)
def test_a_session_completes_what_it_heard(heard, asked, prefix, smoothing):
    """Words that only the session knows, or the text, have the probabilities they have."""
    model = NGramTextGenerator(smoothing=smoothing).fit(["a b", "ab b"])
    session = model.session().observe([*heard, "zebra abz zebra"])
    found = session.next_words(asked, prefix=prefix)
    for ranked, all_words in zip(found, session.next_words(asked, k=99), strict=True):
        some = [(word, p) for word, p in all_words if word.startswith(prefix)][:5]
        assert dict(ranked) == pytest.approx(dict(some))
    assert session.next_words(["zebra"], prefix="abz")[0][0][0] == "abz"


def test_each_text_can_have_its_own_prefix(tmp_path):
    """Prefixes are taken text by text, also by models that were compacted or read."""
    model = NGramTextGenerator(3, smoothing="kneser_ney").fit(load_greetings().data)
    asked, prefixes = ["Oi!", "Boa", ""], ["Tu", "n", "Bo"]
    found = model.next_words(asked, prefix=iter(prefixes))
    assert [each[0][0] for each in found] == [
        "Tudo",
        "noite!",
        "Boa",
    ]
    alone = [
        model.next_words([text], prefix=prefix)[0]
        for text, prefix in zip(asked, prefixes, strict=True)
    ]
    assert found == alone
    assert model.compact().next_words(asked, prefix=prefixes) == found
    write_arpa(model, tmp_path / "m.arpa")
    read = read_arpa(tmp_path / "m.arpa").next_words(asked, prefix=prefixes)
    for ours, theirs in zip(found, read, strict=True):
        assert dict(theirs) == pytest.approx(dict(ours), rel=1e-5)


def test_prefixes_are_spelled_as_texts_are():
    """What the word index does to texts it does to prefixes; other letters are others."""
    index = WordIndexTransformer(lowercase=True, strip_accents="unicode")
    model = NGramTextGenerator(word_index=index).fit(["Olá Ana"])
    assert model.next_words([""], prefix="OL\u00c1") == [[("ola", 1.0)]]
    exact = NGramTextGenerator().fit(["Olá Ana"])
    assert exact.next_words([""], prefix="ol") == [[]]


def test_loose_prefixes_do_not_beat_exact_ones():
    """With ``match="loose"`` case and accents count where a word begins to the letter."""
    model = NGramTextGenerator(match="loose").fit(["Olá", "olho", "ÓLEO", "outro"])
    assert dict(model.next_words([""], prefix="ol")[0]) == {"olho": 0.25}
    assert set(dict(model.next_words([""], prefix="oL")[0])) == {"Olá", "olho", "ÓLEO"}
    session = model.session().observe("OLGA")
    assert "OLGA" in dict(session.next_words([""], prefix="oL")[0])


def test_messages_are_completed_by_what_replies_begin_with():
    """A model of replies has no next word of a message: prefixes are those of replies."""
    model = NGramTextGenerator().fit(["a", "a"], ["ab", "ba"])
    assert model.next_words(["a"], prefix="b") == [[("ba", 0.5)]]


@pytest.mark.parametrize("prefix", [3, ["a"], ["a", 3], ["a", "b", "c"], b"a"])
def test_wrong_prefixes_are_told(prefix):
    """What is no str, nor one for each text, is an error that names the parameter."""
    model = NGramTextGenerator().fit(["a b"])
    for owner in (model, model.session()):
        name = f"'prefix' parameter of {type(owner).__name__}.next_words"
        with pytest.raises((TypeError, ValueError), match=re.escape(name)):
            owner.next_words(["a", "b"], prefix=prefix)


def test_plain_ids_have_no_beginnings():
    """A model that knows no words says so, and answers without a prefix."""
    model = NGramTextGenerator().fit([[1, 2, 0]])
    for owner in (model, model.session()):
        with pytest.raises(ValueError, match="must be None for a model"):
            owner.next_words([[1, 0]], prefix="a")
        assert owner.next_words([[1, 0]], prefix="")[0][0][0] == 2


def test_many_words_are_no_matter():
    """Of thousands of words the likeliest with a prefix are found, ties by their ids."""
    rng = np.random.default_rng(0)
    corpus = [" ".join(f"w{j}" for j in rng.zipf(1.3, 9) % 5000) for _ in range(2000)]
    model = NGramTextGenerator(3, smoothing="witten_bell").fit(corpus)
    asked = [text.rsplit(" ", 3)[0] for text in corpus[:20]]
    found = model.next_words(asked, k=7, prefix="w4")
    for p, ranked in zip(model.next_word_proba(asked), found, strict=True):
        assert ranked == expected(p, model.word_index_.words_, "w4", 7)
