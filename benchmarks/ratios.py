"""Ratios of a run, saved as JSON and compared with those of an earlier one."""

import json
from pathlib import Path

HEAD = "| ratio | before | now | now / before |\n|---|---|---|---|"


def ratios_of(rows):
    """The ratios of a table's rows, by name.

    Parameters
    ----------
    rows : iterable of Row

    Returns
    -------
    dict of str to float
        The name tells the work, who did it, and who is compared with.
    """
    return {
        f"{row.work}: {row.who} / {row.baseline}": row.ratio
        for row in rows
        if row.ratio is not None
    }


def save(ratios, path):
    """Write ratios to a JSON file."""
    text = json.dumps(ratios, ensure_ascii=False, indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")


def load(path):
    """Read what `save` wrote."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def compared(before, now):
    """Yield how two runs differ, as lines of a table.

    A ratio that only one of them has is shown without its change.

    >>> for line in compared({"a / b": 2.0, "c / b": 1.0}, {"a / b": 2.5}):
    ...     print(line)
    | a / b | 2 | 2.5 | 1.25 |
    | c / b | 1 |  |  |
    """
    for name in before | now:
        cells = [f"{run[name]:.3g}" if name in run else "" for run in (before, now)]
        both = name in before and name in now
        change = f"{now[name] / before[name]:.2f}" if both else ""
        yield f"| {name} | {cells[0]} | {cells[1]} | {change} |"
