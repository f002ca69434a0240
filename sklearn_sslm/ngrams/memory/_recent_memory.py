"""A memory of recent words that hears one token after the other."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._decaying_table import DecayingTable
from ._escapes import BLOCK, N_BUCKETS, Escapes, bucket_of
from ._memory_rules import MemoryRules
from ._mixing import TINY

_N_FREQUENT = 32
"""Most frequent single words that `Memory.recall` looks at first."""

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
        self._spans = [level.span for level in rules.levels]
        self._size = rules.span + 1
        self._escapes = Escapes(rules)
        self._probability = self._escapes.probability.tolist()
        # Of escapes in this block: bucket, escaped and reached of one after the other.
        self._uses: list[float] = []
        self._text: tuple[int, ...] = ()  # its last tokens
        # For each table how many tokens before its words are their context.
        self._n_before = [level.order - 1 for level in rules.levels]
        self._recent: list[Any] = []  # what is not forgotten yet; a ring
        self._overwritten: list[Any] | None = None  # parts of it, in a trial
        self._noted_at: tuple[int, list[float]] = (-BLOCK - 1, [])
        self._frequent: list[tuple[list[int], float]] = []

    def start_text(self) -> None:
        """A text starts here."""
        self._text = (_OPENING,)

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
        if not self.n_heard % BLOCK:
            self._learn_escapes()
        return p

    def try_text(self, words: Sequence[int]) -> bool:
        """Hear the beginning of a text on trial, as far as its next token depends on it.

        Parameters
        ----------
        words : sequence of int

        Returns
        -------
        bool
            False, and nothing is heard, if escapes will be learned meanwhile: these depend
            on the probabilities of all words.
        """
        if self.n_heard % BLOCK + len(words) >= BLOCK:
            return False
        self._text = (_OPENING, *words)
        last = self._contexts()
        self.start_text()
        for word in words:
            self._remember(self._contexts(), word, last)
        return True

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
            First those of the model's ids, then those of `new_words` in rising order. What
            is missing to 1 is the share of all other unknown words.
        """
        n_new = len(self.new_words)
        q = np.concatenate([p, np.full(n_new, p_unknown / (n_new + 1))])
        column = {word: self.n_ids + j for j, word in enumerate(sorted(self.new_words))}
        for _, e, (total, _, words) in self._active(self._contexts()):
            q *= e
            ids = np.array([column.get(word, word) for word in words])
            share = np.fromiter(words.values(), np.float64, len(words)) / total
            known = ids >= 0  # an unknown word has no column
            q[ids[known]] += (1 - e) * share[known]
        return q

    def note_frequent(self) -> None:
        """Note which single words are frequent, for `recall` to look at these alone."""
        noted_at = (self.n_heard, [table.origin for table in self._tables])
        if noted_at != self._noted_at:
            self._noted_at = noted_at
            self._frequent = [
                _most_frequent(table.after[()][2]) if () in table.after else ([], 0.0)
                for table in self._tables
            ]

    def recall(self, words: Iterable[int]) -> tuple[float, dict[int, float], float]:
        """What this memory gives to next tokens.

        Parameters
        ----------
        words : iterable of int
            Tokens that are asked for.

        Returns
        -------
        kept : float
            What is left to the language model: q(w) = kept · p(w) + share(w).
        shares : dict of int to float
            The share of each of `words`, and of all that may have a large one.
        most : float
            No other token has more.
        """
        origins = [table.origin for table in self._tables]
        if self.n_heard > self._noted_at[0] + BLOCK or origins != self._noted_at[1]:
            self.note_frequent()
        since = range(self._noted_at[0], self.n_heard)
        candidates = {*words, *(self._recent[time % self._size][0] for time in since)}
        kept, most, weighted = 1.0, 0.0, []
        for bucket, e, (total, _, counts) in reversed(
            [*self._active(self._contexts())]
        ):
            weight = kept * (1 - e) / total
            kept *= e
            weighted.append((weight, counts))
            level = bucket // N_BUCKETS
            if self._tables[level].level.order > 1:
                candidates.update(counts)
            else:
                frequent, least = self._frequent[level]
                candidates.update(frequent)
                most += weight * least
        shares = dict.fromkeys(candidates, 0.0)
        for weight, counts in weighted:
            some = candidates if len(candidates) < len(counts) else counts
            for word in some:
                if word in counts and word in shares:
                    shares[word] += weight * counts[word]
        return kept, shares, most

    def copy(self) -> Memory:
        """The same, hearing on apart."""
        twin = Memory(self.rules, self.n_ids)
        twin.__setstate__(self.__getstate__())
        return twin

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What is heard inside is forgotten again at the end, as if it had not been."""
        attributes = self.__dict__.copy()
        n_recent = len(self._recent)
        self._overwritten = []
        self.new_words, self._uses = self.new_words.copy(), self._uses.copy()
        learned = self._escapes.learned
        times = [table.begin() for table in self._tables]
        try:
            yield
        finally:
            for table, time in zip(self._tables, times, strict=True):
                table.undo(*time)
            for place, heard in reversed(self._overwritten):
                self._recent[place] = heard
            del self._recent[n_recent:]
            self.__dict__.update(attributes)
            self._escapes.learned = learned
            self._escapes.estimate()

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
        self._uses, text, self._recent = rest
        self._text = tuple(text)
        for table, of_table in zip(self._tables, tables, strict=True):
            table.set_state(of_table)
        self._escapes.learned = learned
        self._escapes.estimate()
        self._probability = self._escapes.probability.tolist()

    def _contexts(self) -> list[tuple[int, ...] | None]:
        """For each table the last tokens of the text, None where it is too short."""
        text = self._text
        size = len(text)
        return [text[size - n :] if n <= size else None for n in self._n_before]

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
        probability, first = self._probability, -N_BUCKETS
        for table, context in zip(self._tables, contexts, strict=True):
            first += N_BUCKETS  # as `_active` does, without a call for each table
            heard = table.after.get(context)
            if heard is None:
                continue
            total, repeats, words = heard
            bucket = first
            if context:
                bucket += bucket_of(total / table.now, repeats / table.now)
            e = probability[bucket]
            passed.append((bucket, e, q))
            q *= e
            count = words.get(word)
            if count is not None:
                q += (1 - e) * count / total
                possible = True
        reached = escaped = 1.0
        for bucket, e, below in reversed(passed):
            escaped *= e
            self._uses += bucket, escaped * below / q, reached
            reached = escaped * below / q
        return q if possible else 0.0

    def _remember(self, contexts, word, only=None):
        """Count a token, and forget those whose span is over; on trial in some contexts."""
        time, size, repeated = self.n_heard, self._size, 0
        for i, (table, context) in enumerate(zip(self._tables, contexts, strict=True)):
            if context is not None and (only is None or context == only[i]):
                repeated |= table.add(context, word) << i
        heard = word, self._text, repeated  # few objects, as there will be many
        if time < size:
            self._recent.append(heard)
        else:
            if self._overwritten is not None:
                self._overwritten.append((time % size, self._recent[time % size]))
            self._recent[time % size] = heard
        if word >= self.n_ids:
            self.new_words[word] = time
        self._text = (*self._text, word)[-max(self.rules.n - 1, 1) :]
        self.n_heard = time + 1
        self._forget_oldest(time, only)

    def _forget_oldest(self, time, only):
        """Go on to the next token, and forget those whose span is over then."""
        size = self._size
        for i, (table, span) in enumerate(zip(self._tables, self._spans, strict=True)):
            table.go_to(time + 1)
            if time >= span:
                word, text, repeated = self._recent[(time - span) % size]
                start = len(text) - self._n_before[i]
                context = text[start:] if start >= 0 else None
                if context is not None and (only is None or context == only[i]):
                    table.remove(time - span, context, word, bool(repeated >> i & 1))
        if time >= size - 1:
            word = self._recent[(time - size + 1) % size][0]
            if self.new_words.get(word) == time - size + 1:
                del self.new_words[word]

    def _learn_escapes(self):
        if self._uses:
            bucket, escaped, reached = np.array(self._uses).reshape(-1, 3).T
            self._escapes.learn(bucket.astype(np.intp), escaped, reached)
            self._probability = self._escapes.probability.tolist()
            self._uses = []


def _most_frequent(counts):
    """The words of the largest counts, and the most that any other has."""
    words = heapq.nlargest(_N_FREQUENT + 1, counts, key=counts.__getitem__)
    if len(words) <= _N_FREQUENT:
        return words, 0.0
    return words[:-1], counts[words[-1]]
