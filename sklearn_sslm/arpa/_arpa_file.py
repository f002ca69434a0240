"""The lines of an ARPA file, in blocks."""

from ._byte_source import ByteSource, SourceError

_LONGEST_LINE = 1 << 20


class ArpaFile:
    """Reads the lines of a file, and counts them.

    Parameters
    ----------
    path : str or path-like
    encoding : str, default="utf-8"
        The encoding of the file; lines are returned in UTF-8.

    Attributes
    ----------
    line : int
        The number of the last line that was read; the lines of `blocks` are not counted.
    """

    def __init__(self, path, encoding="utf-8"):
        self.path = path
        self.line = 0
        self._source = ByteSource(path, encoding)
        self._buffer, self._at = b"", 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._source.close()

    def error(self, message, line=None):
        """A ValueError about a line, by default the last one read."""
        return ValueError(self.about(message, line))

    def about(self, message, line=None):
        """A message, preceded by the file and the number of the line."""
        return f"{self.path}, line {line or self.line}: {message}"

    def next_line(self):
        """The next line that is not blank, stripped of white space.

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

    def skip_to(self, line):
        """Skip all lines up to and including a line; returns whether it was found."""
        while self._fill():
            end = self._buffer.rindex(b"\n", self._at) + 1
            place = self._buffer.find(line, self._at, end)
            while place >= 0:
                start = max(self._buffer.rfind(b"\n", 0, place) + 1, self._at)
                stop = self._buffer.index(b"\n", place) + 1
                if self._buffer[start:stop].strip(b" \t\r\n") == line:
                    self._pass_by(stop)
                    return True
                place = self._buffer.find(line, stop, end)
            self._pass_by(end)
        return False

    def _pass_by(self, end):
        """Advance in the buffer to a position, and count the lines before it."""
        self.line += self._buffer.count(b"\n", self._at, end)
        self._at = end

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
        """Fill the buffer with a whole line at least; returns whether there is one."""
        while self._buffer.find(b"\n", self._at) < 0:
            rest = self._buffer[self._at :]
            if len(rest) > _LONGEST_LINE:
                message = f"it is longer than {_LONGEST_LINE} bytes"
                raise self.error(message, self.line + 1)
            more = self._read_block()
            if not more:
                if not rest:
                    return False
                more = b"\n"  # the last line may lack it
            self._buffer, self._at = rest + more, 0
        return True

    def _read_block(self):
        try:
            return self._source.read()
        except SourceError as error:
            raise self.error(error, max(self.line, 1)) from None
