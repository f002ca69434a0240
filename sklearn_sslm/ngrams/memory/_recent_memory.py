"""A memory of recent words that hears one token after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ._context_counts import ContextCounts
from ._decay_clock import DecayClock
from ._decaying_table import DecayingTable
from ._escapes import BLOCK, N_BUCKETS, Escapes, bucket_of
from ._memory_rules import MemoryLevel, MemoryRules
from ._mixing import TINY
from ._recall import Frequent, Part, Recall

_MANY = 256
"""Words after a context of which the most frequent are noted."""

_N_FREQUENT = 64
"""How many are noted."""

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
        self._clock = DecayClock(rules.half_lives)
        self._n = len(rules.half_lives)
        orders = range(rules.min_n, rules.n + 1)
        self._tables = [DecayingTable(self._n) for _ in orders]
        self._find = [table.after.get for table in self._tables]
        # For each table how many tokens before its words are their context.
        self._n_before = [order - 1 for order in orders]
        self._spans = [MemoryLevel(1, half_life).span for half_life in rules.half_lives]
        self._size = rules.span + 1
        self._escapes = Escapes(rules)
        self._probability = self._escapes.probability.tolist()
        # Of escapes in this block: bucket, escaped and reached of one after the other.
        self._uses: list[float] = []
        self._text: tuple[int, ...] = ()  # its last tokens
        self._recent: list[Any] = []  # what is not forgotten yet; a ring
        self._overwritten: list[Any] | None = None  # parts of it, in a trial
        self._frequent: dict[tuple[int, ...], Frequent] = {}  # after some contexts
        self._noted_at: tuple[int, list[float]] = (-BLOCK - 1, [])

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
        contexts = self._contexts(self._text)
        heard = [
            find(context) for find, context in zip(self._find, contexts, strict=False)
        ]
        if p is not None:
            if word >= self.n_ids:
                p /= len(self.new_words) + 1
            p = self._predict(heard, word, p)
        self._remember(contexts, heard, word)
        if not self.n_heard % BLOCK:
            self._learn_escapes()
        return p

    def recall(self) -> Recall:
        """What this memory gives to the next token."""
        return self._recall_after(self._text, self._clock.now, ())

    def recall_after(self, words: Sequence[int]) -> Recall | None:
        """What this memory would give to the next token of a text that it had heard.

        Parameters
        ----------
        words : sequence of int
            The text so far.

        Returns
        -------
        Recall or None
            None if something would happen meanwhile that depends on the probabilities of
            these words, as escapes that are learned do; hear them in a `trial` then.
        """
        if len(words) >= min(BLOCK - self.n_heard % BLOCK, *self._spans):
            return None
        now = self._clock.at(self.n_heard + len(words))
        return self._recall_after((_OPENING, *words), now, words)

    def copy(self) -> Memory:
        """The same, hearing on apart."""
        twin = Memory(self.rules, self.n_ids)
        twin.__setstate__(self.__getstate__())
        return twin

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What is heard inside is forgotten again at the end, as if it had not been."""
        attributes = self.__dict__.copy()
        clock = self._clock.now, self._clock.origins
        n_recent = len(self._recent)
        self._overwritten = []
        self.new_words, self._uses = self.new_words.copy(), self._uses.copy()
        self._frequent = self._frequent.copy()
        learned = self._escapes.learned
        for table in self._tables:
            table.begin()
        try:
            yield
        finally:
            for table in self._tables:
                table.undo()
            for place, heard in reversed(self._overwritten):
                self._recent[place] = heard
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
            self.n_heard,
            self.new_words.copy(),
            self._clock.origins,
            [table.state() for table in self._tables],
            self._escapes.learned,  # replaced, never changed
            self._uses.copy(),
            self._text,
            self._recent.copy(),
        )

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.n_heard, self.new_words, origins, tables, learned, *rest = state
        self._uses, text, self._recent = rest
        self._text = tuple(text)
        self._clock.origins = origins
        self._clock.now = self._clock.at(self.n_heard)
        for table, after in zip(self._tables, tables, strict=True):
            table.after.update(after)  # what `_find` looks into
        self._escapes.learned = learned
        self._escapes.estimate()
        self._probability = self._escapes.probability.tolist()

    def _contexts(self, text) -> list[tuple[int, ...] | None]:
        """For each table the last tokens of a text, None where it is too short."""
        size = len(text)
        return [text[size - n :] if n <= size else None for n in self._n_before]

    def _predict(self, heard, word, p):
        """The probability of a token; notes how much of it came from below each memory."""
        possible, q, passed = p > 0, p or TINY, []
        probability, now, n, first = self._probability, self._clock.now, self._n, 0
        for of_table, has_context in zip(heard, self._n_before, strict=True):
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
        reached = kept = 1.0
        for bucket, e, below in reversed(passed):
            kept *= e
            escaped = kept * below / q  # that the word came from below, given it came
            self._uses += bucket, escaped, reached
            reached = escaped
        return q if possible else 0.0

    def _remember(self, contexts, heard, word):
        """Count a token, and forget those whose span is over."""
        time, size, now, n, repeated = (
            self.n_heard,
            self._size,
            self._clock.now,
            self._n,
            0,
        )
        for i, context in enumerate(contexts):
            if context is not None:
                bits = self._tables[i].add(context, heard[i], word, now)
                repeated |= bits << i * n
        event = word, self._text, repeated  # few objects, as there will be many
        if time < size:
            self._recent.append(event)
        else:
            if self._overwritten is not None:
                self._overwritten.append((time % size, self._recent[time % size]))
            self._recent[time % size] = event
        if word >= self.n_ids:
            self.new_words[word] = time
        self._text = (*self._text, word)[-max(self.rules.n - 1, 1) :]
        self.n_heard = time + 1
        if rescaled := self._clock.go_to(time + 1):
            for table in self._tables:
                table.rescale(rescaled)
        self._forget_oldest(time)

    def _forget_oldest(self, time):
        """Forget the tokens whose span is over after that time."""
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

    def _recall_after(self, text, now, words):
        """What is given after the last tokens of a text, whose words are not yet heard."""
        kept, parts, n = 1.0, [], self._n
        contexts = self._contexts(text)
        for i in range(len(contexts) - 1, -1, -1):
            context = contexts[i]
            if context is None:
                continue
            heard = self._heard_after(i, context, words)
            weights = [0.0] * n
            for j in range(n - 1, -1, -1):
                total = heard.totals[j]
                if total:
                    bucket = (i * n + j) * N_BUCKETS
                    if context:
                        bucket += bucket_of(total / now[j], heard.repeats[j] / now[j])
                    e = self._probability[bucket]
                    weights[j] = kept * (1 - e) / total
                    kept *= e
            if any(weights):
                part = Part(weights, heard.changed, heard.counts)
                parts.append(self._with_frequent(part, context))
        return self._recall_of(kept, parts[::-1], words)

    def _heard_after(self, i, context, words):
        """What a table would have heard after a context, had it heard a text."""
        n, size = self._n, self._n_before[i]
        counts = ContextCounts(self._tables[i].after.get(context), n)
        text = _OPENING, *words
        for place, word in enumerate(words, start=1):
            time = self.n_heard + place - 1
            if place >= size and text[place - size : place] == context:
                counts.add(word, self._clock.at(time))
            for j, span in enumerate(self._spans):
                if time >= span:
                    old, before, repeated = self._recent[(time - span) % self._size]
                    if len(before) >= size and before[len(before) - size :] == context:
                        count = self._clock.count(time - span, j)
                        counts.remove(j, count, old, repeated >> i * n)
        return counts

    def _recall_of(self, kept, parts, words):
        """What `recall` returns, given the parts of it."""
        new_words, gone = self.new_words, set()
        for time in range(self.n_heard, self.n_heard + len(words)):
            old = time - self.rules.span
            if old >= 0:
                word = self._recent[old % self._size][0]
                if new_words.get(word) == old and word not in words:
                    gone.add(word)
        added = {word for word in words if word >= self.n_ids and word not in new_words}
        since = range(self._noted_at[0], self.n_heard) if self._frequent else ()
        lately = {self._recent[time % self._size][0] for time in since}
        return Recall(self.n_ids, kept, parts, new_words, added, gone, lately)

    def _with_frequent(self, part, context):
        """A part, with what is frequent if it has many words.

        That was noted not long ago, and since counts were rescaled.
        """
        if len(part.counts) <= _MANY:
            return part
        noted_at, origins = self._noted_at
        if self.n_heard > noted_at + BLOCK or origins != self._clock.origins:
            self._frequent = {}
            self._noted_at = self.n_heard, self._clock.origins
        frequent = self._frequent.get(context)
        if frequent is None:
            frequent = self._frequent[context] = Frequent.of(part, _N_FREQUENT)
        return part._replace(frequent=frequent)

    def _learn_escapes(self):
        if self._uses:
            bucket, escaped, reached = np.array(self._uses).reshape(-1, 3).T
            self._escapes.learn(bucket.astype(np.intp), escaped, reached)
            self._probability = self._escapes.probability.tolist()
            self._uses = []
