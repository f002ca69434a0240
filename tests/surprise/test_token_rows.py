"""Tests of `sklearn_sslm.surprise._token_rows`."""

import numpy as np
import pandas as pd
import pytest

from sklearn_sslm.surprise._token_rows import as_texts

ROWS = [[5, 22, 5], ["log in", " ", ""], [], (0.5,)]
TEXTS = ["5 22 5", "log_in _ _", "", "0.5"]


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        tuple(ROWS),
        iter(ROWS),
        pd.Series(ROWS),
        np.array([*ROWS, None], dtype=object)[:4],
        [np.array([5, 22, 5]), *ROWS[1:]],
        ["5 22 5", *ROWS[1:]],
    ],
    ids=lambda rows: type(rows).__name__,
)
def test_rows_of_tokens_are_texts(rows):
    """Tokens of any kind are written side by side, whatever holds the rows."""
    assert as_texts(rows) == TEXTS


@pytest.mark.parametrize(
    "X", [["a b"], "a b", np.array(["a"]), np.eye(2), pd.Series("a")]
)
def test_other_samples_stay(X):
    """What are no rows of tokens is what it was."""
    assert as_texts(X) is X


def test_what_is_no_row_is_left_to_others():
    """A missing row is refused by who reads texts, with its index."""
    assert as_texts([["a"], None]) == ["a", None]
