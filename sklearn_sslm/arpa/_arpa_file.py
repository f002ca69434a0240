"""The lines of an ARPA file, read block by block."""

import gzip
import os
import zlib

_BLOCK = 1 << 18  # bytes, which with all that is made of them fit into a cache
_LONGEST_LINE = 1 << 20
_GUNZIPPED_FREELY = 1 << 24
_MOST_GUNZIPPED = 200  # times its size; real models come to less than 20


class ArpaFile:
    """Gives the lines of a file, and knows their numbers.

    Parameters
    ----------
    path : str or path-like
        A name that ends in ``.gz`` is that of a gzip file.

    Attributes
    ----------
    line : int
        Number of the line that was read last. Who reads `blocks` counts their lines.
    """

    def __init__(self, path):
        self.path = path
        self.line = 0
        self._raw = open(path, "rb")  # noqa: SIM115 - closed by __exit__
        zipped = os.fsdecode(path).endswith(".gz")
        self._file = gzip.GzipFile(fileobj=self._raw) if zipped else self._raw
        self._read = 0
        self._buffer, self._at = b"", 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()
        self._raw.close()

    def error(self, message, line=None):
        """A ValueError about a line, by default the one read last."""
        return ValueError(f"{self.path}, line {line or self.line}: {message}")

    def next_line(self):
        """The next line that is not blank, without blanks around it.

        Returns
        -------
        bytes, or None at the end of the file
        """
        while self._fill():
            rest = self._buffer[self._at :]
            blank = len(rest) - len(rest.lstrip(b" \t\r\n"))
            self._at += blank
            self.line += rest.count(b"\n", 0, blank)
            if blank < len(rest) and self._fill():
                end = self._buffer.index(b"\n", self._at)
                line = self._buffer[self._at : end]
                self._at = end + 1
                self.line += 1
                return line.rstrip(b" \t\r")
        return None

    def blocks(self):
        r"""The lines up to one that begins with ``\``, many at a time.

        Yields
        ------
        bytes
            Whole lines, each with its end.
        """
        while self._fill() and not self._buffer.startswith(b"\\", self._at):
            stop = 0
            if self._buffer.find(b"\\", self._at) > 0:  # in a word, more often than not
                stop = self._buffer.find(b"\n\\", self._at) + 1
            end = stop or self._buffer.rindex(b"\n", self._at) + 1
            block = self._buffer[self._at : end]
            self._at = end
            yield block.replace(b"\r\n", b"\n") if b"\r" in block else block

    def _fill(self):
        """Whether there is another line; it is then in the buffer as a whole."""
        while self._buffer.find(b"\n", self._at) < 0:
            rest = self._buffer[self._at :]
            if len(rest) > _LONGEST_LINE:
                message = f"it is longer than {_LONGEST_LINE} bytes"
                raise self.error(message, self.line + 1)
            more = self._read_block()
            if not more:
                if not rest:
                    return False
                more = b"\n"  # the last line may do without
            self._buffer, self._at = rest + more, 0
        return True

    def _read_block(self):
        try:
            block = self._file.read(_BLOCK)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            message = f"what comes after it is no gzip data ({error})"
            raise self.error(message) from None
        self._read += len(block)
        if self._read > max(_GUNZIPPED_FREELY, _MOST_GUNZIPPED * self._raw.tell()):
            message = f"the file is more than {_MOST_GUNZIPPED} times as long unzipped"
            raise self.error(message)
        return block
