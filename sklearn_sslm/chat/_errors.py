"""Errors that a user of the command line or of the chat page is told in one line."""

import contextlib

from ..words import TextFileError
from ..words import decoded as decoded_lines


class UserError(Exception):
    """A user's mistake, told in one line."""


@contextlib.contextmanager
def as_user_error(work):
    """Tell what the system has against the work as a `UserError`."""
    try:
        yield
    except OSError as error:
        raise UserError(f"cannot {work}: {message_of(error)}") from None
    except TextFileError as error:
        raise UserError(str(error)) from None


def decoded(lines, name):
    """Lines of bytes as texts without their ends; ``name`` is where they come from."""
    with as_user_error(f"read {name}"):
        yield from decoded_lines(lines, name)


def message_of(error):
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
