"""A detokenizer: joins words to a text with the usual spaces."""

from __future__ import annotations

from collections.abc import Iterable

_BEFORE = frozenset(".,;:!?…%)]}»”’") | {"...", "''"}
_AFTER = frozenset("([{«“‘¿¡$#") | {"``"}


def join_simply(words: Iterable[str]) -> str:
    """Join words without blanks before punctuation and inside quotes and brackets.

    Straight quotes are paired: the first opens, the next one closes. Words that begin
    with an apostrophe, as in "it 's", and "n't" belong to the word before. Words that
    are white space, as line breaks, have no blanks around them.

    Parameters
    ----------
    words : iterable of str

    Returns
    -------
    str

    Examples
    --------
    >>> join_simply('Ele disse : " bom dia ! " ( e saiu ) .'.split())
    'Ele disse: "bom dia!" (e saiu).'
    >>> join_simply("It 's `` fine '' , is n't it ?".split())
    "It's ``fine'', isn't it?"
    """
    text: list[str] = []
    open_quotes: set[str] = set()
    glue = True
    for word in words:
        opens = word in _AFTER
        clitic = word[:1] == "'" and word[1:].isalpha()
        closes = word in _BEFORE or word == "n't" or clitic
        if word in ('"', "'"):
            opens, closes = word not in open_quotes, word in open_quotes
            open_quotes ^= {word}
        elif word.isspace():
            opens = closes = True
        if not (glue or closes):
            text.append(" ")
        text.append(word)
        glue = opens
    return "".join(text)
