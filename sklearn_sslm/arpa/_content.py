"""The content of an ARPA file: words, a model, and warnings."""

import re

import numpy as np

from ..ngrams import BOUNDARY
from ._building import StoredNGramError, backoff_model
from ._entries import END, START, read_ngrams, read_unigrams
from ._section import Section

_COUNT = re.compile(rb"ngram[ \t]+(\d{1,4})[ \t]*=[ \t]*(\d{1,18})")
_HIGHEST_ORDER = 1000


class Content:
    """The content of an ARPA file.

    Parameters
    ----------
    file : ArpaFile
    least_unknown : float
        As of `backoff_model`.
    zero : float
        As of `Section`.

    Attributes
    ----------
    words : list of str
        ``words[id]`` is the word.
    language_model : LanguageModel
    warnings : list of str
        Messages of warnings about the model.
    """

    def __init__(self, file, least_unknown, zero):
        self._file = file
        self.warnings = []
        counts = _read_counts(file)
        self._sections = [
            Section(file, k, k == len(counts), announced, zero)
            for k, announced in enumerate(counts, start=1)
        ]
        self._unigrams = read_unigrams(self._sections[0])
        orders, self._left_out = [self._unigrams.ngrams], []
        for section in self._sections[1:]:
            _expect(file, _head(section.order))
            ngrams, left_out = read_ngrams(section, self._unigrams.vocabulary)
            orders.append(ngrams)
            self._left_out.append(left_out)
        _expect(file, b"\\end\\")
        if file.next_line() is not None:
            raise file.error("nothing may come after \\end\\")
        self._warn_of_left_out()
        self.language_model = self._model(orders, least_unknown)
        self.words = self._unigrams.vocabulary.words

    def _model(self, orders, least_unknown):
        """The language model of the n-grams of all orders."""
        vocabulary = self._unigrams.vocabulary
        if vocabulary.unknown_id >= 0 and not _hold(orders, vocabulary.unknown_id):
            vocabulary.without_unknown()
            orders[0] = orders[0].first(len(vocabulary.words))
        try:
            model = backoff_model(
                orders, self._unigrams.p_unknown, vocabulary.unknown_id, least_unknown
            )
        except StoredNGramError as error:
            section, row = self._place(error.order, error.row)
            raise section.error(row, error) from None
        self._warn_of_excess(model)
        return model.language_model

    def _place(self, order, row, as_context=False):
        """The section of an n-gram, and its row in the section."""
        if order > 1:
            left_out = self._left_out[order - 2]  # [1, 2]: row 1 was the fourth, row 3
            row += np.searchsorted(left_out - np.arange(len(left_out)), row, "right")
        elif as_context and row == BOUNDARY:
            row = self._unigrams.start
        else:
            row = self._unigrams.rows[row]
        return self._sections[order - 1], int(row)

    def _warn_of_left_out(self):
        n_left_out = sum(map(len, self._left_out))
        if not n_left_out:
            return
        order, rows = next(
            (order, rows) for order, rows in enumerate(self._left_out, 2) if len(rows)
        )
        line = self._sections[order - 1].line(int(rows[0]))
        self._warn(
            f"n-grams with {START} after their start or {END} before their end, which no "
            f"text can ask for, are left out: {n_left_out}, from this line on.",
            line,
        )

    def _warn_of_excess(self, model):
        if excess := model.direct:
            section, row = self._place(excess.order, excess.row)
            self._warn(
                "the probabilities of all words after the same context add up to "
                f"{excess.total:.4g}, more than 1{_most_of(excess)}.",
                section.line(row),
            )
        if excess := model.through_backoff:
            section, row = self._place(excess.order, excess.row, as_context=True)
            self._warn(
                "after this context the probabilities of all words add up to "
                f"{excess.total:.4g} through its backoff weight, more than 1"
                f"{_most_of(excess)}. Texts may have scores above 0.",
                section.line(row),
            )

    def _warn(self, message, line):
        self.warnings.append(self._file.about(message, line))


def _most_of(excess):
    n_contexts = excess.n_contexts
    return f", the most of {n_contexts} such contexts" if n_contexts > 1 else ""


def _hold(orders, unknown_id):
    """Whether the unknown word is a context, or occurs in an n-gram."""
    if orders[0].backoff[unknown_id] != 1:
        return True
    return any(
        (word == unknown_id).any() for ngrams in orders[1:] for word in ngrams.words
    )


def _read_counts(file):
    r"""Read the announced numbers of n-grams of each order, up to ``\1-grams:``."""
    if not file.skip_to(b"\\data\\"):
        raise _unexpected(file, None, "\\data\\")
    counts: list[int] = []
    while (line := file.next_line()) != _head(1):
        count = line and _COUNT.fullmatch(line)
        if not count:
            raise _unexpected(file, line, f"'ngram {len(counts) + 1}=' and a number")
        order, announced = int(count[1]), int(count[2])
        if order != len(counts) + 1:
            raise _unexpected(file, line, f"the number of {len(counts) + 1}-grams")
        counts.append(announced)
        if order > _HIGHEST_ORDER:
            raise file.error(f"the order must be at most {_HIGHEST_ORDER}")
    if not counts:
        raise _unexpected(file, line, "'ngram 1=' and a number")
    return counts


def _head(order):
    return b"\\%d-grams:" % order


def _expect(file, expected):
    """Read a line, and raise an error unless it is the expected one."""
    line = file.next_line()
    if line != expected:
        raise _unexpected(file, line, expected.decode())


def _unexpected(file, line, expected):
    got = "the end of the file" if line is None else repr(line[:80])[1:]
    return file.error(f"an ARPA file must have {expected} here. Got {got}.")
