"""The words of an ARPA file, and its n-grams as ids."""

import re
from typing import NamedTuple

import numpy as np

from ..ngrams.counting import BOUNDARY, KeyTable
from ._building import StoredNGrams
from ._fields import word_keys

START, END = "<s>", "</s>"
UNKNOWN = ("<unk>", "<UNK>")
_OTHER_CASE = {START: "<S>", END: "</S>"}
BLANK = re.compile("[\0\t-\r ]")
"""Characters that no word may contain: some programs split words, or end texts, there."""


MISSING, _START, _END = -1, -2, -3
"""Negative numbers for words without id."""


class Unigrams(NamedTuple):
    """The content of the section of 1-grams.

    Attributes
    ----------
    vocabulary : Vocabulary
    ngrams : StoredNGrams
    rows : ndarray of int
        The row in the section of each unigram.
    start : int
        The row of the start of a text.
    p_unknown : float
        The probability of an unknown word; 0 if the file has none.
    """

    vocabulary: "Vocabulary"
    ngrams: StoredNGrams
    rows: np.ndarray
    start: int
    p_unknown: float


class Vocabulary:
    """The words of an ARPA file, from its 1-grams.

    Attributes
    ----------
    words : list of str
        ``words[id]`` is the word; "" for id 0, and for the id of unknown words.
    unknown_id : int
        The id of unknown words; −1 if there is none.
    """

    def __init__(self, words, keys, special, seed):
        """`keys` are of the words with ids; `special` are of START, END and UNKNOWN."""
        n_unknown = len(special) - 2
        self.words = words + [""] * (n_unknown > 0)
        self.unknown_id = len(words) if n_unknown else -1
        self.seed = seed
        self._table = KeyTable(np.concatenate([keys, special]))
        ids = [*range(1, len(words)), _START, _END, *[self.unknown_id] * n_unknown]
        self._ids = np.array([*ids, MISSING], dtype=np.int32)  # the last one is row −1

    def ids(self, keys):
        """The ids of the words of n-grams.

        Parameters
        ----------
        keys : ndarray of shape (order, n_ngrams), uint64
            As returned by `word_keys`.

        Returns
        -------
        ndarray of shape (order, n_ngrams), int32
            0 as a first word is the start of a text, as a last word its end. `MISSING`
            is a word without 1-gram; smaller numbers are a start or an end at another
            place.
        """
        ids = self._ids.take(self._table.find(keys.ravel())).reshape(keys.shape)
        ids[0][ids[0] == _START] = BOUNDARY
        ids[-1][ids[-1] == _END] = BOUNDARY
        return ids

    def without_unknown(self):
        """Remove the id of unknown words, which must not occur in n-grams."""
        self.words = self.words[: self.unknown_id]
        self.unknown_id = -1


def read_unigrams(section):
    """Read the 1-grams.

    Parameters
    ----------
    section : Section

    Returns
    -------
    Unigrams
    """
    seed = np.random.default_rng().integers(1 << 63, dtype=np.uint64)
    words: list[str] = []
    blocks = []
    for buffer, starts, ends, *weights in section.blocks():
        words += _decode(section, len(words), buffer, starts[0], ends[0])
        blocks.append((word_keys(buffer, starts[0], ends[0], seed), *weights))
    row_of = _rows_by_word(section, words)
    start, end = (_row_of_mark(section, row_of, mark) for mark in (START, END))
    keys, p, backoff = map(np.concatenate, zip(*blocks, strict=True))
    unknown = [row_of[word] for word in UNKNOWN if word in row_of]
    is_plain = np.ones(len(words), dtype=bool)
    is_plain[[start, end, *unknown]] = False
    plain = np.flatnonzero(is_plain)
    if not len(plain):
        raise _missing(section, "a word")
    rows = np.concatenate([[end], plain, unknown[:1]]).astype(np.int64)
    p_unknown = float(p[unknown].sum())
    p[unknown] = p_unknown
    ngrams = StoredNGrams(
        [np.arange(len(rows), dtype=np.int32)],
        p[rows],
        np.append(backoff[start], backoff[rows[1:]]),
    )
    known = ["", *(words[row] for row in plain.tolist())]
    vocabulary = Vocabulary(known, keys[plain], keys[[start, end, *unknown]], seed)
    return Unigrams(vocabulary, ngrams, rows, start, p_unknown)


def _rows_by_word(section, words):
    """The row of each word; all of them differ."""
    if BLANK.search("".join(words)):
        row = next(row for row, word in enumerate(words) if BLANK.search(word))
        raise section.error(row, f"its word {words[row]!r} holds a blank")
    last_first = range(len(words) - 1, -1, -1)  # so that the first of equal ones stays
    row_of = dict(zip(reversed(words), last_first, strict=True))
    if len(row_of) < len(words):
        row = next(row for row, word in enumerate(words) if row_of[word] < row)
        raise section.error(row, "it comes twice")
    return row_of


def _row_of_mark(section, row_of, mark):
    """The row of a mark such as <s>, which some programs write in upper case."""
    for spelling in (mark, _OTHER_CASE[mark]):
        if spelling in row_of:
            return row_of[spelling]
    raise _missing(section, repr(mark))


def _missing(section, what):
    """The error for a section that lacks an entry."""
    message = f"the 1-grams before it must hold {what}"
    return section.file.error(message, section.file.line + 1)


def _decode(section, first_row, buffer, starts, ends):
    """The words of a block as str."""
    words = [
        buffer.text[start:end]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    try:
        return b"\n".join(words).decode("utf-8").split("\n")
    except UnicodeDecodeError:
        for row, word in enumerate(words, start=first_row):
            try:
                word.decode("utf-8")
            except UnicodeDecodeError:
                message = (
                    f"its word {word!r} is not UTF-8; name the encoding of the file, as "
                    "in read_arpa(path, encoding='latin-1')"
                )
                raise section.error(row, message) from None
        raise


def read_ngrams(section, vocabulary):
    """Read the n-grams of an order above 1.

    Parameters
    ----------
    section : Section
    vocabulary : Vocabulary

    Returns
    -------
    ngrams : StoredNGrams
    left_out : ndarray of int
        Rows of the section that are left out, as they cannot occur in a text.
    """
    ids = [np.zeros((section.order, 0), dtype=np.int32)]
    p, backoff, left_out = [np.zeros(0)], [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    n_rows = 0
    for buffer, starts, ends, *weights in section.blocks():
        keys = word_keys(buffer, starts.ravel(), ends.ravel(), vocabulary.seed)
        new = vocabulary.ids(keys.reshape(starts.shape))
        lowest = new.min(axis=0)
        if len(odd := np.flatnonzero(lowest < 0)):
            missing = (new[:, odd] == MISSING).any(axis=0)
            if missing.any():
                line = odd[np.argmax(missing)]
                field = np.argmax(new[:, line] == MISSING)
                word = buffer.text[starts[field, line] : ends[field, line]]
                raise section.error(n_rows + line, _no_unigram(word))
            left_out.append(n_rows + odd)
            new = new[:, lowest >= 0]
            weights = [weight[lowest >= 0] for weight in weights]
        ids.append(new)
        p.append(weights[0])
        backoff.append(weights[1])
        n_rows += len(lowest)
    ngrams = StoredNGrams(
        list(np.concatenate(ids, axis=1)), np.concatenate(p), np.concatenate(backoff)
    )
    return ngrams, np.concatenate(left_out)


def _no_unigram(word):
    """The message for an n-gram with a word without 1-gram."""
    word = word.decode("utf-8", "replace")
    return f"its word {word[:80]!r} is not among the 1-grams"
