"""Tests of `sklearn_sslm.ngrams.memory._decaying_table`."""

import pytest

from sklearn_sslm.ngrams.memory._decaying_table import DecayingTable
from sklearn_sslm.ngrams.memory._memory_rules import MemoryLevel


@pytest.mark.parametrize("until", [505, 520, 1100])
def test_a_trial_leaves_no_trace(until):
    """What `undo` restores is the table to the bit, rescaled meanwhile or not.

    With a half-life of 1 all counts are divided by 2^512 at time 513, and once more.
    """
    table = DecayingTable(MemoryLevel(2, half_life=1))
    for time, (context, word) in enumerate([("g", 7), ("h", 7), ("h", 8)], start=495):
        table.go_to(time)
        table.add(context, word)
    before = table.state()
    marks = table.begin()
    for time in range(500, until):
        table.go_to(time)
        table.add("h", 8 + time % 3)
    table.remove(495, "g", 7, False)
    table.undo(*marks)
    assert table.state() == before
    table.go_to(501)
    table.add("g", 7)
    assert table.after["g"][2][7] / table.now == 1 + 2.0**-6
