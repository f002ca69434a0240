"""Messages that a visitor may begin with."""

from __future__ import annotations

from ..base import fitted_model
from ..generator import NGramTextGenerator

N_STARTERS = 3
"""How many messages to begin with there are."""

_LONGEST = 24  # characters


def starters(model: NGramTextGenerator) -> list[str]:
    """Messages that a model can reply to, to begin a conversation with.

    Parameters
    ----------
    model : NGramTextGenerator

    Returns
    -------
    list of str
        Up to three: likely beginnings of texts; or, if the model learned messages with
        replies, the commonest words of messages.

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
    """A beginning, up to the end of its first phrase, as long as it is clear what follows."""
    join, words = fitted_model(model).join, [word]
    while words[-1][-1].isalnum():
        (likeliest,) = model.next_words([join(words)], k=1)
        if not likeliest or likeliest[0][1] < 0.5 or not likeliest[0][0]:
            break
        if len(join([*words, likeliest[0][0]])) > _LONGEST:
            break
        words.append(likeliest[0][0])
    return join(words)
