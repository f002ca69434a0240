"""What the commands share: a help that is the module's docstring, tables row by row."""

import argparse
import sys


def parser_of(name, doc):
    """A parser of arguments for ``python -m benchmarks.NAME``.

    Parameters
    ----------
    name : str
        Of the module.
    doc : str
        Its docstring, which the help shows line by line as it stands.

    Returns
    -------
    argparse.ArgumentParser
    """
    return argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}",
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def show(line):
    """Print a line at once: a whole table takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def show_row(cells):
    """Print a row of a table in Markdown."""
    show(f"| {' | '.join(cells)} |")
