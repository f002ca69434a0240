"""Tables of texts: log probability, perplexity and other measures of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import read, stream_of
from ..utils import as_frame_of, check_flag, import_extra
from ..words import Samples
from ._scores import TokenScores, check_unknown

_FIELDS = [
    ("log_proba", np.float64),
    ("n_tokens", np.int64),
    ("n_unknown", np.int64),
    ("perplexity", np.float64),
    ("mean_surprise", np.float64),
    ("max_surprise", np.float64),
    ("share_seen", np.float64),
]


def table_of_texts(generator: Any, X: Samples, unknown: str, as_frame: bool) -> Any:
    """The table that `NGramTextGenerator.score_texts` returns.

    Parameters
    ----------
    generator : NGramTextGenerator
    X, unknown, as_frame
        Those of the method.

    Returns
    -------
    structured ndarray or DataFrame
    """
    owner = type(generator).__name__ + ".score_texts"
    check_unknown(unknown, owner)
    check_flag(as_frame, "as_frame", owner)
    pandas = import_extra("pandas", f"{owner}(as_frame=True)") if as_frame else None
    fitted, batch = read(generator, X, distinct=generator.memory is None)
    tokens = TokenScores.of_stream(
        generator,
        fitted,
        stream_of(batch),
        unknown=(None, batch.unknown),
        with_known=True,
    )
    table = summed_by_text(tokens, unknown)
    tokens.warn(generator, unknown, stacklevel=3)
    if batch.places is not None:
        table = table[batch.places]
    return table if pandas is None else as_frame_of(pandas, table, X)


def summed_by_text(tokens: TokenScores, unknown: str) -> NDArray:
    """The measures of each text, from the scores of its tokens.

    Parameters
    ----------
    tokens : TokenScores
        With `known`.
    unknown : {"include", "exclude"}
        Whether unknown words count.

    Returns
    -------
    structured ndarray of shape (n_texts,)
    """
    counts, starts = tokens.counted(unknown), tokens.stream.starts
    log_proba = np.where(counts, tokens.log_proba, 0)
    table = np.empty(len(starts), dtype=_FIELDS)
    table["log_proba"] = np.add.reduceat(log_proba, starts)
    table["n_tokens"] = np.add.reduceat(counts, starts, dtype=np.int64)
    is_unknown = tokens.is_scored & tokens.is_unknown
    table["n_unknown"] = np.add.reduceat(is_unknown, starts, dtype=np.int64)
    least = np.minimum.reduceat(np.where(counts, tokens.log_proba, np.inf), starts)
    n_seen = np.add.reduceat(counts & tokens.known, starts, dtype=np.int64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        surprise = 0 - table["log_proba"] / table["n_tokens"]  # no -0.0
        table["perplexity"] = np.exp(surprise)
        table["mean_surprise"] = surprise / np.log(2)
        table["share_seen"] = n_seen / table["n_tokens"]
    table["max_surprise"] = 0 - least / np.log(2)
    table["max_surprise"][table["n_tokens"] == 0] = np.nan
    return table
