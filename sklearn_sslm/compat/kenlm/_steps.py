"""From one state to the next, word by word."""

from __future__ import annotations

from math import inf, log10
from typing import TypeAlias

from ...base import FittedModel
from ...ngrams import BOUNDARY, precomputed_scorer
from ...words import UNKNOWN, tokenizer_of

Context: TypeAlias = tuple[int, int]
Step: TypeAlias = tuple[float, Context]

BEGIN = -2
"""Stands for a mark that a text begins, which has no id."""

END = BOUNDARY
_MARKS = {b"<s>": BEGIN, b"</s>": END, b"<unk>": UNKNOWN, b"<UNK>": UNKNOWN}
_MOST = 1 << 16
"""Ids of words that are kept for the next time."""

_MOST_STEPS = 1 << 14
"""Steps that are kept: those that come first, as to keep one takes as long as a step."""


class Steps:
    """What each word scores after each context, and the context after it.

    The logarithms are to base 10. Words are looked up as `ids`.

    Parameters
    ----------
    fitted : FittedModel
        It knows words.

    Attributes
    ----------
    kept : dict of (tuple, int) to (float, tuple)
        The steps that were asked for first, by context and word.
    start, empty : tuple of (int, int)
        Where a text begins, and no context.
    ids : dict of bytes to int
        The id of each word: `END` of the end of a text, −1 of an unknown word, and
        `BEGIN` of the mark that a text begins.

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
        """What a word scores after a context, and the context after it."""
        return self.kept.get((context, word)) or self.new_step(context, word)

    def new_step(self, context: Context, word: int) -> Step:
        """Work out the step of a word after a context."""
        if word == BEGIN:
            p, after = self._scorer.backoff_product(context), self.start
        else:
            p, after = self._score(context, word)
            if word == END:
                after = self.empty
            elif self._prunes:
                after = self._after(after)
        step = (log10(p) if p else -inf), after
        if len(self.kept) < _MOST_STEPS:
            self.kept[context, word] = step
        return step

    def length(self, context: Context, word: int) -> int:
        """Words of the longest n-gram known that ends in a word; 1 if none is."""
        if word == BEGIN:
            return 1
        seen, *_ = self._scorer.origin(context, word)
        return max(seen, 1)

    def _after(self, context):
        return self._scorer.without_pruned(context) if self._prunes else context


class _Ids(dict[bytes, int]):
    """The ids of words, each looked up once."""

    def __init__(self, vocabulary, tokenizer):
        super().__init__(_MARKS)
        self._id_of = vocabulary.get
        self._preprocess = None if tokenizer.is_plain else tokenizer.preprocess

    def __missing__(self, word):
        if len(self) >= _MOST:
            self.clear()
            self.update(_MARKS)
        text = word.decode("utf-8", "surrogateescape")
        if self._preprocess is not None:
            text = self._preprocess(text)
        self[word] = number = self._id_of(text, UNKNOWN)
        return number
