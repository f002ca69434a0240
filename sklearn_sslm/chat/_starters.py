"""Example messages with which a visitor can begin a conversation."""

from __future__ import annotations

from ..base import fitted_model
from ..generator import NGramTextGenerator

N_STARTERS = 3
"""Maximum number of example messages."""

_LONGEST = 24  # characters


def starters(model: NGramTextGenerator) -> list[str]:
    """Example messages that a model can reply to.

    Parameters
    ----------
    model : NGramTextGenerator

    Returns
    -------
    list of str
        Up to `N_STARTERS` likely beginnings of texts; for models of messages and replies,
        the most frequent words of messages.

    Examples
    --------
    >>> from sklearn_sslm.datasets import load_greetings
    >>> starters(NGramTextGenerator(n=3).fit(load_greetings().data))
    ['Oi!', 'Olá!', 'Boa tarde!']
    """
    if model.has_replies_:
        return _common_in_messages(model)
    first = (word for word, _ in model.next_words([""], k=20)[0])
    words = [word for word in first if any(map(str.isalnum, word))]
    return [_continued(model, word) for word in words[:N_STARTERS]]


def _common_in_messages(model):
    """The most frequent words of messages."""
    fitted = fitted_model(model)
    times = [
        (fitted.language_model.frequency(number)[0], -number, word)
        for number, word in enumerate(model.word_index_.words_)
        if any(map(str.isalnum, word))
    ]
    return [
        word for n_times, _, word in sorted(times, reverse=True)[:N_STARTERS] if n_times
    ]


def _continued(model, word):
    """Add to a word the likeliest next words, while these are likelier than all others.

    It ends at the first word with punctuation at its end, and before it gets too long.
    """
    join, words = fitted_model(model).join, [word]
    while words[-1][-1].isalnum():
        (likeliest,) = model.next_words([join(words)], k=1)
        if not likeliest or likeliest[0][1] < 0.5 or not likeliest[0][0]:
            break
        if len(join([*words, likeliest[0][0]])) > _LONGEST:
            break
        words.append(likeliest[0][0])
    return join(words)
