"""Tests of `sklearn_sslm.ngrams.memory._decaying_table`."""

import pytest

from sklearn_sslm.ngrams.memory._decay_clock import DecayClock
from sklearn_sslm.ngrams.memory._decaying_table import DecayingTable


def count(clock, table, time, context, word):
    """Go to a time, and count a word after a context there."""
    if rescaled := clock.go_to(time):
        table.rescale(rescaled)
    table.add(context, table.after.get(context), word, clock.now)


@pytest.mark.parametrize("until", [505, 520, 1100])
def test_a_trial_leaves_no_trace(until):
    """What `undo` restores is the table to the bit, rescaled meanwhile or not.

    With a half-life of 1 all counts are divided by 2^512 at time 513, and once more.
    """
    clock, table = DecayClock([2, 1]), DecayingTable(2)
    for time, (context, word) in enumerate([("g", 7), ("h", 7), ("h", 8)], start=495):
        count(clock, table, time, context, word)
    before, of_clock = table.state(), (clock.now, clock.origins)
    table.begin()
    for time in range(500, until):
        count(clock, table, time, "h", 8 + time % 3)
    for i in (1, 0):
        table.remove(i, clock.count(495, i), "g", 7, 0)
    assert "g" not in table.after
    table.undo()
    assert table.state() == before
    clock.now, clock.origins = of_clock
    count(clock, table, 501, "g", 7)
    counts = table.after["g"][0][7]
    assert counts[0] / clock.now[0] == 1 + 2.0**-3
    assert counts[1] / clock.now[1] == 1 + 2.0**-6


def test_a_word_is_forgotten_by_the_fast_first():
    """What one half-life has forgotten counts 0 there, and is new when it comes again."""
    clock, table = DecayClock([2, 1]), DecayingTable(2)
    count(clock, table, 0, "h", 7)
    table.remove(1, 1.0, "h", 7, 0)
    assert table.after["h"] == [{7: [1.0, 0.0]}, 1.0, 0.0, 0.0, 0.0]
    clock.go_to(2)
    entry = table.after["h"]
    assert table.add("h", entry, 7, clock.now) == 0b01  # only the slow one knew it
    assert entry == [{7: [3.0, 4.0]}, 3.0, 4.0, 2.0, 0.0]
