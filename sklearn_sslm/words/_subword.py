"""Subword tokenizers of other packages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..utils import import_extra


class SubwordTokenizer:
    """Splits texts into subwords by a trained tokenizer of another package.

    `tokenizers` and `sentencepiece` return pieces of a normalized text. The units here
    are the corresponding parts of the text itself: their concatenation is exactly the
    text, whatever the tokenizer does with case, accents, white space or unknown
    characters. White space belongs to the unit after it; at the end of a text, to the
    last unit.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer or sentencepiece.SentencePieceProcessor
        A trained tokenizer.

    See Also
    --------
    WordIndexTransformer : Takes it as `tokenizer`.

    Notes
    -----
    It is pickled, copied and saved as the model file of its package, which is needed for
    loading, too. ``pip install "sklearn-sslm[subword]"`` installs both packages.

    Byte-pair encoding merges the most frequent pairs of units into longer units [1]_; a
    unigram model selects the likeliest segmentation [2]_.

    References
    ----------
    .. [1] R. Sennrich, B. Haddow and A. Birch, "Neural Machine Translation of Rare Words
       with Subword Units", ACL 2016.
    .. [2] T. Kudo, "Subword Regularization: Improving Neural Network Translation Models
       with Multiple Subword Candidates", ACL 2018.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator, SubwordTokenizer, WordIndexTransformer
    >>> tokenizer = SubwordTokenizer(trained)  # doctest: +SKIP
    >>> tokenizer("Rede neural")  # doctest: +SKIP
    ['Re', 'de', ' neur', 'al']
    >>> index = WordIndexTransformer(tokenizer=tokenizer)  # doctest: +SKIP
    >>> NGramTextGenerator(n=4, word_index=index).fit(texts)  # doctest: +SKIP
    """

    __module__ = "sklearn_sslm"  # where users have it: the name in saved files

    tokenizer: Any

    def __init__(self, tokenizer: Any) -> None:
        if isinstance(tokenizer, SubwordTokenizer):
            tokenizer = tokenizer.tokenizer
        if _library_of(tokenizer) is None:
            msg = (
                "The 'tokenizer' of SubwordTokenizer must be a trained "
                "tokenizers.Tokenizer or sentencepiece.SentencePieceProcessor. Got "
                f"{tokenizer!r:.80}."
            )
            raise TypeError(msg)
        self.tokenizer = tokenizer

    def __call__(self, text: str) -> list[str]:
        """Split a text into its units.

        Parameters
        ----------
        text : str
            The text.

        Returns
        -------
        list of str
            Their concatenation is the text.
        """
        units, start = [], 0
        for end in _ends(self.tokenizer, text):
            if end > start:  # pieces of one character end where the first one does
                units.append(text[start:end])
                start = end
        rest = text[start:]
        if rest:
            units.append(units.pop() + rest if units else rest)
        return units

    def join(self, units: Iterable[str]) -> str:
        """The text of units.

        Parameters
        ----------
        units : iterable of str
            Units of a text, in order.

        Returns
        -------
        str
            The concatenation of the units.
        """
        return "".join(units)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SubwordTokenizer):
            return NotImplemented
        return self.tokenizer is other.tokenizer or self._written() == other._written()

    def __hash__(self) -> int:
        return hash(self._written())

    def __repr__(self) -> str:
        return f"SubwordTokenizer({type(self.tokenizer).__name__}())"

    def _written(self):
        """The name of the package, and its model as bytes."""
        library = _library_of(self.tokenizer)
        if library == "tokenizers":
            return library, self.tokenizer.to_str().encode()
        return library, self.tokenizer.serialized_model_proto()

    def __getstate__(self):
        library, model = self._written()
        return {"library": library, "model": np.frombuffer(model, np.uint8)}

    def __setstate__(self, state):
        library, model = (
            state["library"],
            np.asarray(state["model"], np.uint8).tobytes(),
        )
        if library not in _TYPES:
            msg = (
                f"The saved SubwordTokenizer must be of {_KNOWN}. Got {library!r:.80}."
            )
            raise ValueError(msg)
        package = import_extra(library, "SubwordTokenizer", "subword")
        if library == "tokenizers":
            self.tokenizer = package.Tokenizer.from_str(model.decode())
        else:
            self.tokenizer = package.SentencePieceProcessor(model_proto=model)


_TYPES = {"tokenizers": "Tokenizer", "sentencepiece": "SentencePieceProcessor"}
_KNOWN = " or ".join(_TYPES)


def is_subword_tokenizer(value: object) -> bool:
    """Whether a value is a tokenizer of one of these packages."""
    return _library_of(value) is not None


def _library_of(tokenizer):
    """The package of a tokenizer, or None."""
    for kind in type(tokenizer).__mro__:
        library = kind.__module__.partition(".")[0]
        if _TYPES.get(library) == kind.__name__:
            return library
    return None


def _ends(tokenizer, text):
    """The offsets in the text where pieces end."""
    if _library_of(tokenizer) == "tokenizers":
        encoding = tokenizer.encode(text, add_special_tokens=False)
        return [end for _, end in encoding.offsets]
    if hasattr(tokenizer, "EncodeAsOffsetMapping"):
        return [end for _, end in tokenizer.EncodeAsOffsetMapping(text)["offsets"]]
    pieces = tokenizer.encode(text, out_type="immutable_proto").pieces  # up to 0.2.0
    return [piece.end for piece in pieces]
