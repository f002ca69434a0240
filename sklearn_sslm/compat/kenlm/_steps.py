"""The steps of scoring: from a context and a word to a score and the next context."""

from __future__ import annotations

from math import inf, log10
from typing import TypeAlias

from ...base import FittedModel
from ...ngrams import BOUNDARY, precomputed_scorer
from ...words import UNKNOWN, tokenizer_of

Context: TypeAlias = tuple[int, int]
Step: TypeAlias = tuple[float, Context]

BEGIN = -2
"""Stands for the mark ``<s>`` of the start of a text, which has no id."""

END = BOUNDARY
_MARKS = {b"<s>": BEGIN, b"</s>": END, b"<unk>": UNKNOWN, b"<UNK>": UNKNOWN}
_MAX_IDS = 1 << 16
"""Maximum number of cached ids of words."""

_MAX_STEPS = 1 << 14
"""Maximum number of cached steps. The first ones stay: replacing takes as long as a step."""


class Steps:
    """The log10 probability of each word in each context, and the context after it.

    Parameters
    ----------
    fitted : FittedModel
        It knows words.

    Attributes
    ----------
    kept : dict of (tuple, int) to (float, tuple)
        The cached steps by context and word.
    start, empty : tuple of (int, int)
        The context at the start of a text, and the one without words.
    ids : dict of bytes to int
        The id of each word: −1 for unknown words, `END` for ``</s>`` and `BEGIN` for
        ``<s>``.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.base import fitted_model
    >>> steps = Steps(fitted_model(NGramTextGenerator(n=2).fit(["a b", "a c"])))
    >>> log10_p, after_a = steps.step(steps.start, steps.ids[b"a"])
    >>> log10_p, round(steps.step(after_a, steps.ids[b"b"])[0], 3)
    (0.0, -0.301)
    """

    def __init__(self, fitted: FittedModel) -> None:
        assert fitted.word_index is not None
        assert fitted.vocabulary is not None
        self.kept: dict[tuple[Context, int], Step] = {}
        self._scorer = precomputed_scorer(fitted.language_model)
        self._score = self._scorer.score
        self._prunes = max(self._scorer.model.min_count) > 1
        self.ids = _Ids(fitted.vocabulary, tokenizer_of(fitted.word_index))
        self.start = self._after(self._scorer.start)
        self.empty = self._scorer.empty

    def step(self, context: Context, word: int) -> Step:
        """The log10 probability of a word in a context, and the context after it."""
        return self.kept.get((context, word)) or self.new_step(context, word)

    def new_step(self, context: Context, word: int) -> Step:
        """Compute the step of a word in a context, and cache it."""
        if word == BEGIN:
            p, after = self._scorer.backoff_product(context), self.start
        else:
            p, after = self._score(context, word)
            if word == END:
                after = self.empty
            elif self._prunes:
                after = self._after(after)
        step = (log10(p) if p else -inf), after
        if len(self.kept) < _MAX_STEPS:
            self.kept[context, word] = step
        return step

    def length(self, context: Context, word: int) -> int:
        """Order of the longest known n-gram that ends in a word; 1 if there is none."""
        if word == BEGIN:
            return 1
        order, *_ = self._scorer.origin(context, word)
        return max(order, 1)

    def _after(self, context):
        """The longest suffix of a context that has a word after it."""
        return self._scorer.without_pruned(context) if self._prunes else context


class _Ids(dict[bytes, int]):
    """The ids of words by their spelling; each one is looked up once."""

    def __init__(self, vocabulary, tokenizer):
        super().__init__(_MARKS)
        self._id_of = vocabulary.get
        self._preprocess = None if tokenizer.is_plain else tokenizer.preprocess

    def __missing__(self, word):
        if len(self) >= _MAX_IDS:
            self.clear()
            self.update(_MARKS)
        text = word.decode("utf-8", "surrogateescape")
        if self._preprocess is not None:
            text = self._preprocess(text)
        self[word] = number = self._id_of(text, UNKNOWN)
        return number
