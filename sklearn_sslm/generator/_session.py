"""A conversation with a generator that remembers recent words."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..base import as_sample, stream_of
from ..ngrams import distribution_with_memory, likeliest_with_memory
from ..utils import check_count
from ..words import Samples
from ._completions import checked_prefixes, ids_starting, likeliest_of
from ._explanations import explained
from ._matching import matched
from ._nothing_to_say import NOTHING
from ._session_replies import SessionReplies
from ._session_state import SessionState

_MAX_CACHED = 4096
"""Texts whose next words are cached until the session observes something."""


class Session:
    """A conversation with a text generator that remembers recent words.

    `NGramTextGenerator.session` makes it. The session observes texts, messages and its own
    replies, and their words and phrases become likelier, as described in
    `sklearn_sslm.memory.RecentWords`. The model is not changed, and what it learns or
    forgets later does not change the session. A session does not copy the model's counts,
    so that each visitor can have one. It can be pickled, together with its model.

    Unknown words that are observed get ids above those of the model. They can be suggested
    and drawn until they are forgotten, ten of the longest half-lives later.

    Parameters
    ----------
    generator : NGramTextGenerator
        A fitted one; the session uses its parameters.

    Attributes
    ----------
    n_tokens_ : int
        Number of observed tokens: words and ends of texts, those of replies included.
    words_ : list of str
        The word of each column of `next_word_proba`: the words of the model, then the new
        words of this session.

    See Also
    --------
    NGramTextGenerator.session : Makes a session.
    sklearn_sslm.memory.RecentWords : The parameters of the memory.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> model = NGramTextGenerator(smoothing="kneser_ney").fit(["my dog", "my cat"])
    >>> session = model.session()
    >>> session.next_words(["my"], k=2)
    [[('dog', 0.31...), ('cat', 0.31...)]]
    >>> session = session.observe(["my robot sings"] * 20)
    >>> session.next_words(["my"], k=2)
    [[('robot', 0.47...), ('dog', 0.16...)]]
    >>> session.n_tokens_, session.forget().n_tokens_
    (80, 0)
    """

    __module__ = "sklearn_sslm"  # where users have it

    def __init__(self, generator: Any) -> None:
        self._use(SessionState(copy.copy(generator)))  # what was learned is shared

    def _use(self, state):
        self._state = state
        self._cache: dict[tuple[int, ...], Any] = {}
        self._cached_at = 0

    @property
    def n_tokens_(self) -> int:
        """Number of observed words and ends of texts."""
        return self._state.memory.n_observed

    @property
    def words_(self) -> list[Any]:
        """The word of each column of `next_word_proba`."""
        fitted, new = self._state.fitted, sorted(self._state.memory.new_words)
        if fitted.word_index is None:
            return list(range(fitted.n_ids))
        return fitted.word_index.words_ + self._state.words_of(new)

    def forget(self) -> Self:
        """Forget all that was observed.

        Returns
        -------
        self : Session
        """
        self._use(SessionState(self._state.generator))
        return self

    def observe(self, X: str | Samples, y: str | Samples | None = None) -> Self:
        """Add a text, or several in their order, to what the session remembers.

        Parameters
        ----------
        X : str, iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : as X, default=None
            Replies; if given, `X` are the messages that they reply to.

        Returns
        -------
        self : Session

        Raises
        ------
        TypeError, ValueError
            If `X` or `y` is neither texts nor rows of known ids. Then nothing is observed.
        """
        self._state.observe_all(*self._state.read_texts(X, y))
        self._state.prune()
        return self

    def score_samples(self, X: Samples) -> NDArray[np.float64]:
        """Natural log probability of each text, its end included, in this session.

        Each text is scored given what was observed and the texts before it in `X`. The
        session remembers none of them afterwards; `observe` adds them for good.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.

        Returns
        -------
        ndarray of shape (n_samples,), float64
            In nats.

        Raises
        ------
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids.
        """
        state = self._state
        with state.trial(), np.errstate(divide="ignore"):
            p = state.observe_all(*state.read_texts(X))
            return np.array([np.log(of_text).sum() for of_text in p])

    def next_word_proba(self, X: Samples) -> NDArray[np.float64]:
        """Probability of each word to be the next one in this session.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages. Each one is observed for
            its own next word only.

        Returns
        -------
        ndarray of shape (n_samples, n_words), float64
            Column 0 is the end of the text, column j the word ``words_[j]``. A row sums to
            1 minus the probability of unknown words.

        Raises
        ------
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids.
        """
        state, rows = self._state, []
        n_ids, new = state.fitted.n_ids, sorted(state.memory.new_words)
        with state.beginnings(X) as samples:
            for text, context in samples:
                with state.mixture_after(text) as mixture:
                    model = state.fitted.language_model
                    ids, p = distribution_with_memory(model, mixture, context)
                p_new = dict(zip(ids[n_ids:].tolist(), p[n_ids:].tolist(), strict=True))
                of_new = np.array([p_new.get(number, 0) for number in new])
                rows.append(np.concatenate([p[:n_ids], of_new]))
        return np.stack(rows)

    def next_words(
        self, X: Samples, k: int = 5, prefix: str | Iterable[str] | None = None
    ) -> list[list[tuple[Any, float]]]:
        """The `k` likeliest next words in this session, of all or of those with a prefix.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages. Each one is observed for
            its own next word only.
        k : int, default=5
            Maximum number of words; words of probability 0 are omitted.
        prefix : str or iterable of str, default=None
            The first letters of the next word: one prefix for all texts, or one for each;
            see `NGramTextGenerator.next_words`. New words of the session are included.

        Returns
        -------
        list of list of (str, float)
            For each text, words with their probabilities, likeliest first; ``""`` is the
            end. Models of plain integer rows return ids, 0 for the end.

        Raises
        ------
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids, `k` is no int of at least 1, or
            `prefix` is neither a str nor one str for each text; also if there is a prefix
            and the model has ids but no words.
        """
        owner = "Session.next_words"
        k = check_count(k, "k", owner)
        self._empty_old_cache()
        words_of = self._state.words_of
        with self._state.beginnings(X) as samples:
            prefixes = checked_prefixes(prefix, len(samples), owner)
            found = (
                self._likeliest(text, context, each, k)
                for (text, context), each in zip(samples, prefixes, strict=True)
            )
            return [
                list(zip(words_of(ids.tolist()), p.tolist(), strict=True))
                for ids, p in found
            ]

    def explain(
        self, text: str | ArrayLike, message: str | ArrayLike | None = None
    ) -> NDArray[Any]:
        """Explain which n-gram the probability of each word of a text comes from.

        The session does not remember the text.

        Parameters
        ----------
        text : str, or array-like of shape (n_columns,) of int
            A single text or integer row.
        message : as text, default=None
            The message that the text replies to.

        Returns
        -------
        structured ndarray of shape (n_words + 1,)
            The columns of `NGramTextGenerator.explain`. `probability` and `surprise` are
            those in this session; `order` and `weight` are those of the model alone.

        Raises
        ------
        TypeError, ValueError
            If `text` or `message` is neither a text nor a row of known ids.
        """
        state, owner = self._state, "Session.explain"
        before, heard = None, None
        with state.trial():
            if message is not None:
                sample = as_sample(message, "message", owner)
                before, heard = state.read(sample, "message")
                before = matched(before, state.fitted, state.generator.match)
            batch, said = state.read(as_sample(text, "text", owner), "text")
            stream = stream_of(said) if heard is None else stream_of(heard, said)
            n_given = 0 if heard is None else heard.lengths.item() + 1
            (p,) = state.observe_all(stream, [n_given])
        table = explained(state.generator, state.fitted, batch, before)
        table["probability"] = p
        with np.errstate(divide="ignore"):
            table["surprise"] = 0 - np.log2(p)
        return table

    def predict(self, X: Samples) -> NDArray[Any]:
        """Reply to messages in their order, and observe the messages and the replies.

        Of several replies to a message (`num_return_sequences`) the first one is observed.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Messages.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, num_return_sequences), object
            A text for each message. For plain integer rows, int32 rows padded with 0; a row
            is empty where a text would be `fallback_response`.

        Raises
        ------
        TypeError
            If `X` is neither texts nor integer rows.
        ValueError
            If ids are out of range, a word is unknown and ``unknown="error"``,
            `num_beams` is not 1, or `novel` is True.
        """
        to = SessionReplies.to(self._state, X, "X")
        replies = []
        for sample in range(len(to.ids)):
            several = to.all_to(sample, to.observe_message(sample))
            if several is not None:
                replies.append(several)
        as_rows = to.messages.batch.is_plain
        texts = to.writer.as_array(to.messages, replies, as_rows)
        self._state.prune()
        return texts

    def stream(self, message: str) -> Iterator[str]:
        """Reply to one message, word by word; each word is observed as it is drawn.

        Parameters
        ----------
        message : str
            The message, which is observed at once.

        Returns
        -------
        iterator of str
            The words of one reply, as `predict` returns them.

        Raises
        ------
        TypeError
            If `message` is no str.
        ValueError
            As `predict`.
        """
        to = SessionReplies.to(self._state, [message], "message", n_replies=1)
        context = to.observe_message(0)

        def words():
            ids = to.only_words(context)
            if ids == NOTHING:
                yield to.writer.fallback
            else:
                yield from to.writer.streamed(to.messages, ids)
            self._state.prune()

        return words()

    def __repr__(self) -> str:
        return f"<Session: {self.n_tokens_} tokens observed>"

    def __getstate__(self) -> dict[str, Any]:
        names = "generator", "memory", "new_words"
        return {name: getattr(self._state, name) for name in names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._use(SessionState(**state))

    def _empty_old_cache(self):
        """Empty the cache if something was observed, or if it is full."""
        if self._cached_at != self.n_tokens_ or len(self._cache) > _MAX_CACHED:
            self._cache.clear()
            self._cached_at = self.n_tokens_

    def _likeliest(self, text, context, prefix, k):
        """Ids of the likeliest next words of a text, and their probabilities."""
        state = self._state
        found = None if prefix else self._cache.get((k, *text))
        if found is not None:
            return found
        model = state.fitted.language_model
        with state.mixture_after(text) as mixture:
            if prefix:
                some = ids_starting(state.model, prefix, state.generator.match)
                distribution = distribution_with_memory(model, mixture, context)
                return likeliest_of(*distribution, some, k)
            found = likeliest_with_memory(model, mixture, context, k)
        self._cache[k, *text] = found
        return found
