"""The models of the ``kenlm`` module."""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

from ...arpa import read_arpa
from ...base import fitted_model
from ...generator import NGramTextGenerator
from ...words import UNKNOWN
from ._config import ARPALoadComplain, Config
from ._kenlm_state import State
from ._steps import END, Steps

_NO_UNKNOWN = -100.0
"""Log10 probability that KenLM gives unknown words if a file has no ``<unk>``."""


@dataclass(frozen=True)
class FullScoreReturn:
    """The score of a word that `Model.BaseFullScore` returns.

    Parameters
    ----------
    log_prob : float
        The log10 of p(word | state).
    ngram_length : int
        Order of the longest known n-gram that ends in the word; 1 if it is unknown.
    oov : bool
        Whether the word is unknown.
    """

    log_prob: float
    ngram_length: int
    oov: bool

    def __repr__(self) -> str:
        values = self.log_prob, self.ngram_length, self.oov
        return f"{type(self).__name__}{values}"


class Model:
    """A language model with the methods of ``kenlm.Model``.

    The probabilities of a generator are computed when the `Model` is made; what the
    generator learns later does not change it. Texts are split at ASCII blanks.

    Parameters
    ----------
    path : str, bytes, path-like or NGramTextGenerator
        An ARPA file, or a generator that was fitted on texts.
    config : Config, default=None
        The options of reading the file; None is ``Config()``.

    Attributes
    ----------
    path : bytes or None
        The absolute path of the file; None for a generator.

    Raises
    ------
    OSError
        If the file cannot be read, or is no ARPA file.
    TypeError
        If `path` is neither a path nor a generator.
    ValueError
        If the generator was fitted on integer rows that carry no words.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.compat import kenlm
    >>> texts = ["language modeling is fun", "language is fun"]
    >>> model = kenlm.Model(NGramTextGenerator(n=3, smoothing="kneser_ney").fit(texts))
    >>> model.order, "fun" in model, "dull" in model
    (3, True, False)
    >>> for log10_p, length, oov in model.full_scores("language is dull"):
    ...     print(f"{log10_p:.3f} {length} {oov}")
    -0.234 2 False
    -0.359 3 False
    -1.681 1 True
    -0.778 1 False
    """

    path: bytes | None
    _source: Any

    def __init__(self, path: Any, config: Config | None = None) -> None:
        if isinstance(path, NGramTextGenerator):
            self.path = None
            self._source = generator = copy.copy(path)
        else:
            self._source = self.path = os.path.abspath(_as_path(path))
            generator = _read(path, self.path, config or Config())
        fitted = fitted_model(generator)
        if fitted.word_index is None:
            raise ValueError(
                "'path' of Model must be a generator that knows words. Got one that was "
                "fitted on integer rows that carry none; fit it on texts."
            )
        self._n = fitted.language_model.n
        self._steps = Steps(fitted)

    @property
    def order(self) -> int:
        """The order of the model."""
        return self._n

    def score(self, sentence: str | bytes, bos: bool = True, eos: bool = True) -> float:
        """Log10 probability of a sentence.

        Parameters
        ----------
        sentence : str or bytes
            Words separated by blanks.
        bos, eos : bool, default=True
            Whether the context of the first word is the start of a sentence, and whether
            the end of the sentence is scored.

        Returns
        -------
        float
        """
        steps, total = self._steps, 0.0
        ids, kept, new_step = steps.ids, steps.kept.get, steps.new_step
        state = steps.start if bos else steps.empty
        for spelled in _as_bytes(sentence).split():
            word = ids[spelled]
            log_p, state = kept((state, word)) or new_step(
                state, word
            )  # inlined `step`
            total += log_p
        return total + steps.step(state, END)[0] if eos else total

    def perplexity(self, sentence: str | bytes) -> float:
        """Perplexity of the words and the end of a sentence.

        Parameters
        ----------
        sentence : str or bytes
            Words separated by blanks.

        Returns
        -------
        float
        """
        n_tokens = len(_as_bytes(sentence).split()) + 1
        return 10.0 ** (-self.score(sentence) / n_tokens)

    def full_scores(
        self, sentence: str | bytes, bos: bool = True, eos: bool = True
    ) -> Iterator[tuple[float, int, bool]]:
        """Score a sentence word by word.

        Parameters
        ----------
        sentence : str or bytes
            Words separated by blanks.
        bos, eos : bool, default=True
            Whether the context of the first word is the start of a sentence, and whether
            the end of the sentence is scored.

        Yields
        ------
        tuple of (float, int, bool)
            For each word, and for the end if it is scored, the values of a
            `FullScoreReturn`.
        """
        state = self._steps.start if bos else self._steps.empty
        words = map(self._steps.ids.__getitem__, _as_bytes(sentence).split())
        for word in (*words, END) if eos else words:
            values, state = self._full(state, word)
            yield values

    def BeginSentenceWrite(self, state: State) -> None:
        """Set a state to that of the start of a sentence.

        Parameters
        ----------
        state : State
            It is changed in place.
        """
        _check(state).context = self._steps.start

    def NullContextWrite(self, state: State) -> None:
        """Set a state to that without context.

        Parameters
        ----------
        state : State
            It is changed in place.
        """
        _check(state).context = self._steps.empty

    def BaseScore(self, in_state: State, word: str, out_state: State) -> float:
        """Log10 probability of a word.

        Parameters
        ----------
        in_state : State
            The state before the word.
        word : str
            ``</s>`` is the end of a sentence.
        out_state : State
            It is set to the state after the word, and may be `in_state`.

        Returns
        -------
        float
            The log10 of p(word | in_state).
        """
        context, number = _check(in_state).context, self._id_of(word)
        log_p, _check(out_state).context = self._steps.step(context, number)
        return log_p

    def BaseFullScore(
        self, in_state: State, word: str, out_state: State
    ) -> FullScoreReturn:
        """Log10 probability of a word, the order of its n-gram, and whether it is unknown.

        Parameters
        ----------
        in_state : State
            The state before the word.
        word : str
            ``</s>`` is the end of a sentence.
        out_state : State
            It is set to the state after the word, and may be `in_state`.

        Returns
        -------
        FullScoreReturn
        """
        context, number = _check(in_state).context, self._id_of(word)
        values, _check(out_state).context = self._full(context, number)
        return FullScoreReturn(*values)

    def _full(self, context, word):
        """The values of a `FullScoreReturn`, and the context after the word."""
        log_p, after = self._steps.step(context, word)
        length = self._steps.length(context, word)
        return (log_p, length, word == UNKNOWN), after

    def _id_of(self, word):
        if isinstance(word, str):
            return self._steps.ids[word.encode()]
        raise TypeError(f"'word' must be a str. Got {word!r}.")

    def __contains__(self, word: str | bytes) -> bool:
        return self._steps.ids[_as_bytes(word)] != UNKNOWN

    def __repr__(self) -> str:
        if self.path is None:
            return f"<Model from {self._source}>"
        return f"<Model from {os.path.basename(self.path)!r}>"

    def __reduce__(self):
        return type(self), (self._source,)


class LanguageModel(Model):
    """The name of `Model` in old versions of KenLM.

    Parameters
    ----------
    path : str, bytes, path-like or NGramTextGenerator
        An ARPA file, or a generator that was fitted on texts.
    config : Config, default=None
        The options of reading the file; None is ``Config()``.
    """


def _read(path, absolute, config):
    """Read an ARPA file; errors are those of KenLM."""
    try:
        with warnings.catch_warnings():
            if config.arpa_complain == ARPALoadComplain.NONE:
                warnings.simplefilter("ignore")
            name = os.fsdecode(absolute)  # warnings name it
            return read_arpa(name, unknown_log_proba=_NO_UNKNOWN, zero_log_proba=-inf)
    except (OSError, ValueError) as error:
        message = str(error).replace("\n", " ")
        raise OSError(f"Cannot read model '{path}' ({message})") from error


def _as_path(path):
    return path if isinstance(path, bytes) else _as_bytes(os.fspath(path))


def _as_bytes(text):
    if isinstance(text, str):
        return text.encode()
    if isinstance(text, bytes):
        return text
    raise TypeError(f"Cannot convert {type(text)} to string")


def _check(state):
    if isinstance(state, State):
        return state
    raise TypeError(f"A state must be a State. Got {state!r}.")
