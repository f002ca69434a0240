"""Tests of `sklearn_sslm.words._subword`, where the packages are installed."""

import copy
import io
import pickle

import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from sklearn_sslm import NGramTextGenerator, SubwordTokenizer, WordIndexTransformer
from sklearn_sslm.words import tokenizer_of

TEXTS = [
    "um dois três quatro",
    "dois três cinco seis",
    "naïve café e ação",
    "seis três",
] * 5
# Case, accents of one and two characters, what was never seen, blanks of all kinds.
any_text = st.text(
    st.sampled_from("umdoiêÊe\u0301Æ👩\u200d🇧🇷ｆ \n\t\u00a0\u3000"), max_size=12
)


def byte_pairs():
    """Byte-pair encoding of bytes, as GPT-2 has it."""
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(
        add_prefix_space=False
    )
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=60, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def word_pieces():
    """Pieces that lose case, accents, white space and unknown words, as in BERT."""
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    trainer = tokenizers.trainers.WordPieceTrainer(
        vocab_size=60, special_tokens=["[UNK]", "[CLS]"], show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A", special_tokens=[("[CLS]", 1)]
    )
    return tokenizer


def unigrams():
    """A unigram model of sentencepiece, which normalizes by NFKC."""
    sentencepiece = pytest.importorskip("sentencepiece")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS),
        model_writer=model,
        vocab_size=30,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


KINDS = {"byte pairs": byte_pairs, "word pieces": word_pieces, "unigrams": unigrams}


@pytest.fixture(scope="module", params=KINDS)
def trained(request):
    """A trained tokenizer of one of the packages."""
    return KINDS[request.param]()


@given(text=any_text)
def test_texts_come_back_to_the_letter(trained, text):
    """Whatever the tokenizer does with a text, its units joined are the text."""
    tokenizer = SubwordTokenizer(trained)
    units = tokenizer(text)
    assert tokenizer.join(units) == text
    assert all(units)
    index = WordIndexTransformer(tokenizer=tokenizer).fit([text, "x"])
    assert index.inverse_transform(index.transform([text])).tolist() == [text]


def test_units_are_where_the_pieces_are(trained):
    """A text of known words has a unit for each piece, blanks before words included."""
    units = SubwordTokenizer(trained)("dois três")
    assert 1 < len(units) < len("dois três")
    if hasattr(trained, "EncodeAsPieces"):
        pieces = [
            piece.replace("▁", " ") for piece in trained.EncodeAsPieces("dois três")
        ]
        assert [p.strip() for p in pieces if p.strip()] == [
            u.strip() for u in units if u.strip()
        ]


def test_units_of_byte_pairs_by_hand():
    """With bytes that were merged to words and their blanks, units are these."""
    tokenizers = pytest.importorskip("tokenizers")
    vocabulary = {"a": 0, "b": 1, "ab": 2, "Ġ": 3, "Ġab": 4}
    model = tokenizers.models.BPE(vocabulary, [("a", "b"), ("Ġ", "ab")])
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(
        add_prefix_space=False
    )
    assert SubwordTokenizer(tokenizer)("ab abb a") == ["ab", " ab", "b", " ", "a"]


def test_a_generator_writes_texts_of_pieces(trained):
    """Replies are joined without blanks, with the tokenizer wrapped or as it is."""
    for tokenizer in (trained, SubwordTokenizer(trained)):
        index = WordIndexTransformer(tokenizer=tokenizer)
        model = NGramTextGenerator(n=9, word_index=index, random_state=0).fit(TEXTS)
        assert set(model.sample(20)) <= {
            *TEXTS,
            "dois três quatro",
            "dois três",
            "três",
        }
        assert (
            model.set_params(echo="message")
            .predict(["um dois"])[0]
            .startswith("um dois")
        )


def test_it_is_pickled_copied_and_saved(trained):
    """So are indexes and models with it, also by skops; equal ones can be merged."""
    tokenizer, text = SubwordTokenizer(trained), "um dois café"
    index = WordIndexTransformer(tokenizer=tokenizer)
    model = NGramTextGenerator(n=3, word_index=index, smoothing="witten_bell").fit(
        TEXTS
    )
    data = skops.io.dumps(model)
    types = skops.io.get_untrusted_types(data=data)
    assert "sklearn_sslm.SubwordTokenizer" in types
    for again in (
        pickle.loads(pickle.dumps(model)),
        copy.deepcopy(model),
        skops.io.loads(data, trusted=types),
        clone(model).fit(TEXTS),
    ):
        assert again.word_index_.tokenize(text) == tokenizer(text)
        assert again.score_samples([text]) == model.score_samples([text])
        assert tokenizer_of(again.word_index_) == tokenizer_of(index)
        again.merge(model)
    other = NGramTextGenerator(n=3, smoothing="witten_bell").fit(TEXTS)
    with pytest.raises(ValueError, match="must have learned words"):
        other.merge(model)


@pytest.mark.parametrize("value", [None, "model.json", str.split, 3], ids=repr)
def test_what_is_no_trained_tokenizer_is_refused(value):
    """The error says which packages it may be of."""
    with pytest.raises(TypeError, match=r"tokenizers\.Tokenizer or sentencepiece"):
        SubwordTokenizer(value)


def test_a_model_of_an_unknown_package_is_not_loaded():
    """A saved file names one of two packages, and nothing else is imported."""
    state = {"library": "os", "model": [1]}
    with pytest.raises(ValueError, match="tokenizers or sentencepiece"):
        SubwordTokenizer.__new__(SubwordTokenizer).__setstate__(state)
