"""Texts that are odd, but legal, work; tokenizers that are at fault are named."""

import numpy as np
import pytest
from _refusals import REFUSED

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

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
