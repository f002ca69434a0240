"""A memory of recent words that hears one token after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._decaying_table import DecayingTable
from ._escapes import BLOCK, N_BUCKETS, Escapes, bucket_of
from ._memory_rules import MemoryRules
from ._mixing import TINY

_OPENING = -2
"""Stands in contexts for the start of a text, which a 0 inside of one is not."""


class Memory:
    """What was just heard, and how it changes the probabilities of the next token.

    Token by token it does what `mix_with_memory` does with a whole stream.

    Parameters
    ----------
    rules : MemoryRules
    n_ids : int
        Number of ids that the language model knows. Those from there on are words that
        only this memory knows; −1 stands for all unknown words together.

    Attributes
    ----------
    n_heard : int
        Tokens heard so far.
    new_words : dict of int to int
        Ids from `n_ids` on that are remembered, and how many tokens had been heard when
        each came last.

    Examples
    --------
    >>> memory = Memory(MemoryRules((100,), n=1, start=0.9), n_ids=3)
    >>> memory.start_text()
    >>> memory.hear(1, 0.25), round(memory.hear(1, 0.25), 3)  # 0.9 · 0.25 + 0.1 · 1
    (0.25, 0.325)
    """

    def __init__(self, rules: MemoryRules, n_ids: int) -> None:
        self.rules = rules
        self.n_ids = n_ids
        self.n_heard = 0
        self.new_words: dict[int, int] = {}
        self._tables = [DecayingTable(level) for level in rules.levels]
        self._escapes = Escapes(rules)
        self._probability = self._escapes.probability.tolist()
        self._uses: list[tuple[int, float, float]] = []  # of escapes, in this block
        self._text: list[int] = []  # its last tokens
        self._recent: list[Any] = []  # what is not forgotten yet; a ring

    def start_text(self) -> None:
        """A text starts here."""
        self._text = [_OPENING]

    def hear(self, word: int, p: float | None = None) -> float | None:
        """Predict a token, then remember it.

        Parameters
        ----------
        word : int
            Its id; 0 is the end of a text.
        p : float, default=None
            Its probability by the language model; for new words, remembered or not, that
            of the unknown word. None remembers without a prediction, as tokens of messages.

        Returns
        -------
        float or None
            Its probability given what was heard before.
        """
        contexts = self._contexts()
        if p is not None:
            if word >= self.n_ids:
                p /= len(self.new_words) + 1
            p = self._predict(contexts, word, p)
        self._remember(contexts, word)
        self._text = [*self._text, word][-max(self.rules.n - 1, 1) :]
        if not self.n_heard % BLOCK:
            self._learn_escapes()
        return p

    def distribution(self, p: NDArray, p_unknown: float) -> NDArray[np.float64]:
        """Probabilities of all next tokens, given what was heard.

        Parameters
        ----------
        p : ndarray of shape (n_ids,), float64
            Those by the language model.
        p_unknown : float
            That of its unknown word.

        Returns
        -------
        ndarray of shape (n_ids + n_new_words,), float64
            First those of the model's ids, then those of `new_words`, in their order. What
            is missing to 1 is the share of all other unknown words.
        """
        n_new = len(self.new_words)
        q = np.concatenate([p, np.full(n_new, p_unknown / (n_new + 1))])
        column = {word: self.n_ids + j for j, word in enumerate(self.new_words)}
        for _, e, (total, _, words) in self._active(self._contexts()):
            q *= e
            ids = np.array([column.get(word, word) for word in words])
            share = np.fromiter(words.values(), np.float64, len(words)) / total
            known = ids >= 0  # an unknown word has no column
            q[ids[known]] += (1 - e) * share[known]
        return q

    def copy(self) -> Memory:
        """The same, hearing on apart."""
        twin = Memory(self.rules, self.n_ids)
        twin.__setstate__(self.__getstate__())
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        return Memory, (self.rules, self.n_ids), self.__getstate__()

    def __getstate__(self) -> tuple[Any, ...]:
        # Copies of plain values: pickles name public classes only.
        return (
            self.n_heard,
            self.new_words.copy(),
            [table.state() for table in self._tables],
            self._escapes.learned,  # replaced, never changed
            self._uses.copy(),
            self._text,
            self._recent.copy(),
        )

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.n_heard, self.new_words, tables, learned, *rest = state
        self._uses, self._text, self._recent = rest
        for table, of_table in zip(self._tables, tables, strict=True):
            table.set_state(of_table)
        self._escapes.learned = learned
        self._escapes.estimate()
        self._probability = self._escapes.probability.tolist()

    def _contexts(self) -> list[tuple[int, ...] | None]:
        """For each table the last tokens of the text, None where it is too short."""
        text, rules = self._text, self.rules
        contexts: list[tuple[int, ...] | None] = []
        for order in range(rules.min_n, rules.n + 1):
            start = len(text) - order + 1
            context = tuple(text[start:]) if start >= 0 else None
            contexts += [context] * len(rules.half_lives)
        return contexts

    def _active(self, contexts) -> Iterator[tuple[int, float, list[Any]]]:
        """The bucket, escape probability and counts of each table that knows its context."""
        first = 0
        for table, context in zip(self._tables, contexts, strict=True):
            heard = table.after.get(context)
            if heard is not None:
                bucket = first
                if context:
                    bucket += bucket_of(heard[0] / table.now, heard[1] / table.now)
                yield bucket, self._probability[bucket], heard
            first += N_BUCKETS

    def _predict(self, contexts, word, p):
        """The probability of a token; notes how much of it came from below each table."""
        possible, q, passed = p > 0, p or TINY, []
        for bucket, e, (total, _, words) in self._active(contexts):
            passed.append((bucket, e, q))
            q *= e
            if word in words:
                q += (1 - e) * words[word] / total
                possible = True
        reached = escaped = 1.0
        for bucket, e, below in reversed(passed):
            escaped *= e
            self._uses.append((bucket, escaped * below / q, reached))
            reached = escaped * below / q
        return q if possible else 0.0

    def _remember(self, contexts, word):
        """Count a token, and forget those whose span is over."""
        time, size = self.n_heard, self.rules.span + 1
        repeated = [
            context is not None and table.add(context, word)
            for table, context in zip(self._tables, contexts, strict=True)
        ]
        heard = word, contexts, repeated
        if time < size:
            self._recent.append(heard)
        else:
            self._recent[time % size] = heard
        if word >= self.n_ids:
            self.new_words[word] = time
        self.n_heard = time + 1
        for i, table in enumerate(self._tables):
            table.go_to(time + 1)
            old = time - table.level.span
            if old >= 0:
                word, contexts, repeated = self._recent[old % size]
                if contexts[i] is not None:
                    table.remove(old, contexts[i], word, repeated[i])
        old = time - self.rules.span
        if old >= 0:
            word = self._recent[old % size][0]
            if self.new_words.get(word) == old:
                del self.new_words[word]

    def _learn_escapes(self):
        if self._uses:
            bucket, escaped, reached = map(np.array, zip(*self._uses, strict=True))
            self._escapes.learn(bucket, escaped, reached)
            self._probability = self._escapes.probability.tolist()
            self._uses = []
