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
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.datasets import load_greetings

FALLBACK = "Desculpe, não entendi sua mensagem."
END = ""

# Which word follows which in the ten sentences, and how often; "." alone is the end.
# For instance "você" stands before "está?" in sentence 1, "tenha" in 3, "esteja" in 5
# and 8, and "hoje?" in 9: 5 times in all, so that p(esteja | você) = 2/5.
FOLLOWERS = """
Olá!: Como 2 Em 1        | Como: você 1 posso 2       | está?: . 1
Oi!: Tudo 1 É 1 Espero 1 Que 1                        | Tudo: bem 1
você: está? 1 tenha 1 esteja 2 hoje? 1                | bem: com 1
com: você? 1 você. 1     | você?: . 1                 | Bom: dia! 1
dia!: Espero 1           | Espero: que 3              | que: você 3 posso 1
tenha: um 1              | um: ótimo 1 prazer 1 bom 1 | ótimo: dia. 1
dia.: . 2                | Boa: tarde! 1 noite! 1     | tarde!: Como 1
posso: te 2 ser 1        | te: ajudar 1 ajudar? 1 ver 1
ajudar: hoje? 1          | hoje?: . 2                 | noite!: Espero 1
esteja: bem. 1 tendo 1   | bem.: . 1                  | É: um 1
prazer: falar 1          | falar: com 1               | você.: . 1
Em: que 1                | ajudar?: . 1               | tendo: um 1
bom: dia. 1 te 1         | ser: útil 1                | útil: para 1
para: você 1             | Que: bom 1                 | ver: por 1
por: aqui. 1             | aqui.: . 1
"""

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


def tutorial_table():
    """`FOLLOWERS` as word -> {next word: probability}."""
    table = {}
    for entry in FOLLOWERS.replace("\n", "|").split("|"):
        if not entry.strip():
            continue
        word, followers = entry.strip().split(": ")
        followers = followers.split()
        counts = {
            END if name == "." else name: int(count)
            for name, count in zip(followers[::2], followers[1::2], strict=True)
        }
        total = sum(counts.values())
        table[word] = {name: count / total for name, count in counts.items()}
    return table


def brute_force(texts, n):
    """Tuple of n - 1 words -> {next word: probability}, by counting."""
    counts = defaultdict(Counter)
    for text in texts:
        words = [*text.split(), END]
        for *context, word in zip(*(words[i:] for i in range(n)), strict=False):
            counts[tuple(context)][word] += 1
    return {
        context: {word: count / after.total() for word, count in after.items()}
        for context, after in counts.items()
    }


def as_dict(model, proba):
    """A row of probabilities as {word: probability}, without the zeros."""
    words = model.word_index_.words_
    assert len(words) == len(proba)
    return {words[j]: proba[j] for j in np.flatnonzero(proba)}


def probability(reply, start, table):
    """Exact probability of a reply that begins with the words of `start`."""
    words = [*reply.split(), END]
    p = 1.0
    for i in range(len(start), len(words)):
        p *= table[tuple(words[i - len(start) : i])].get(words[i], 0)
    return p


def assert_within_five_sigma(observed, n, p):
    """`observed` of `n` draws is as near to n p as chance allows."""
    assert abs(observed - n * p) <= 5 * math.sqrt(n * p * (1 - p)) + 1e-9


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


# calculate_ngram_probabilities, generate_response_with_context ------------------------


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_longer_contexts_have_the_probabilities_of_the_tutorial(greetings, n):
    """Wherever a context of n − 1 words exists, its row is the tutorial's."""
    model = NGramTextGenerator(n=n).fit(greetings)
    table = brute_force(greetings, n)
    # Contexts that are not all padding: there are few enough to write their number.
    assert len(table) == {2: 41, 3: 51, 4: 46, 5: 38}[n]
    messages = [" ".join(context) for context in table]
    proba = model.next_word_proba(messages)
    for row, expected in zip(proba, table.values(), strict=True):
        assert as_dict(model, row) == pytest.approx(expected)


def test_longer_contexts_worked_out_by_hand(greetings):
    """The only branchings that n = 3, 4 and 5 leave are what a reader counts."""
    branching = {
        3: {
            "Olá! Como": {"você": 1 / 2, "posso": 1 / 2},  # sentences 1; 9
            "que você": {"tenha": 1 / 3, "esteja": 2 / 3},  # 3; 5 and 8
            "Como posso": {"te": 1 / 2, "ser": 1 / 2},  # 4; 9
            "posso te": {"ajudar": 1 / 2, "ajudar?": 1 / 2},  # 4; 7
            "você esteja": {"bem.": 1 / 2, "tendo": 1 / 2},  # 5; 8
        },
        4: {
            "Espero que você": {"tenha": 1 / 3, "esteja": 2 / 3},
            "que você esteja": {"bem.": 1 / 2, "tendo": 1 / 2},
        },
        5: {"Espero que você esteja": {"bem.": 1 / 2, "tendo": 1 / 2}},
    }
    for n, contexts in branching.items():
        model = NGramTextGenerator(n=n).fit(greetings)
        everywhere = [" ".join(context) for context in brute_force(greetings, n)]
        proba = dict(zip(everywhere, model.next_word_proba(everywhere), strict=True))
        branches = {
            message: as_dict(model, row)
            for message, row in proba.items()
            if np.count_nonzero(row) > 1
        }
        assert branches.keys() == contexts.keys()
        for message, expected in contexts.items():
            assert branches[message] == pytest.approx(expected)


# All replies there are to a message, with their probabilities: products of the
# branchings above.
REPLIES = {
    (3, "Olá! Como"): {
        "Olá! Como você está?": 1 / 2,
        "Olá! Como posso ser útil para você hoje?": 1 / 2 * 1 / 2,
        "Olá! Como posso te ajudar hoje?": 1 / 2 * 1 / 2 * 1 / 2,
        "Olá! Como posso te ajudar?": 1 / 2 * 1 / 2 * 1 / 2,
    },
    (3, "Espero que"): {
        "Espero que você tenha um ótimo dia.": 1 / 3,
        "Espero que você esteja bem.": 2 / 3 * 1 / 2,
        "Espero que você esteja tendo um bom dia.": 2 / 3 * 1 / 2,
    },
    (4, "Espero que você"): {
        "Espero que você tenha um ótimo dia.": 1 / 3,
        "Espero que você esteja bem.": 2 / 3 * 1 / 2,
        "Espero que você esteja tendo um bom dia.": 2 / 3 * 1 / 2,
    },
    (5, "Espero que você esteja"): {
        "Espero que você esteja bem.": 1 / 2,
        "Espero que você esteja tendo um bom dia.": 1 / 2,
    },
}


@pytest.mark.parametrize(("n", "message"), REPLIES)
def test_replies_with_longer_contexts_have_their_probabilities(greetings, n, message):
    """20 000 replies of a model with n > 2 are as frequent as worked out by hand."""
    expected = REPLIES[n, message]
    assert sum(expected.values()) == pytest.approx(1)
    model = NGramTextGenerator(n=n, random_state=7).fit(greetings)
    seen = Counter(model.predict(["Oi! " + message] * 20_000))
    assert seen.keys() == expected.keys()
    for reply, p in expected.items():
        assert_within_five_sigma(seen[reply], 20_000, p)


@pytest.mark.parametrize("n", [3, 4, 5])
def test_every_step_of_a_longer_context_is_one_the_tutorial_can_take(greetings, n):
    """From each context of n - 1 words, replies only use the tutorial's transitions."""
    table = brute_force(greetings, n)
    model = NGramTextGenerator(n=n, random_state=n).fit(greetings)
    messages = [" ".join(context) for context in table] * 20
    for message, reply in zip(messages, model.predict(messages), strict=True):
        assert reply.startswith(message)
        assert probability(reply, message.split(), table) > 0


@pytest.mark.parametrize("n", [3, 4, 5])
def test_an_unknown_word_in_the_context_gets_the_fallback(greetings, n):
    """One unknown word among the last n - 1 is enough, one before them is not."""
    model = NGramTextGenerator(n=n).fit(greetings)
    context = ["você", "esteja", "tendo", "um"][-(n - 1) :]
    for place in range(n - 1):
        words = [*context[:place], "zebra", *context[place + 1 :]]
        assert model.predict([" ".join(words)])[0] == FALLBACK
    assert model.predict(["zebra " + " ".join(context)])[0] != FALLBACK
    assert model.predict([""])[0] == FALLBACK


def test_the_tutorial_example_message(greetings):
    """The tutorial's own message is answered from its last word with n=2."""
    message = "Oi! Tudo bem? Eu te desjo um bom dia!"
    model = NGramTextGenerator(n=2, random_state=0).fit(greetings)
    # dia! -> Espero -> que, then você (3/4) or posso (1/4).
    reply = model.predict([message])[0]
    assert reply.startswith(("dia! Espero que você", "dia! Espero que posso"))
    # With n=5 the context is "desjo um bom dia!", and "desjo" is unknown.
    assert NGramTextGenerator(n=5).fit(greetings).predict([message])[0] == FALLBACK


def test_a_context_never_seen_is_shortened_where_the_tutorial_stops(greetings):
    """Known words that were never seen together: the longest known ending goes on."""
    model = NGramTextGenerator(n=3, random_state=0).fit(greetings)
    # "um" and "dia!" are known, but never stand side by side. The tutorial answers
    # "um dia!" and stops; here "dia!" alone goes on: Espero que você …
    proba = model.next_word_proba(["um dia!", "Tudo você", "Oi! Tudo você"])
    assert as_dict(model, proba[0]) == pytest.approx({"Espero": 1})
    for row in proba[1:]:
        assert as_dict(model, row) == pytest.approx(tutorial_table()["você"])
    assert "dia! Espero que você " in model.predict(["um dia!"])[0]


def test_a_message_shorter_than_the_context_goes_on_where_the_tutorial_stops(
    greetings,
):
    """With n=5 a one-word message is answered from that word."""
    model = NGramTextGenerator(n=5, random_state=0).fit(greetings)
    replies = set(model.predict(["Olá!"] * 100))
    # The three sentences that begin with "Olá!": with 4 words of context the replies
    # are the sentences themselves.
    assert replies == {text for text in greetings if text.startswith("Olá!")}


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 9, 20])
def test_sampled_texts_only_take_steps_that_were_seen(greetings, n):
    """Every window of n words of a sample, its start included, was in a sentence."""
    model = NGramTextGenerator(n=n, random_state=1).fit(greetings)
    seen = {
        tuple(words[i : i + k])
        for words in ([END, *text.split(), END] for text in greetings)
        for k in range(1, n + 1)
        for i in range(len(words))
    }
    for text in model.sample(50):
        words = [END, *text.split(), END]
        windows = {tuple(words[max(0, i - n) : i]) for i in range(2, len(words) + 1)}
        assert windows <= seen


# learn_from_message -------------------------------------------------------------------

LESSON = "carros são automóveis movidos a combustível"


def learned(greetings, **params):
    """A model that knows the greetings and has learned one message more."""
    model = NGramTextGenerator(n=2, random_state=0, **params)
    return model.fit(greetings).partial_fit([LESSON])


def test_learned_words_get_the_next_ids(greetings):
    """The six new words of the lesson are numbered 42 to 47, all others stay."""
    model = learned(greetings)
    assert model.word_index_.words_[:42] == (
        WordIndexTransformer().fit(greetings).words_
    )
    assert model.word_index_.words_[42:] == LESSON.split()
    assert model.n_words_ == 47
    assert model.n_texts_seen_ == 11


def test_learned_words_chain_on(greetings):
    """Each word of the lesson is followed by the next, since it has no other."""
    model = learned(greetings)
    replies = model.predict(["O que são carros", "Tudo são", "Boa combustível"])
    assert replies.tolist() == [
        "carros são automóveis movidos a combustível",
        "são automóveis movidos a combustível",
        "combustível",
    ]


def test_learning_changes_only_what_the_message_touches(greetings):
    """All old rows of the table stay, and 1 text in 11 now begins with "carros"."""
    model = learned(greetings)
    proba = model.next_word_proba(list(tutorial_table()))
    for row, expected in zip(proba, tutorial_table().values(), strict=True):
        assert as_dict(model, row) == pytest.approx(expected)
    assert model.score_samples([LESSON])[0] == pytest.approx(math.log(1 / 11))


def test_learning_is_the_same_as_having_known(greetings):
    """The model is the one that was fitted on all eleven sentences."""
    known = NGramTextGenerator(n=2, random_state=0).fit([*greetings, LESSON])
    messages = ["Olá!", "carros", "O que são carros?", "Espero que"] * 5
    model = learned(greetings)
    assert model.predict(messages).tolist() == known.predict(messages).tolist()
    np.testing.assert_array_equal(
        model.next_word_proba(messages[:2]), known.next_word_proba(messages[:2])
    )


def test_question_about_the_lesson_falls_back(greetings):
    """The word "carros?" is not "carros": the answer is the fallback, as there."""
    assert learned(greetings).predict(["O que são carros?"])[0] == FALLBACK
    custom = learned(greetings, fallback_response="Hein?")
    assert custom.predict(["O que são carros?"])[0] == "Hein?"


def test_question_about_the_lesson_backs_off(greetings):
    """With ``unknown="backoff"`` the model says something it has learned."""
    model = learned(greetings, unknown="backoff")
    reply = model.predict(["O que são carros?"])[0]
    assert reply != FALLBACK
    assert set(reply.split()) <= set(model.word_index_.vocabulary_)
    # With n=3 the context "O carros" has its known ending "carros".
    third = NGramTextGenerator(n=3, unknown="backoff").fit([*greetings, LESSON])
    assert third.predict(["O carros"])[0].endswith(LESSON)


def test_question_about_the_lesson_is_an_error(greetings):
    """With ``unknown="error"`` the error names the word and leaves the model alone."""
    model = learned(greetings, unknown="error")
    with pytest.raises(ValueError, match=r"carros\?"):
        model.predict(["O que são carros?"])
    assert model.predict(["O que são carros"])[0] == LESSON
