"""Ratios of a run, kept as JSON and compared with those of an earlier one."""

import json
from pathlib import Path


def save(rows, path):
    """Write the ratios of some rows to a file.

    Parameters
    ----------
    rows : iterable of Row
    path : path-like
    """
    ratios = {name_of(row): row.ratio for row in rows if row.ratio is not None}
    text = json.dumps(ratios, ensure_ascii=False, indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")


def compared(rows, path):
    """Yield how ratios differ from those of an earlier run, as lines of Markdown.

    Parameters
    ----------
    rows : iterable of Row
    path : path-like
        What `save` wrote.
    """
    before = json.loads(Path(path).read_text(encoding="utf-8"))
    yield "| work | before | now | now / before |\n|---|---|---|---|"
    for row in rows:
        was = before.get(name_of(row))
        if row.ratio is not None and was:
            change = row.ratio / was
            yield f"| {name_of(row)} | {was:.3g} | {row.ratio:.3g} | {change:.2f} |"


def name_of(row):
    """What a ratio is called: the work, who did it, and who is compared with."""
    baseline = row.comparison.partition(" × ")[2]
    return f"{row.work}: {row.who} / {baseline}"
