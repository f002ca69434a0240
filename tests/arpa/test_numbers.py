"""Tests of `sklearn_sslm.arpa._numbers`."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.arpa._fields import Buffer
from sklearn_sslm.arpa._numbers import parse_numbers

number_like = st.one_of(
    st.floats(-120, 20).map("{:.7f}".format),
    st.floats(-120, 20).map(repr),
    st.floats(-1, 1).map("{:.17f}".format),
    st.from_regex(r"[-+]?[0-9.]{1,20}([eE][-+]?[0-9]{0,4})?", fullmatch=True),
    st.text("0123456789.-+eE_xnaif", min_size=1, max_size=12),
    st.sampled_from(
        ["nan", "inf", "-inf", "-Infinity", "infinity", "1_0", "0x1", "-", ".", "-."]
    ),
)


@given(st.lists(number_like, min_size=1, max_size=30))
def test_numbers(fields):
    """Every finite decimal is read as `float` reads it, and so is −inf; nothing else is."""
    text = "\t".join(fields).encode()
    ends = np.cumsum([len(field) + 1 for field in fields]) - 1
    starts = ends - [len(field) for field in fields]
    read = parse_numbers(Buffer(text), starts, ends)
    for field, number in zip(fields, read, strict=True):
        decimal = re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", field)
        if decimal and math.isfinite(float(field)):
            assert number == pytest.approx(float(field), rel=1e-15, abs=1e-300)
        elif field.lower() in ("-inf", "-infinity"):
            assert number == -math.inf
        else:
            assert math.isnan(number)
