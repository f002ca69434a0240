"""A terminal that someone watches."""

import contextlib
import os
import struct
import sys
import threading

from sklearn_sslm.utils import _progress


@contextlib.contextmanager
def watched_terminal(width=80):
    """Let standard error be a pseudo-terminal on which bars appear at once.

    Yields
    ------
    callable
        Gives all that was shown, when the terminal is no longer used.
    """
    import fcntl  # not on Windows
    import termios

    reading_end, writing_end = os.openpty()
    size = struct.pack("HHHH", 24, width, 0, 0)
    fcntl.ioctl(writing_end, termios.TIOCSWINSZ, size)
    shown = []
    reader = threading.Thread(target=_read_all, args=(reading_end, shown))
    reader.start()
    before = sys.stderr, _progress._DELAY
    try:
        with open(writing_end, "w", encoding="utf-8") as sys.stderr:
            _progress._DELAY = 0
            yield lambda: b"".join(shown).decode()
    finally:
        sys.stderr, _progress._DELAY = before
        reader.join()
        os.close(reading_end)


def _read_all(file, parts):
    with contextlib.suppress(OSError):  # how Linux tells that the other end is closed
        while part := os.read(file, 4096):
            parts.append(part)
