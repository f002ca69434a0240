"""The tutorial this package grew from, function by function, number by number.

The tutorial splits ten sentences into words, numbers the words, pads the rows of
numbers with 0, counts which word follows which, and draws replies from these counts.
Its numbers are worked out below from the sentences themselves.
"""

import math
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
from _tutorial import (
    END,
    FALLBACK,
    as_dict,
    assert_within_five_sigma,
    brute_force,
    probability,
    tutorial_table,
)
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.datasets import load_greetings

# The rows of the tutorial with max_length=10, in ids without gaps. Word 14 is "tenha",
# the first new word after the second "você"; the tutorial gives it 15.
ROWS = [
    [1, 2, 3, 4, 0, 0, 0, 0, 0, 0],
    [5, 6, 7, 8, 9, 0, 0, 0, 0, 0],
    [10, 11, 12, 13, 3, 14, 15, 16, 17, 0],
    [18, 19, 2, 20, 21, 22, 23, 0, 0, 0],
    [18, 24, 12, 13, 3, 25, 26, 0, 0, 0],
    [5, 27, 15, 28, 29, 8, 30, 0, 0, 0],
    [1, 31, 13, 20, 21, 32, 0, 0, 0, 0],
    [5, 12, 13, 3, 25, 33, 15, 34, 17, 0],
    [1, 2, 20, 35, 36, 37, 3, 23, 0, 0],
    [5, 38, 34, 21, 39, 40, 41, 0, 0, 0],
]


@pytest.fixture(scope="module")
def greetings():
    """The ten sentences of the tutorial."""
    return load_greetings().data


@pytest.fixture(scope="module")
def pipeline(greetings):
    """The tutorial's rows of ten ids, and its model of word pairs."""
    model = make_pipeline(
        WordIndexTransformer(max_length=10), NGramTextGenerator(n=2, random_state=0)
    )
    return model.fit(greetings)


# tokenize, index_token ----------------------------------------------------------------


def test_words_are_numbered_in_the_order_they_first_appear(greetings):
    """Each new word gets the next id, starting with 1 for "Olá!"."""
    index = WordIndexTransformer().fit(greetings)
    # The first two sentences: Olá! Como você está? / Oi! Tudo bem com você?
    assert index.words_[:10] == [
        "", "Olá!", "Como", "você", "está?", "Oi!", "Tudo", "bem", "com", "você?",
    ]  # fmt: skip
    assert index.words_[-1] == "aqui."  # the last word of the last sentence
    assert index.vocabulary_ == {w: i for i, w in enumerate(index.words_) if i > 0}


def test_ids_have_no_gaps_where_the_tutorial_skips_some(greetings):
    """The 41 different words of the 69 have the ids 1 to 41."""
    # The tutorial counts on at every word, known or not: "tenha" is the 15th word of
    # all and new, so it is 15 there; here it is 14, since "você" came twice before it.
    # The order is the same: sorted by the tutorial's ids the words are `words_`.
    tutorial = {"Olá!": 1, "você?": 9, "que": 13, "tenha": 15, "um": 16, "aqui.": 69}
    index = WordIndexTransformer().fit(greetings)
    assert index.n_words_ == 41
    assert sorted(index.vocabulary_.values()) == list(range(1, 42))
    ids = [index.vocabulary_[word] for word in tutorial]
    assert ids == [1, 9, 13, 14, 15, 41]


# sentences_to_ids, pad_sequences ------------------------------------------------------


def test_rows_of_ids_are_those_of_the_tutorial(greetings):
    """With ``max_length=10`` every row is the tutorial's row, padded with 0."""
    rows = WordIndexTransformer(max_length=10).fit_transform(greetings)
    assert rows.dtype == np.int32
    assert rows.tolist() == ROWS


@pytest.mark.parametrize("max_length", [1, 4, 5, 7, 9, 10, 12])
def test_short_rows_are_padded_and_long_rows_are_cut(greetings, max_length):
    """A row shorter than ``max_length`` gets zeros, a longer one loses its end."""
    # With 5: sentence 1 (4 words) gets one 0, sentence 2 (5 words) stays as it is,
    # sentence 3 (9 words) keeps its first 5: 10 11 12 13 3.
    expected = [[*row, 0, 0][:max_length] for row in ROWS]
    if max_length == 5:
        assert expected[:3] == [[1, 2, 3, 4, 0], [5, 6, 7, 8, 9], [10, 11, 12, 13, 3]]
    index = WordIndexTransformer(max_length=max_length).fit(greetings)
    np.testing.assert_array_equal(index.transform(greetings), expected)


def test_without_max_length_every_row_ends_in_padding(greetings):
    """``max_length=None`` pads to one more than the longest text, here 9 + 1."""
    rows = WordIndexTransformer().fit_transform(greetings)
    np.testing.assert_array_equal(rows, ROWS)


# calculate_token_probabilities --------------------------------------------------------


def test_the_table_of_this_module_is_that_of_the_sentences(greetings):
    """The table that is written out here says what counting the sentences says."""
    counted = {word: p for (word,), p in brute_force(greetings, 2).items()}
    assert tutorial_table() == counted


@pytest.mark.parametrize("word", sorted(tutorial_table()))
def test_transition_probabilities_are_those_of_the_tutorial(pipeline, word):
    """After each of the 41 words, ``next_word_proba`` is the tutorial's row."""
    index, model = pipeline
    proba = model.next_word_proba(index.transform([word]))
    assert proba.shape == (1, 42)
    assert as_dict(model, proba[0]) == pytest.approx(tutorial_table()[word])


def test_three_transition_rows_worked_out_by_hand(pipeline):
    """The rows of "Olá!", "que" and "hoje?" are what a reader counts."""
    index, model = pipeline
    proba = model.next_word_proba(index.transform(["Olá!", "tudo que", "hoje?"]))
    # "Olá!" begins three sentences: twice "Como" (id 2), once "Em" (id 31).
    assert proba[0, [2, 31]] == pytest.approx([2 / 3, 1 / 3])
    # "que" comes 4 times: before "você" (3) in 3, 5 and 8, before "posso" (20) in 7.
    assert proba[1, [3, 20]] == pytest.approx([3 / 4, 1 / 4])
    # "hoje?" comes twice and ends both sentences: column 0.
    assert proba[2, 0] == pytest.approx(1)
    assert proba.sum(axis=1) == pytest.approx([1, 1, 1])


def test_next_words_ranks_the_same_numbers(pipeline):
    """``next_words`` lists the likeliest words first, the end as an empty string."""
    index, model = pipeline
    words = model.next_words(index.transform(["você", "Olá!", "dia."]), k=2)
    # "você": esteja 2/5, the other three 1/5 each; "Olá!": 2/3 and 1/3; "dia.": end.
    assert words[0][0] == ("esteja", pytest.approx(2 / 5))
    assert words[0][1][1] == pytest.approx(1 / 5)
    assert words[1] == [("Como", pytest.approx(2 / 3)), ("Em", pytest.approx(1 / 3))]
    assert words[2][0] == ("", pytest.approx(1))


def test_the_score_of_a_sentence_is_the_product_of_its_transitions(greetings):
    """``score_samples`` adds the logarithms of the tutorial's probabilities."""
    model = NGramTextGenerator(n=2).fit(greetings)
    texts = ["Olá! Em que posso te ajudar?", "Oi! Que bom dia.", "Oi! Olá!"]
    with pytest.warns(UserWarning, match="probability 0"):
        scores = model.score_samples(texts)
    # 3 of 10 begin with Olá!; Em 1/3, que 1, posso 1/4, te 2/3, ajudar? 1/3, end 1.
    assert scores[0] == pytest.approx(math.log(3 / 10 / 3 / 4 * 2 / 3 / 3))
    # 4 of 10 begin with Oi!; Que 1/4, bom 1, dia. 1/2, end 1.
    assert scores[1] == pytest.approx(math.log(4 / 10 / 4 / 2))
    # "Olá!" never follows "Oi!".
    assert scores[2] == -math.inf


def test_score_is_the_mean_over_all_words_and_ends(greetings):
    """``score`` divides the sum by the tokens, ``perplexity`` is exp(−score)."""
    model = NGramTextGenerator(n=2).fit(greetings)
    texts = ["Olá! Em que posso te ajudar?", "Oi! Que bom dia."]
    # 1/180 over 6 words and an end, 1/20 over 4 words and an end: 12 tokens.
    expected = (math.log(1 / 180) + math.log(1 / 20)) / 12
    assert model.score(texts) == pytest.approx(expected)
    assert model.perplexity(texts) == pytest.approx((180 * 20) ** (1 / 12))


# generate_response --------------------------------------------------------------------


@pytest.fixture(scope="module")
def replies(pipeline):
    """20 000 replies to "Olá!" of the tutorial's own model."""
    pipeline[-1].set_params(random_state=42)
    return pipeline.predict(["Olá!"] * 20_000)


def test_every_reply_begins_with_the_last_word_of_the_message(pipeline):
    """The reply goes on from the last known word and repeats it, as in the tutorial."""
    messages = ["Olá!", "Oi! Olá!", "palavras desconhecidas e depois Olá!", "hoje?"]
    replies = pipeline.predict(messages)
    assert [reply.split()[0] for reply in replies] == ["Olá!", "Olá!", "Olá!", "hoje?"]
    assert replies[3] == "hoje?"  # nothing but the end can follow


def test_twenty_thousand_replies_take_each_step_with_its_probability(replies):
    """From each word, the share of replies that go on to each other word is right."""
    table = tutorial_table()
    steps = defaultdict(Counter)
    for reply in replies:
        for word, following in pairwise([*reply.split(), END]):
            steps[word][following] += 1
    assert steps["Olá!"].total() == 20_000
    for word, seen in steps.items():
        assert seen.keys() <= table[word].keys()
        for following, p in table[word].items():
            assert_within_five_sigma(seen[following], seen.total(), p)


def test_twenty_thousand_whole_replies_have_their_probability(replies):
    """A whole reply is as frequent as the product of its steps says."""
    n = len(replies)
    seen = Counter(replies)
    # Olá! -> Como 2/3 -> você 1/3 -> está? 1/5 -> end 1
    assert_within_five_sigma(seen["Olá! Como você está?"], n, 2 / 45)
    # Olá! -> Em 1/3 -> que 1 -> posso 1/4 -> te 2/3 -> ajudar? 1/3 -> end 1
    assert_within_five_sigma(seen["Olá! Em que posso te ajudar?"], n, 1 / 54)
    # Olá! -> Como 2/3 -> posso 2/3 -> ser 1/3 -> útil para você 1 -> hoje? 1/5
    assert_within_five_sigma(
        seen["Olá! Como posso ser útil para você hoje?"], n, 4 / 135
    )
    table = {(word,): p for word, p in tutorial_table().items()}
    for reply, count in seen.items():
        assert_within_five_sigma(count, n, probability(reply, ["Olá!"], table))


@pytest.mark.parametrize("one_reply", ["predict", "stream"])
def test_messages_sent_one_by_one_get_the_same_distribution(greetings, one_reply):
    """Replies of single calls, in one piece or word by word, are as frequent as of many."""
    random_state = np.random.RandomState(8)
    model = NGramTextGenerator(n=2, random_state=random_state).fit(greetings)
    n = 1000
    if one_reply == "predict":
        seen = Counter(model.predict(["Olá!"])[0] for _ in range(n))
    else:
        seen = Counter(" ".join(model.stream("Olá!")) for _ in range(n))
    table = {(word,): p for word, p in tutorial_table().items()}
    for reply, count in seen.items():
        assert_within_five_sigma(count, n, probability(reply, ["Olá!"], table))
    assert_within_five_sigma(seen["Olá! Como você está?"], n, 2 / 45)
    assert_within_five_sigma(seen["Olá! Em que posso te ajudar?"], n, 1 / 54)


def test_samples_begin_and_go_on_as_the_sentences_do(greetings):
    """20 000 samples open with the first words of the sentences and take their steps."""
    model = NGramTextGenerator(n=2, random_state=9).fit(greetings)
    samples = model.sample(20_000)
    opened = Counter(text.split()[0] for text in samples)
    # Of ten sentences 3 begin with "Olá!", 4 with "Oi!", 2 with "Boa" and 1 with "Bom".
    shares = {"Olá!": 3 / 10, "Oi!": 4 / 10, "Boa": 2 / 10, "Bom": 1 / 10}
    assert opened.keys() == shares.keys()
    for word, p in shares.items():
        assert_within_five_sigma(opened[word], 20_000, p)
    table = {(word,): p for word, p in tutorial_table().items()}
    for text, count in Counter(samples).items():
        first = text.split()[0]
        p = shares[first] * probability(text, [first], table)
        assert_within_five_sigma(count, 20_000, p)


def test_chi_square_of_the_steps_is_ordinary(replies):
    """Over all branching words, the chi-square sum lies near its degrees of freedom."""
    table = tutorial_table()
    steps = defaultdict(Counter)
    for reply in replies:
        for word, following in pairwise([*reply.split(), END]):
            steps[word][following] += 1
    chi_square, freedom = 0.0, 0
    for word, seen in steps.items():
        for following, p in table[word].items():
            expected = seen.total() * p
            chi_square += (seen[following] - expected) ** 2 / expected
        freedom += len(table[word]) - 1
    assert freedom == 14  # followers less one: 18, without "Oi!" (3) and "Boa" (1)
    # Its variance is twice its mean; too near would be as wrong as too far.
    assert abs(chi_square - freedom) < 5 * math.sqrt(2 * freedom)


def test_every_reply_of_the_tutorial_model_ends_where_a_sentence_ends(replies):
    """A reply that is shorter than ``max_length`` ends in a word that ended a text."""
    table = tutorial_table()
    assert max(len(reply.split()) for reply in replies) < 100
    assert all(END in table[reply.split()[-1]] for reply in replies)


@pytest.mark.parametrize("max_length", [1, 2, 5])
def test_a_reply_that_never_ends_stops_at_max_length(max_length):
    """Where no end was ever seen, as in a cycle, ``max_length`` new words are drawn."""
    # The row was cut off (it has no 0), so 1 -> 2 and 2 -> 1 are all there is.
    model = NGramTextGenerator(n=2, max_length=max_length, echo="none")
    model.fit(np.array([[1, 2, 1]]))
    assert model.next_word_proba(np.array([[1]])).tolist() == [[0, 0, 1]]
    expected = [2, 1, 2, 1, 2][:max_length]
    reply = model.predict(np.array([[2, 1, 0]]))
    assert [i for i in reply[0].tolist() if i != 0] == expected


def test_max_length_counts_the_words_that_are_echoed():
    """A reply has ``max_length`` words at most, and repeats what it echoes in any case."""
    model = NGramTextGenerator(n=3, max_length=4).fit(["a b c d e f"])
    assert model.predict(["a b", "b"]).tolist() == ["a b c d", "b c d e"]
    assert list(model.stream("a b")) == ["a", "b", "c", "d"]
    model.set_params(echo="message")
    assert model.predict(["a b c"]).tolist() == ["a b c d"]
    assert model.predict(["a a a b c", "a"]).tolist() == ["a a a b c", "a b c d"]
    model.set_params(echo="none")
    assert model.predict(["a", "a b c"]).tolist() == ["b c d e", "d e f"]
    assert model.sample().tolist() == ["a b c d"]


@pytest.mark.parametrize(
    "message", ["", "   ", "\t\n", "Olá! amigo", "olá!", "Olá", "Olá!Como"]
)
def test_empty_and_unknown_messages_get_the_fallback(pipeline, greetings, message):
    """An empty message or an unknown last word is answered as in the tutorial."""
    assert pipeline.predict([message]).tolist() == [FALLBACK]
    assert NGramTextGenerator(n=2).fit(greetings).predict([message])[0] == FALLBACK


def test_an_unknown_word_before_the_last_one_does_not_matter(pipeline):
    """With n=2 only the last word has to be known."""
    reply = pipeline.predict(["Quero aprender tudo hoje?"])[0]
    assert reply == "hoje?"
