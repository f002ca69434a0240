"""The tables of a model, made when enough was asked for them to pay."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..models import LanguageModel, OnlineModel
from ._block_scorer import BlockScorer
from ._changed_tables import ChangedTables
from ._ngram_tables import NGramTables

_ASKED = 2
"""Tables are made once the words asked are as many as half of the bigrams."""

_ASKED_SINCE = 16
"""Words asked since the last change, for each that changed, until tables know of it."""


def tables_of(model: LanguageModel, n_words: int) -> BlockScorer | None:
    """The tables of a model, which it keeps, if enough was asked for them to pay.

    Parameters
    ----------
    model : LanguageModel
    n_words : int
        Words that are asked now.

    Returns
    -------
    NGramTables, ChangedTables or None
    """
    make: Any = NGramTables
    weight, size = _ASKED, len(model.counts.levels[:2][-1])
    if isinstance(model, OnlineModel):
        in_base: Any = tables_of(model.base, n_words)
        if in_base is None:
            return None
        make = partial(ChangedTables, in_base)
        weight, size = 1, _ASKED_SINCE * model.n_changes
    elif not model.is_precomputed:
        return None
    tables = model.computed.tables
    if isinstance(tables, int):  # as many words were asked before
        tables += n_words
        if tables * weight > size:
            tables = make(model)
        model.computed.tables = tables
    return None if isinstance(tables, int) else tables
