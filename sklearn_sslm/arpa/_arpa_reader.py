"""Reads models from ARPA files."""

import os
import re

from sklearn.base import clone

from ..base import FittedModel, set_fitted
from ..generator import NGramTextGenerator
from ..words import Vocabulary, WordIndexTransformer, with_vocabulary
from ._arpa_file import ArpaFile
from ._building import StoredNGramError, backoff_model
from ._entries import read_ngrams, read_unigrams
from ._section import Section

_COUNT = re.compile(rb"ngram[ \t]+(\d{1,4})[ \t]*=[ \t]*(\d{1,18})")
_HIGHEST_ORDER = 1000


def read_arpa(
    path: str | os.PathLike[str], *, word_index: WordIndexTransformer | None = None
) -> NGramTextGenerator:
    r"""Read a model from an ARPA file.

    The model is ready to answer, write and score, but it holds probabilities in place
    of counts and therefore cannot learn on: `partial_fit` is an error, while `fit`
    begins anew, as always.

    Parameters
    ----------
    path : str or path-like
        Where from. A name that ends in ``.gz`` is that of a gzip file.
    word_index : WordIndexTransformer, default=None
        How texts become words: the tokenizer that the model was made with. It is
        cloned, not changed. None splits at white space.

    Returns
    -------
    NGramTextGenerator

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ValueError
        If it is no ARPA file, or not a proper one; the message tells the line.

    See Also
    --------
    write_arpa : Writes one.

    Notes
    -----
    ``<s>`` and ``</s>`` become the boundary of texts, and ``<unk>`` the share of
    unknown words; without it, they have probability 0. A log10 probability of −99 or
    less is one of 0. N-grams may come in any order, and those that end others may be
    missing, as they are after pruning. N-grams of ``<unk>`` above the first order
    are refused: a text generator knows nothing of what follows unknown words.

    Examples
    --------
    >>> from sklearn_sslm.arpa import read_arpa
    >>> with open("hand_made.arpa", "w") as file:
    ...     _ = file.write(r'''\data\
    ... ngram 1=4
    ... ngram 2=2
    ...
    ... \1-grams:
    ... -0.7	</s>
    ... -99	<s>	-0.3
    ... -0.4	a	-0.2
    ... -0.4	b	0
    ...
    ... \2-grams:
    ... -0.3	<s> a
    ... -0.25	a b
    ...
    ... \end\
    ... ''')
    >>> model = read_arpa("hand_made.arpa")
    >>> model.next_words(["a"])  # 10 ** -0.25, 10 ** (-0.2 - 0.4), 10 ** (-0.2 - 0.7)
    [[('b', 0.56...), ('a', 0.25...), ('', 0.12...)]]
    """
    with ArpaFile(path) as file:
        vocabulary, engine = _read(file)
    model = NGramTextGenerator(n=engine.n, smoothing="kneser_ney")
    model.word_index = word_index
    index = with_vocabulary(
        clone(word_index or WordIndexTransformer()), Vocabulary(vocabulary.words)
    )
    fitted = FittedModel(index, engine, n_tokens=0, has_replies=False)
    return set_fitted(model, fitted)


def _read(file):
    """The words and the engine's model of a file."""
    counts = _read_counts(file)
    sections, orders = [], []
    for k, announced in enumerate(counts, start=1):
        sections.append(Section(file, k, k == len(counts), announced))
        if k == 1:
            vocabulary, unigrams, rows, p_unknown = read_unigrams(sections[0])
            orders.append(unigrams)
        else:
            orders.append(read_ngrams(sections[-1], vocabulary))
        _expect(file, _head(k + 1) if k < len(counts) else b"\\end\\")
    if file.next_line() is not None:
        raise file.error("nothing may come after \\end\\")
    try:
        return vocabulary, backoff_model(orders, p_unknown)
    except StoredNGramError as error:
        row = rows[error.row] if error.order == 1 else error.row
        raise sections[error.order - 1].error(row, error) from None


def _read_counts(file):
    r"""How many n-grams of each order are announced, up to ``\1-grams:``."""
    _expect(file, b"\\data\\")
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
    """Read a line and raise an error unless it is as expected."""
    line = file.next_line()
    if line != expected:
        raise _unexpected(file, line, expected.decode())


def _unexpected(file, line, expected):
    got = "the end of the file" if line is None else repr(line[:80])[1:]
    return file.error(f"an ARPA file must have {expected} here. Got {got}.")
