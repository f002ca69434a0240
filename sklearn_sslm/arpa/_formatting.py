"""The text of an ARPA file."""

import numpy as np

from ..ngrams import BOUNDARY
from ._backoff_form import backoff_forms, unknown_probability
from ._entries import END, START, UNKNOWN
from ._section import NEVER

_ROWS = 1 << 13  # n-grams of a block: few enough for the processor's cache
_DECIMALS = 10**7
_LEAST = NEVER + 1 / _DECIMALS

# Three and four digits, as the bytes of a number; the three end in a zero byte.
_THREE = np.array([b"%03d" % i for i in range(1000)], dtype="S4").view(np.uint32)
_FOUR = np.array([b"%04d" % i for i in range(10000)], dtype="S4").view(np.uint32)


def write_model(file, model, words):
    """Write a model.

    Parameters
    ----------
    file : file of bytes
    model : LanguageModel
    words : list of str
        ``words[id]`` is the word; ``words[0]`` is ignored.
    """
    left_out = _left_out(model)
    sizes = [np.count_nonzero(~rare) for rare in left_out]
    sizes[0] += 2  # the start of a text, and the unknown word
    counts = [f"ngram {k}={size}\n" for k, size in enumerate(sizes, start=1)]
    file.write(f"\\data\\\n{''.join(counts)}".encode())
    words = np.array([b" " + word.encode() for word in words], dtype=object)
    words[BOUNDARY] = b" " + END.encode()
    if model.counts.unknown_id >= 0:
        words[model.counts.unknown_id] = b" " + UNKNOWN[0].encode()
    texts = None
    for k, form in enumerate(backoff_forms(model), start=1):
        file.write(b"\n\\%d-grams:" % k)
        p, backoff = _log10(form.p), _log10(form.backoff_weight)
        if k == len(sizes):
            backoff = None  # nothing comes after the highest order
        rows = np.flatnonzero(~left_out[k - 1])
        if k == 1:
            texts = _write_unigrams(file, model, p, backoff, words, rows)
        else:
            texts = _write_ngrams(file, p, backoff, texts, words, form, rows)
        file.write(b"\n")
    file.write(b"\n\\end\\\n")


def _left_out(model):
    """For each order, a mask of the n-grams that are not written."""
    left_out = [
        model.left_out(k, np.arange(len(level)))
        for k, level in enumerate(model.counts.levels, start=1)
    ]
    left_out[0][:] = False  # such a word is written with the probability of any unknown
    left_out[0][model.events.unused_ids] = True  # no words, or the unknown word
    if model.counts.unknown_id >= 0:
        left_out[0][model.counts.unknown_id] = True  # written first
    return left_out


def _log10(p):
    """The log10 of probabilities; `NEVER` for 0, and for no other number."""
    with np.errstate(divide="ignore"):
        return np.where(p > 0, np.maximum(np.log10(p), _LEAST), NEVER)


def _write_unigrams(file, model, p, backoff, words, kept):
    """Write unigrams, first <unk>, <s> and </s>.

    Row 0 is the end of a text as a prediction, and its start as a context.

    Returns
    -------
    ndarray of shape (n_ids,), object
        The text of each unigram as a context.
    """
    texts = np.array([b"\t" + word[1:] for word in words.tolist()], dtype=object)
    special = np.array([b"\t" + word.encode() for word in (UNKNOWN[0], START)], object)
    p_unknown = _log10(np.array([unknown_probability(model)]))
    p = np.concatenate([p_unknown, [0], p[kept]])  # that of <s> is never used
    if backoff is not None:
        unknown_id = model.counts.unknown_id
        of_unknown = backoff[unknown_id] if unknown_id >= 0 else 0
        backoff = [[of_unknown], backoff[:1], [0], backoff[kept[1:]]]
        backoff = np.concatenate(backoff)
    _write_lines(file, p, np.append(special, texts[kept]), backoff)
    texts[BOUNDARY] = special[1]
    return texts


def _write_ngrams(file, p, backoff, contexts, words, form, kept):
    """Write n-grams of a higher order; returns their text as contexts."""
    texts = np.empty(len(p), dtype=object)
    for at in range(0, len(kept), _ROWS):
        rows = kept[at : at + _ROWS]
        text = contexts[form.context[rows]] + words[form.word[rows]]
        weights = None if backoff is None else backoff[rows]
        _write_lines(file, p[rows], text, weights)
        if backoff is not None:
            texts[rows] = text
    return texts


def _write_lines(file, p, texts, backoff):
    """Write a line for each n-gram, the end of which is made first."""
    columns = [decimals(p, b"\n"), texts]
    if backoff is not None:
        columns.append(decimals(backoff, b"\t"))
    file.write(b"".join(np.column_stack(columns).ravel().tolist()))


def decimals(numbers, before):
    """Format numbers with seven decimals, each preceded by a byte.

    Parameters
    ----------
    numbers : ndarray of shape (n_numbers,), float64
        At least −99.
    before : bytes
        The byte.

    Returns
    -------
    ndarray of shape (n_numbers,), object

    Examples
    --------
    >>> decimals(np.array([-0.5, -99, -0.0, 2.25]), b" ").tolist()
    [b' -0.5000000', b' -99.0000000', b' 0', b' 2.2500000']
    """
    shifted = np.rint(np.abs(numbers) * _DECIMALS).astype(np.int64)
    whole, fraction = np.divmod(shifted, _DECIMALS)
    text = np.zeros((len(numbers), 11), dtype=np.uint8)
    text[:, 0] = before[0]
    text[:, 1] = ord("-")
    text[:, 2] = ord("0") + whole
    text[:, 3] = ord(".")
    text[:, 4:8] = _bytes_of(_FOUR, fraction // 1000)
    text[:, 8:] = _bytes_of(_THREE, fraction % 1000)[:, :3]
    texts = text.view("S11").ravel().astype(object)
    texts[shifted == 0] = before + b"0"
    for row in np.flatnonzero((whole > 9) | (numbers > 0) & (shifted > 0)):
        texts[row] = before + b"%.7f" % numbers[row]
    return texts


def _bytes_of(table, numbers):
    return table.take(numbers).view(np.uint8).reshape(-1, 4)
