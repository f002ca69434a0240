"""Reads models from ARPA files."""

import os
import warnings
from numbers import Real
from typing import Any

from sklearn.base import clone

from ..base import FittedModel, set_fitted
from ..generator import NGramTextGenerator
from ..words import Vocabulary, WordIndexTransformer, tokenizer_of, with_vocabulary
from ._arpa_file import ArpaFile
from ._byte_source import check_encoding
from ._content import Content
from ._section import NEVER

_LOWEST = -300
"""The lowest log10 probability of unknown words, near that of the smallest float64."""


def read_arpa(
    path: str | os.PathLike[str],
    *,
    encoding: str = "utf-8",
    unknown_log_proba: float | None = None,
    zero_log_proba: float = NEVER,
    word_index: WordIndexTransformer | None = None,
) -> NGramTextGenerator:
    r"""Read a model from an ARPA file.

    The model is ready to answer, write and score, but it holds probabilities in place
    of counts and therefore cannot learn on: `partial_fit` is an error, while `fit`
    begins anew, as always.

    Parameters
    ----------
    path : str or path-like
        Where from. A file that is packed by gzip, bzip2 or xz is unpacked, whatever its
        name is.
    encoding : str, default="utf-8"
        How the file is encoded: ``"latin-1"``, ``"utf-16"``, or any other name that
        Python knows.
    unknown_log_proba : float, default=None
        The log10 probability of unknown words if the file gives them none, by lacking
        ``<unk>`` or as one of 0. It comes on top of the probabilities of the file. None
        leaves unknown words impossible.
    zero_log_proba : float, default=-99
        The log10 probability that stands for 0, as all that are less do. With
        ``-math.inf`` -99 is a number like others, as it is for KenLM.
    word_index : WordIndexTransformer, default=None
        How texts become words: the tokenizer that the model was made with. It is
        cloned, not changed. None splits at blanks of ASCII, as programs that write
        ARPA files do: ``WordIndexTransformer(tokenizer="ascii")``.

    Returns
    -------
    NGramTextGenerator

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ValueError
        If it is no ARPA file, or not a proper one; the message names the line.

    Warns
    -----
    UserWarning
        If n-grams are left out that no text can ask for, if the probabilities after a
        context add up to more than 1, or if `word_index` splits words of the file.

    See Also
    --------
    write_arpa : Writes one.

    Notes
    -----
    Files of KenLM, SRILM, IRSTLM, MITLM and CMU Sphinx are read:

    - What is before the line ``\data\`` is skipped.
    - ``<s>`` and ``</s>`` become the boundary of texts; if there is none of these,
      ``<S>`` and ``</S>``. N-grams with a start after their first word, or an end before
      their last one, are left out.
    - ``<unk>`` or ``<UNK>`` becomes the probability of unknown words. Where n-grams hold
      it, or it has a backoff weight, unknown words are contexts as well. An id stands for
      them then: the last one, whose place in ``word_index_.words_`` is empty.
    - A log10 probability of −99 or less, or ``-inf``, is one of 0 (`zero_log_proba`). A
      backoff weight of 99 means that nothing is backed off, as −99 does.
    - N-grams may come in any order, and those that end others may be missing, as they
      are after pruning.
    - Probabilities after a context that add up to at most 1.25 are a warning. More than
      that is an error, unless it comes of backoff weights alone.

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
    check_encoding(encoding)
    with ArpaFile(path, encoding) as file:
        zero = _checked_zero(zero_log_proba)
        content = Content(file, _least_unknown(unknown_log_proba), zero)
    for message in content.warnings:
        warnings.warn(message, stacklevel=2)
    if word_index is None:
        word_index = WordIndexTransformer(tokenizer="ascii")
    _check_splits(word_index, content.words, path)
    engine = content.language_model
    model = NGramTextGenerator(
        n=engine.n, smoothing="kneser_ney", word_index=word_index
    )
    index = with_vocabulary(clone(word_index), Vocabulary(content.words))
    fitted = FittedModel(index, engine, n_tokens=0, has_replies=False)
    return set_fitted(model, fitted)


def _least_unknown(log_proba: Any) -> float:
    """The probability of unknown words where a file gives them none."""
    if log_proba is None:
        return 0.0
    is_number = isinstance(log_proba, Real)
    if not is_number or not _LOWEST <= float(log_proba) <= 0:
        msg = (
            "The 'unknown_log_proba' parameter of read_arpa must be a log10 probability "
            f"in the range [{_LOWEST}, 0], or None. Got {log_proba!r}."
        )
        raise ValueError(msg)
    return 10 ** float(log_proba)


def _checked_zero(log_proba: Any) -> float:
    """The log10 probability that stands for 0."""
    is_number = isinstance(log_proba, Real) and not isinstance(log_proba, bool)
    if not is_number or not float(log_proba) < 0:
        msg = (
            "The 'zero_log_proba' parameter of read_arpa must be a log10 probability "
            f"below 0, or -math.inf. Got {log_proba!r}."
        )
        raise ValueError(msg)
    return float(log_proba)


def _check_splits(word_index, words, path):
    """Warn of words that texts are split inside of, and that are never found therefore."""
    tokenizer = tokenizer_of(word_index)
    if tokenizer.splits_at_ascii or not tokenizer.splits_at_blanks:
        return
    parted = [word for word in words if word and word.split() != [word]]
    if parted:
        msg = (
            f"{path}: words that hold a blank outside of ASCII are never found, as the "
            "'word_index' of read_arpa splits texts there: "
            f"{len(parted)}, such as {parted[0]!r}. Give one with tokenizer='ascii'."
        )
        warnings.warn(msg, stacklevel=3)
