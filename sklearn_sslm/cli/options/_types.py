"""The types of arguments of the command line, and their error messages."""

import argparse
import contextlib
import re
from typing import Any

STDIN = "-"
"""The name of a file that stands for standard input."""


class UsageError(Exception):
    """The arguments are wrong; the message is one line."""


class Parser(argparse.ArgumentParser):
    """A parser that raises a `UsageError` if the arguments are wrong."""

    def _print_message(self, message: str, file: Any = None) -> None:
        # That of argparse ignores errors of writing.
        if message and file is not None:
            file.write(message)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        # That of argparse leaves what a subcommand does not know to the whole parser,
        # whose message would name its own help.
        found, others = super().parse_known_args(args, namespace)
        if others:
            self.error(f"unrecognized arguments: {' '.join(others)}")
        return found, others

    def error(self, message: str) -> Any:
        raise UsageError(f"{message} (see '{self.prog} --help')")


def positive_int(text: str) -> int:
    """An int from 1 to 2³¹ − 1."""
    return int_in(text, 1, 2**31 - 1)


def natural(text: str) -> int:
    """An int from 0 to 2³¹ − 1."""
    return int_in(text, 0, 2**31 - 1)


def jobs(text: str) -> int:
    """A number of processes; −1 is one per core."""
    return -1 if text == "-1" else int_in(text, 1, 2**31 - 1, "-1 or an int")


def port(text: str) -> int:
    """The port of a server."""
    return int_in(text, 1, 65535)


def seed(text: str) -> int:
    """The seed of random numbers."""
    return int_in(text, 0, 2**32 - 1)


def int_in(text: str, low: int, high: int, kind: str = "an int") -> int:
    """An int in a closed range."""
    with contextlib.suppress(ValueError):
        if low <= int(text) <= high:
            return int(text)
    raise argparse.ArgumentTypeError(
        f"must be {kind} in the range [{low}, {high}]. Got {text!r} instead."
    )


def share(text: str) -> float:
    """A float in the range (0, 1]."""
    with contextlib.suppress(ValueError):
        if 0 < float(text) <= 1:
            return float(text)
    raise argparse.ArgumentTypeError(
        f"must be a number in the range (0, 1]. Got {text!r} instead."
    )


def not_negative(text: str) -> float:
    """A finite float from 0."""
    with contextlib.suppress(ValueError):
        if 0 <= float(text) < float("inf"):
            return float(text)
    raise argparse.ArgumentTypeError(
        f"must be a number of at least 0. Got {text!r} instead."
    )


def utf8(text: str) -> str:
    """A text that is UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(
            f"must be UTF-8. Got {text!a:.80} instead."
        ) from None
    return text


def wordy(text: str) -> str:
    """A text that is not blank."""
    if not utf8(text).replace("\ufeff", "").strip():  # a byte order mark is no word
        raise argparse.ArgumentTypeError(f"must hold a word. Got {text!r:.80} instead.")
    return text


def regex(text: str) -> re.Pattern:
    """A regular expression that matches some words."""
    try:
        return re.compile(utf8(text))
    except re.error as error:
        raise argparse.ArgumentTypeError(
            f"must be a regular expression of Python. Got {text!r}: {error}."
        ) from None


def encoding(text: str) -> str:
    """The name of a text encoding."""
    with contextlib.suppress(LookupError, UnicodeError, ValueError):
        "".encode(text)
        return text
    raise argparse.ArgumentTypeError(
        f"must be an encoding that Python knows, such as utf-8. Got {text!r} instead."
    )


def file_name(path: str) -> str:
    """The path of a file, or `STDIN`."""
    if not path or "\0" in path:
        raise argparse.ArgumentTypeError(f"must name a file. Got {path!r:.80} instead.")
    return path


def model_file(path: str) -> str:
    """The path of a model file."""
    if path == STDIN:
        raise argparse.ArgumentTypeError(
            "must name a file, as no model is read from standard input or written to "
            f"standard output. Got {path!r} instead."
        )
    return file_name(path)


def plain_file(path: str) -> str:
    """The path of a text file to which lines can be appended."""
    if file_name(path) == STDIN or path.endswith((".gz", ".bz2", ".xz", ".zst")):
        raise argparse.ArgumentTypeError(
            "must be a plain text file, to which texts can be appended. Got "
            f"{path!r} instead."
        )
    return path
