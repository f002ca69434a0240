"""Pairing of quotes and brackets."""

from __future__ import annotations

import re

_CLOSING = {
    **{"(": ")", "[": "]", "{": "}", "``": "''", '"': '"'},
    **{"“": "”", "„": "“”", "«": "»", "‹": "›"},
}
_MARKS = re.compile(r"``|''|[()\[\]{}\"“”„«»‹›]")


def is_balanced(text: str) -> bool:
    """Whether all quotes and brackets of a text are paired and properly nested.

    A straight quote closes an open one if there is one, and opens one otherwise.
    Apostrophes are no quotes, but two of them close a quote opened by two grave accents,
    as in the Penn Treebank.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool

    Examples
    --------
    >>> [is_balanced(text) for text in ('a (b "c" d)', "(a", "a )", "( a [ b ) ]")]
    [True, False, False, False]
    >>> is_balanced("`` Isn't it ? '' he said")
    True
    """
    expected: list[str] = []
    for mark in _MARKS.findall(text):
        if expected and mark in _closes(expected[-1]):
            expected.pop()
        elif mark in _CLOSING:
            expected.append(mark)
        else:
            return False
    return not expected


def _closes(opening):
    """The marks that close an opening mark."""
    closing = _CLOSING[opening]
    return (closing,) if closing == "''" else tuple(closing)
