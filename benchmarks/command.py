"""What the commands share: a help that is the module's docstring, tables row by row."""

import argparse
import sys
from pathlib import Path

from . import race, ratios


def parser_of(name, doc):
    """A parser of arguments for ``python -m benchmarks.NAME``.

    Parameters
    ----------
    name : str
        Of the module, "" for the package itself.
    doc : str
        Its docstring, which the help shows line by line as it stands.

    Returns
    -------
    argparse.ArgumentParser
    """
    return argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}".rstrip("."),
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_ratio_options(parser):
    """Let a command save its ratios and compare them with those of an earlier run."""
    parser.add_argument("--json", type=Path, help="a file to write the ratios to")
    parser.add_argument(
        "--compare", type=Path, help="an earlier such file, to compare the ratios with"
    )


def show_table(rows, args):
    """Print rows as they come, then do what `add_ratio_options` offers.

    Parameters
    ----------
    rows : iterable of Row
    args : argparse.Namespace
    """
    before = ratios.load(args.compare) if args.compare else None  # or fail at once
    done = []
    show(race.HEAD)
    for row in rows:
        done.append(row)
        show(row.as_markdown())
    now = ratios.ratios_of(done)
    if before is not None:
        show(f"\n{ratios.HEAD}")
        for line in ratios.compared(before, now):
            show(line)
    if args.json:
        ratios.save(now, args.json)


def show(line):
    """Print a line at once: a whole table takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def show_row(cells):
    """Print a row of a table in Markdown."""
    show(f"| {' | '.join(cells)} |")
