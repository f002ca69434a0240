"""Tests of `sklearn_sslm.ngrams.scoring._ngram_tables`: the bits are those of other ways."""

import numpy as np
import pytest
from _arpa import parse
from _arpa_files import read_text
from _engine import (
    N_WORDS,
    asked_texts,
    corpora,
    count,
    flat,
    model_of,
    pairs_of_ids,
    stream_of,
    stream_of_pairs,
    zipf_corpus,
)
from _random_arpa import files
from _reference import UNKNOWN
from _slow import smoothings
from _stored import stored_model
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_sslm.base import as_smoothing, fitted_model
from sklearn_sslm.ngrams import (
    Events,
    LanguageModel,
    NGramCounts,
    TokenStream,
    explain_texts,
    origins,
)
from sklearn_sslm.ngrams.scoring import _block_scorer, _explaining, _scoring
from sklearn_sslm.ngrams.scoring._ngram_tables import NGramFinder, NGramTables
from sklearn_sslm.smoothing import SMOOTHINGS, WittenBell

names = sorted(SMOOTHINGS)
SPELLED = {"<s>": 0, "</s>": 0, "a": 1, "b": 2, "<unk>": UNKNOWN}
orders = st.integers(1, 5)


def assert_same_bits(model, stream, block=1 << 16):
    """What is looked up in tables has the bits of what is sorted, and of single words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_block_scorer, "_BLOCK", block)
        tables = NGramTables(model)
        p, known = tables.score(stream)
        np.testing.assert_array_equal(
            tables.score(stream), (p, known)
        )  # as it was kept
        patch.setattr(_scoring, "tables_of", lambda *_: None)
        with np.errstate(divide="ignore"):
            log_proba = np.log(p)
        for few in (False, True):
            patch.setattr(_scoring, "are_few", lambda _, few=few: few)
            scores = _scoring.score_stream(model, stream)
            np.testing.assert_array_equal(log_proba, scores.log_proba)
            np.testing.assert_array_equal(known, scores.known)
            alone = _scoring.log_probabilities(model, stream)
            np.testing.assert_array_equal(log_proba, alone)


@settings(max_examples=60)
@given(
    texts=corpora,
    asked=asked_texts,
    n=orders,
    name=st.sampled_from(names),
    block=st.integers(1, 9),
)
def test_origins(texts, asked, n, name, block):
    """Where tables can explain, they do it as n-grams that are sorted."""
    model, stream = model_of(texts, n, name), stream_of(asked)
    tables = NGramTables(model)
    looks_past = model.smoothing.lower_order == "uniform"
    all_p = tables._p_of_words, *tables.known.p[1:]
    assert tables.can_explain or not all(p.all() for p in all_p) or looks_past
    if not tables.can_explain:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_block_scorer, "_BLOCK", block)
        patch.setattr(_explaining, "are_few", lambda _: False)
        expected = explain_texts(model, stream)
        patch.setattr(_explaining, "tables_of", lambda *_: tables)
        found = origins(model, stream)
    for name in ("p", "order", "weight"):
        mine, theirs = getattr(found, name), getattr(expected, name)
        assert mine.dtype == theirs.dtype
        np.testing.assert_allclose(mine, theirs, rtol=1e-13)


@given(
    text=files,
    asked=st.lists(
        st.lists(st.sampled_from([1, 2, UNKNOWN]), max_size=7), min_size=1, max_size=5
    ),
    block=st.integers(1, 9),
)
def test_origins_in_files(text, asked, block, tmp_path_factory):
    """A probability comes from the longest n-gram that the file has, or misses the end of."""
    path = tmp_path_factory.mktemp("arpa") / "model.arpa"
    model = fitted_model(read_text(text, path)).language_model
    grams = {tuple(SPELLED.get(word) for word in gram) for gram in parse(text)}
    grams |= {gram[i:] for gram in grams for i in range(1, len(gram) - 1)}
    longest = [
        max(n for n in range(1, end + 1) if tuple(words[end - n : end]) in grams)
        for words in ([0, *words, 0] for words in asked)
        for end in range(2, len(words) + 1)
    ]
    stream = stream_of(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_block_scorer, "_BLOCK", block)
        ways = [origins(model, stream)]  # one by one
        patch.setattr(_explaining, "are_few", lambda _: False)
        ways.append(origins(model, stream))
        patch.setattr(_explaining, "tables_of", lambda *_: NGramTables(model))
        ways.append(origins(model, stream))
    for way in ways:
        knows_unknown = model.counts.unknown_id >= 0
        expected = [
            0 if order == 1 and not knows_unknown and is_unknown else order
            for order, is_unknown in zip(longest, _are_unknown(asked), strict=True)
        ]
        assert way.order.tolist() == expected
        np.testing.assert_allclose(way.p, ways[0].p, rtol=1e-13)
        np.testing.assert_allclose(way.weight, ways[0].weight, rtol=1e-12)


def _are_unknown(asked):
    return [word == UNKNOWN for words in asked for word in (*words, 0)]


@pytest.mark.parametrize("name", smoothings(names))
@given(texts=corpora, asked=asked_texts, n=orders, block=st.integers(1, 9))
def test_any_texts(name, texts, asked, n, block):
    """For every smoothing and order, however few positions a block has."""
    assert_same_bits(model_of(texts, n, name), stream_of(asked), block)


@given(corpora, asked_texts, orders, st.data())
def test_texts_that_were_cut_off_and_replies(texts, asked, n, data):
    """Where ends are not known, and a boundary stands inside as before a reply."""
    asked = [[*text, 0, *text[:2]] for text in asked]
    closed = data.draw(
        st.lists(st.booleans(), min_size=len(asked), max_size=len(asked))
    )
    stream = TokenStream.from_texts(*flat(asked), np.array(closed))
    assert_same_bits(
        model_of([[*text, 0, 1] for text in texts], n, "kneser_ney"), stream
    )


@pytest.mark.parametrize("name", smoothings(names))
@given(pairs=pairs_of_ids, asked=pairs_of_ids, n=orders)
def test_replies(name, pairs, asked, n):
    """After what is in messages alone nothing was predicted: shorter contexts speak."""
    counts = NGramCounts.from_stream(stream_of_pairs(pairs), n, N_WORDS + 1)
    model = LanguageModel.of_counts(counts, as_smoothing(name), Events(N_WORDS))
    messages, replies = zip(*asked, strict=True)
    assert_same_bits(model, stream_of([*messages, *replies]), block=4)
    stream = stream_of_pairs([*pairs, *asked])
    p, _ = NGramTables(model).score(stream)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_scoring, "are_few", lambda _: True)
        expected = np.exp(_scoring.log_probabilities(model, stream))
    predicted = ~stream.is_given()
    np.testing.assert_allclose(p[predicted], expected[predicted], rtol=1e-14)


@given(corpora, asked_texts, orders)
def test_stored_probabilities(texts, asked, n):
    """Where probabilities are stored, with weights of contexts that nothing follows."""
    model = stored_model(model_of(texts, n, "witten_bell"))
    for weights in model.weights:
        has_children = np.diff(weights.ngrams.first_child) > 0
        weights.backoff_weights = np.where(has_children, weights.backoff_weights, 0.3)
    assert_same_bits(model, stream_of(asked), block=4)


@given(corpora, asked_texts, orders, st.integers(2, 3))
def test_rare_ngrams_that_are_left_out(texts, asked, n, least):
    """Where n-grams were seen too rarely, and words were forgotten."""
    model = LanguageModel.of_counts(
        count(texts, n), WittenBell(), Events(4, np.array([5])), min_count=(1, least)
    )
    assert_same_bits(model, stream_of(asked), block=4)


@pytest.mark.parametrize("name", names)
def test_a_larger_corpus(name):
    """The same with discounts that were estimated, and texts of all lengths."""
    model = model_of(zipf_corpus(0, n_texts=300, n_words=60), 4, name, n_words=60)
    asked = zipf_corpus(1, n_texts=90, n_words=70)
    asked = [[word if word <= 60 else UNKNOWN for word in text] for text in asked]
    assert_same_bits(model, stream_of(asked), block=50)


def test_ngrams_are_found_alike_with_and_without_a_hash_table():
    """Order 3 gets one when more n-grams were asked for than there are, which finds them."""
    level = model_of(zipf_corpus(0), 3, "mle", n_words=25).counts.levels[2]
    find = NGramFinder(level, 3)
    asked, rows = (level.context, level.word), np.arange(len(level))
    np.testing.assert_array_equal(find(*asked), rows)
    assert find._table is None
    for _ in range(2):
        assert find(level.context[:1], np.array([77])).tolist() == [-1]
        np.testing.assert_array_equal(find(*asked), rows)
    assert find._table is not None
