"""The output of the command line: results, and errors and warnings in one line each."""

import contextlib
import os
import sys
from collections.abc import Iterator


class OutputError(Exception):
    """Standard output cannot be written."""


def say(*what: object, sep: str = " ", flush: bool = False) -> None:
    """Print to standard output.

    Raises
    ------
    BrokenPipeError
        If the program that read it has ended.
    OutputError
        If it cannot be written for any other reason.
    """
    _refuse_closed()
    with writing():
        print(*what, sep=sep, flush=flush)


def flush() -> None:
    """Flush standard output; raises as `say` does."""
    _refuse_closed()
    with writing():
        sys.stdout.flush()


def _refuse_closed():
    if sys.stdout is None:
        raise OutputError("cannot write standard output: it is closed")


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Turn an OSError about standard output into an `OutputError`."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        silence()
        msg = f"cannot write standard output: {error.strerror or error}"
        raise OutputError(msg) from None


def silence() -> None:
    """Discard what is buffered for standard output."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(about: object) -> int:
    """Print an error in one line to standard error; returns the exit code 2."""
    _print_error("error", about)
    return 2


def note(about: object) -> None:
    """Print a line about the results to standard error."""
    _tell(" ".join(str(about).split()))


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun, in the plural unless it is 1.

    >>> counted(1, "text"), counted(2, "text"), counted(2, "class", "classes")
    ('1 text', '2 texts', '2 classes')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def warn(about: object) -> None:
    """Print a warning in one line to standard error."""
    _print_error("warning", about)


def _print_error(kind, about):
    _tell(f"sslm: {kind}: {' '.join(str(about).split())}")


def _tell(line):
    if sys.stderr is not None:  # print(file=None) writes to standard output
        print(line, file=sys.stderr, flush=True)
