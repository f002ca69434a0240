"""From one state to the next, word by word."""

from __future__ import annotations

from math import inf, log10
from typing import TypeAlias

from ...base import FittedModel
from ...ngrams import BOUNDARY, Scorer, stored_form
from ...words import UNKNOWN, tokenizer_of

Context: TypeAlias = tuple[int, int]

BEGIN, END = b"<s>", b"</s>"
_MARKS = {END: BOUNDARY, b"<unk>": UNKNOWN, b"<UNK>": UNKNOWN}
_MOST = 1 << 16
"""Steps that are kept for the next time."""


class Steps(dict[tuple[Context, bytes], tuple[float, Context]]):
    """What each word scores after each context, and the context after it.

    Steps are worked out when they are first asked for. The logarithms are to base 10.

    Parameters
    ----------
    fitted : FittedModel
        It knows words.

    Attributes
    ----------
    start, empty : tuple of (int, int)
        Where a text begins, and no context.
    ids : dict of bytes to int
        The id of each word, 0 of the end of a text, −1 of an unknown word.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.base import fitted_model
    >>> steps = Steps(fitted_model(NGramTextGenerator(n=2).fit(["a b", "a c"])))
    >>> log10_p, after_a = steps[steps.start, b"a"]
    >>> log10_p, round(steps[after_a, b"b"][0], 3)
    (0.0, -0.301)
    """

    def __init__(self, fitted: FittedModel) -> None:
        super().__init__()
        assert fitted.word_index is not None
        assert fitted.vocabulary is not None
        model = fitted.rebuilt().language_model
        self._prunes = max(model.min_count) > 1
        looks_on = model.smoothing.lower_order != "uniform"
        if model.is_precomputed and looks_on and not self._prunes:
            model = stored_form(model)
        self._scorer = Scorer(model)
        self.ids = _Ids(fitted.vocabulary, tokenizer_of(fitted.word_index))
        self.start = self._after(self._scorer.start)
        self.empty = self._scorer.empty

    def __missing__(self, asked):
        if len(self) >= _MOST:
            self.clear()
        self[asked] = step = self._step(*asked)
        return step

    def _step(self, context, word):
        if word == BEGIN:
            return _log(self._scorer.handed_on(context)), self.start
        p, after = self._scorer.score(context, self.ids[word])
        return _log(p), self.empty if word == END else self._after(after)

    def length(self, context: Context, word: bytes) -> int:
        """Words of the longest n-gram known that ends in a word; 1 if none is."""
        if word == BEGIN:
            return 1
        seen, *_ = self._scorer.origin(context, self.ids[word])
        return max(seen, 1)

    def _after(self, context):
        return self._scorer.without_pruned(context) if self._prunes else context


class _Ids(dict[bytes, int]):
    """The ids of words, each looked up once."""

    def __init__(self, vocabulary, tokenizer):
        super().__init__(_MARKS)
        self._vocabulary = vocabulary
        self._tokenizer = tokenizer

    def __missing__(self, word):
        if len(self) >= _MOST:
            self.clear()
            self.update(_MARKS)
        text = self._tokenizer.preprocess(word.decode(errors="surrogateescape"))
        self[word] = number = self._vocabulary.get(text, UNKNOWN)
        return number


def _log(p):
    return log10(p) if p else -inf
