"""Tests of `sklearn_sslm.cli.options._types`: the domains of arguments."""

import argparse

import numpy as np
import pytest

from sklearn_sslm.cli import _commands
from sklearn_sslm.cli.options import _types, command_line

MAY_BE_EMPTY = {"prefix", "start", "tokenizer"}
MAY_BE_EMPTY_IN = {"next": {"text"}}  # before the first word of a text

DOMAINS = {
    "positive_int": (1, 2**31 - 1),
    "natural": (0, 2**31 - 1),
    "port": (1, 65535),
    "seed": (0, 2**32 - 1),
}


@pytest.mark.parametrize("name", DOMAINS)
def test_the_ends_of_a_domain_belong_to_it(name):
    """The lowest and the highest number are accepted, and none below or above."""
    parse, (low, high) = getattr(_types, name), DOMAINS[name]
    assert [parse(str(low)), parse(str(high))] == [low, high]
    for number in (low - 1, high + 1):
        with pytest.raises(argparse.ArgumentTypeError, match=rf"\[{low}, {high}\]"):
            parse(str(number))


def test_the_highest_seed_is_one_of_numpy():
    """Seeds are those that a RandomState takes."""
    _, high = DOMAINS["seed"]
    np.random.RandomState(_types.seed(str(high)))
    with pytest.raises(ValueError, match="between 0 and"):
        np.random.RandomState(high + 1)


@pytest.mark.parametrize("command", _commands._COMMANDS)
def test_every_value_is_checked(command):
    """Each argument that takes a value has a type or choices, so that none is ``""``."""
    [commands] = [a for a in command_line()._actions if a.dest == "command"]
    for argument in commands.choices[command]._actions:
        if argument.nargs == 0:
            continue
        assert argument.type or argument.choices, argument.dest
        if argument.dest not in MAY_BE_EMPTY | MAY_BE_EMPTY_IN.get(command, set()):
            accepts = argument.type or argument.choices.index
            with pytest.raises((argparse.ArgumentTypeError, ValueError)):
                accepts("")
