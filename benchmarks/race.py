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
    work, who, figure : str
    ratio : float or None
        How many times the baseline's figure that is, which another machine changes
        less than the figure.
    baseline : str
        Who is compared with.
    """

    work: str
    who: str
    figure: str
    ratio: float | None = None
    baseline: str = ""

    @property
    def comparison(self):
        """The ratio with its baseline, "" without one."""
        return "" if self.ratio is None else f"{self.ratio:.3g} × {self.baseline}"

    def as_markdown(self):
        """The line, its last column the comparison."""
        return f"| {self.work} | {self.who} | {self.figure} | {self.comparison} |"


HEAD = "| work | who | figure | comparison |\n|---|---|---|---|"


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
        yield _row(work, who, short(taken), multiple, baseline, seconds)


def speed_rows(work, seconds, baseline):
    """How many words a second that is, and what multiple of the baseline's."""
    for who, taken in seconds.items():
        multiple = seconds.get(baseline, taken) / taken
        figure = f"{1 / taken:,.0f} words/s"
        yield _row(work, who, figure, multiple, baseline, seconds)


def _row(work, who, figure, multiple, baseline, seconds):
    if who == baseline or baseline not in seconds:
        return Row(work, who, figure)
    return Row(work, who, figure, multiple, baseline)


def short(seconds):
    """Seconds with three digits, in the unit that suits them.

    >>> short(0.00021)
    '210 µs'
    """
    units = {"s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
    unit = next((unit for unit, size in units.items() if seconds >= size), "ns")
    return f"{seconds / units[unit]:.3g} {unit}"
