"""A section of an ARPA file: the n-grams of one order."""

import re
from bisect import bisect_right

import numpy as np

from ._fields import Buffer, split
from ._numbers import parse_numbers

NEVER = -99.0
"""The log10 that stands for probability 0, by default."""

_LARGEST_BACKOFF = 10.0
_NO_BACKOFF = 99.0, 100.0
"""The log10 backoff weights, from the first to below the second, that stand for 0."""

_LN10 = np.log(10)


class Section:
    """Reads the lines of one order, block by block.

    Parameters
    ----------
    file : ArpaFile
        After the head of the section.
    order : int
    is_highest : bool
        Whether there is no higher order, so that backoff weights are ignored.
    announced : int
        The expected number of n-grams.
    zero : float, default=NEVER
        Logarithms up to this one stand for probability 0.
    """

    def __init__(self, file, order, is_highest, announced, zero=NEVER):
        self.file = file
        self.order = order
        self.is_highest = is_highest
        self.announced = announced
        self._zero = zero
        self._first_rows, self._lines = [], []  # of each block
        self._n_rows = 0

    def error(self, row, message):
        """A ValueError about the line of a row."""
        message = f"this {self.order}-gram is wrong: {message}"
        return self.file.error(message, self.line(row))

    def line(self, row):
        """The number of the line of a row."""
        block = bisect_right(self._first_rows, row) - 1
        lines = self._lines[block]
        # A blank child of a context has no line; the last line is named instead.
        return lines[min(row - self._first_rows[block], len(lines) - 1)]

    def blocks(self):
        """Yield the lines in blocks: the words and the numbers of each line.

        Yields
        ------
        buffer : Buffer
        starts, ends : ndarray of shape (order, n_lines), int64
            The offsets of the words in the buffer.
        p, backoff : ndarray of shape (n_lines,), float64
            The probability and the backoff weight of each line.
        """
        for block in self.file.blocks():
            buffer, fields, lines = self._regular(block)
            self._first_rows.append(self._n_rows)
            self._lines.append(lines)
            if len(lines):
                yield self._read(buffer, fields)
            self._n_rows += len(lines)
            if self._n_rows > self.announced:
                message = f"there are more than the {self.announced} {self.order}-grams"
                line = lines[self.announced - self._first_rows[-1]]
                raise self.file.error(f"{message} announced", line)
        if self._n_rows < self.announced:
            message = (
                f"only {self._n_rows} of the {self.announced} {self.order}-grams "
                "announced stand before it"
            )
            raise self.file.error(message, self.file.line + 1)

    def _regular(self, block):
        """The fields of a block, separated by single bytes, and the line numbers."""
        first = self.file.line + 1
        buffer = Buffer(block.rstrip(b"\n") + b"\n")
        fields = split(buffer)
        if fields is not None and self._are_enough(fields.counts).all():
            n_lines = len(fields.counts)
            self.file.line += n_lines + len(block) - len(buffer.text)
            return buffer, fields, range(first, first + n_lines)
        kept, lines = [], []
        texts = block.split(b"\n")[:-1] if block.strip(b" \t\n") else []
        for line, text in enumerate(texts, start=first):
            words = re.split(rb"[ \t]+", text.strip(b" \t"))
            if words == [b""]:
                continue
            if not self._are_enough(len(words)):
                message = (
                    f"a {self.order}-gram must have a log10 probability, {self.order} "
                    f"words and at most a backoff weight. Got {len(words)} fields"
                )
                raise self.file.error(message, line)
            kept.append(b" ".join(words) + b"\n")
            lines.append(line)
        self.file.line += block.count(b"\n")
        buffer = Buffer(b"".join(kept))
        return buffer, split(buffer), lines

    def _are_enough(self, counts):
        return (counts == self.order + 1) | (counts == self.order + 2)

    def _read(self, buffer, fields):
        """Parse a block; returns an item of `blocks`."""
        word = fields.first + np.arange(1, self.order + 1)[:, None]
        p = parse_numbers(buffer, fields.start(fields.first), fields.ends[fields.first])
        self._check(~(p <= 0), "its log10 probability must be a number, at most 0")
        backoff = np.zeros(len(p))
        given = np.flatnonzero(fields.counts == self.order + 2)
        last = fields.first[given] + self.order + 1
        backoff[given] = parse_numbers(buffer, fields.start(last), fields.ends[last])
        if self.is_highest:
            self._check(backoff != 0, "the highest order has no backoff weights")
        least, most = _NO_BACKOFF
        backoff[(backoff >= least) & (backoff < most)] = -np.inf
        wrong = ~(backoff <= _LARGEST_BACKOFF)
        self._check(
            wrong, f"its backoff weight must be a number, at most {_LARGEST_BACKOFF:g}"
        )
        ends = fields.ends[word]
        starts = fields.ends[word - 1] + 1
        return buffer, starts, ends, self._power(p), self._power(backoff)

    def _check(self, wrong, message):
        """Raise an error about the first wrong line of the block, if there is one."""
        if wrong.any():
            raise self.error(self._n_rows + np.argmax(wrong), message)

    def _power(self, logarithms):
        """10 to the power of logarithms; 0 for those that stand for 0."""
        return np.where(logarithms > self._zero, np.exp(logarithms * _LN10), 0)
