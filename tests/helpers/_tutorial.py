"""The tables of the tutorial, from its sentences, and what compares models with them."""

import math
from collections import Counter, defaultdict

import numpy as np

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
