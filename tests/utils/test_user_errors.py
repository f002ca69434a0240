"""Tests of `sklearn_sslm.utils._user_errors`."""

import errno

import pytest

from sklearn_sslm.utils import UserError, as_user_error, message_of
from sklearn_sslm.words import TextFileError


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.txt"), "No space left on"),
        (OSError("odd"), "odd"),
        (OSError(), "OSError"),
        (ValueError("no text"), "no text"),
        (KeyError(), "KeyError"),
    ],
)
def test_an_error_has_a_message(error, message):
    """It is that of the system, else the error's own, else the name of its class."""
    assert message_of(error).startswith(message)


def test_errors_of_the_system_become_those_of_the_user():
    """What could not be done is named, in one line and without a traceback before it."""
    expected = pytest.raises(UserError, match=r"^cannot write a: Disk$")
    with expected as caught, as_user_error("write a"):
        raise OSError(errno.EIO, "Disk", "a")
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("error", [ValueError("odd"), TextFileError("line 3")])
def test_other_errors_stay_what_they_are(error):
    """What a file holds is named by its own error; a fault of ours is no user's."""
    with pytest.raises(type(error)) as caught, as_user_error("read a"):
        raise error
    assert caught.value is error


def test_a_file_without_texts_is_an_error_of_the_user():
    """The command line reports it in one line; in Python it is a ValueError."""
    assert issubclass(TextFileError, UserError)
    assert issubclass(TextFileError, ValueError)
