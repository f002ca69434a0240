"""Tests of `sklearn_sslm.mixture._mixture`."""

import copy
import io
import pickle
from collections import Counter

import joblib
import numpy as np
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.exceptions import NotFittedError
from sklearn.utils._param_validation import InvalidParameterError

from sklearn_sslm import NGramMixture, NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.mixture._union import LACKED
from sklearn_sslm.smoothing import SMOOTHINGS

GREETINGS = load_greetings().data
OTHERS = ["Oi! Bom dia para você!", "Até logo e bom dia!", "Bom dia! Até logo!"]
MIXABLE = sorted(set(SMOOTHINGS) - {"stupid_backoff"})

word_lists = st.lists(st.sampled_from("abcd"), max_size=5).map(" ".join)
corpora = st.lists(word_lists, min_size=1, max_size=5).filter(any)
asked = st.lists(
    st.lists(st.sampled_from([*"abcde", "zebra"]), max_size=5).map(" ".join),
    min_size=1,
    max_size=3,
)


def fit(texts, n=3, smoothing="kneser_ney", **parameters):
    """A fitted generator."""
    return NGramTextGenerator(n, smoothing=smoothing, **parameters).fit(texts)


@pytest.fixture
def pair():
    """Two models with words in common, and words of their own."""
    return [fit(GREETINGS), fit(OTHERS, 2, "witten_bell")]


def own_probability(model, text, word, mixture, others):
    """What a model gives to a word after a text, by the definition of the share."""
    vocabulary = model.word_index_.vocabulary_
    scorer = model.scorer()
    state = scorer.start()
    for before in text.split():
        _, state = scorer.score(state, before)
    p = np.exp(scorer.end(state) if word == "" else scorer.score(state, word)[0])
    if word == "" or word in vocabulary:
        return p
    lacked = [w for w in mixture.word_index_.vocabulary_ if w not in vocabulary]
    unigram = {w: sum(alone(other, w) for other in others) for w in lacked}
    if word in unigram:
        return p * LACKED * unigram[word] / sum(unigram.values())
    return p * (1 - LACKED if lacked else 1)


def alone(model, word):
    """Probability of a word without context; 0 of one that is not known."""
    scorer = model.scorer()
    return np.exp(scorer.score(scorer.empty(), word)[0]) if word in scorer else 0


@settings(max_examples=60)
@given(
    corpora,
    corpora,
    st.lists(st.sampled_from([*"abcd", "zebra"]), max_size=4),
    st.sampled_from([*"abcde", ""]),
    st.sampled_from(MIXABLE),
    st.floats(0.01, 0.99),
)
def test_probabilities_by_the_definition(one, two, words, word, name, weight):
    """Each token's is the weighted mean; words that a model lacks share 1 % of one unknown."""
    models, text = [fit(one, 3, name), fit(two, 2, "witten_bell")], " ".join(words)
    mixture = NGramMixture(models, [weight, 1 - weight])
    expected = [
        own_probability(model, text, word, mixture, models[1 - i : 2 - i])
        for i, model in enumerate(models)
    ]
    expected = np.dot([weight, 1 - weight], expected)
    index = mixture.word_index_.vocabulary_
    proba = mixture.next_word_proba([text])[0]
    if word == "" or word in index:
        assert proba[index.get(word, 0)] == pytest.approx(expected, rel=1e-9)
    # As part of a text.
    union, weights = mixture._checked()
    stream, _ = mixture._read(union, [f"{text} {word}"])
    p = union.token_probabilities(stream) @ weights
    assert p[len(words) + 1] == pytest.approx(expected, rel=1e-9)
    with np.errstate(divide="ignore"):
        log_p = np.log(p).sum()
    assert mixture.score_samples([f"{text} {word}"])[0] == pytest.approx(log_p)


@settings(max_examples=60)
@given(corpora, corpora, asked, st.sampled_from(MIXABLE))
def test_probabilities_add_up_to_one(one, two, texts, name):
    """All words, the end and an unknown word have 1 in all, after any text."""
    mixture = NGramMixture(
        [fit(one, 3, name), fit(two, 2, name), fit(["e f"], 2, name)]
    )
    proba = mixture.next_word_proba(texts)
    union, weights = mixture._checked()
    for p, text in zip(proba, texts, strict=True):
        stream, _ = mixture._read(union, [f"{text} nobody-knows"])
        of_unknown = (union.token_probabilities(stream) @ weights)[-2]
        assert p.sum() + of_unknown == pytest.approx(1)


@pytest.mark.filterwarnings("ignore:A text has probability 0:UserWarning")
@pytest.mark.parametrize("name", MIXABLE)
def test_equal_models_change_nothing(name):
    """A mixture of a model with itself, or of a model alone, is the model."""
    model = fit(GREETINGS, 3, name)
    texts = [*GREETINGS, "zero", "", "você você"]
    for mixture in (NGramMixture([model, model]), NGramMixture([model], [7])):
        np.testing.assert_allclose(
            mixture.score_samples(texts), model.score_samples(texts), rtol=1e-12
        )
        proba = mixture.next_word_proba(texts)
        np.testing.assert_allclose(proba, model.next_word_proba(texts), rtol=1e-12)
        assert mixture.word_index_.words_ == model.word_index_.words_
        for unknown in ("include", "exclude"):
            mine = mixture.perplexity(texts, unknown=unknown)
            assert mine == pytest.approx(model.perplexity(texts, unknown=unknown))


def test_words_that_were_forgotten_are_not_mixed():
    """An id whose word a model forgot is neither a word nor the end of a text."""
    model = fit(["x a", "a b", "b"]).partial_forget(["x a"])
    mixture = NGramMixture([model])
    texts = ["a b", "x", "b a"]
    np.testing.assert_allclose(
        mixture.score_samples(texts), model.score_samples(texts), rtol=1e-12
    )
    assert mixture.word_index_.words_ == ["", "a", "b"]


def test_models_of_files_are_mixed(tmp_path):
    """A model that was read from an ARPA file is a part like the one that was written."""
    model, other = fit(GREETINGS), fit(OTHERS)
    write_arpa(model, tmp_path / "model.arpa")
    mixture = NGramMixture([other, read_arpa(tmp_path / "model.arpa")], [1, 2])
    expected = NGramMixture([other, model], [1, 2])
    texts = [*GREETINGS, *OTHERS, "zero"]
    np.testing.assert_allclose(
        mixture.score_samples(texts), expected.score_samples(texts), rtol=1e-5
    )


def test_fitted_weights_are_the_best(pair):
    """No other weights give held-out texts a higher likelihood; each step raises it."""
    held_out = [
        "Oi! Bom dia!",
        "Olá! Tudo bem com você?",
        "Até logo!",
        "Bom dia para zero",
    ]
    mixture = NGramMixture(pair).fit_weights(held_out)
    best = mixture.score(held_out)
    assert mixture.log_likelihoods_[-1] == pytest.approx(best, rel=1e-12)
    assert (np.diff(mixture.log_likelihoods_) >= -1e-15).all()
    assert len(mixture.log_likelihoods_) == mixture.n_iter_ + 1
    grid = np.linspace(0, 1, 501)
    scores = [NGramMixture(pair, [w, 1 - w]).score(held_out) for w in grid]
    assert best >= max(scores) - 1e-12  # also than each model alone, at both ends
    assert abs(grid[np.argmax(scores)] - mixture.weights_[0]) <= 0.002
    assert mixture.weights_.sum() == pytest.approx(1)


def test_held_out_texts_are_likelier_than_with_each_model_alone():
    """On new texts of both kinds a mixture has the lower perplexity, over the same words."""
    ours = [f"{a} {b} {a}" for a in "abcde" for b in "vwxyz"]
    theirs = [f"{a} {b} {b}" for a in "efghi" for b in "zyjkl"]
    models = [fit(ours[::2]), fit(theirs[::2])]
    mixture = NGramMixture(models).fit_weights(ours[1::4] + theirs[1::4])
    test = ours[3::4] + theirs[3::4]
    alone = [NGramMixture(models, w).perplexity(test) for w in ([1, 0], [0, 1])]
    assert mixture.perplexity(test) < 0.5 * min(alone)


def test_weights_that_were_fitted_take_the_place_of_those_given(pair):
    """`weights_` counts after `fit_weights`; before it the parameter, divided by its sum."""
    mixture = NGramMixture(pair, [2, 6])
    expected = NGramMixture(pair, [0.25, 0.75]).score(GREETINGS)
    assert mixture.score(GREETINGS) == pytest.approx(expected)
    mixture.fit_weights(GREETINGS)
    assert mixture.score(GREETINGS) > expected


def test_samples_have_the_probabilities_of_their_words(pair):
    """First words are drawn as `next_word_proba` has them, words of one model included."""
    mixture = NGramMixture(pair, [0.5, 0.5], random_state=0, max_length=1)
    drawn = Counter(mixture.sample(3000).tolist())
    p = mixture.next_word_proba([""])[0]
    p /= p.sum()
    words = mixture.word_index_.words_
    often = np.flatnonzero(p * 3000 >= 5)
    observed = [drawn[words[j]] for j in often]
    expected = p[often] * 3000
    assert sum(observed) == 3000
    assert stats.chisquare(observed, expected).pvalue > 1e-3


@pytest.mark.slow
def test_words_that_a_model_lacks_are_drawn_by_their_shares():
    """A model of unknown words only leaves its words to the others, in their proportions."""
    models = [fit(["a"], 1, "lidstone"), fit(["b b b c"], 1, "lidstone")]
    mixture = NGramMixture(models, [1, 0], random_state=0, max_length=1)
    p = mixture.next_word_proba([""])[0]
    # With Lidstone's alpha of 1: a 2/5, end 2/5, unknown 1/5, of which b and c share 1 %:
    # in the other model b has 4/9 and c 2/9.
    np.testing.assert_allclose(p, [0.4, 0.4, 0.01 / 5 * 2 / 3, 0.01 / 5 / 3])
    drawn = Counter(mixture.sample(20000).tolist())
    assert 10 <= drawn["b"] + drawn["c"] <= 95  # 0.002 / 0.802 · 20000 is 50


def test_replies_go_on_from_their_messages(pair):
    """A message comes first, and what follows may come next; max_length counts new words."""
    mixture = NGramMixture(pair, random_state=0, max_length=3)
    for message, reply in zip(GREETINGS, mixture.predict(GREETINGS), strict=True):
        assert reply.split()[: len(message.split())] == message.split()
        assert len(reply.split()) <= len(message.split()) + 3
    asked = mixture.predict(["Oi! Bom"] * 20)
    assert "dia" in {reply.split()[2] for reply in asked}
    again = NGramMixture(pair, random_state=0, max_length=3)
    assert again.predict(GREETINGS).tolist() == mixture.predict(GREETINGS).tolist()


def test_models_of_replies():
    """Replies are written, and scored, after their messages."""
    messages, replies = ["hi you", "bye", "hi"], ["hello !", "ciao", "hello you"]
    models = [
        NGramTextGenerator(n, smoothing="kneser_ney").fit(messages, replies)
        for n in (4, 2)
    ]
    mixture = NGramMixture(models, random_state=0)
    alone = NGramMixture(models[:1])
    assert alone.score(messages, replies) == pytest.approx(
        models[0].score(messages, replies)
    )
    assert alone.perplexity(messages, replies, unknown="exclude") == pytest.approx(
        models[0].perplexity(messages, replies, unknown="exclude")
    )
    np.testing.assert_allclose(
        alone.next_word_proba(messages), models[0].next_word_proba(messages)
    )
    mixture.fit_weights(messages, replies)
    assert mixture.score(messages, replies) >= alone.score(messages, replies) - 1e-6
    known = {word for reply in replies for word in reply.split()} | {"hi", "bye"}
    for reply in mixture.predict(messages * 5):
        assert set(reply.split()) <= known


def test_what_a_model_learns_is_mixed(pair):
    """A model that learns or forgets changes the mixture, which answers by the new one."""
    mixture = NGramMixture(pair)
    before = mixture.score_samples(["zero um"])
    pair[1].partial_fit(["zero um"])
    assert "zero" in mixture.word_index_.vocabulary_
    assert mixture.score_samples(["zero um"]) > before
    pair[1].partial_forget(["zero um"])
    np.testing.assert_allclose(mixture.score_samples(["zero um"]), before)


@pytest.mark.parametrize("way", ["pickle", "joblib", "skops", "copy"])
def test_saved_mixtures(way, pair, tmp_path):
    """A mixture that was saved and loaded has its models and its weights."""
    mixture = NGramMixture(pair, random_state=0).fit_weights(OTHERS)
    if way == "pickle":
        again = pickle.loads(pickle.dumps(mixture))
    elif way == "joblib":
        joblib.dump(mixture, tmp_path / "mixture.joblib")
        again = joblib.load(tmp_path / "mixture.joblib")
    elif way == "copy":
        again = copy.deepcopy(mixture)
    else:
        data = skops.io.dumps(mixture)
        trusted = skops.io.get_untrusted_types(data=data)
        again = skops.io.load(io.BytesIO(data), trusted=trusted)
    texts = [*GREETINGS, "zero"]
    np.testing.assert_array_equal(
        again.score_samples(texts), mixture.score_samples(texts)
    )
    assert again.sample(3).tolist() == mixture.sample(3).tolist()


def test_what_cannot_be_mixed(pair):
    """Models, weights and texts outside of their domains are named."""
    cases = {
        "must be a list of at least one NGramTextGenerator": ([], None),
        "at least one NGramTextGenerator. Got": ([1], None),
        "must know words": ([fit([[1, 2, 0]])], None),
        "all be of texts, or all of messages": (
            [*pair, NGramTextGenerator().fit(["a"], ["b"])], None,
        ),
        "probabilities that sum to 1": ([fit(["a"], 2, "stupid_backoff")], None),
        "split texts in the same way": (
            [*pair, fit(["a"], word_index=WordIndexTransformer(lowercase=True))], None,
        ),
        "must be 2 numbers": (pair, [1, 2, 3]),
        "not negative and not all 0": (pair, [1, -1]),
        "2 numbers, one for each model": (pair, [0, 0]),
    }  # fmt: skip
    for message, (models, weights) in cases.items():
        with pytest.raises(ValueError, match=message):
            NGramMixture(models, weights).score_samples(["a"])
    with pytest.raises(InvalidParameterError, match="'max_length' parameter"):
        NGramMixture(pair, max_length=-1).sample()
    with pytest.raises(NotFittedError):
        NGramMixture([NGramTextGenerator()]).score_samples(["a"])
    mixture = NGramMixture(pair)
    with pytest.raises(TypeError, match="'X' of NGramMixture"):
        mixture.score_samples("a b")
    with pytest.raises(ValueError, match="'unknown' parameter of NGramMixture"):
        mixture.perplexity(["a"], unknown="skip")
    with pytest.raises(ValueError, match="same length"):
        mixture.score(["a"], ["b", "c"])
    mixture.fit_weights(GREETINGS)
    mixture.models = pair[:1]
    with pytest.raises(ValueError, match="call fit_weights again"):
        mixture.score(["a"])


def test_what_fit_weights_warns_of():
    """Tokens that are impossible for all models have no part; too few steps are told."""
    models = [NGramTextGenerator().fit([text]) for text in ("a b", "a c")]
    mixture = NGramMixture(models)
    with pytest.warns(UserWarning, match="1 tokens have probability 0 in all models"):
        mixture.fit_weights(["a b", "b"])
    with pytest.warns(UserWarning, match="still change after max_iter=1 steps"):
        NGramMixture([fit(GREETINGS), fit(OTHERS)]).fit_weights(OTHERS, max_iter=1)
    with pytest.raises(ValueError, match="must hold a token that one of the models"):
        mixture.fit_weights([""])


@given(corpora, corpora, asked, st.sampled_from(["", "a", "ab", "z", "A"]))
def test_words_that_begin_with_a_prefix(one, two, texts, prefix):
    """They are those of all next words that begin so, with the same probabilities."""
    index = WordIndexTransformer(lowercase=True)
    models = [fit(part, 2, word_index=index) for part in (one, [*two, "abba azul"])]
    mixture = NGramMixture(models, [0.25, 0.75])
    words = mixture.next_words(texts, k=100)
    for found, of_all in zip(
        mixture.next_words(texts, 100, prefix), words, strict=True
    ):
        assert found == [(w, p) for w, p in of_all if w.startswith(prefix.lower())]
    two_of_each = mixture.next_words(texts, 2, [prefix] * len(texts))
    assert two_of_each == [each[:2] for each in mixture.next_words(texts, 100, prefix)]


def test_prefixes_outside_of_their_domain(pair):
    """A prefix is a str, or there is one for each text."""
    mixture = NGramMixture(pair)
    with pytest.raises(
        TypeError, match=r"'prefix' parameter of NGramMixture.next_words"
    ):
        mixture.next_words(["Oi!"], prefix=3)
    with pytest.raises(ValueError, match="Got 2 for 1 texts"):
        mixture.next_words(["Oi!"], prefix=["a", "b"])


@given(corpora, corpora, asked, st.sampled_from(MIXABLE), st.booleans())
def test_numbers_of_each_text(one, two, texts, name, exclude):
    """They are those of the words' probabilities, one after the other."""
    mixture = NGramMixture([fit(one, 3, name), fit(two, 2, name)], [0.3, 0.7])
    scorer, known = mixture.scorer(), mixture.word_index_.vocabulary_
    table = mixture.score_texts(texts, unknown="exclude" if exclude else "include")
    assert table["n_unknown"].tolist() == [
        sum(word not in known for word in text.split()) for text in texts
    ]
    for row, text in zip(table, texts, strict=True):
        state, expected = scorer.start(), []
        for word in text.split():
            log_proba, state = scorer.score(state, word)
            expected += [log_proba] * (word in scorer or not exclude)
        expected.append(scorer.end(state))
        assert row["n_tokens"] == len(expected)
        assert row["log_proba"] == pytest.approx(sum(expected))
        bits = -np.array(expected) / np.log(2)
        assert row["max_surprise"] == pytest.approx(bits.max())
        assert row["mean_surprise"] == pytest.approx(bits.mean())
        assert row["perplexity"] == pytest.approx(2 ** bits.mean())


def test_share_of_contexts_that_a_model_has_seen():
    """A context counts that one of the models has seen; the start of a text is one."""
    mixture = NGramMixture([fit(["a b"], 2), fit(["c d"], 2)])
    table = mixture.score_texts(["a b", "c zebra d zebra", ""], as_frame=True)
    assert table["share_seen"].tolist() == [1, 3 / 5, 1]  # not after "zebra"
    with pytest.raises(ValueError, match="'unknown' parameter of NGramMixture"):
        mixture.score_texts(["a"], unknown="some")


@given(corpora, corpora, asked, st.sampled_from(MIXABLE))
def test_word_by_word(one, two, texts, name):
    """Words in batches score as single ones; after each, all next words have 1 in all."""
    mixture = NGramMixture([fit(one, 3, name), fit(two, 2, name)], [0.3, 0.7])
    scorer = mixture.scorer()
    states, words, expected = [], [], []
    for text in texts:
        state = scorer.start() if len(text) % 2 else scorer.empty()
        for word in text.split():
            states.append(state)
            words.append(word)
            log_proba, state = scorer.score(state, word)
            expected.append((log_proba, state))
        vocabulary = [*mixture.word_index_.vocabulary_, "nobody-knows"]
        after = [scorer.score(state, word)[0] for word in vocabulary]
        assert np.exp([*after, scorer.end(state)]).sum() == pytest.approx(1)
    log_proba, after = scorer.score_many(states, words)
    np.testing.assert_allclose(log_proba, [score for score, _ in expected])
    assert after == [state for _, state in expected]
    np.testing.assert_allclose(scorer.end_many(after), list(map(scorer.end, after)))
    assert set(after) == {state for _, state in expected}  # states are hashable


def test_states_of_a_mixture_whose_words_were_left_out_are_merged():
    """A context after which a model left all words out is its suffix there, in batches too."""
    texts = ["a b", "c b", "b a", "b a"]
    model = NGramTextGenerator(3, smoothing="witten_bell", min_count=[1, 2]).fit(texts)
    scorer = NGramMixture([model, model]).scorer()
    states = []
    for first in "ac":
        _, state = scorer.score(scorer.empty(), first)
        states.append(scorer.score(state, "b")[1])
        assert scorer.score_many([state], ["b"])[1] == states[-1:]
    assert states[0] == states[1]


def test_a_scorer_of_a_mixture_is_a_snapshot(pair):
    """What a model learns, and other weights, change no scorer that was made before."""
    mixture = NGramMixture(pair)
    scorer = mixture.scorer()
    before = scorer.score(scorer.start(), "zero")
    pair[0].partial_fit(["zero zero"])
    mixture.set_params(weights=[1, 0])
    assert scorer.score(scorer.start(), "zero") == before
    assert "zero" not in scorer
    assert "zero" in mixture.scorer()
    assert mixture.scorer().score(scorer.start(), "zero")[0] > before[0]
    with pytest.raises(TypeError, match="'word' of MixtureScorer must be a str"):
        scorer.score(scorer.start(), 3)
    with pytest.raises(ValueError, match=r"same length. Got 1 and 2"):
        scorer.score_many([scorer.start()], ["a", "b"])


@pytest.mark.parametrize("message", ["Oi! Tudo", "Bom dia", "zero", ""])
def test_streams_are_replies(message, pair):
    """Word by word a reply is the one that `predict` gives."""
    mixture = NGramMixture(pair, random_state=3, max_length=9)
    assert " ".join(mixture.stream(message)) == mixture.predict([message])[0]
    with pytest.raises(TypeError, match=r"'message' of NGramMixture.stream"):
        mixture.stream([message])
