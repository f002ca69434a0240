"""Two fitted generators become one: whether they fit together, and on what ids."""

import numpy as np

from ..ngrams import merge, renumber


def check_joinable(model, other):
    """Raise an error unless one generator could have learned all that two have.

    Raises
    ------
    ValueError
        If they differ in what cannot be brought together.
    """
    name = type(model).__name__
    if model.n != model._model.n:
        msg = (
            f"The 'n' parameter of {name} must stay as it was fitted "
            f"({model._model.n}) for merge. Got {model.n}; call fit instead."
        )
        raise ValueError(msg)
    for what, mine, theirs in _traits(model, other):
        if mine != theirs:
            msg = (
                f"'other' of {name}.merge must have learned {what} as this model has, "
                f"{mine}. Got {theirs}."
            )
            raise ValueError(msg)


def _traits(model, other):
    """What two generators must have in common: each as (what, here, there)."""
    yield "n-grams", f"n={model._model.n}", f"n={other._model.n}"
    replies = {True: "with replies 'y'", False: "without replies 'y'"}
    yield "messages", replies[model.has_replies_], replies[other.has_replies_]
    mine, theirs = model.word_index_, other.word_index_
    yield "words", *("as ids" if w is None else "as texts" for w in (mine, theirs))
    if mine is not None:
        yield "words", _Tokenizing(mine), _Tokenizing(theirs)


class _Tokenizing:
    """How texts become words."""

    def __init__(self, index):
        self.parts = index.tokenizer, index.lowercase

    def __eq__(self, other):
        return self.parts == other.parts

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self):
        tokenizer, lowercase = self.parts
        return f"with {tokenizer=} and {lowercase=}"


def joined(model, other):
    """The words and the counts of two generators that fit together.

    Returns
    -------
    index : WordIndexTransformer or None
        The words of the first, then the new ones of the second.
    counts : NGramCounts
    """
    if model.word_index_ is None:
        return None, merge(model.counts_, other.counts_)
    index = model.word_index_._copy()
    words = np.array(other.word_index_.words_, dtype=object)
    used = np.flatnonzero(words != "")  # what was forgotten has left a gap
    ids = np.full(len(words), -1)
    ids[0] = 0
    ids[used] = index._give_ids(words[used].tolist())
    counts = renumber(other.counts_, ids, len(index.words_))
    return index, merge(model.counts_, counts)
