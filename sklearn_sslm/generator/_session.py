"""A conversation with a generator that remembers what was said in it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..base import (
    FittedModel,
    as_sample,
    check_same_length,
    checked_model,
    read,
    stream_of,
)
from ..ngrams import (
    BOUNDARY,
    Memory,
    heard_distribution,
    likeliest_heard,
    log_probabilities,
    scorer_of,
    speak,
)
from ..utils import check_count
from ..words import UNKNOWN, Samples
from ._completions import checked_prefixes, ids_starting, likeliest_of
from ._explanations import explain_text
from ._keyword_replies import texts_about
from ._matching import matched
from ._memory_parameter import as_memory_rules
from ._messages import contexts, resolve, with_words
from ._nothing_to_say import NOTHING, ended, ended_one_by_one, warn_of_nothing
from ._reply_writer import ReplyWriter
from ._session_words import NewWords, SessionModel, known_before

_FEW = 256
"""Tokens that are scored one by one; the model scores more at once."""

_MAX_ANSWERS = 4096
"""Next words that are kept until something is heard."""


class Session:
    """A conversation with a text generator, which remembers what is said in it.

    `NGramTextGenerator.session` makes it. What is heard, and what is said, makes the same
    words and phrases likelier, as `sklearn_sslm.memory.RecentWords` documents. The model
    itself stays as it is, and a session does not notice what it learns or forgets later. A
    session has no copy of the model's counts: there may be one for each visitor. It can be
    pickled, together with its model.

    Unknown words that are heard get ids of their own, above those of the model, and can be
    suggested and said until they are forgotten, ten of the longest half-lives later.

    Parameters
    ----------
    generator : NGramTextGenerator
        A fitted one; its parameters hold for the session, too.

    Attributes
    ----------
    n_tokens_ : int
        Words and ends of texts heard so far, those that were said among them.
    words_ : list of str
        The word of each column of `next_word_proba`: those of the model, then those that
        only this session knows.

    See Also
    --------
    NGramTextGenerator.session : Makes a session.
    sklearn_sslm.memory.RecentWords : What remembers.

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
        self._generator = copy.copy(generator)  # what was learned is shared
        self._fitted = checked_model(self._generator)
        self.forget()

    @property
    def n_tokens_(self) -> int:
        """How many words and ends of texts were heard so far."""
        return self._memory.n_heard

    @property
    def words_(self) -> list[Any]:
        """The word of each column of `next_word_proba`."""
        index, vocabulary = self._fitted.word_index, self._model.vocabulary
        if index is None or vocabulary is None:
            return list(range(self._fitted.n_ids))
        return index.words_ + list(
            map(vocabulary.word_of, sorted(self._memory.new_words))
        )

    def forget(self) -> Self:
        """Forget all that was heard and said.

        Returns
        -------
        self : Session
        """
        rules = as_memory_rules(self._generator.memory or "recent")
        self._memory = Memory(rules, self._fitted.n_ids)
        self._new_words = NewWords(self._fitted.n_ids)
        self._answers: dict[tuple[int, ...], Any] = {}
        self._answered_at = 0
        return self

    def observe(self, X: str | Samples, y: str | Samples | None = None) -> Self:
        """Hear a text, or several in their order.

        Parameters
        ----------
        X : str, iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : as X, default=None
            Replies; then `X` are the messages to them.

        Returns
        -------
        self : Session

        Raises
        ------
        TypeError, ValueError
            If `X` or `y` is neither texts nor rows of known ids. Nothing of it is heard
            then.
        """
        self._hear_all(*self._read_texts(X, y))
        self._new_words.prune(self._memory)
        return self

    def score_samples(self, X: Samples) -> NDArray[np.float64]:
        """Natural log probability of each text, its end included, after what was heard.

        The texts are read in order, and each is remembered for those after it; afterwards
        the session is as it was before. `observe` hears them for good.

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
        with (
            self._new_words.trial(),
            self._memory.trial(),
            np.errstate(divide="ignore"),
        ):
            p = self._hear_all(*self._read_texts(X))
            return np.array([np.log(of_text).sum() for of_text in p])

    def next_word_proba(self, X: Samples) -> NDArray[np.float64]:
        """Probability of every word to come next, after what was heard.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages. Each is heard before its
            next word, and then forgotten again.

        Returns
        -------
        ndarray of shape (n_samples, n_words), float64
            Column 0 is the end of the text, and column j the word ``words_[j]``. What is
            missing to 1 is the share of unknown words.

        Raises
        ------
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids.
        """
        n_ids, new = self._fitted.n_ids, sorted(self._memory.new_words)
        rows = []
        for recall, context in self._next(X):
            ids, p = heard_distribution(self._fitted.language_model, recall, context)
            heard = dict(zip(ids[n_ids:].tolist(), p[n_ids:].tolist(), strict=True))
            of_new = np.array([heard.get(number, 0) for number in new])
            rows.append(np.concatenate([p[:n_ids], of_new]))
        return np.stack(rows)

    def next_words(
        self, X: Samples, k: int = 5, prefix: str | Iterable[str] | None = None
    ) -> list[list[tuple[Any, float]]]:
        """The `k` likeliest next words, or of those with a prefix, after what was heard.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages. Each is heard before its
            next word, and then forgotten again.
        k : int, default=5
            How many, at most; words of probability 0 are left out.
        prefix : str or iterable of str, default=None
            How the next word begins, or that for each text; see
            `NGramTextGenerator.next_words`. Words that were heard count as well.

        Returns
        -------
        list of list of (str, float)
            Words with their probabilities, likeliest first; ``""`` is the end. Models
            of plain integer rows give ids, 0 being the end.

        Raises
        ------
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids, `k` no int of at least 1, or
            `prefix` neither a str nor one for each text; also if there is a prefix and
            the model knows no words.
        """
        k = check_count(k, "k", "Session.next_words")
        found = []
        likeliest = self._likeliest(X, k, prefix)
        for ids, p in ((ids.tolist(), p.tolist()) for ids, p in likeliest):
            found.append(list(zip(self._spelled(ids), p, strict=True)))
        return found

    def explain(
        self, text: str | ArrayLike, message: str | ArrayLike | None = None
    ) -> NDArray[Any]:
        """Where the probability of each word of a text comes from, after what was heard.

        The text is forgotten again afterwards.

        Parameters
        ----------
        text : str, or array-like of shape (n_columns,) of int
            A single text or integer row.
        message : as text, default=None
            What the text replies to.

        Returns
        -------
        structured ndarray of shape (n_words + 1,)
            As `NGramTextGenerator.explain` gives it. `probability` and `surprise` are
            those in this session; `order` and `weight` those of the model alone.

        Raises
        ------
        TypeError, ValueError
            If `text` or `message` is neither a text nor a row of known ids.
        """
        table = explain_text(self._generator, text, message)
        given = [text] if message is None else [message, text]
        samples = [as_sample(sample, "text", "Session.explain") for sample in given]
        with self._new_words.trial(), self._memory.trial():
            (p,) = self._hear_all(*self._read_texts(*samples))
        table["probability"] = p
        with np.errstate(divide="ignore"):
            table["surprise"] = 0 - np.log2(p)
        return table

    def predict(self, X: Samples) -> NDArray[Any]:
        """Reply to messages in their order, and hear them and the replies.

        Of several replies to a message (`num_return_sequences`) the first one is heard.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Messages.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, num_return_sequences), object
            A text for each message. For plain integer rows: int32 rows padded with 0,
            empty where a text would be `fallback_response`.

        Raises
        ------
        TypeError
            If `X` is neither texts nor integer rows.
        ValueError
            If ids are out of range, a word is unknown and ``unknown="error"``,
            `num_beams` is not 1, or `novel` is True.
        """
        writer, messages, heard, as_rows, about = self._resolve_for(X, "X")
        replies = []
        for sample, message in enumerate(heard):
            context = self._hear_message(message)
            nth = np.flatnonzero(messages.answered == sample)
            if sample in about:
                self._hear_reply(about[sample][0], context)
                replies.append(about[sample])
            elif len(nth):
                said = self._said(writer, messages, nth.item(), context)
                limits = _limits(messages, nth.item())
                replies.append([ended(words, *limits) for words in said])
        texts = writer.as_asked(messages, replies, as_rows)
        self._new_words.prune(self._memory)
        return texts

    def stream(self, message: str) -> Iterator[str]:
        """Reply to one message, word by word; each word is heard when it is asked for.

        Parameters
        ----------
        message : str
            The message, which is heard at once.

        Returns
        -------
        iterator of str
            The words of one reply, as `predict` gives them.

        Raises
        ------
        TypeError
            If `message` is no str.
        ValueError
            As `predict`.
        """
        writer, messages, said = self._reply_to(message)

        def words():
            ids = said()
            if ids == NOTHING:
                yield writer.fallback
            else:
                yield from writer.spoken(messages, ids)
            self._new_words.prune(self._memory)

        return words()

    def __repr__(self) -> str:
        return f"<Session: {self.n_tokens_} tokens heard>"

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.__dict__.items()
            if name not in ("_fitted", "_answers")
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._answers = {}
        self._fitted = checked_model(self._generator)

    @property
    def _model(self):
        """What the generator has learned, with the words that only this session knows."""
        values = {f.name: getattr(self._fitted, f.name) for f in fields(FittedModel)}
        return SessionModel(**values, new_words=self._new_words.ids)

    def _likeliest(self, X, k, prefix):
        """Yield the likeliest next words of each text, as ids, and their probabilities."""
        model, answers = self._fitted.language_model, self._answers
        if self._answered_at != self.n_tokens_ or len(answers) > _MAX_ANSWERS:
            answers.clear()
            self._answered_at = self.n_tokens_
        for message, context, each in self._asked(X, prefix):
            answer = None if each else answers.get((k, *message))
            if answer is None:
                with self._recalled(message) as recall:
                    if each:
                        some = ids_starting(self._model, each, self._generator.match)
                        distribution = heard_distribution(model, recall, context)
                        answer = likeliest_of(*distribution, some, k)
                    else:
                        answer = likeliest_heard(model, recall, context, k)
                        answers[k, *message] = answer
            yield answer

    def _spelled(self, ids):
        """Words of ids; where there are only ids, these."""
        vocabulary, n_ids = self._fitted.vocabulary, self._fitted.n_ids
        if vocabulary is None:
            return ids
        known, new = vocabulary.word_of, self._new_words.word_of
        return [known(number) if number < n_ids else new(number) for number in ids]

    def _writer(self):
        """A writer with all words that can be said."""
        writer = ReplyWriter.of(self._generator, self._model)
        if writer.n_beams > 1:
            msg = (
                "The 'num_beams' parameter of NGramTextGenerator must be 1 in a session, "
                f"whose replies are drawn by chance. Got {writer.n_beams}."
            )
            raise ValueError(msg)
        if self._generator.novel:
            msg = (
                "The 'novel' parameter of NGramTextGenerator must be False in a session, "
                "which hears each word as it is drawn. Got True."
            )
            raise ValueError(msg)
        return writer

    def _read(self, X, name, are_messages=False):
        """Samples as they were read, and with ids for all words."""
        _, batch = read(self._generator, X, name, fitted=self._fitted)
        if are_messages:
            match = self._generator.match
            batch = matched(batch, self._fitted, match, self._new_words.ids)
        return batch, self._new_words.number(batch)

    def _read_texts(self, X, y=None):
        """Texts to be heard, and how many tokens of each are in its message."""
        X, y = ([part] if isinstance(part, str) else part for part in (X, y))
        _, batch = self._read(X, "X")
        if y is None:
            return stream_of(batch), [0] * len(batch)
        _, replies = self._read(y, "y")
        check_same_length((batch, replies), type(self._generator).__name__)
        return stream_of(batch, replies), (batch.lengths + 1).tolist()

    def _resolve(self, X, name, unknown=None):
        """Messages, the ids of each, and whether they are replied to by rows."""
        batch, numbered = self._read(X, name, are_messages=True)
        known = known_before(batch, numbered, self._memory.new_words)
        messages = self._resolved(known, unknown)
        return messages, _ids_of(numbered), batch.is_plain

    def _resolved(self, known, unknown=None, asked=True):
        """Messages resolved, whose replies have a word if they are never empty."""
        messages = resolve(known, self._model, self._generator, unknown, asked)
        if not messages.never_empty:
            return messages
        bare = (messages.n_echoed == 0) & asked
        model, has_replies = self._fitted.language_model, self._fitted.has_replies
        return with_words(messages, model, bare, has_replies)

    def _asked(self, X, prefix=None):
        """Yield the ids of some messages, the model's context, and how a word begins."""
        with self._new_words.trial():
            batch, numbered = self._read(X, "X", are_messages=True)
            prefixes = checked_prefixes(prefix, len(batch), "Session.next_words")
            has_replies = self._fitted.has_replies
            found = contexts(batch, self._fitted.language_model.counts, has_replies)
            after = zip(*(part.tolist() for part in found), strict=True)
            yield from zip(_ids_of(numbered), after, prefixes, strict=True)

    @contextmanager
    def _recalled(self, message):
        """What the memory gives after a message, which is forgotten again."""
        heard = [*message, BOUNDARY] if self._fitted.has_replies else message
        recall = self._memory.recall_after(heard)
        if recall is not None:
            yield recall
            return
        with self._memory.trial():
            self._hear_message(message)
            yield self._memory.recall()

    def _next(self, X):
        """Yield what the memory gives after each of some messages, and the context."""
        for message, context, _ in self._asked(X):
            with self._recalled(message) as recall:
                yield recall, context

    def _hear_all(self, stream, n_skipped):
        """Hear texts; returns the probabilities of the tokens of each."""
        memory, ids = self._memory, stream.ids
        if len(ids) <= _FEW:
            texts = zip(stream.texts(), n_skipped, strict=True)
            return [self._hear(text[1:], n_before)[0] for text, n_before in texts]
        known = replace(stream, ids=np.where(ids < memory.n_ids, ids, UNKNOWN))
        log_p = log_probabilities(self._fitted.language_model, known)
        p, scores = iter(np.exp(log_p).tolist()), []
        for text, n_before in zip(stream.texts(), n_skipped, strict=True):
            memory.start_text()
            next(p)  # of the opening boundary
            heard = [
                memory.hear(word, None if place < n_before else of_word)
                for place, (word, of_word) in enumerate(zip(text[1:], p, strict=False))
            ]
            scores.append(heard[n_before:])
        return scores

    def _hear_message(self, message):
        """Hear a message, up to where its reply begins; returns the context there."""
        if self._fitted.has_replies:
            message = [*message, BOUNDARY]
            return self._hear(message, len(message))[1]
        return self._hear(message)[1]

    def _hear(self, text, n_skipped=0):
        """Hear a text; returns the probabilities of its tokens, and the context after it."""
        memory, scorer = self._memory, scorer_of(self._fitted.language_model)
        known = [word if word < memory.n_ids else UNKNOWN for word in text]
        context, scores = scorer.given([BOUNDARY, *known[:n_skipped]]), []
        memory.start_text()
        for word in text[:n_skipped]:
            memory.hear(word)
        for word, in_model in zip(text[n_skipped:], known[n_skipped:], strict=True):
            p, context = scorer.score(context, in_model)
            scores.append(memory.hear(word, p))
        return scores, context

    def _resolve_for(self, X, name, **changes):
        """The same for replies, with their writer, and those that are about a word.

        The latter are the model's alone, and heard when they are said. The writer comes
        after the messages are read: its controls know the new words in them.
        """
        batch, numbered = self._read(X, name, are_messages=True)
        writer = replace(self._writer(), **changes)
        known = known_before(batch, numbered, self._memory.new_words)
        about = {}
        if self._generator.reply == "keyword":
            about = texts_about(self._generator, self._fitted, writer, known)
        is_about = np.isin(np.arange(len(known)), list(about))
        messages = self._resolved(known, asked=~is_about)
        messages = replace(
            messages,
            answered=np.union1d(messages.answered, np.flatnonzero(is_about)),
            n_echoed=np.where(is_about, 0, messages.n_echoed),
        )
        return writer, messages, _ids_of(numbered), batch.is_plain, about

    def _reply_to(self, message):
        """Hear a message; what writes, resolves and says the reply to it."""
        resolved = self._resolve_for([message], "message", n_replies=1)
        writer, messages, (heard,), _, about = resolved
        context = self._hear_message(heard)

        def said():
            if about:
                self._hear_reply(about[0][0], context)
                return about[0][0]
            if not len(messages.answered):
                return NOTHING
            speaking = self._speaking(writer, messages, 0, context)
            words = ended_one_by_one(speaking, *_limits(messages, 0))
            if words == NOTHING:
                warn_of_nothing([0])
            return words

        return writer, messages, said

    def _hear_reply(self, words, context):
        """Hear a reply that was drawn without the memory, from its start."""
        if not self._fitted.has_replies:
            self._hear([*words, BOUNDARY])
            return
        self._go_on([*words, BOUNDARY], context)

    def _go_on(self, words, context):
        """Hear words after a context, those that were said in a trial."""
        scorer, memory = scorer_of(self._fitted.language_model), self._memory
        for word in words:
            p, context = scorer.score(context, word if word < memory.n_ids else UNKNOWN)
            memory.hear(word, p)

    def _said(self, writer, messages, nth, context):
        """The new words of all replies to a message, the first of which is heard."""
        asked = writer, messages, nth, context
        if writer.n_replies == 1:
            return [list(self._speaking(*asked))]
        said, memory = [], self._memory
        for _ in range(writer.n_replies):  # each as if there was no other
            with memory.trial():
                before = memory.n_heard
                said.append(list(self._speaking(*asked)))
                if len(said) == 1:
                    n_heard = memory.n_heard - before
        begin = self._beginning(messages, nth, context)
        self._go_on([*said[0], BOUNDARY][:n_heard], begin)
        return said

    def _beginning(self, messages, nth, context):
        """The context that a reply goes on from; the memory starts a text where it does."""
        sample = messages.answered[nth]
        if not messages.is_begun[sample]:
            return context
        self._memory.start_text()
        texts = messages.continuations
        return texts.length[sample].item(), texts.row[sample].item()

    def _speaking(self, writer, messages, nth, context):
        """Draw the new words of the reply to one of the messages that are answered."""
        text = writer._continuations(messages)[nth : nth + 1]
        return speak(
            self._fitted.language_model,
            self._memory,
            self._beginning(messages, nth, context),
            writer.controls,
            writer.rng,
            max_new=text.max_new.item(),
            min_new=text.min_new.item(),
            stop=frozenset(text.stop.tolist()),
            text=text.prefixes()[0],
        )


def _limits(messages, nth):
    """New words that the nth answered reply has at least, and words that it repeats."""
    sample = messages.answered[nth]
    return messages.continuations.min_new[sample].item(), messages.n_echoed[
        sample
    ].item()


def _ids_of(batch):
    """The ids of each sample."""
    parts = np.split(batch.ids, np.cumsum(batch.lengths)[:-1])
    return [part.tolist() for part in parts]
