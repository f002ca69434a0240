"""The reader of ARPA files."""

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

    The model can generate and score texts. As it has probabilities and no counts, it
    cannot learn further texts: `partial_fit` raises an error. `fit` replaces the model.

    Parameters
    ----------
    path : str or path-like
        The file, plain or compressed by gzip, bzip2 or xz, which is recognised by its
        content.
    encoding : str, default="utf-8"
        The encoding of the file: ``"latin-1"``, ``"utf-16"``, or any other codec of
        Python.
    unknown_log_proba : float, default=None
        The log10 probability of unknown words if the file lacks ``<unk>``, or has it with
        a probability of 0. It is in addition to the probabilities of the file. None makes
        unknown words impossible.
    zero_log_proba : float, default=-99
        The log10 probability that stands for probability 0; smaller ones do, too. With
        ``-math.inf``, −99 is a number as any other, as for KenLM.
    word_index : WordIndexTransformer, default=None
        How texts become words: the tokenizer of the texts that the model was made from.
        It is cloned, not changed. None splits at blanks of ASCII, as programs that write
        ARPA files do: ``WordIndexTransformer(tokenizer="ascii")``.

    Returns
    -------
    NGramTextGenerator

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ValueError
        If it is no valid ARPA file; the message names the line.

    Warns
    -----
    UserWarning
        If n-grams are left out that cannot occur in a text, if the probabilities after a
        context sum to more than 1, or if `word_index` splits words of the file.

    See Also
    --------
    write_arpa : Write an ARPA file.

    Notes
    -----
    Files of KenLM, SRILM, IRSTLM, MITLM and CMU Sphinx are read:

    - Lines before ``\data\`` are skipped.
    - ``<s>`` and ``</s>`` are the boundary of texts; if the file has neither, ``<S>`` and
      ``</S>``. N-grams with a start after their first word, or an end before their last
      word, are left out.
    - ``<unk>`` or ``<UNK>`` is the unknown word. If it occurs in n-grams, or has a backoff
      weight, it is also a context; it then has the last id, whose entry in
      ``word_index_.words_`` is "".
    - A log10 probability of −99 or less, or ``-inf``, is a probability of 0
      (`zero_log_proba`). A log10 backoff weight of 99 is a weight of 0, as −99 is.
    - N-grams may be in any order. Suffixes of n-grams may be missing, as after pruning.
    - Probabilities after a context with a sum above 1 raise a warning. A sum above 1.25
      is an error, unless it is due to backoff weights.

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
    ...
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
    """The probability of unknown words for files without one."""
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
    """Check the log10 probability that stands for 0."""
    is_number = isinstance(log_proba, Real) and not isinstance(log_proba, bool)
    if not is_number or not float(log_proba) < 0:
        msg = (
            "The 'zero_log_proba' parameter of read_arpa must be a log10 probability "
            f"below 0, or -math.inf. Got {log_proba!r}."
        )
        raise ValueError(msg)
    return float(log_proba)


def _check_splits(word_index, words, path):
    """Warn of words that the tokenizer splits, so that texts never contain them."""
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
