"""The tutorial with contexts of several words: its probabilities and replies."""

from collections import Counter

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

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.datasets import load_greetings


@pytest.fixture(scope="module")
def greetings():
    """The ten sentences of the tutorial."""
    return load_greetings().data


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
