"""The text generator: texts in, texts out, n-grams between."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from numbers import Real
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..base import (
    NGramEstimator,
    checked_model,
    constraints_on,
    read,
)
from ..memory import RecentWords
from ..ngrams import likeliest_words, next_word_probabilities
from ..smoothing import Smoothing
from ..utils import Interval, StrOptions, check_count, check_flag, int_from
from ..words import Samples, WordIndexTransformer
from ._answering import answered
from ._completions import checked_prefixes, ids_starting, likeliest_of
from ._conditions import Conditions
from ._controls import check_undistorted
from ._explanations import explain_text, table_of_tokens
from ._matching import matched
from ._memory_parameter import as_memory_rules
from ._messages import contexts
from ._novelty import novelty_of
from ._sampled import Form, sample_texts
from ._scores import TokenScores, check_unknown, scores_of_texts
from ._session import Session
from ._text_table import table_of_texts
from ._word_scorer import WordScorer

_REPLY = 16
"""Words that a reply is taken to have before it is written."""


class NGramTextGenerator(NGramEstimator):
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
    min_count : int or array-like of int, default=1
        How often an n-gram must have been seen, or the model leaves it out and hands
        what it would keep for it on to the shorter context; of several numbers one for
        each order, which do not fall, the last one for all higher orders. Needs a
        smoothing that interpolates. See Notes.
    word_index : WordIndexTransformer, default=None
        How texts become words, or characters. It is cloned, not changed. None splits
        at white space; rows from an index in a pipeline are continued by its rules.
    input : {"content", "filename"}, default="content"
        What `fit`, `partial_fit` and `partial_forget` are given: texts, or paths of
        files with a text a line, which the processes of `n_jobs` read themselves. All
        other methods take texts.
    echo : {"context", "message", "none"}, default="context"
        How replies begin: with the words they continue from, with the whole message,
        or with the first new word. Models of messages and replies never repeat the
        context.
    unknown : {"fallback", "backoff", "error"}, default="fallback"
        What to do where one of the last n − 1 words of a message is not known: answer
        `fallback_response`, go on from the known words after it, or raise an error. Where
        no word after it is known, "backoff" writes a text or a reply from its start. It
        gives no empty reply to any message: where nothing is echoed, replies are drawn
        from the model given that they have a word.
    match : {"exact", "loose"}, default="exact"
        How words of messages are looked up: as they are, or, where no word is known
        so, without regard to case, accents, Unicode form and punctuation at the ends.
        Of several known words the commonest is taken, in models of replies the commonest
        in messages; the reply has the spelling that was learned. A word that is like
        none so may have stretched letters: "oiii" is "oi", and "diaa" is "dia". Unknown
        punctuation that stands alone is then left out.
    reply : {"context", "keyword"}, default="context"
        What replies are: texts that go on from the context at the end of the message,
        or texts about its telling word, the known word that was learned most rarely.
        Those are drawn from the model given that they contain it, and have from
        `min_length` to `max_length` words; they repeat nothing, whatever `echo` is. Where
        the model has no such text, the next rarest word is taken, and where the message
        has no word that it has a text about, the reply is that from the context.
    n_candidates : int, default=1
        With ``reply="keyword"``, texts that are drawn for each reply, which is the one
        with the most surprise a word, its end included; with 1 the first one.
    fallback_response : str, default="Desculpe, não entendi sua mensagem."
        Reply to an empty message, and to an unknown word if so chosen.
    detokenizer : callable or "simple", default=None
        Makes a text of a list of words. "simple" leaves out blanks before punctuation
        and inside quotes; None joins words by blanks, and characters and pieces of
        words as `word_index` does.
    min_length : int, default=0
        Words before which a reply does not end, those it echoes included. Replies are
        drawn from the model given that they are so long, as by `sample`. Where the model
        has none, a reply goes on from a shorter context where only the end was seen; see
        Notes.
    max_length : int, default=100
        Words a reply has at most, those it echoes included; the echo is never cut.
    temperature : float, default=1.0
        How bold replies are: probabilities are raised to 1 / temperature before a word
        is drawn. 0 always takes the likeliest.
    top_k : int, default=None
        Draw only from the k likeliest words.
    top_p : float, default=None
        Draw only from the likeliest words that together reach this probability.
    min_p : float, default=None
        Draw only from words with at least this share of the likeliest's probability.
    no_repeat_ngram_size : int, default=0
        A reply says no sequence of so many words twice; 0 is no limit.
    bad_words : iterable of str, default=None
        Words, and several words in a row, that are never said, unless as the echo of a
        message. Messages that nothing is left to say to get `fallback_response`, and a
        warning names them.
    stop : str or iterable of str, default=None
        Words that end a reply, which keeps them.
    novel : bool, default=False
        Whether no reply and no sampled text is one that was learned, word for word. It
        must be True when the model is fitted, which then keeps 8 bytes for each text
        (of files it reads all texts at once).
    num_beams : int, default=1
        With more than 1, the likeliest reply that a beam search so wide finds, in
        place of one drawn by chance.
    num_return_sequences : int, default=1
        Replies to each message; with more than 1, the arrays returned have a column
        for each. At most `num_beams`, if that is more than 1.
    memory : {"recent"} or RecentWords, default=None
        What makes likely again what was just read: `score`, `perplexity`,
        `score_samples`, `score_texts` and `score_tokens` then read all texts in order and
        remember each while they read on, so that rows depend on the rows before them.
        "recent" is a `RecentWords` with its defaults; an object from `sklearn_sslm.memory`
        has parameters that are then ours too, as in
        ``set_params(memory__half_life=1000)``. What is learned does not depend on it.
    random_state : int, RandomState instance, Generator or None, default=None
        Source of chance. An int makes every call repeat itself: a reply then depends on
        the int, the message, and how often that came before in the call, and not on its
        place or on other messages.
    n_jobs : int, default=None
        Processes that read long texts or files, and count files of more than 128 MB,
        and threads that count what is shorter and answer many messages, at the same
        time; as in joblib, None is 1 and −1 is all cores. What is learned and what is
        said do not depend on it. In a web browser, where neither can be started, it is 1.
    verbose : int, default=0
        With 1, what takes more than a second shows at a terminal or in a notebook how
        far it is, how fast it goes and how long it will still take: reading, counting,
        smoothing, scoring and writing. Needs the package tqdm, as in
        ``pip install "sklearn-sslm[progress]"``. Nothing is shown where standard
        error is neither.

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
        How many words and ends of texts and messages were learned.
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
    not learned; one without any column cannot be learned. Rows that carry no words (a
    plain array) are answered by rows.

    `min_length` beside other controls, such as `temperature` and `bad_words`, is one of
    them: each word is drawn without the end then, as in Hugging Face's
    ``GenerationConfig``, and so it is in a session, and in a large model where hardly any
    reply is long enough.

    `min_count` is the pruning of KenLM's ``lmplz --prune``, whose thresholds are one
    less: what is compared are the true counts at every order, also where the smoothing
    works on continuation counts, and totals and discounts are those of all n-grams.
    With α(h, w) the discounted probability of each word after a context h, those left
    out add to its backoff weight, γ(h) + Σ α(h, w), so that probabilities sum to 1. The
    end of a text as a unigram is never left out. A word that is left out stays known,
    and has the probability of an unknown one; lmplz leaves it out of the vocabulary.
    All n-grams go on being counted, in memory and in saved models, so that learning on
    and forgetting are exact. With more than 1 these take the time of the whole model,
    not of the texts.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.datasets import load_greetings
    >>> model = NGramTextGenerator(n=2, random_state=1).fit(load_greetings().data)
    >>> model.predict(["Olá!", "Bom dia!"])
    array(['Olá! Em que posso te ver por aqui.',
           'dia! Espero que posso te ver por aqui.'], dtype=object)
    """

    __module__ = "sklearn_sslm"  # where users have it: the name in saved files

    _parameter_constraints: dict = {
        **constraints_on("n", "smoothing", "min_count", "word_index", "input"),
        "echo": [StrOptions({"context", "message", "none"})],
        "unknown": [StrOptions({"fallback", "backoff", "error"})],
        "match": [StrOptions({"exact", "loose"})],
        "reply": [StrOptions({"context", "keyword"})],
        "n_candidates": [int_from(1)],
        "fallback_response": [str],
        "detokenizer": [callable, StrOptions({"simple"}), None],
        "min_length": [int_from(0)],
        "max_length": [int_from(1)],
        "temperature": [Interval(Real, 0, None, closed="left")],
        "top_k": [int_from(1), None],
        "top_p": [Interval(Real, 0, 1, closed="right"), None],
        "min_p": [Interval(Real, 0, 1, closed="both"), None],
        "no_repeat_ngram_size": [int_from(0)],
        "bad_words": ["array-like", set, frozenset, None],
        "stop": [str, "array-like", set, frozenset, None],
        "novel": ["boolean"],
        "num_beams": [int_from(1)],
        "num_return_sequences": [int_from(1)],
        "memory": [StrOptions({"recent"}), RecentWords, None],
        "random_state": ["random_state", np.random.Generator],
        **constraints_on("n_jobs", "verbose"),
    }

    _objects = {
        **NGramEstimator._objects,
        "memory": lambda memory: RecentWords() if memory == "recent" else memory,
    }

    def __init__(
        self,
        n: int = 2,
        *,
        smoothing: str | Smoothing = "mle",
        min_count: int | Sequence[int] = 1,
        word_index: WordIndexTransformer | None = None,
        input: Literal["content", "filename"] = "content",  # noqa: A002 - as CountVectorizer
        echo: Literal["context", "message", "none"] = "context",
        unknown: Literal["fallback", "backoff", "error"] = "fallback",
        match: Literal["exact", "loose"] = "exact",
        reply: Literal["context", "keyword"] = "context",
        n_candidates: int = 1,
        fallback_response: str = "Desculpe, não entendi sua mensagem.",
        detokenizer: Callable[[list[str]], str] | Literal["simple"] | None = None,
        min_length: int = 0,
        max_length: int = 100,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
        no_repeat_ngram_size: int = 0,
        bad_words: Iterable[str]
        | Iterable[int]
        | Iterable[Sequence[int]]
        | None = None,
        stop: str | Iterable[str] | Iterable[int] | None = None,
        novel: bool = False,
        num_beams: int = 1,
        num_return_sequences: int = 1,
        memory: Literal["recent"] | RecentWords | None = None,
        random_state: int | np.random.RandomState | np.random.Generator | None = None,
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> None:
        self.n = n
        self.smoothing = smoothing
        self.min_count = min_count
        self.word_index = word_index
        self.input = input
        self.echo = echo
        self.unknown = unknown
        self.match = match
        self.reply = reply
        self.n_candidates = n_candidates
        self.fallback_response = fallback_response
        self.detokenizer = detokenizer
        self.min_length = min_length
        self.max_length = max_length
        self.temperature = temperature
        self.top_k = top_k
        self.top_p = top_p
        self.min_p = min_p
        self.no_repeat_ngram_size = no_repeat_ngram_size
        self.bad_words = bad_words
        self.stop = stop
        self.novel = novel
        self.num_beams = num_beams
        self.num_return_sequences = num_return_sequences
        self.memory = memory
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose

    def predict(self, X: Samples) -> NDArray[Any]:
        """Reply to messages.

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
        NotFittedError
            If nothing was learned yet.
        TypeError
            If `X` is neither texts nor integer rows.
        ValueError
            If ids are out of range, or a word is unknown and ``unknown="error"``.

        Warns
        -----
        UserWarning
            If controls leave nothing to say to some messages, which it names.
        """
        fitted, batch = read(self, X, n_words_each=_REPLY)
        writer, messages, replies = answered(self, fitted, batch)
        if replies is None:
            return writer.write(messages, as_rows=batch.is_plain)
        return writer.as_asked(messages, replies, as_rows=batch.is_plain)

    def stream(self, message: str) -> Iterator[str]:
        """Reply to one message, word by word.

        Parameters
        ----------
        message : str
            The message.

        Returns
        -------
        iterator of str
            The words of one reply. Joined by ``word_index_.join``, by blanks that is
            unless they are characters, they are what ``predict([message])`` replies
            with ``num_return_sequences=1`` and without a `detokenizer`. The fall-back
            comes as if it was one word.

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
        fitted, batch = read(self, [message], name="message", n_words_each=_REPLY)
        writer, messages, replies = answered(self, fitted, batch, n_replies=1)
        return writer.stream(messages, *(words for (words,) in replies or ()))

    def sample(
        self,
        n_samples: int = 1,
        *,
        starts_with: str | Sequence[int] | None = None,
        ends_with: str | Iterable[str] | Iterable[Sequence[int]] | None = None,
        contains: str | Iterable[str] | Iterable[Sequence[int]] | None = None,
        min_length: int | None = None,
        max_length: int | None = None,
        unique: bool = False,
        balanced: bool = False,
    ) -> NDArray[Any]:
        """Write texts from the start, on request under conditions.

        With conditions, texts are drawn from the model *given* that they fulfil them:
        as if one drew texts without end and kept those that fit. Where no text can fit,
        that is an error.

        Parameters
        ----------
        n_samples : int, default=1
            How many.
        starts_with : str, default=None
            Words that every text begins with.
        ends_with : str or iterable of str, default=None
            Words that every text ends with; of several, one of them: rhymes, say.
        contains : str or iterable of str, default=None
            Words in a row that every text contains; of several, each of them. Separate
            ones may be ten at most.
        min_length, max_length : int, default=None
            Words that every text has at least and at most. With conditions and without
            `max_length`, texts end when they like, not at the generator's own limit.
        unique : bool, default=False
            Whether no two of the texts are alike.
        balanced : bool, default=False
            Whether quotes and brackets pair in every text.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, num_return_sequences), object
            Texts. For models of plain integer rows: int32 rows padded with 0; their
            conditions are sequences of ids in place of texts.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        ValueError
            If `n_samples` is no int of at least 1; if the conditions are impossible,
            or hold a word that is not known; if a parameter that changes what is drawn
            (such as `temperature`) is set beside conditions on more than the start; if
            texts that are unique or balanced were not found in 10 000 tries in a row.

        Notes
        -----
        Beside conditions on more than the start, `bad_words` is one too: texts are drawn
        given that none of these is in them.

        How long conditions take, and what they need in memory, is in the user guide. What
        was computed is kept for the most recent ones.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(random_state=3).fit(["a b", "a c b", "a d"])
        >>> model.sample(3)
        array(['a b', 'a b', 'a b'], dtype=object)
        >>> model.sample(2, contains="c")
        array(['a c b', 'a c b'], dtype=object)
        """
        fitted = checked_model(self)
        owner = type(self).__name__ + ".sample"
        n_samples = check_count(n_samples, "n_samples", owner)
        check_flag(unique, "unique", owner)
        check_flag(balanced, "balanced", owner)
        conditions = Conditions.read(
            fitted, starts_with, ends_with, contains, min_length, max_length
        )
        if conditions.only_start:
            conditions.check_start(fitted.language_model)
            fitted = fitted.after_use(_REPLY * n_samples)
        else:
            check_undistorted(self, fitted, "to sample under conditions, which are")
        is_new = novelty_of(self, fitted) if self.novel else None
        form = Form(unique, balanced, is_new)
        return sample_texts(self, fitted, n_samples, conditions, form)

    def score_samples(self, X: Samples) -> NDArray[np.float64]:
        """Natural log probability of each text, its end included.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.

        Returns
        -------
        ndarray of shape (n_samples,), float64
            In nats; divide by ``np.log(10)`` for KenLM's unit. An unknown word counts
            with the share the smoothing keeps for it. It is a sum over the words of a
            text, and the longer a text is, the lower: to rank texts of different
            lengths, take the mean of `score_texts`.
            With a `memory`, texts are read in order, and each depends on those before
            it; every call begins with nothing remembered, and leaves nothing behind.

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
        return scores_of_texts(self, X).log_proba

    def score_texts(
        self,
        X: Samples,
        *,
        unknown: Literal["include", "exclude"] = "include",
        as_frame: bool = False,
    ) -> Any:
        """Score each text by numbers that do not depend on its length, and others.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        unknown : {"include", "exclude"}, default="include"
            Whether unknown words count, with the share the smoothing keeps for them, or
            are left out of all numbers but `n_unknown`.
        as_frame : bool, default=False
            Whether to return a DataFrame, which needs pandas. It has the index of `X`,
            if that is a Series or a DataFrame.

        Returns
        -------
        structured ndarray of shape (n_samples,), or DataFrame
            A row for each text:

            log_proba : float
                Sum of the natural logarithms of the probabilities of its tokens, that
                is its words and its end: `score_samples`. It ranks texts by length
                more than by anything else.
            n_tokens : int
                How many tokens these are.
            n_unknown : int
                How many of its words are unknown.
            perplexity : float
                exp(−log_proba / n_tokens); lower is better.
            mean_surprise : float
                Mean of −log2(probability) of its tokens, in bits.
            max_surprise : float
                The highest of these.
            share_seen : float
                Share of the tokens whose longest context, the n − 1 words before them
                or all words down to the start of the text, was seen with a word after
                it.

            The last four are nan for a row of ids without any token.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids, or `unknown` is neither of
            its choices.
        ImportError
            If ``as_frame=True`` and pandas is missing.

        Warns
        -----
        UserWarning
            If a text is impossible (−inf) because the model is not smoothed.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
        >>> scores = model.score_texts(["a b", "c c zero"])
        >>> scores["log_proba"].round(2), scores["n_tokens"], scores["n_unknown"]
        (array([-1.8 , -9.71]), array([3, 4]), array([0, 1]))
        >>> scores["mean_surprise"].round(2), scores["share_seen"]
        (array([0.87, 3.5 ]), array([1.  , 0.75]))
        """
        return table_of_texts(self, X, unknown, as_frame)

    def score_tokens(self, X: Samples, *, as_frame: bool = False) -> Any:
        """Score each token, that is each word and each end, of some texts.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        as_frame : bool, default=False
            Whether to return a DataFrame, which needs pandas.

        Returns
        -------
        structured ndarray of shape (n_tokens,), or DataFrame
            A row for each token, text after text:

            text : int
                The text's place in `X`, from 0.
            position : int
                The token's place in the text, from 0.
            word : str
                The word, ``""`` at the end. For models of plain integer rows an id, 0
                at the end.
            log_proba : float
                ln p(word | the words before); −inf for a word that is impossible. Their
                sum is the text's `score_samples`.
            order : int
                Words of the n-gram that the probability comes from; see `explain`.
            weight : float
                Product of the backoff weights that apply; see `explain`. With a `memory`, both
                are of the probability that it is mixed with.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids.
        ImportError
            If ``as_frame=True`` and pandas is missing.

        See Also
        --------
        explain : The same for one text, or for a reply.
        score_texts : A row for each text.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
        >>> table = model.score_tokens(["a c", "b"])
        >>> for text, position, word, log_proba, order, weight in table:
        ...     print(f"{text} {position} {word:2}{log_proba:.2f} {order} {weight:.2f}")
        0 0 a -0.27 2 1.00
        0 1 c -1.08 2 1.00
        0 2   -0.45 2 1.00
        1 0 b -2.81 1 0.33
        1 1   -0.45 2 1.00
        """
        return table_of_tokens(self, X, as_frame)

    def score(self, X: Samples, y: Samples | None = None) -> float:
        """Mean natural log probability per token; higher is better.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : as X, default=None
            Replies; then it is these that are scored, given their messages. A `memory`
            hears both.

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
        return TokenScores.of(self, X, y).mean("include", self)

    def perplexity(
        self,
        X: Samples,
        y: Samples | None = None,
        *,
        unknown: Literal["include", "exclude"] = "include",
    ) -> float:
        """Perplexity, exp(−score): the effective number of equally likely next words.

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
        check_unknown(unknown, type(self).__name__ + ".perplexity")
        return float(np.exp(-TokenScores.of(self, X, y).mean(unknown, self)))

    def scorer(self) -> WordScorer:
        """A scorer of single words, for decoders and other programs.

        It is of what the model has learned by now; what is learned or forgotten later
        does not change it.

        Returns
        -------
        WordScorer
            It has ``start()``, ``empty()``, ``score(state, word)`` and ``end(state)``,
            and these for many words at a time. Chained, the scores add up to
            `score_samples`.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2).fit(["a b", "a c"])
        >>> scorer = model.scorer()
        >>> log_proba, state = scorer.score(scorer.start(), "a")
        >>> scorer.score(state, "b")[0]  # ln(1/2)
        -0.6931471805599453
        """
        return WordScorer(checked_model(self))

    def session(self) -> Session:
        """A conversation in which this model remembers what was said, for one visitor.

        It is with what the model has learned by now, and with its parameters; what is
        learned, forgotten or set later does not change it. Where the model has no `memory`
        of its own, the session has that of ``memory="recent"``.

        Returns
        -------
        Session
            It hears texts by ``observe(text)`` and has ``next_words``,
            ``next_word_proba``, ``predict``, ``stream`` and ``score_samples``, as this
            model, and ``forget()``.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
        >>> session = model.session().observe("a b")
        >>> session.next_words(["a"], k=2)
        [[('b', 0.45...), ('c', 0.24...)]]
        """
        return Session(self)

    def next_word_proba(self, X: Samples) -> NDArray[np.float64]:
        """Probability of each word to come next.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages.

        Returns
        -------
        ndarray of shape (n_samples, n_ids), float64
            Column 0 is the end of the text, column j the word with id j; n_ids is
            ``len(word_index_.words_)``. What is missing to 1 is the share of an unknown
            word.

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
        fitted, batch = read(self, X)
        batch = matched(batch, fitted, self.match)
        return np.stack(list(_next_word_probas(fitted, batch)))

    def next_words(
        self, X: Samples, k: int = 5, prefix: str | Iterable[str] | None = None
    ) -> list[list[tuple[Any, float]]]:
        """The `k` likeliest next words, or of those that begin with a prefix.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages.
        k : int, default=5
            How many, at most; words of probability 0 are left out.
        prefix : str or iterable of str, default=None
            How the next word begins, as where it is half typed; or that for each text.
            It is spelled as texts are (`lowercase` and the like), and where no word begins
            so, ``match="loose"`` ignores case, accents and punctuation. None is any word.

        Returns
        -------
        list of list of (str, float)
            Words with their probabilities after the text, likeliest first; ``""`` is the
            end. Models of plain integer rows give ids, 0 being the end. A prefix leaves
            words out and does not change the probabilities of the others.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids, `k` no int of at least 1, or
            `prefix` neither a str nor one for each text; also if there is a prefix and
            the model knows no words.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2).fit(["a b", "a c", "a c"])
        >>> model.next_words(["a", "b"], k=2)
        [[('c', 0.66...), ('b', 0.33...)], [('', 1.0)]]
        >>> model.next_words(["a"], prefix="b")
        [[('b', 0.33...)]]
        """
        owner = type(self).__name__ + ".next_words"
        k = check_count(k, "k", owner)
        fitted, batch = read(self, X)
        batch = matched(batch, fitted, self.match)
        index = fitted.word_index
        words: Sequence = range(fitted.n_ids) if index is None else index.words_
        likeliest = (
            _likeliest(fitted, context, k, each, self.match)
            for context, each in zip(
                _contexts(fitted, batch),
                checked_prefixes(prefix, len(batch), owner),
                strict=True,
            )
        )
        return [
            [(words[j], p_) for j, p_ in zip(ids.tolist(), p.tolist(), strict=True)]
            for ids, p in likeliest
        ]

    def explain(
        self,
        text: str | ArrayLike,
        message: str | ArrayLike | None = None,
        *,
        as_frame: bool = False,
    ) -> Any:
        """Where the probability of each word of a text comes from.

        Parameters
        ----------
        text : str, or array-like of shape (n_columns,) of int
            A single text or integer row.
        message : as text, default=None
            What the text replies to. None explains it as a text of its own.
        as_frame : bool, default=False
            Whether to return a DataFrame, which needs pandas.

        Returns
        -------
        structured ndarray of shape (n_words + 1,), or DataFrame
            An entry for each word, the last one being the end of the text:

            word : str
                The word, ``""`` at the end. For models of plain integer rows an id, 0
                at the end.
            probability : float
                p(word | the words before). The sum of the logarithms is the text's
                `score_samples`.
            surprise : float
                −log2(probability), in bits; inf for a word that is impossible.
            order : int
                Words of the n-gram that the probability comes from: the longest one
                ending in the word that was seen, `min_count` times or more. The start
                of a text counts as a word. 0 is none: the word is unknown, or the model
                looks no further than to a context that did not see it ("mle",
                "lidstone").
            weight : float
                Product of the backoff weights of the longer contexts, which were seen,
                though not with this word. The probability is `weight` times what the
                n-gram's own context gives to the word (for order 0: the uniform
                distribution). It is 1 if the longest known context saw the word.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `text` or `message` is neither a text nor a row of known ids.
        ImportError
            If ``as_frame=True`` and pandas is missing.

        See Also
        --------
        sklearn_sslm.inspection.SurpriseDisplay : Shows it, word by word.
        score_tokens : The same for many texts.

        Notes
        -----
        A row of ids that holds no 0 was cut off, so that its end is not explained.

        Examples
        --------
        After "b" only the end was seen. The backoff weight of "b" is 0.5, and p("c")
        without any context is 0.18: 0.5 * 0.18 = 0.09.

        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
        >>> for word, probability, surprise, order, weight in model.explain("a b c"):
        ...     print(f"{word:2}{probability:.2f} {surprise:.2f} {order} {weight:.2f}")
        a 0.76 0.40 2 1.00
        b 0.34 1.56 2 1.00
        c 0.09 3.47 1 0.50
          0.64 0.64 2 1.00
        """
        return explain_text(self, text, message, as_frame)

    def _check_parameters(self):
        super()._check_parameters()
        if self.memory is not None:
            as_memory_rules(self.memory)


def _next_word_probas(fitted, batch):
    """Yield the distribution of the next word after each sample."""
    for length, row in _contexts(fitted, batch):
        yield next_word_probabilities(fitted.language_model, length, row)


def _likeliest(fitted, context, k, prefix, match):
    """The likeliest next words, of those that begin with a prefix, as ids."""
    model, (length, row) = fitted.language_model, context
    if not prefix:
        return likeliest_words(model, length, row, k)
    p = next_word_probabilities(model, length, row)
    return likeliest_of(np.arange(len(p)), p, ids_starting(fitted, prefix, match), k)


def _contexts(fitted, batch):
    """The longest known context at the end of each sample, as pairs of int."""
    counts = fitted.language_model.counts
    return np.stack(contexts(batch, counts, fitted.has_replies), axis=1).tolist()
