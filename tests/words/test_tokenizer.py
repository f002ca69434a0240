"""Tests of `sklearn_sslm.words._tokenizer`."""

import pickle
import re
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.words import Tokenizer, encode, tokenizer_of, vocabulary_of

# Letters with accents of one and two characters, a family, a flag, blanks of all kinds.
any_text = st.text(st.sampled_from("abÉe\u0301ñ 👩\u200d👦🇧🇷.\u00a0\n"), max_size=12)


class Hyphens:
    """Splits at hyphens, and joins with them again."""

    def __call__(self, text):
        return text.split("-")

    def join(self, words):
        return "-".join(words)


def test_it_splits_as_the_index_does():
    """The tokenizer of an index has its parameters, as they are now."""
    index = WordIndexTransformer(tokenizer=re.compile(r"\w+").findall, lowercase=True)
    assert tokenizer_of(index)("Olá, você!") == index.tokenize("Olá, você!")
    assert tokenizer_of(index.set_params(lowercase=False))("Olá") == ["Olá"]


def test_equal_ones_are_equal():
    """Tokenizers of the same function and case are equal, also after pickling."""
    tokenizer = Tokenizer(str.split, lowercase=True)
    assert pickle.loads(pickle.dumps(tokenizer)) == tokenizer
    assert tokenizer != Tokenizer(str.split) != Tokenizer()
    assert str(Tokenizer()) == "tokenizer=None and lowercase=False"
    shown = "analyzer='char', tokenizer=None and lowercase=True"
    assert str(Tokenizer(analyzer="char", lowercase=True)) == shown


@pytest.mark.parametrize(
    ("tokenizer", "workers"),
    [
        (Tokenizer(), "threads"),
        (Tokenizer("ascii"), "threads"),
        (Tokenizer(str.split), "processes"),
        (Tokenizer(lowercase=True), "processes"),
        (Tokenizer(strip_accents="unicode"), "processes"),
        (Tokenizer(analyzer="char"), "processes"),
    ],
)
def test_what_python_does_is_for_processes(tokenizer, workers):
    """Threads share the work where arrays find the words of texts as they are spelled."""
    assert tokenizer.workers == workers


def test_empty_words_are_left_out():
    """What stands between two separators in a row is no word."""
    assert Tokenizer(lambda text: text.split(","))("a,,b,") == ["a", "b"]
    assert Tokenizer(analyzer=lambda text: text.split(","))("a,,b,") == ["a", "b"]


@pytest.mark.parametrize("returned", [7, None, "a b", ["a", 7], [["a"]]], ids=repr)
@pytest.mark.parametrize("parameter", ["tokenizer", "analyzer"])
def test_what_is_no_list_of_words_is_refused(parameter, returned):
    """An error shows what the function returned; a str would be split into characters."""
    index = WordIndexTransformer(**{parameter: lambda _: returned})
    message = f"The '{parameter}' parameter .* must return words, .* It returned "
    with pytest.raises(TypeError, match=message):
        index.fit(["a"])
    with pytest.raises(TypeError, match=message):
        NGramTextGenerator(word_index=index).fit(["a"])


@pytest.mark.parametrize("analyzer", ["char", "char_wb"])
@given(st.lists(st.text("abÉñ.!1", min_size=1, max_size=4), max_size=5).map(" ".join))
def test_characters_are_those_of_count_vectorizer(analyzer, text):
    """Units are the 1-grams of CountVectorizer, in the same order."""
    theirs = CountVectorizer(analyzer=analyzer, lowercase=False).build_analyzer()
    assert WordIndexTransformer(analyzer=analyzer).tokenize(text) == theirs(text)


@pytest.mark.parametrize("strip_accents", ["ascii", "unicode", str.swapcase, None])
@pytest.mark.parametrize("lowercase", [True, False])
@given(any_text)
def test_texts_are_prepared_as_by_count_vectorizer(lowercase, strip_accents, text):
    """Case and accents are removed in the same way, with any analyzer built in."""
    parameters = {"lowercase": lowercase, "strip_accents": strip_accents}
    prepared = CountVectorizer(**parameters).build_preprocessor()(text)
    words = WordIndexTransformer(**parameters)
    assert words.tokenize(text) == prepared.split()
    characters = WordIndexTransformer(analyzer="char", **parameters)
    assert characters.tokenize(text) == Tokenizer(analyzer="char")(prepared)


def test_a_callable_analyzer_gets_the_text_as_it_is():
    """As in CountVectorizer, nothing is done to a text before."""
    index = WordIndexTransformer(
        analyzer=str.split, lowercase=True, strip_accents="ascii", normalize="NFD"
    )
    assert index.tokenize("É Ok") == ["É", "Ok"]
    scorer = NGramTextGenerator(word_index=index).fit(["É Ok"]).scorer()
    assert "É" in scorer
    assert "e" not in scorer


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@given(any_text)
def test_normalized_texts_have_normalized_words(form, text):
    """However a text was typed, its words are those of its normal form."""
    index = WordIndexTransformer(normalize=form)
    expected = unicodedata.normalize(form, text).split()
    for typed in (text, unicodedata.normalize("NFD", text)):
        assert index.tokenize(typed) == expected
        both = WordIndexTransformer(normalize=form).fit([f"x {typed}", typed, "b"])
        assert both.words_[1:] == list(dict.fromkeys(["x", *expected, "b"]))


@given(st.lists(any_text.filter(bool), min_size=1, max_size=4))
def test_characters_are_joined_without_blanks(texts):
    """Texts of characters come back to the letter, white space and accents included."""
    index = WordIndexTransformer(analyzer="char")
    rows = index.fit_transform(texts)
    assert index.inverse_transform(rows).tolist() == texts
    assert [index.join(index.tokenize(text)) for text in texts] == texts


@given(any_text)
def test_characters_of_words_are_joined_to_words(text):
    """With "char_wb" the words come back, with one blank between them."""
    index = WordIndexTransformer(analyzer="char_wb")
    assert index.join(index.tokenize(text)) == " ".join(text.split())


def test_what_splits_texts_can_join_words():
    """A tokenizer or analyzer with a method ``join`` makes texts of words."""
    for parameter in ("tokenizer", "analyzer"):
        index = WordIndexTransformer(**{parameter: Hyphens()}).fit(["a-b", "b-c"])
        rows = index.transform(["a-b-c"])
        assert index.inverse_transform(rows).tolist() == ["a-b-c"]
        model = NGramTextGenerator(word_index=index, random_state=0).fit(["a-b-c"])
        assert model.predict(["a"]).tolist() == ["a-b-c"]
        assert index.join(model.stream("a")) == "a-b-c"


@pytest.mark.parametrize(
    ("analyzer", "message"),
    [("char", "boa-t"), ("char_wb", "boa-tarde"), (Hyphens(), "boa")],
)
def test_replies_are_joined_as_the_words_were_split(analyzer, message):
    """A generator writes texts of characters without blanks between, also by a pipeline."""
    texts = ["bo-a noite", "boa-tarde 🇧🇷"]
    index = WordIndexTransformer(analyzer=analyzer)
    model = NGramTextGenerator(n=6, word_index=index, random_state=0).fit(texts)
    pipeline = make_pipeline(index, NGramTextGenerator(n=6, random_state=0)).fit(texts)
    drawn = model.sample(20)
    assert set(drawn) <= {*texts, "bo-a-tarde 🇧🇷", "boa noite"}
    assert set(texts) <= set(drawn)
    assert pipeline[-1].sample(20).tolist() == drawn.tolist()
    assert pipeline[-1].perplexity(texts) == model.perplexity(texts)
    assert model.set_params(echo="message").predict([message]) == ["boa-tarde 🇧🇷"]


def test_rows_continue_by_the_rules_of_their_index():
    """What a pipeline learned from rows reads texts as the transformer before it does."""
    pipeline = make_pipeline(
        WordIndexTransformer(lowercase=True, normalize="NFC"),
        NGramTextGenerator(smoothing="witten_bell"),
    ).fit(["Olá VOCÊ"])
    assert pipeline[-1].word_index_.tokenize("OLA\u0301") == ["olá"]
    assert np.isclose(
        pipeline[-1].perplexity(["OLÁ você"]), pipeline[-1].perplexity(["olá você"])
    )
    own = WordIndexTransformer(analyzer="char")
    rows = WordIndexTransformer().fit_transform(["a b"])
    assert NGramTextGenerator(word_index=own).fit(rows).word_index_.analyzer == "char"


def test_a_tokenizer_beside_characters_is_warned_of():
    """As in CountVectorizer, a tokenizer that is not used is no error."""
    index = WordIndexTransformer(analyzer="char", tokenizer=str.split)
    with pytest.warns(UserWarning, match="'tokenizer' .* analyzer='word' only"):
        assert index.fit(["a b"]).words_ == ["", "a", " ", "b"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("analyzer", "chars"), ("strip_accents", "latin"), ("normalize", "nfc")],
)
def test_parameters_out_of_their_domain_are_named(name, value):
    """Neither an index nor a generator with such an index learns."""
    index = WordIndexTransformer(**{name: value})
    for estimator in (index, NGramTextGenerator(word_index=index)):
        with pytest.raises(ValueError, match=f"'{name}' parameter .* Got '{value}'"):
            estimator.fit(["a"])


def test_what_is_no_text_without_accents_is_named():
    """A callable that strips accents returns a text."""
    index = WordIndexTransformer(strip_accents=str.split)
    with pytest.raises(TypeError, match=r"'strip_accents' .* returned \['a', 'b'\]"):
        index.fit(["a b"])


def test_the_scorer_prepares_words_as_texts():
    """Single words lose case and accents as the words of texts do."""
    index = WordIndexTransformer(lowercase=True, strip_accents="unicode")
    scorer = NGramTextGenerator(word_index=index).fit(["olá você"]).scorer()
    assert "OLÁ" in scorer
    assert "Voce" in scorer


BLANKS = "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))


@given(st.text(st.sampled_from(BLANKS + "abé日\0\u200b")))
def test_ascii_splits_where_bytes_are_split(text):
    """With "ascii" a text has the words that its bytes have, in upper and lower case."""
    words = [word.decode() for word in text.encode().split()]
    assert Tokenizer("ascii")(text) == words
    assert Tokenizer("ascii", lowercase=True)(text.upper()) == [
        word.lower() for word in words
    ]


@pytest.mark.parametrize("times", [1, 4000])
@pytest.mark.parametrize("blank", BLANKS)
def test_ascii_words_in_an_index(blank, times):
    """A blank outside of ASCII is part of a word, learned and found, in few or many texts."""
    texts = [f"a b{blank}c", f"b{blank}c\0", "b c"] * times
    expected = [[word.decode() for word in text.encode().split()] for text in texts[:3]]
    index = WordIndexTransformer(tokenizer="ascii").fit(texts)
    assert [index.tokenize(text) for text in texts[:3]] == expected
    ids, lengths, unknown = encode(texts, vocabulary_of(index), tokenizer_of(index))
    assert lengths.tolist() == list(map(len, expected)) * times
    assert not unknown
    spelled = [word for words in expected for word in words]
    assert [index.words_[j] for j in ids] == spelled * times


def test_ascii_words_of_files(tmp_path):
    """Files are split as texts are."""
    path = tmp_path / "texts.txt"
    path.write_text("a\u00a0b c\x1fd\x0be\n\u3000\n", encoding="utf-8")
    index = WordIndexTransformer(tokenizer="ascii")
    model = NGramTextGenerator(word_index=index, input="filename").fit([path])
    assert model.word_index_.words_ == ["", "a\xa0b", "c\x1fd", "e", "\u3000"]
    assert model.n_texts_seen_ == 2


def test_other_names_are_refused():
    """The error names the one name there is."""
    with pytest.raises(ValueError, match=r"'tokenizer' parameter .* \{'ascii'\}"):
        WordIndexTransformer(tokenizer="utf8").fit(["a"])
