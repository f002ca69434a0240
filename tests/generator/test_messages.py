"""Tests of `sklearn_sslm.generator._messages`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.base import read
from sklearn_sslm.generator._messages import resolve

TEXTS = ["a b a c", "b c b", "", "a b d"]
MESSAGES = ["b", "a a", "c b a", "b"]

of_words = st.lists(st.sampled_from("abcd"), max_size=6).map(" ".join)


def resolved(model, messages):
    """The messages resolved, as arrays by name."""
    fitted, batch = read(model, messages)
    found = resolve(batch, fitted, model)
    texts = found.continuations
    columns = {name: getattr(texts, name) for name in ("length", "row")}
    columns |= {name: getattr(texts, name) for name in ("max_new", "min_new")}
    is_answered = np.isin(np.arange(len(batch)), found.answered)
    return {"n_echoed": found.n_echoed, "is_answered": is_answered, **columns}


@pytest.mark.parametrize("replies", [None, MESSAGES], ids=["texts", "replies"])
@pytest.mark.parametrize("echo", ["context", "message", "none"])
@given(n=st.integers(1, 6), message=of_words, least=st.integers(0, 4))
def test_one_message_is_resolved_as_among_others(n, message, least, echo, replies):
    """On Python numbers it has the context and the lengths that arrays give it."""
    model = NGramTextGenerator(n, echo=echo, min_length=least, max_length=4)
    model.fit(TEXTS, replies)
    one, two = resolved(model, [message]), resolved(model, [message, message])
    for name, column in one.items():
        assert column.tolist() * 2 == two[name].tolist(), name
