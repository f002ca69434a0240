"""Errors that the command line and the chat page report in one line."""

import contextlib
from collections.abc import Iterator


class UserError(Exception):
    """An error by wrong usage, or of the system, that the user can correct.

    Its message is a single line, to be shown without a traceback.
    """


@contextlib.contextmanager
def as_user_error(work: str) -> Iterator[None]:
    """A context manager that turns an `OSError` into a `UserError`.

    >>> with as_user_error("read a.txt"):
    ...     raise FileNotFoundError(2, "No such file")
    ...
    Traceback (most recent call last):
    ...
    sklearn_sslm.utils._user_errors.UserError: cannot read a.txt: No such file
    """
    try:
        yield
    except OSError as error:
        raise UserError(f"cannot {work}: {message_of(error)}") from None


def message_of(error: Exception) -> str:
    """The message of an error without its number and file name, or its class's name."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
