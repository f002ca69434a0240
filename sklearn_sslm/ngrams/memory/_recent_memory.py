"""A memory of recent words that observes one token after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ._context_counts import ContextCounts
from ._decay_clock import DecayClock
from ._decaying_table import DecayingTable
from ._escapes import BLOCK, N_BUCKETS, Escapes, bucket_of
from ._memory_mixture import LargestShares, MemoryMixture, OrderShares
from ._memory_rules import MemoryLevel, MemoryRules
from ._mixing import TINY

_MANY = 256
"""Words after a context from which on the largest shares are cached."""

_N_LARGEST = 64
"""Number of words whose shares are cached."""

_OPENING = -2
"""The start of a text in contexts; 0 is a boundary inside of a text."""


class Memory:
    """The decayed counts of recent tokens, mixed with a language model token by token.

    The same probabilities as `mix_with_memory` computes for a whole stream.

    Parameters
    ----------
    rules : MemoryRules
    n_ids : int
        Number of ids of the language model. Ids from there on are words that only this
        memory knows; −1 stands for all other unknown words together.

    Attributes
    ----------
    n_observed : int
        Number of tokens observed so far.
    new_words : dict of int to int
        Ids from `n_ids` on that have counts, and the time (`n_observed`) of the last
        occurrence of each.

    Examples
    --------
    >>> memory = Memory(MemoryRules((100,), n=1, start=0.9), n_ids=3)
    >>> memory.start_text()
    >>> memory.observe(1, 0.25), round(memory.observe(1, 0.25), 3)  # 0.9 · 0.25 + 0.1 · 1
    (0.25, 0.325)
    """

    def __init__(self, rules: MemoryRules, n_ids: int) -> None:
        self.rules = rules
        self.n_ids = n_ids
        self.n_observed = 0
        self.new_words: dict[int, int] = {}
        self._clock = DecayClock(rules.half_lives)
        self._n = len(rules.half_lives)
        orders = range(rules.min_n, rules.n + 1)
        self._tables = [DecayingTable(self._n) for _ in orders]
        self._find = [table.after.get for table in self._tables]
        self._n_before = [order - 1 for order in orders]  # length of the contexts
        self._spans = [MemoryLevel(1, half_life).span for half_life in rules.half_lives]
        self._size = rules.span + 1
        self._escapes = Escapes(rules)
        self._probability = self._escapes.probability.tolist()
        # The uses of levels in this block, flat: bucket, escaped, reached, bucket, …
        self._uses: list[float] = []
        self._text: tuple[int, ...] = ()  # the last tokens of the current text
        self._recent: list[Any] = []  # ring buffer of the tokens within the span
        self._overwritten: list[Any] | None = None  # items of it, during a trial
        self._largest: dict[tuple[int, ...], LargestShares] = {}  # by context
        self._largest_since: tuple[int, list[float]] = (-BLOCK - 1, [])

    def start_text(self) -> None:
        """Start a new text: contexts do not reach into the one before."""
        self._text = (_OPENING,)

    def observe(self, word: int, p: float | None = None) -> float | None:
        """Compute the probability of the next token, then count it.

        Parameters
        ----------
        word : int
            The id of the token; 0 is the end of a text.
        p : float, default=None
            Its probability by the language model; for ids from `n_ids` on, that of the
            unknown word. None counts the token without predicting it, as for messages.

        Returns
        -------
        float or None
            The probability of the token by the mixture, given all tokens before.
        """
        contexts = self._contexts(self._text)
        entries = [
            find(context) for find, context in zip(self._find, contexts, strict=False)
        ]
        if p is not None:
            if word >= self.n_ids:
                p /= len(self.new_words) + 1
            p = self._predict(entries, word, p)
        self._count(contexts, entries, word)
        if not self.n_observed % BLOCK:
            self._learn_escapes()
        return p

    def mixture(self) -> MemoryMixture:
        """The mixture with a language model for the next token."""
        return self._mixture_after(self._text, self._clock.now, ())

    def mixture_after(self, words: Sequence[int]) -> MemoryMixture | None:
        """The `mixture` as it would be after a new text, which is not observed.

        Parameters
        ----------
        words : sequence of int
            The text so far.

        Returns
        -------
        MemoryMixture or None
            None if observing these words would update the escape probabilities, or drop
            some of them already; then observe them in a `trial`.
        """
        if len(words) >= min(BLOCK - self.n_observed % BLOCK, *self._spans):
            return None
        now = self._clock.at(self.n_observed + len(words))
        return self._mixture_after((_OPENING, *words), now, words)

    def copy(self) -> Memory:
        """An independent copy."""
        twin = Memory(self.rules, self.n_ids)
        twin.__setstate__(self.__getstate__())
        return twin

    @contextmanager
    def trial(self) -> Iterator[None]:
        """A context manager at whose end all that was observed inside is undone."""
        attributes = self.__dict__.copy()
        clock = self._clock.now, self._clock.origins
        n_recent = len(self._recent)
        self._overwritten = []
        self.new_words, self._uses = self.new_words.copy(), self._uses.copy()
        self._largest = self._largest.copy()
        learned = self._escapes.learned
        for table in self._tables:
            table.begin()
        try:
            yield
        finally:
            for table in self._tables:
                table.undo()
            for place, event in reversed(self._overwritten):
                self._recent[place] = event
            del self._recent[n_recent:]
            self.__dict__.update(attributes)
            self._clock.now, self._clock.origins = clock
            self._escapes.learned = learned
            self._escapes.estimate()

    def __reduce__(self) -> tuple[Any, ...]:
        return Memory, (self.rules, self.n_ids), self.__getstate__()

    def __getstate__(self) -> tuple[Any, ...]:
        # Copies of plain values: pickles name public classes only.
        return (
            self.n_observed,
            self.new_words.copy(),
            self._clock.origins,
            [table.state() for table in self._tables],
            self._escapes.learned,  # replaced, never changed
            self._uses.copy(),
            self._text,
            self._recent.copy(),
        )

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.n_observed, self.new_words, origins, tables, learned, *rest = state
        self._uses, text, self._recent = rest
        self._text = tuple(text)
        self._clock.origins = origins
        self._clock.now = self._clock.at(self.n_observed)
        for table, after in zip(self._tables, tables, strict=True):
            table.after.update(after)  # in place: `_find` has methods of this dict
        self._escapes.learned = learned
        self._escapes.estimate()
        self._probability = self._escapes.probability.tolist()

    def _contexts(self, text) -> list[tuple[int, ...] | None]:
        """For each table, the context at the end of a text; None if it is too short."""
        size = len(text)
        return [text[size - n :] if n <= size else None for n in self._n_before]

    def _predict(self, entries, word, p):
        """The probability of a token; records the uses of levels to update escapes."""
        possible, q, passed = p > 0, p or TINY, []
        probability, now, n, first = self._probability, self._clock.now, self._n, 0
        for of_table, has_context in zip(entries, self._n_before, strict=True):
            if of_table is not None:
                counts = of_table[0].get(word)
                for i in range(n):
                    total = of_table[i + 1]
                    if not total:
                        continue
                    bucket = first + i * N_BUCKETS
                    if has_context:
                        bucket += bucket_of(
                            total / now[i], of_table[n + i + 1] / now[i]
                        )
                    e = probability[bucket]
                    passed.append((bucket, e, q))
                    q *= e
                    if counts is not None and counts[i]:
                        q += (1 - e) * counts[i] / total
                        possible = True
            first += n * N_BUCKETS
        reached = weight = 1.0
        for bucket, e, below in reversed(passed):
            weight *= e
            escaped = weight * below / q  # posterior of a level below this one
            self._uses += bucket, escaped, reached
            reached = escaped
        return q if possible else 0.0

    def _count(self, contexts, entries, word):
        """Count a token, and drop those whose span is over."""
        time, size, now, n, repeated = (
            self.n_observed,
            self._size,
            self._clock.now,
            self._n,
            0,
        )
        for i, context in enumerate(contexts):
            if context is not None:
                bits = self._tables[i].add(context, entries[i], word, now)
                repeated |= bits << i * n
        event = word, self._text, repeated  # a plain tuple, as there will be many
        if time < size:
            self._recent.append(event)
        else:
            if self._overwritten is not None:
                self._overwritten.append((time % size, self._recent[time % size]))
            self._recent[time % size] = event
        if word >= self.n_ids:
            self.new_words[word] = time
        self._text = (*self._text, word)[-max(self.rules.n - 1, 1) :]
        self.n_observed = time + 1
        if rescaled := self._clock.go_to(time + 1):
            for table in self._tables:
                table.rescale(rescaled)
        self._drop_oldest(time)

    def _drop_oldest(self, time):
        """Drop the token whose span ends at this time, for each half-life."""
        n, tables, n_before = self._n, self._tables, self._n_before
        for j in range(n - 1, -1, -1):  # the longest half-life last
            old = time - self._spans[j]
            if old < 0:
                continue
            word, text, repeated = self._recent[old % self._size]
            count, size = self._clock.count(old, j), len(text)
            for i, before in enumerate(n_before):
                if before <= size:
                    context = text[size - before :]
                    tables[i].remove(j, count, context, word, repeated >> i * n)
            if not j and self.new_words.get(word) == old:
                del self.new_words[word]

    def _mixture_after(self, text, now, words):
        """The mixture after a text whose `words` are not observed yet."""
        model_weight, orders, n = 1.0, [], self._n
        contexts = self._contexts(text)
        for i in range(len(contexts) - 1, -1, -1):
            context = contexts[i]
            if context is None:
                continue
            counts = self._counts_after(i, context, words)
            weights = [0.0] * n
            for j in range(n - 1, -1, -1):
                total = counts.totals[j]
                if total:
                    bucket = (i * n + j) * N_BUCKETS
                    if context:
                        bucket += bucket_of(total / now[j], counts.repeats[j] / now[j])
                    e = self._probability[bucket]
                    weights[j] = model_weight * (1 - e) / total
                    model_weight *= e
            if any(weights):
                order = OrderShares(weights, counts.changed, counts.counts)
                orders.append(self._with_largest(order, context))
        return self._mixture_of(model_weight, orders[::-1], words)

    def _counts_after(self, i, context, words):
        """The counts of table i after a context, as they would be after a new text."""
        n, size = self._n, self._n_before[i]
        counts = ContextCounts(self._tables[i].after.get(context), n)
        text = _OPENING, *words
        for place, word in enumerate(words, start=1):
            time = self.n_observed + place - 1
            if place >= size and text[place - size : place] == context:
                counts.add(word, self._clock.at(time))
            for j, span in enumerate(self._spans):
                if time >= span:
                    old, before, repeated = self._recent[(time - span) % self._size]
                    if len(before) >= size and before[len(before) - size :] == context:
                        count = self._clock.count(time - span, j)
                        counts.remove(j, count, old, repeated >> i * n)
        return counts

    def _mixture_of(self, model_weight, orders, words):
        """The mixture with the given weights, after words that are not observed yet."""
        new_words, dropped = self.new_words, set()
        for time in range(self.n_observed, self.n_observed + len(words)):
            old = time - self.rules.span
            if old >= 0:
                word = self._recent[old % self._size][0]
                if new_words.get(word) == old and word not in words:
                    dropped.add(word)
        added = {word for word in words if word >= self.n_ids and word not in new_words}
        since = range(self._largest_since[0], self.n_observed) if self._largest else ()
        recent = {self._recent[time % self._size][0] for time in since}
        return MemoryMixture(
            self.n_ids, model_weight, orders, new_words, added, dropped, recent
        )

    def _with_largest(self, order, context):
        """The shares of an order, with the largest ones if the context has many words.

        These are cached for a block, or until counts are rescaled.
        """
        if len(order.counts) <= _MANY:
            return order
        since, origins = self._largest_since
        if self.n_observed > since + BLOCK or origins != self._clock.origins:
            self._largest = {}
            self._largest_since = self.n_observed, self._clock.origins
        largest = self._largest.get(context)
        if largest is None:
            largest = self._largest[context] = LargestShares.of(order, _N_LARGEST)
        return order._replace(largest=largest)

    def _learn_escapes(self):
        if self._uses:
            bucket, escaped, reached = np.array(self._uses).reshape(-1, 3).T
            self._escapes.learn(bucket.astype(np.intp), escaped, reached)
            self._probability = self._escapes.probability.tolist()
            self._uses = []
