"""Tests of `sklearn_sslm.ngrams.memory._context_counts`."""

from sklearn_sslm.ngrams.memory._context_counts import ContextCounts
from sklearn_sslm.ngrams.memory._decay_clock import DecayClock
from sklearn_sslm.ngrams.memory._decaying_table import DecayingTable


def test_changes_are_those_of_a_table():
    """After the same changes, an overlay has the counts and sums of the table itself."""
    clock, table = DecayClock([2, 1]), DecayingTable(2)
    for word in (7, 7, 8):
        table.add("h", table.after.get("h"), word, clock.now)
        clock.go_to(3)
    overlay = ContextCounts(table.state()["h"], 2)
    table.add("h", table.after["h"], 9, clock.now)
    overlay.add(9, clock.now)
    # Half-life 1 drops the first 7, which was new, so that its weight is no repeat's.
    table.remove(1, 1.0, "h", 7, 0b00)
    overlay.remove(1, 1.0, 7, 0b00)
    counts, *sums = table.after["h"]
    assert {**overlay.counts, **overlay.changed} == counts
    assert [*overlay.totals, *overlay.repeats] == sums
