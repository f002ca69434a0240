"""Races: the same work done by several, side by side, and how the table tells it."""

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

PATIENCE = 10  # seconds; who takes longer is not asked again


class Runner(NamedTuple):
    """Someone who does a work.

    Attributes
    ----------
    run : callable
        Does the work once and returns what it made.
    amount : callable
        How much work that was, given what was made. It is not on the runner's time.
    """

    run: Callable
    amount: Callable = lambda _: 1


class Row(NamedTuple):
    """One line of the table.

    Attributes
    ----------
    work, who, figure, comparison : str
    ratio : float or None
        The number in `comparison`, which machines change less than the figure.
    """

    work: str
    who: str
    figure: str
    comparison: str = ""
    ratio: float | None = None

    def as_markdown(self):
        """The line, with a column for each field but the last."""
        return f"| {' | '.join(self[:4])} |"


HEAD = f"{Row('work', 'who', 'figure', 'comparison').as_markdown()}\n{'|---' * 4}|"


def race(runners, repeats):
    """Let all take turns, and tell how long each takes for a unit of its work.

    Parameters
    ----------
    runners : dict of str to Runner
    repeats : int
        How many turns each gets. Who takes longer than `PATIENCE` gets only one.

    Returns
    -------
    dict of str to float
        The median of the seconds for a unit of work.
    """
    seconds = {who: [] for who in runners}
    waiting = dict(runners)
    for _ in range(repeats):
        for who, runner in list(waiting.items()):
            gc.collect()
            start = time.perf_counter()
            made = runner.run()
            taken = time.perf_counter() - start
            seconds[who].append(taken / runner.amount(made))
            del made  # before the next one starts
            if taken > PATIENCE:
                del waiting[who]
    return {who: median(times) for who, times in seconds.items()}


def time_rows(work, seconds, baseline):
    """What a race's seconds are, and what multiple of the baseline's."""
    for who, taken in seconds.items():
        multiple = taken / seconds.get(baseline, taken)
        yield Row(work, who, short(taken), *_compare(multiple, who, baseline, seconds))


def speed_rows(work, seconds, baseline):
    """How many words a second that is, and what multiple of the baseline's."""
    for who, taken in seconds.items():
        multiple = seconds.get(baseline, taken) / taken
        figure = f"{1 / taken:,.0f} words/s"
        yield Row(work, who, figure, *_compare(multiple, who, baseline, seconds))


def _compare(multiple, who, baseline, seconds):
    if baseline not in seconds or who == baseline:
        return ()
    return f"{multiple:.2f} × {baseline}", multiple


def short(seconds):
    """Seconds with three digits, in the unit that suits them.

    >>> short(0.00021)
    '210 µs'
    """
    units = {"s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
    unit = next((unit for unit, size in units.items() if seconds >= size), "ns")
    return f"{seconds / units[unit]:.3g} {unit}"
