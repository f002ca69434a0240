"""Errors that the command line and the chat page report in one line."""

import contextlib
from collections.abc import Iterator


class UserError(Exception):
    """A mistake of the user, or a fault of the system that the user can do something about.

    The message is one line, fit to be shown without a traceback.
    """


@contextlib.contextmanager
def as_user_error(work: str) -> Iterator[None]:
    """Turn an `OSError` into a `UserError`.

    >>> with as_user_error("read a.txt"):
    ...     raise FileNotFoundError(2, "No such file")
    Traceback (most recent call last):
    ...
    sklearn_sslm.utils._user_errors.UserError: cannot read a.txt: No such file
    """
    try:
        yield
    except OSError as error:
        raise UserError(f"cannot {work}: {message_of(error)}") from None


def message_of(error: Exception) -> str:
    """What an error says, without its number and file name; else the name of its class."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
