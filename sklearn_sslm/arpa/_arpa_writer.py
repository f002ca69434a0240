"""The writer of ARPA files."""

import contextlib
import gzip
import os

from sklearn.utils.validation import check_is_fitted

from ..base import rebuilt_model
from ..generator import NGramTextGenerator
from ..smoothing import StupidBackoff
from ..utils import replacing
from ._entries import BLANK, END, START, UNKNOWN
from ._formatting import write_model


def write_arpa(model: NGramTextGenerator, path: str | os.PathLike[str]) -> None:
    r"""Write a model as an ARPA file.

    The log10 of probabilities is written with seven decimals; that of 0 is −99, as of
    SRILM.

    Parameters
    ----------
    model : NGramTextGenerator
        A model fitted to texts, with any smoothing except "lidstone" and
        "stupid_backoff".
    path : str or path-like
        The file; it is compressed if its name ends with ``.gz``. An existing file is
        replaced once the new one is complete.

    Raises
    ------
    TypeError
        If `model` is no NGramTextGenerator.
    NotFittedError
        If `model` has learned nothing yet.
    ValueError
        If the model cannot be written as an ARPA file: it has replies, it has ids without
        words, a word is empty, contains a blank of ASCII or is spelled ``<s>``, ``</s>``
        or ``<unk>``, or its smoothing is "lidstone" or "stupid_backoff".

    See Also
    --------
    read_arpa : Read an ARPA file.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.arpa import write_arpa
    >>> model = NGramTextGenerator(n=1, smoothing="kneser_ney").fit(["a b", "a c"])
    >>> write_arpa(model, "model.arpa")
    >>> with open("model.arpa") as file:
    ...     print(file.read().expandtabs(12))
    \data\
    ngram 1=6
    <BLANKLINE>
    \1-grams:
    -1.0000000  <unk>
    0           <s>
    -0.5740313  </s>
    -0.5740313  a
    -0.7367586  b
    -0.7367586  c
    <BLANKLINE>
    \end\
    <BLANKLINE>
    """
    if not isinstance(model, NGramTextGenerator):
        msg = (
            "The 'model' of write_arpa must be an NGramTextGenerator. Got "
            f"{type(model).__name__} instead."
        )
        raise TypeError(msg)
    check_is_fitted(model)
    _check_can_be_written(model)
    language_model = rebuilt_model(model).language_model.precomputed()
    with _replacing(path) as file:
        write_model(file, language_model, model.word_index_.words_)


def _check_can_be_written(model):
    """Raise a ValueError unless a model can be written as an ARPA file."""
    reason = None
    if model.word_index_ is None:
        reason = (
            "words, and this model learned integer rows without words; fit it on "
            "texts, or on what WordIndexTransformer.transform gives"
        )
    elif model.has_replies_:
        reason = (
            "n-grams inside one text, and this model learned replies, whose n-grams "
            "begin in the message; fit it on texts without replies"
        )
    elif isinstance(model.smoothing_, StupidBackoff):
        reason = "probabilities, and the scores of stupid backoff are none"
    elif model.smoothing_.lower_order == "uniform":
        reason = (
            "backoff weights of contexts, and "
            f"{type(model.smoothing_).__name__} backs off to the uniform distribution"
        )
    if reason is None:
        _check_words(model.word_index_.vocabulary_)
        return
    msg = f"The 'model' of write_arpa cannot be written: an ARPA file tells {reason}."
    raise ValueError(msg)


def _check_words(words):
    """Raise a ValueError if a word would be read as several words, or as a mark."""
    special = {START, END, *UNKNOWN}.intersection(words)
    if not special and _can_be_word("".join(words)):
        return
    word = next(word for word in words if word in special or not _can_be_word(word))
    msg = (
        "The words of a model that write_arpa writes must be UTF-8 without blanks of "
        f"ASCII, and none of {START}, {END}, {', '.join(UNKNOWN)}, which mean the start "
        f"and the end of a text and an unknown word there. Got {word!r}; use a "
        "tokenizer that spells it otherwise."
    )
    raise ValueError(msg)


def _can_be_word(text):
    return _is_utf8(text) and not BLANK.search(text)


def _is_utf8(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextlib.contextmanager
def _replacing(path):
    """Open a file that takes the place of ``path`` when all went well.

    Parameters
    ----------
    path : str or path-like
        A name that ends in ``.gz`` makes a gzip file, the same for the same content.
    """
    with replacing(path) as file:
        if os.fsdecode(path).endswith(".gz"):
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as zipped:
                yield zipped
        else:
            yield file
