"""Texts and replies in blocks."""

import itertools

import numpy as np
import pytest

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.generator import replies_in_blocks, sample_in_blocks

TEXTS = ["a b", "a c d", "b c a", "a ( b ) d", "d a b c"]
OF_TEXTS = [
    {},
    {"starts_with": "a"},
    {"unique": True},
    {"balanced": True, "starts_with": "a"},
]
PARAMETERS = [
    {},
    {"top_k": 2},
    {"bad_words": ["b"]},
    {"no_repeat_ngram_size": 2},
    {"min_length": 2},
    {"num_return_sequences": 3},
]
CASES = [
    *itertools.product(PARAMETERS, OF_TEXTS),
    ({"num_return_sequences": 3, "num_beams": 4}, {}),
]


def fitted(**parameters):
    """A model of a few texts that writes many."""
    return NGramTextGenerator(2, smoothing="witten_bell", **parameters).fit(TEXTS)


@pytest.mark.parametrize("block", [1, 4, 40])
@pytest.mark.parametrize(("parameters", "of_texts"), CASES, ids=str)
def test_texts_do_not_depend_on_blocks(parameters, of_texts, block):
    """Without conditions on their ends, blocks together are what `sample` returns at once."""
    model = fitted(**parameters)
    for seed in (0, "generator"):
        blocks = []
        for size in (block, None):
            state = np.random.default_rng(7) if seed else seed
            model.set_params(random_state=state)
            blocks.append([*sample_in_blocks(model, 9, size, **of_texts)])
            assert all(len(texts) <= (size or 9) for texts in blocks[-1])
        np.testing.assert_array_equal(*map(np.concatenate, blocks))


@pytest.mark.parametrize("block", [1, 4, 40])
def test_texts_under_conditions_come_in_blocks_too(block):
    """Each satisfies them, and a later block holds other texts than the first."""
    model = fitted(random_state=0)
    blocks = [*sample_in_blocks(model, 40, block, contains="b c", unique=True)]
    assert max(map(len, blocks)) == block
    texts = np.concatenate(blocks)
    assert len({*texts}) == 40
    assert all("b c" in text for text in texts)


@pytest.mark.parametrize("block", [1, 4, 40])
@pytest.mark.parametrize("message", ["a", "b c", "a zebra", "zebra", ""])
@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"echo": "message"},
        {"unknown": "fallback"},
        {"top_k": 2},
        {"reply": "keyword"},
        {"novel": True},
    ],
    ids=str,
)
def test_replies_do_not_depend_on_blocks(parameters, message, block):
    """With a seed, blocks together are what `predict` returns for so many messages."""
    model = fitted(random_state=0, **parameters)
    expected = model.predict([message] * 9)
    blocks = [*replies_in_blocks(model, message, 9, block)]
    assert max(map(len, blocks)) == min(block, 9)
    np.testing.assert_array_equal(np.concatenate(blocks), expected)


@pytest.mark.parametrize("state", [None, np.random.default_rng(0)], ids=str)
def test_other_blocks_have_other_replies(state):
    """Without a seed, too, each reply has random numbers of its own."""
    model = fitted(random_state=state, min_length=20)
    blocks = [*replies_in_blocks(model, "a", 20, 5)]
    assert len({*np.concatenate(blocks)}) == 20
