"""Checks whether fitted models can learn, forget and merge, and their errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..ngrams import NGramCounts
from ..words import shown, tokenizer_of, vocabulary_of
from ._rows import looks_like_rows

if TYPE_CHECKING:
    from ._fitted import FittedModel


def check_knows_counts(
    fitted: FittedModel,
    owner: str,
    purpose: str,
    which: str = "This",
    error: type[Exception] = ValueError,
) -> None:
    """Raise an error if a fitted model lacks the counts of its n-grams.

    Parameters
    ----------
    fitted : FittedModel
    owner : str
        The estimator's class.
    purpose : str
        What the counts are needed for.
    which : str, default="This"
        Which estimator it is.
    error : type, default=ValueError
        What is raised.
    """
    model = fitted.language_model
    if model.knows_all_counts:
        return
    origin = "was read from probabilities" if model.is_stored else "is a compact copy"
    advice = "fit it on texts" if model.is_stored else "use the one it was made of"
    msg = (
        f"{which} {owner} {origin}, without the counts of all n-grams that {purpose} "
        f"needs; {advice}, or call fit to begin anew."
    )
    raise error(msg)


def check_leaves_none_out(fitted, owner):
    """Raise an error if a fitted model prunes n-grams, so that it cannot be compact.

    Which n-grams are pruned depends on counts that a compact model does not have.
    """
    min_count = fitted.language_model.min_count
    if min_count[-1] > 1:
        msg = (
            f"The 'min_count' parameter of {owner} must have been 1 for compact. Got "
            f"{list(min_count)}; write_arpa leaves out of a file what the model leaves "
            "out, and read_arpa reads that."
        )
        raise ValueError(msg)


def check_continues(fitted, y, training, method):
    """Raise an error unless the samples are of the kind that the model has learned."""
    check_knows_counts(fitted, training.owner, method)
    check_same_order(fitted, training, method)
    if fitted.has_replies != (y is not None):
        was, now = ("with", "without") if fitted.has_replies else ("without", "with")
        msg = (
            f"{training.owner} was fitted {was} replies 'y' and must be continued so. "
            f"Got 'X' {now} 'y'; call fit to begin anew."
        )
        raise ValueError(msg)
    check_counts_replies(fitted, training.owner, method)


def check_counts_replies(fitted, owner, method):
    """Raise an error if messages were counted as replies, as in files of old versions."""
    if fitted.has_replies and not fitted.language_model.counts.has_messages:
        msg = (
            f"This {owner} was saved by an earlier version, which counted messages as if "
            f"they were replies, so that {method} cannot go on; call fit to begin anew."
        )
        raise ValueError(msg)


def check_same_order(fitted, training, method):
    """Raise an error if the order was changed since the model was fitted."""
    n = fitted.language_model.n
    if training.n != n:
        msg = (
            f"The 'n' parameter of {training.owner} must stay as it was fitted ({n}) for "
            f"{method}. Got {training.n}; call fit instead."
        )
        raise ValueError(msg)


def check_n_tokens(n_tokens, owner):
    """Raise an error if the number of words and ends of texts would overflow."""
    if n_tokens > NGramCounts.most:
        msg = (
            f"{owner} counts at most {NGramCounts.most} words and ends of texts. Got "
            f"{n_tokens} in all; the model stays as it was."
        )
        raise ValueError(msg)


def check_mergeable(fitted, other, training):
    """Raise an error unless one estimator could have been fitted to the texts of both."""
    check_same_order(fitted, training, "merge")
    for each in (fitted, other):
        check_counts_replies(each, training.owner, "merge")
    for what, mine, theirs in _traits(fitted, other):
        if mine != theirs:
            msg = (
                f"'other' of {training.owner}.merge must have learned {what} as this "
                f"model has, {mine}. Got {theirs}."
            )
            raise ValueError(msg)


def never_learned(error, X, sample_weight, owner):
    """The ValueError that names a text which cannot be forgotten, for users.

    Parameters
    ----------
    error : NeverLearnedError
        Its index is among the texts whose weight is not 0.
    X, sample_weight
        As `NGramEstimator.partial_forget` takes them; `X` is no iterator.
    owner : str

    Returns
    -------
    ValueError
    """
    at = error.text
    if sample_weight is not None:
        at = int(np.flatnonzero(sample_weight)[at])
    what = f"row {at}"
    if not looks_like_rows(X):
        what = f"text {at}, {list(X)[at]!r}"
    return ValueError(
        f"'X' of {owner}.partial_forget must hold what was learned, not more often than "
        f"it was. Got {what}; nothing was forgotten."
    )


def _traits(fitted, other):
    """Properties that two models must share, as tuples (name, here, there)."""
    orders = (model.language_model.n for model in (fitted, other))
    yield "n-grams", *(f"n={n}" for n in orders)
    replies = {True: "with replies 'y'", False: "without replies 'y'"}
    yield "messages", replies[fitted.has_replies], replies[other.has_replies]
    mine, theirs = fitted.word_index, other.word_index
    yield "words", *("as ids" if w is None else "as texts" for w in (mine, theirs))
    if mine is not None:
        yield "words", tokenizer_of(mine), tokenizer_of(theirs)
        vocabularies = [vocabulary_of(index) for index in (mine, theirs)]
        closed = {True: "of a limited vocabulary", False: "of any number"}
        yield "words", *(closed[v.is_closed] for v in vocabularies)
        if vocabularies[0].is_closed:
            for word in vocabularies[0].ids.keys() ^ vocabularies[1].ids.keys():
                known = [f"a word {shown(word)}", f"no word {shown(word)}"]
                yield "words", *(known if word in vocabularies[0].ids else known[::-1])
