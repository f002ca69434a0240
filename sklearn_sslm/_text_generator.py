"""The text generator: texts in, texts out, n-grams between."""

import copy
import warnings
from itertools import islice
from numbers import Integral
from typing import NamedTuple

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from . import smoothing as smoothings
from ._batch import Reader, check_same_length
from ._messages import beginnings, contexts, understand
from ._validation import (
    HasMethods,
    Interval,
    StrOptions,
    as_generator,
    check_count,
    check_parameters,
)
from ._word_index import UNKNOWN_WORD, WordIndexTransformer
from .ngrams import (
    NGramCounts,
    SmoothedCounts,
    TokenStream,
    log_probabilities,
    merge,
    next_word_probabilities,
    sample,
    walk,
)


class NGramTextGenerator(BaseEstimator):
    """Learn which words follow which, and write or score texts with it.

    An n-gram language model: the next word is drawn from the words that followed the
    last n − 1 words in the texts learned. Where these were never seen together, the
    context is shortened from the left until it was.

    Parameters
    ----------
    n : int, default=2
        The order: words are predicted from the n − 1 words before them.
    smoothing : str or Smoothing, default="mle"
        How probability is shared with words not seen after a context: "mle" (not at
        all), "lidstone", "witten_bell", "absolute_discounting", "kneser_ney",
        "stupid_backoff", or an object from `sklearn_sslm.smoothing`, whose parameters
        are then ours too, as in ``set_params(smoothing__alpha=0.1)``.
    word_index : WordIndexTransformer, default=None
        How texts become words. It is cloned, not changed. None splits at white space.
    echo : {"context", "message", "none"}, default="context"
        How replies begin: with the words they continue from, with the whole message,
        or with the first new word. Models of messages and replies never repeat the
        context.
    unknown : {"fallback", "backoff", "error"}, default="fallback"
        What to do where one of the last n − 1 words of a message is not known: answer
        `fallback_response`, go on from the known words after it, or raise an error.
    fallback_response : str, default="Desculpe, não entendi sua mensagem."
        Reply to an empty message, and to an unknown word if so chosen.
    max_length : int, default=100
        Words a reply has at most, those it echoes included.
    random_state : int, RandomState instance, Generator or None, default=None
        Source of chance. An int makes every call repeat itself.

    Attributes
    ----------
    word_index_ : WordIndexTransformer or None
        The words known; None if integer rows without words were learned.
    smoothing_ : Smoothing
        The smoothing in use.
    counts_ : NGramCounts
        How often each n-gram was seen.
    n_words_ : int
        How many words are known.
    n_texts_seen_ : int
        How many texts were learned; a message with its reply is one.
    n_tokens_seen_ : int
        How many words and ends of texts were learned.
    has_replies_ : bool
        Whether messages with replies were learned.
    discounts_ : ndarray of shape (n_orders, 3), float64
        What is taken off counts of 1, 2, and 3 or more; only where the smoothing
        discounts. One row for each order that a text is long enough for.

    See Also
    --------
    WordIndexTransformer : Turns texts into the ids that are counted.

    Notes
    -----
    `X` is an iterable of texts, or integer rows from a `WordIndexTransformer`. Such a
    row is read up to its first 0; a row without any 0 was cut off, so that its end is
    not learned. Rows that carry no words (a plain array) are answered by rows.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.datasets import load_greetings
    >>> model = NGramTextGenerator(n=2, random_state=0).fit(load_greetings().data)
    >>> model.predict(["Olá!", "Bom dia!"])
    array(['Olá! Como você esteja bem.',
           'dia! Espero que você esteja tendo um bom te ver por aqui.'],
          dtype=object)
    """

    _parameter_constraints: dict = {
        "n": [Interval(Integral, 1, None, closed="left")],
        "smoothing": [StrOptions(set(smoothings.BY_NAME)), HasMethods("kept")],
        "word_index": [HasMethods(["tokenize", "fit"]), None],
        "echo": [StrOptions({"context", "message", "none"})],
        "unknown": [StrOptions({"fallback", "backoff", "error"})],
        "fallback_response": [str],
        "max_length": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state", np.random.Generator],
    }

    def __init__(
        self,
        n=2,
        *,
        smoothing="mle",
        word_index=None,
        echo="context",
        unknown="fallback",
        fallback_response="Desculpe, não entendi sua mensagem.",
        max_length=100,
        random_state=None,
    ):
        self.n = n
        self.smoothing = smoothing
        self.word_index = word_index
        self.echo = echo
        self.unknown = unknown
        self.fallback_response = fallback_response
        self.max_length = max_length
        self.random_state = random_state

    def fit(self, X, y=None):
        """Forget everything, then learn texts.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : as X, default=None
            Replies. Each sample is then a message with its reply.

        Returns
        -------
        self : NGramTextGenerator

        Raises
        ------
        TypeError
            If `X` or `y` is neither texts nor integer rows.
        ValueError
            If there is no word in `X`, an id is out of range, or `X` and `y` differ in
            length. The model is then as it was before.
        """
        self._learn(X, y, fresh=True)
        return self

    def partial_fit(self, X, y=None):
        """Learn more texts; the model is then what `fit` on all of them makes.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : as X, default=None
            Replies, if replies were learned before.

        Returns
        -------
        self : NGramTextGenerator

        Raises
        ------
        TypeError
            If `X` or `y` is neither texts nor integer rows.
        ValueError
            As `fit`, and if `n` was changed or `y` is missing or new. The model is
            then as it was before.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(random_state=0).fit(["Olá! Tudo bem?"])
        >>> model.predict(["carros"])
        array(['Desculpe, não entendi sua mensagem.'], dtype=object)
        >>> model.partial_fit(["carros são automóveis"]).predict(["carros"])
        array(['carros são automóveis'], dtype=object)
        """
        self._learn(X, y, fresh=not hasattr(self, "counts_"))
        return self

    def predict(self, X):
        """Reply to messages.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Messages.

        Returns
        -------
        ndarray of shape (n_samples,), object
            A text for each message. For plain integer rows: int32 rows padded with 0,
            empty where a text would be `fallback_response`.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError
            If `X` is neither texts nor integer rows.
        ValueError
            If ids are out of range, or a word is unknown and ``unknown="error"``.
        """
        batch = self._read(X)
        messages = self._understand(batch)
        replies = self._continue(messages, as_generator(self.random_state))
        if batch.is_plain:
            return messages.as_rows(replies)
        return self._as_texts(messages, replies)

    def stream(self, message):
        """Reply to one message, word by word.

        Parameters
        ----------
        message : str
            The message.

        Returns
        -------
        iterator of str
            Joined by blanks they are what ``predict([message])`` replies.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError
            If `message` is no str.
        ValueError
            If a word is unknown and ``unknown="error"``.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator().fit(["Olá! Tudo bem?"])
        >>> for word in model.stream("Olá!"):
        ...     print(word)
        Olá!
        Tudo
        bem?
        """
        messages = self._understand(self._read([message], name="message"))
        return self._stream(messages, as_generator(self.random_state))

    def sample(self, n_samples=1):
        """Write texts from the start.

        Parameters
        ----------
        n_samples : int, default=1
            How many.

        Returns
        -------
        ndarray of shape (n_samples,), object
            Texts. For models of plain integer rows: int32 rows padded with 0.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        ValueError
            If `n_samples` is no int of at least 1.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(random_state=0).fit(["a b", "a b"])
        >>> model.sample(2)
        array(['a b', 'a b'], dtype=object)
        """
        check_is_fitted(self)
        check_count(n_samples, "n_samples", type(self).__name__ + ".sample")
        starts = beginnings(n_samples, self.counts_, self.max_length)
        replies = self._continue(starts, as_generator(self.random_state))
        if self.word_index_ is None:
            return starts.as_rows(replies)
        return self._as_texts(starts, replies)

    def score_samples(self, X):
        """Natural log probability of each text, its end included.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.

        Returns
        -------
        ndarray of shape (n_samples,), float64
            In nats; divide by ``np.log(10)`` for KenLM's unit. An unknown word counts
            with the share the smoothing keeps for it.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids.

        Warns
        -----
        UserWarning
            If a text is impossible (−inf) because the model is not smoothed.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2).fit(["a b", "a c"])
        >>> model.score_samples(["a b"])  # ln(1 * 1/2 * 1)
        array([-0.69314718])
        """
        scores = self._token_scores(X)
        return np.add.reduceat(scores.log_proba, scores.starts)

    def score(self, X, y=None):
        """Mean natural log probability per token; higher is better.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : as X, default=None
            Replies; then it is these that are scored, given their messages.

        Returns
        -------
        float
            In nats per token: each word and each end of a text is one.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids.
        """
        scores = self._token_scores(X, y)
        return float(scores.log_proba[scores.counts].mean())

    def perplexity(self, X, y=None, *, unknown="include"):
        """exp(−score): between how many words the model hesitates on average.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : as X, default=None
            Replies; then it is these that are scored, given their messages.
        unknown : {"include", "exclude"}, default="include"
            Whether unknown words count, with the share the smoothing keeps for them,
            or are left out, both from the sum and from the number of tokens. KenLM
            reports both.

        Returns
        -------
        float
            At least 1, lower is better. Only models with the same vocabulary and the
            same `unknown` can be compared: the fewer words a model knows, the easier
            is what it includes.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids, or `unknown` is neither of
            its choices.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2).fit(["a b", "a c"])
        >>> model.perplexity(["a b"])  # (1 * 1/2 * 1) ** (-1/3)
        1.25992...
        """
        if unknown not in ("include", "exclude"):
            msg = (
                "The 'unknown' parameter of NGramTextGenerator.perplexity must be "
                f"'include' or 'exclude'. Got {unknown!r} instead."
            )
            raise ValueError(msg)
        scores = self._token_scores(X, y)
        counts = scores.counts
        if unknown == "exclude":
            counts = counts & (scores.ids >= 0)
        return float(np.exp(-scores.log_proba[counts].mean()))

    def next_word_proba(self, X):
        """Probability of each word to come next.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages.

        Returns
        -------
        ndarray of shape (n_samples, len(word_index_.words_)), float64
            Column 0 is the end of the text, column j the word with id j. What is
            missing to 1 is the share of an unknown word.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2).fit(["a b", "a c"])
        >>> model.next_word_proba(["a", ""])
        array([[0. , 0. , 0.5, 0.5],
               [0. , 1. , 0. , 0. ]])
        """
        return np.stack(list(self._next_word_probas(X)))

    def next_words(self, X, k=5):
        """The `k` likeliest next words.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages.
        k : int, default=5
            How many, at most; words of probability 0 are left out.

        Returns
        -------
        list of list of (str, float)
            Words with their probabilities, likeliest first; ``""`` is the end. Models
            of plain integer rows give ids, 0 being the end.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids, or `k` no int of at least 1.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2).fit(["a b", "a c", "a c"])
        >>> model.next_words(["a", "b"], k=2)
        [[('c', 0.66...), ('b', 0.33...)], [('', 1.0)]]
        """
        check_count(k, "k", type(self).__name__ + ".next_words")
        words = range(self.counts_.n_ids)
        if self.word_index_ is not None:
            words = self.word_index_.words_
        return [
            [(words[j], float(p[j])) for j in np.argsort(-p, kind="stable")[:k] if p[j]]
            for p in self._next_word_probas(X)
        ]

    @property
    def discounts_(self):
        """What is taken off counts of 1, 2, and 3 or more, a row for each order."""
        discounts = self._model.discounts
        if discounts[0] is None:
            msg = f"{type(self.smoothing_).__name__} takes no discounts"
            raise AttributeError(msg)
        return np.array([row[1:] for row in discounts])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = False
        return tags

    def _learn(self, X, y, fresh):
        """The one path of `fit` and `partial_fit`: read, count, add up, derive."""
        check_parameters(self)
        if fresh:
            index = clone(self.word_index or WordIndexTransformer())
            reader = Reader(index, 0, type(self).__name__)
        else:
            self._check_continues(y)
            reader = self._reader()
        messages, replies = reader.learn(X, y)
        if replies is None:
            stream = TokenStream.from_texts(
                messages.ids, messages.lengths, messages.closed
            )
        else:
            stream, _ = TokenStream.from_pairs(
                (messages.ids, messages.lengths),
                (replies.ids, replies.lengths),
                replies.closed,
            )
        counts = NGramCounts.from_stream(stream, self.n, reader.n_ids)
        tokens = stream.n_predictions
        if not fresh:
            counts = merge(self.counts_, counts)
            tokens += self.n_tokens_seen_
        self._adopt(reader.index, counts, tokens, y is not None)

    def _adopt(self, index, counts, n_tokens, has_replies):
        """Become the model of some counts, all at once or not at all."""
        smoothing = smoothings.as_smoothing(self.smoothing)
        n_words = counts.n_ids - 1 if index is None else index.n_words_
        model = SmoothedCounts(counts, smoothing, n_words)
        self.__dict__.update(
            word_index_=index,
            smoothing_=smoothing,
            counts_=counts,
            n_words_=n_words,
            n_texts_seen_=counts.n_texts,
            n_tokens_seen_=n_tokens,
            has_replies_=has_replies,
            _model=model,
        )

    def _check_continues(self, y):
        """Whether what is to be learned fits to what was learned."""
        if self.n != self.counts_.n:
            msg = (
                "The 'n' parameter of NGramTextGenerator must stay as it was fitted "
                f"({self.counts_.n}) for partial_fit. Got {self.n}; call fit instead."
            )
            raise ValueError(msg)
        if self.has_replies_ != (y is not None):
            was, now = ("with", "without") if self.has_replies_ else ("without", "with")
            msg = (
                f"{type(self).__name__} was fitted {was} replies 'y' and must be "
                f"continued so. Got 'X' {now} 'y'; call fit to begin anew."
            )
            raise ValueError(msg)

    def _reader(self):
        """A reader with a copy of the words known, free to learn more."""
        index = copy.copy(self.word_index_)
        return Reader(index, self.counts_.n_ids, type(self).__name__)

    def _read(self, X, name="X"):
        check_is_fitted(self)
        check_parameters(self)
        return self._reader().read(X, name)

    def _understand(self, batch):
        return understand(
            batch,
            self.counts_,
            echo=self.echo,
            unknown=self.unknown,
            max_length=self.max_length,
            has_replies=self.has_replies_,
            index=self.word_index_,
        )

    def _continue(self, messages, rng):
        """New words for each message that is answered, as lists of ids."""
        if len(messages.answered) == 1:  # the same as `stream` gives
            return [list(self._walk(messages, rng))]
        rows = sample(
            self._model, messages.length, messages.row, messages.budget, rng
        )
        ends = np.count_nonzero(rows, axis=1)
        return [
            row[:end] for row, end in zip(rows.tolist(), ends.tolist(), strict=True)
        ]

    def _walk(self, messages, rng):
        """Ids of the new words for the only message."""
        length, row = messages.length.item(), messages.row.item()
        return islice(walk(self._model, length, row, rng), messages.budget.item())

    def _as_texts(self, messages, replies):
        texts = np.full(len(messages.batch), self.fallback_response, dtype=object)
        word = self.word_index_.words_.__getitem__
        for sample_, reply in zip(messages.answered, replies, strict=True):
            words = self._echo(messages, sample_)
            words += map(word, reply)
            texts[sample_] = " ".join(words)
        return texts

    def _echo(self, messages, sample_):
        """The words with which a reply begins."""
        texts = messages.batch.texts
        if texts is not None and self.echo == "message":
            return self.word_index_.tokenize(texts[sample_])
        words = self.word_index_.words_
        ids = messages.echo_ids(sample_)
        return [words[j] if j >= 0 else UNKNOWN_WORD for j in ids]

    def _stream(self, messages, rng):
        if not len(messages.answered):
            yield self.fallback_response
            return
        yield from self._echo(messages, 0)
        yield from map(self.word_index_.words_.__getitem__, self._walk(messages, rng))

    def _token_scores(self, X, y=None):
        """Score every token of texts, or of replies to messages."""
        batch = self._read(X)
        if y is None:
            stream = TokenStream.from_texts(batch.ids, batch.lengths, batch.closed)
            begins = stream.starts + 1
        else:
            replies = self._read(y, name="y")
            check_same_length((batch, replies), type(self).__name__)
            stream, begins = TokenStream.from_pairs(
                (batch.ids, batch.lengths),
                (replies.ids, replies.lengths),
                replies.closed,
            )
        begins = np.repeat(begins, stream.lengths)
        scores = _TokenScores(
            log_proba=log_probabilities(self._model, stream),
            ids=stream.ids,
            starts=stream.starts,
            counts=np.arange(len(stream.ids)) >= begins,
        )
        if np.isneginf(scores.log_proba).any():
            warnings.warn(
                "A text has probability 0: it holds a word that "
                f"{type(self.smoothing_).__name__} never saw after the words before "
                "it. A smoothing such as smoothing='kneser_ney' gives every text a "
                "probability.",
                stacklevel=3,
            )
        return scores

    def _next_word_probas(self, X):
        context = contexts(self._read(X), self.counts_, self.has_replies_)
        for length, row in np.stack(context, axis=1).tolist():
            yield next_word_probabilities(self._model, length, row)


class _TokenScores(NamedTuple):
    """Scores of the tokens of some texts, one after the other."""

    log_proba: np.ndarray  # nats; 0 at opening boundaries
    ids: np.ndarray
    starts: np.ndarray  # where each text begins
    counts: np.ndarray  # whether the token is one that was asked for
