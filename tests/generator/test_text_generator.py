"""Tests of `sklearn_sslm.generator._text_generator`, where texts meet the engine."""

import warnings
from collections import Counter
from itertools import product

import numpy as np
import pytest
from _reference import MODELS, REPLY, UNKNOWN, marked, paired
from _slow import rest_slow
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.base import truncated
from sklearn_sslm.smoothing import SMOOTHINGS

NAMES = sorted(SMOOTHINGS)
SMOOTH = sorted(set(NAMES) - {"mle"})

word_lists = st.lists(st.sampled_from("abcd"), max_size=6)
corpora = st.lists(word_lists, min_size=1, max_size=6).filter(any)
asked = st.lists(
    st.lists(st.sampled_from([*"abcd", "zebra"]), max_size=6), min_size=1, max_size=4
)
pairs = st.lists(st.tuples(word_lists, word_lists), min_size=1, max_size=6).filter(
    lambda pairs: any(message or reply for message, reply in pairs)
)
orders = st.integers(1, 4)
few = settings(max_examples=50)


def join(texts):
    """Texts of lists of words: ``[["a", "b"]] -> ["a b"]``."""
    return [" ".join(words) for words in texts]


def fit(texts, n=2, smoothing="kneser_ney", **parameters):
    """A model of few texts."""
    return NGramTextGenerator(n=n, smoothing=smoothing, **parameters).fit(texts)


def ids_of(model, words):
    """Ids of words, −1 for an unknown one."""
    return [model.word_index_.vocabulary_.get(word, UNKNOWN) for word in words]


def reference_of(model, texts, name):
    """The model of the same texts by recursion; they are lists of words."""
    texts = [ids_of(model, words) for words in texts]
    return MODELS[name](marked(texts), model.n, model.n_words_)


def dialogues(model, messages, replies):
    """Each message and reply as the one text that is learned."""
    sides = ([ids_of(model, text) for text in side] for side in (messages, replies))
    return paired(*sides)


def models_of_replies(pairs, n, name):
    """A model of messages with replies, and the one of the same by recursion."""
    messages, replies = unzip(pairs)
    model = NGramTextGenerator(n=n, smoothing=name).fit(join(messages), join(replies))
    texts = dialogues(model, messages, replies)
    return model, MODELS[name](texts, n, model.n_words_)


def unzip(pairs):
    """Messages and replies of pairs."""
    messages, replies = zip(*pairs, strict=True)
    return list(messages), list(replies)


# --- scores -------------------------------------------------------------------------


@pytest.mark.parametrize("name", SMOOTH)
@few
@given(texts=corpora, test=asked, n=orders)
def test_scores_are_the_sums_of_their_words(name, texts, test, n):
    """``score_samples`` is the log probability of the words and the end, by recursion."""
    model = fit(join(texts), n, name)
    reference = reference_of(model, texts, name)
    with np.errstate(divide="ignore"):  # a discount may be 0, and so a probability
        expected = [
            np.log(reference.ps(text)).sum()
            for text in marked([ids_of(model, words) for words in test])
        ]
    np.testing.assert_allclose(model.score_samples(join(test)), expected, rtol=1e-9)


@few
@given(corpora, asked, orders, st.sampled_from(SMOOTH))
def test_score_and_perplexity_are_means_per_token(texts, test, n, name):
    """``score`` is the sum over words and ends by their number, ``perplexity`` its exp."""
    model = fit(join(texts), n, name)
    total = model.score_samples(join(test)).sum()
    tokens = sum(len(words) + 1 for words in test)
    assert model.score(join(test)) == pytest.approx(total / tokens)
    assert model.perplexity(join(test)) == pytest.approx(np.exp(-total / tokens))


@few
@given(corpora, asked, orders, st.sampled_from(SMOOTH))
def test_perplexity_without_unknown_words(texts, test, n, name):
    """``unknown="exclude"`` leaves them out of the sum and of the number of tokens."""
    model = fit(join(texts), n, name)
    reference = reference_of(model, texts, name)
    scores = [
        np.log(p)
        for text in marked([ids_of(model, words) for words in test])
        for word, p in zip(text[1:], reference.ps(text), strict=True)
        if word != UNKNOWN
    ]
    perplexity = model.perplexity(join(test), unknown="exclude")
    assert perplexity == pytest.approx(np.exp(-np.mean(scores)))


def test_perplexity_by_hand():
    """The mean runs over the known words only, and over all of them."""
    # n=1, Laplace: words a a b and an end, 4 tokens; outcomes a, b, end, unknown.
    # p(a) = 3/8, p(b) = 2/8, p(end) = 2/8, p(unknown) = 1/8.
    model = fit(["a a b"], 1, "lidstone")
    included, excluded = 3 / 8 * 1 / 8 * 2 / 8, 3 / 8 * 2 / 8
    assert model.perplexity(["a z"]) == pytest.approx(included ** (-1 / 3))
    without = model.perplexity(["a z"], unknown="exclude")
    assert without == pytest.approx(excluded ** (-1 / 2))


@pytest.mark.parametrize("unknown", [None, "Include", True])
def test_perplexity_knows_two_ways_with_unknown_words(unknown):
    """Any other `unknown` is named."""
    message = "The 'unknown' parameter of NGramTextGenerator.perplexity must be"
    with pytest.raises(ValueError, match=message):
        fit(["a"]).perplexity(["a"], unknown=unknown)


@few
@given(pairs, pairs, orders, st.sampled_from(SMOOTH))
def test_replies_are_scored_after_their_messages(learned, test, n, name):
    """With `y` it is the words and ends of the replies that are scored, in context."""
    model, reference = models_of_replies(learned, n, name)
    messages, replies = unzip(test)
    scores = []
    for message, text in zip(
        messages, dialogues(model, messages, replies), strict=True
    ):
        scores += reference.ps(text)[len(message) + 1 :]
    expected = np.mean(np.log(scores))
    assert model.score(join(messages), join(replies)) == pytest.approx(expected)
    perplexity = model.perplexity(join(messages), join(replies))
    assert perplexity == pytest.approx(np.exp(-expected))


def test_replies_by_hand():
    """The first word of a reply is predicted from the end of the message."""
    # ^ a > b $ and ^ c > d $ with n=3: after "a >" comes b, after "c >" comes d.
    model = NGramTextGenerator(n=3).fit(["a", "c"], ["b", "d"])
    after_a, after_c = model.next_word_proba(["a", "c"])
    assert model.word_index_.words_ == ["", "a", "b", "c", "d"]
    assert after_a.tolist() == [0, 0, 1, 0, 0]
    assert after_c.tolist() == [0, 0, 0, 0, 1]
    # With n=2 only the start of the reply is left: one of its two words.
    model = NGramTextGenerator(n=2).fit(["a", "c"], ["b", "d"])
    assert model.next_word_proba(["a"]).tolist() == [[0, 0, 0.5, 0, 0.5]]


# --- next words ---------------------------------------------------------------------


@few
@given(corpora, asked, orders, st.sampled_from(NAMES))
def test_next_words_have_the_probabilities_of_the_recursion(texts, test, n, name):
    """Column j of ``next_word_proba`` is p(word j) after the words of a text so far."""
    model = fit(join(texts), n, name)
    reference = reference_of(model, texts, name)
    expected = [
        [reference.p(j, (0, *ids_of(model, words))) for j in range(model.n_words_ + 1)]
        for words in test
    ]
    p = model.next_word_proba(join(test))
    np.testing.assert_allclose(p, expected, rtol=1e-9, atol=1e-15)


@few
@given(pairs, pairs, orders, st.sampled_from(NAMES))
def test_first_words_of_replies_follow_message_and_boundary(learned, test, n, name):
    """A model of replies answers from message and boundary, not from the message alone."""
    model, reference = models_of_replies(learned, n, name)
    messages, _ = unzip(test)
    expected = [
        [
            reference.p(j, (0, *ids_of(model, words), REPLY))
            for j in range(model.n_words_ + 1)
        ]
        for words in messages
    ]
    p = model.next_word_proba(join(messages))
    np.testing.assert_allclose(p, expected, rtol=1e-9, atol=1e-15)


@few
@given(corpora, asked, st.integers(1, 8), st.sampled_from(NAMES))
def test_next_words_are_the_likeliest(texts, test, k, name):
    """``next_words`` names the k likeliest in order, without those of probability 0."""
    model = fit(join(texts), 2, name)
    words = model.word_index_.words_
    for p, ranked in zip(
        model.next_word_proba(join(test)), model.next_words(join(test), k), strict=True
    ):
        order = sorted(range(len(p)), key=lambda j: -p[j])
        assert ranked == [(words[j], p[j]) for j in order[:k] if p[j]]


def test_next_words_of_plain_rows_are_ids():
    """A model that knows no words ranks ids, 0 being the end."""
    model = NGramTextGenerator().fit([[1, 2, 0], [1, 2, 0], [1, 0, 0]])
    assert model.next_words([[1, 0]]) == [[(2, 2 / 3), (0, 1 / 3)]]


@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("message", ["", "a", "a a a a a a", "zebra", "a zebra", "c b"])
def test_a_message_alone_is_understood_as_among_others(n, message):
    """One message and many take different ways to the same probabilities."""
    model = fit(["a b a c", "b", "a a b", "c c c"], n)
    among = model.next_word_proba(["b a", message, ""])[1]
    np.testing.assert_array_equal(model.next_word_proba([message])[0], among)


# --- rows ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameters",
    [
        {"padding": "pre"},
        {"padding_value": -5},
        {"padding_value": -1, "unknown_value": 0},
        {"padding_value": -1, "unknown_value": -2, "padding": "pre"},
        {"max_length": 20},
    ],
    ids=str,
)
def test_rows_are_read_as_the_texts_they_were_made_from(parameters):
    """Whatever pads the rows, and whatever stands for unknown words, texts decide."""
    texts = ["a b a c", "b", "", "a a b"]
    test = ["a b", "zebra a", "c b zebra a", "", "a zebra"]
    model = fit(texts, 3, random_state=0)
    index = WordIndexTransformer(**parameters)
    pipeline = make_pipeline(
        index, NGramTextGenerator(n=3, smoothing="kneser_ney", random_state=0)
    ).fit(texts)
    rows = pipeline[-1]
    asked = pipeline[0].transform(test)
    np.testing.assert_array_equal(model.score_samples(test), rows.score_samples(asked))
    np.testing.assert_array_equal(
        model.next_word_proba(test), rows.next_word_proba(asked)
    )
    assert model.predict(test).tolist() == rows.predict(asked).tolist()
    assert model.n_tokens_seen_ == rows.n_tokens_seen_ == 12
    assert model.n_texts_seen_ == rows.n_texts_seen_ == 4


@pytest.mark.parametrize("truncating", ["post", "pre"])
def test_rows_that_were_cut_off_teach_no_end(truncating):
    """Where words were cut off, the words left are learned and the end is not."""
    # "a b c" does not fit into two columns, "d" does.
    index = WordIndexTransformer(max_length=2, truncating=truncating)
    model = NGramTextGenerator(n=2).fit(index.fit_transform(["a b c", "d"]))
    left = ("a", "b") if truncating == "post" else ("b", "c")
    assert model.n_tokens_seen_ == 2 + 2
    a, b = (index.vocabulary_[word] for word in left)
    assert model.next_word_proba([left[0]])[0, b] == 1
    assert model.next_word_proba([""])[0, a] == 0.5
    counts = model.counts_.levels[0].count
    assert counts[0] == 1  # the end of "d"


# --- new texts ----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_texts_are_sampled_with_their_probability(name, n):
    """Whole texts are as frequent as exp(score), an unknown word being drawn anew."""
    model = fit(["a b", "a", "b b a", "a b", ""], n, name, random_state=0, max_length=4)
    texts = [" ".join(words) for k in range(4) for words in product("ab", repeat=k)]
    begun = [text.split()[:i] for text in texts for i in range(len(text.split()) + 1)]
    known = model.next_word_proba(join(begun)).sum(axis=1)
    steps = np.cumsum([0] + [len(text.split()) + 1 for text in texts])[:-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are impossible without smoothing
        p = np.exp(model.score_samples(texts)) / np.multiply.reduceat(known, steps)
    drawn = Counter(model.sample(10_000).tolist())
    counts = np.array([drawn[text] for text in texts])
    assert not counts[p == 0].any()
    # Longer ones, some of which were stopped, are counted together.
    counts, p = np.append(counts, 10_000 - counts.sum()), np.append(p, 1 - p.sum())
    often = p * 10_000 > 5
    counts = np.append(counts[often], counts[~often].sum())
    p = np.append(p[often], p[~often].sum())
    if p[-1] < 1e-9:
        assert counts[-1] == 0
        counts, p = counts[:-1], p[:-1]
    assert stats.chisquare(counts, p / p.sum() * counts.sum()).pvalue > 1e-4


@pytest.mark.parametrize("name", ["mle", "kneser_ney", "lidstone", "stupid_backoff"])
def test_replies_are_drawn_with_their_probability(name):
    """First words of replies to a message are as frequent as ``next_word_proba`` says."""
    model = NGramTextGenerator(n=3, smoothing=name, random_state=0, max_length=1)
    model.fit(["a b", "b", "a a", "b a"], ["c", "c d", "d", "c"])
    p = model.next_word_proba(["a b"])[0]
    drawn = model.predict(["a b"] * 50_000)
    counts = [np.count_nonzero(drawn == word) for word in model.word_index_.words_]
    assert sum(counts) == 50_000
    possible = p > 0
    assert not np.array(counts)[~possible].any()
    expected = p[possible] / p.sum() * 50_000
    if possible.sum() > 1:
        assert stats.chisquare(np.array(counts)[possible], expected).pvalue > 1e-4


@pytest.mark.parametrize("echo", ["context", "message", "none"])
@pytest.mark.parametrize("unknown", ["fallback", "backoff"])
@pytest.mark.parametrize("name", ["mle", "kneser_ney", "stupid_backoff"])
@pytest.mark.parametrize("message", ["", "a", "b a b a", "zebra", "zebra a", "a zebra"])
def test_a_stream_is_the_reply_word_by_word(echo, unknown, name, message):
    """``stream(message)`` gives the words of ``predict([message])``."""
    model = fit(
        ["a b a c", "b", "a a b", "c c c"],
        3,
        name,
        echo=echo,
        unknown=unknown,
        random_state=3,
        max_length=8,
    )
    assert " ".join(model.stream(message)) == model.predict([message])[0]


def test_a_stream_of_a_model_of_replies():
    """A stream answers with the reply alone, as ``predict`` does."""
    model = NGramTextGenerator(n=3, random_state=0).fit(["a b", "c"], ["d e f", "g"])
    assert list(model.stream("a b")) == ["d", "e", "f"]
    assert list(model.stream("c")) == ["g"]


@pytest.mark.parametrize(
    ("echo", "unknown", "message", "reply"),
    [
        # The words are a chain, a b c d e, so every reply has one way to go on.
        ("context", "fallback", "a b", "a b c d e"),
        ("context", "fallback", "a b c", "b c d e"),
        ("message", "fallback", "a b c", "a b c d e"),
        ("none", "fallback", "a b c", "d e"),
        ("context", "fallback", "e", "e"),
        ("none", "fallback", "e", ""),
        ("context", "fallback", "zebra a b", "a b c d e"),
        ("message", "fallback", "zebra a b", "zebra a b c d e"),
        ("context", "fallback", "zebra b", "?"),
        ("context", "backoff", "zebra b", "b c d e"),
        ("message", "backoff", "zebra b", "zebra b c d e"),
        ("none", "backoff", "zebra b", "c d e"),
        # Only the end comes after e: the reply is a text from its start, not nothing.
        ("none", "backoff", "zebra e", "a b c d e"),
        ("none", "backoff", "e zebra", "a b c d e"),
        ("context", "backoff", "e zebra", "a b c d e"),
        ("context", "fallback", "", "?"),
        ("message", "backoff", "  ", "?"),
    ],
)
def test_replies_by_echo_and_unknown(echo, unknown, message, reply):
    """How a reply begins is what `echo` and `unknown` say, with n = 3."""
    model = fit(["a b c d e"], 3, "mle", echo=echo, unknown=unknown)
    model.set_params(fallback_response="?")
    assert model.predict([message]).tolist() == [reply]
    assert model.predict([message, "a b", message]).tolist()[::2] == [reply] * 2


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_max_length_counts_what_is_echoed(most):
    """A reply has up to ``max_length`` words, those that it repeats included."""
    model = fit(["a " * 20_000], 3, "mle", max_length=most)
    model.set_params(random_state=0)
    # Two words of context are echoed; a text that long has no end in sight.
    expected = " ".join(["a"] * max(most, 2))
    assert model.predict(["a a a"]).tolist() == [expected]
    assert len(model.set_params(echo="none").predict(["a a a"])[0].split()) == most
    assert len(model.sample(1)[0].split()) == most


# --- counts and dialogues -----------------------------------------------------------


@few
@given(pairs, orders)
def test_a_message_and_its_reply_are_one_text(pairs, n):
    """Words and ends of both are tokens; n-grams are counted where they end in replies."""
    messages, replies = unzip(pairs)
    model = NGramTextGenerator(n=n).fit(join(messages), join(replies))
    assert model.n_texts_seen_ == len(pairs)
    words = sum(len(message) + len(reply) for message, reply in pairs)
    assert model.n_tokens_seen_ == words + 2 * len(pairs)
    replied = sum(len(reply) + 1 for _, reply in pairs)
    assert model.counts_.levels[0].count.sum() == replied
    assert model.has_replies_


def test_words_are_numbered_message_by_message():
    """A message and its reply are read before the next message."""
    model = NGramTextGenerator().fit(["a", "c"], ["b", "d"])
    assert model.word_index_.words_ == ["", "a", "b", "c", "d"]


def test_known_words_that_never_came_have_a_share():
    """Words that only a shared index knows are outcomes, and no unknown words."""
    index = WordIndexTransformer().fit(["a b c"])
    model = NGramTextGenerator(n=1, smoothing="lidstone").fit(index.transform(["a"]))
    assert model.n_words_ == 3
    # Seen are a and one end; outcomes are a, b, c, the end and one unknown word.
    np.testing.assert_allclose(
        model.next_word_proba([""]), [[2 / 7, 2 / 7, 1 / 7, 1 / 7]]
    )


# --- large --------------------------------------------------------------------------


@pytest.mark.parametrize("name", rest_slow(["mle", "kneser_ney"], ["kneser_ney"]))
@pytest.mark.parametrize(
    "texts",
    [
        [" ".join(f"w{i % 7}" for i in range(100_000))],
        [f"w{i % 7}" for i in range(100_000)],
        [f"w{i}" for i in range(100_000)],
        [" ".join(f"w{i}" for i in range(100_000))],
    ],
    ids=["one long text", "short texts", "many words", "all new"],
)
def test_nothing_is_quadratic(texts, name):
    """100 000 words in any shape are learned, scored and answered; they just finish."""
    model = fit(texts, 3, name, random_state=0, max_length=5)
    assert model.n_tokens_seen_ == 100_000 + len(texts)
    assert np.isfinite(model.score(texts))
    assert len(model.predict(texts[:1000])) == min(len(texts), 1000)
    assert len(model.sample(1000)) == 1000
    assert len(model.next_words(["w1 w2"], k=3)[0]) > 0


@few
@given(words=corpora, asked=asked, n=orders, name=st.sampled_from(NAMES))
def test_lower_orders_are_within_the_higher_ones(words, asked, n, name):
    """What is left of a model when orders above n are left out is the model of n."""
    texts, asked = ([" ".join(text) for text in some] for some in (words, asked))
    model = NGramTextGenerator(n=4, smoothing=name).fit(texts)
    expected = NGramTextGenerator(n=n, smoothing=name).fit(texts)
    np.testing.assert_array_equal(
        truncated(model, n).next_word_proba(asked), expected.next_word_proba(asked)
    )
    assert model.n == model.counts_.n == 4
