"""The words of an ARPA file, and the n-grams as their ids."""

import re

import numpy as np

from ..ngrams import BOUNDARY
from ._building import StoredNGrams
from ._fields import word_keys
from ._key_table import KeyTable

START, END = "<s>", "</s>"
UNKNOWN = ("<unk>", "<UNK>")
BLANK = re.compile("[\0\t-\r ]")
"""What no word holds, as some programs part words there, or end a text."""


class Vocabulary:
    """The words of an ARPA file, from its 1-grams.

    Attributes
    ----------
    words : list of str
        ``words[id]`` is the word; ``words[0]`` is the empty string.
    """

    def __init__(self, words, keys, special, seed):
        self.words = words
        self.seed = seed
        self._start, self._end = len(words), len(words) + 1
        self._table = KeyTable(np.concatenate([np.zeros(1, np.uint64), keys, special]))

    def ids(self, keys):
        """Ids of the words of n-grams.

        Parameters
        ----------
        keys : ndarray of shape (order, n_ngrams), uint64
            As `word_keys` gives them.

        Returns
        -------
        ndarray of shape (order, n_ngrams), int32
            0 is the start of a text where it comes first and the end where it comes
            last; −1 is what must not stand where it is.
        """
        ids = self._table.find(keys.ravel()).reshape(keys.shape)
        ids[ids == 0] = -1
        ids[0][ids[0] == self._start] = BOUNDARY
        ids[-1][ids[-1] == self._end] = BOUNDARY
        ids[ids >= len(self.words)] = -1
        return ids


def read_unigrams(section):
    """Read the 1-grams.

    Parameters
    ----------
    section : Section

    Returns
    -------
    vocabulary : Vocabulary
    unigrams : StoredNGrams
    rows : ndarray of int
        Which row of the section each unigram is.
    p_unknown : float
        Probability of an unknown word, 0 if it is not told.
    """
    seed = np.random.default_rng().integers(1 << 63, dtype=np.uint64)
    words: list[str] = []
    blocks = []
    for buffer, starts, ends, *weights in section.blocks():
        words += _decode(section, len(words), buffer, starts[0], ends[0])
        blocks.append((word_keys(buffer, starts[0], ends[0], seed), *weights))
    row_of = _rows_by_word(section, words)
    keys, p, backoff = map(np.concatenate, zip(*blocks, strict=True))
    start, end, *unknown = (
        row_of[word] for word in (START, END, *UNKNOWN) if word in row_of
    )
    is_plain = np.ones(len(words), dtype=bool)
    is_plain[[start, end, *unknown]] = False
    plain = np.flatnonzero(is_plain)
    if not len(plain):
        raise _missing(section, "a word")
    for row in unknown:
        if backoff[row] != 1:
            raise section.error(row, "an unknown word has no backoff weight here")
    rows = np.append(end, plain)
    unigrams = StoredNGrams(
        [np.arange(len(rows), dtype=np.int32)],
        p[rows],
        np.append(backoff[start], backoff[plain]),
    )
    known = ["", *(words[row] for row in plain.tolist())]
    vocabulary = Vocabulary(known, keys[plain], keys[[start, end]], seed)
    return vocabulary, unigrams, rows, float(p[unknown].sum())


def _rows_by_word(section, words):
    """The row of each word; all differ, and the start and the end are among them."""
    if BLANK.search("".join(words)):
        row = next(row for row, word in enumerate(words) if BLANK.search(word))
        raise section.error(row, f"its word {words[row]!r} holds a blank")
    row_of = {word: row for row, word in reversed(list(enumerate(words)))}
    if len(row_of) < len(words):
        row = next(row for row, word in enumerate(words) if row_of[word] < row)
        raise section.error(row, "it comes twice")
    for word in (START, END):
        if word not in row_of:
            raise _missing(section, repr(word))
    return row_of


def _missing(section, what):
    """The error about a section that lacks something."""
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
                message = f"its word {word!r} is not UTF-8"
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
    StoredNGrams
    """
    ids = [np.zeros((section.order, 0), dtype=np.int32)]
    p, backoff = [np.zeros(0)], [np.zeros(0)]
    n_rows = 0
    for buffer, starts, ends, p_, backoff_ in section.blocks():
        keys = word_keys(buffer, starts.ravel(), ends.ravel(), vocabulary.seed)
        ids.append(vocabulary.ids(keys.reshape(starts.shape)))
        wrong = (ids[-1] < 0).any(axis=0)
        if wrong.any():
            line = np.argmax(wrong)
            field = np.argmax(ids[-1][:, line] < 0)
            word = buffer.text[starts[field, line] : ends[field, line]]
            raise section.error(n_rows + line, _misplaced(word))
        p.append(p_)
        backoff.append(backoff_)
        n_rows += len(p_)
    return StoredNGrams(
        list(np.concatenate(ids, axis=1)), np.concatenate(p), np.concatenate(backoff)
    )


def _misplaced(word):
    """Why a word must not be where it is."""
    word = word.decode("utf-8", "replace")
    if word in (START, END):
        place = "begin" if word == START else "end"
        return f"{word!r} can only {place} it"
    if word in UNKNOWN:
        return f"{word!r} stands for all unknown words, which only 1-grams tell of"
    return f"its word {word[:80]!r} is not among the 1-grams"
