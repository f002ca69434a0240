"""Tests of `sklearn_sslm.arpa._formatting`: numbers as they are written."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.arpa._formatting import decimals


@given(st.lists(st.floats(-99, 10), max_size=40))
def test_decimals(numbers):
    """Numbers are written with seven decimals, and the nearest number is 0 as 0."""
    texts = decimals(np.array(numbers), b"\n").tolist()
    for number, text in zip(numbers, texts, strict=True):
        assert text[:1] == b"\n"
        assert re.fullmatch(rb"0|-?\d+\.\d{7}", text[1:])
        assert float(text) == pytest.approx(number, rel=0, abs=5.1e-8)
