"""The text generator as an estimator; the other files of this wing do its work."""

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
from ..smoothing import Smoothing
from ..utils import Interval, StrOptions, check_count, int_from
from ..words import Samples, WordIndexTransformer
from ._answering import all_replies, answered
from ._completions import checked_prefixes
from ._explanations import explain_text, table_of_tokens
from ._matching import matched
from ._memory_parameter import as_memory_rules
from ._next_words import distributions_after, words_after
from ._reply_writer import WORDS_PER_REPLY, ReplyWriter
from ._sampled import sample_in_blocks
from ._scores import TokenScores, check_unknown, scores_of_texts
from ._session import Session
from ._text_table import table_of_texts
from ._word_scorer import WordScorer


class NGramTextGenerator(NGramEstimator):
    """An n-gram language model that generates, scores and explains texts.

    The next word is drawn from the words that followed the last n − 1 words in the
    learned texts. If these n − 1 words were never seen together, the context is
    shortened from the left until it was seen.

    Parameters
    ----------
    n : int, default=2
        The order of the model: each word is predicted from the n − 1 words before it.
    smoothing : str or Smoothing, default="mle"
        How much probability words get that were not seen after a context: "mle" (none),
        "lidstone", "witten_bell", "absolute_discounting", "kneser_ney",
        "stupid_backoff", or an object from `sklearn_sslm.smoothing`. The parameters of
        an object can be set through this estimator, as in
        ``set_params(smoothing__alpha=0.1)``.
    min_count : int or array-like of int, default=1
        N-grams that were seen less often are pruned, and their probability goes to the
        shorter context. A sequence has one threshold for each order; it must not
        decrease, and its last number holds for all higher orders. Needs a smoothing
        that interpolates. See Notes.
    word_index : WordIndexTransformer, default=None
        How texts are split into words, or characters. It is cloned, not changed. None
        splits at white space. A model fitted on integer rows from a
        `WordIndexTransformer`, as in a pipeline, splits as that one does.
    input : {"content", "filename"}, default="content"
        What `fit`, `partial_fit` and `partial_forget` take: texts, or paths of files
        with one text per line, which the `n_jobs` workers read themselves. All other
        methods take texts.
    echo : {"context", "message", "none"}, default="context"
        How a reply begins: with the words that it continues from ("context"), with the
        whole message, or with its first new word ("none"). Models of messages and
        replies never repeat the context.
    unknown : {"fallback", "backoff", "error"}, default="fallback"
        What to do if one of the last n − 1 words of a message is unknown: reply
        `fallback_response`, continue from the known words after it ("backoff"), or
        raise an error. If there is no known word after it, "backoff" generates a text,
        or a reply, from its start. "backoff" also excludes empty replies to any
        message: if nothing is echoed, replies are drawn from the model given that they
        have at least one word.
    match : {"exact", "loose"}, default="exact"
        How words of messages are looked up: as they are, or, if a word is unknown,
        without regard to case, accents, Unicode form and punctuation at its ends
        ("loose"). Of several known words that match, the most frequent one is taken, in
        models of replies the most frequent one in messages. The reply has the spelling
        that was learned. If no word matches, repeated letters are removed: "oiii"
        matches "oi", and "diaa" matches "dia". Unknown punctuation that stands alone is
        removed.
    reply : {"context", "keyword"}, default="context"
        What a reply is: a text that continues from the context at the end of the
        message, or a text with the keyword of the message, its rarest known word.
        Texts with a keyword are drawn from the model given that they contain it and
        have `min_length` to `max_length` words; they echo nothing, whatever `echo` is.
        If the model has no text with the keyword, the next rarest word is tried. If it
        has no text with any word of the message, the reply continues from the context.
    n_candidates : int, default=1
        With ``reply="keyword"``, the number of texts drawn for each reply. The reply is
        the one with the highest mean surprise of its words and its end.
    fallback_response : str, default="Desculpe, não entendi sua mensagem."
        The reply to an empty message and, with ``unknown="fallback"``, to an unknown
        word.
    detokenizer : callable or "simple", default=None
        Makes a text from a list of words. "simple" omits blanks before punctuation and
        inside quotes; None joins words with blanks, and characters and pieces of words
        as `word_index` does.
    min_length : int, default=0
        Minimum number of words of a reply, echoed words included. Replies are drawn
        from the model given that they have this length, as by `sample`. If the model
        has no reply of this length, words are drawn from the next shorter context
        wherever only the end was seen after a context; see Notes.
    max_length : int, default=100
        Maximum number of words of a reply, echoed words included; the echo is never
        cut.
    temperature : float, default=1.0
        Probabilities are raised to the power 1 / temperature before a word is drawn:
        below 1 likely words become likelier, above 1 rare words do. 0 always takes the
        likeliest word.
    top_k : int, default=None
        Draw only from the k likeliest words.
    top_p : float, default=None
        Draw only from the likeliest words whose probabilities together reach `top_p`
        (nucleus sampling).
    min_p : float, default=None
        Draw only from words with at least `min_p` times the probability of the
        likeliest word.
    no_repeat_ngram_size : int, default=0
        No n-gram of this size occurs twice in a reply; 0 sets no limit.
    bad_words : iterable of str, default=None
        Words, and sequences of words, that replies do not contain, except where they
        echo the message. If the controls exclude every word, the reply is
        `fallback_response`, and a warning names the message.
    stop : str or iterable of str, default=None
        Words that end a reply; the reply includes them.
    novel : bool, default=False
        Whether to exclude replies and sampled texts that equal a learned text. It must
        be True when the model is fitted, which then stores 8 bytes for each text (and
        reads all texts of files into memory).
    num_beams : int, default=1
        If more than 1, the reply is the likeliest one that a beam search of this width
        finds, instead of a random one.
    num_return_sequences : int, default=1
        Number of replies to each message. If more than 1, the arrays returned have one
        column for each. At most `num_beams`, if that is more than 1.
    memory : {"recent"} or RecentWords, default=None
        A cache that makes words likelier if they were read recently. `score`,
        `perplexity`, `score_samples`, `score_texts` and `score_tokens` then read the
        texts in order, and score each one given those before it. "recent" is a
        `RecentWords` with its defaults. The parameters of an object can be set through
        this estimator, as in ``set_params(memory__half_life=1000)``. What is learned
        does not depend on it.
    random_state : int, RandomState instance, Generator or None, default=None
        Source of random numbers. With an int every call returns the same: a reply then
        depends on the int, on the message, and on how many equal messages precede it in
        the call, and not on its position or on other messages.
    n_jobs : int, default=None
        Number of threads that read and count long texts or files, and answer many
        messages; processes read where Python splits texts or changes their letters. As
        in joblib, None is 1 and −1 is all cores. No result depends on it. In a web
        browser, where neither processes nor threads can be started, it is 1.
    verbose : int, default=0
        If 1, reading, counting, smoothing, scoring and writing show a progress bar at a
        terminal or in a notebook when they take more than a second. Needs the package
        tqdm, as in ``pip install "sklearn-sslm[progress]"``. Nothing is shown where
        standard error is neither.

    Attributes
    ----------
    word_index_ : WordIndexTransformer or None
        The vocabulary; None if the model was fitted on integer rows without words.
    smoothing_ : Smoothing
        The smoothing in use.
    counts_ : NGramCounts
        The count of each n-gram.
    n_words_ : int
        Number of known words.
    n_texts_seen_ : int
        Number of learned texts; a message and its reply count as one.
    n_tokens_seen_ : int
        Number of learned tokens: words, and ends of texts and messages.
    has_replies_ : bool
        Whether messages with replies were learned.
    discounts_ : ndarray of shape (n_orders, 3), float64
        The discounts of counts of 1, 2, and 3 or more, a row for each order up to that
        of the longest text. Only smoothings that discount have it.

    See Also
    --------
    WordIndexTransformer : Turns texts into the ids that are counted.

    Notes
    -----
    `X` is an iterable of texts, or integer rows from a `WordIndexTransformer`. Such a
    row is read up to its first 0. A row without a 0 was truncated, and its end is not
    learned. A row without columns cannot be learned. For rows that carry no words (a
    plain array), replies are rows as well.

    Together with other controls, such as `temperature` and `bad_words`, `min_length` is
    a control like them: the end has probability 0 until the reply is long enough, as in
    Hugging Face's ``GenerationConfig``. This is also so in a session, and in a large
    model where very few replies are long enough.

    `min_count` is the pruning of KenLM's ``lmplz --prune``, whose thresholds are lower
    by one. The thresholds apply to the true counts of every order, even if the
    smoothing uses continuation counts; totals and discounts are those of all n-grams.
    With α(h, w) the discounted probability of a word w after a context h, the backoff
    weight of h becomes γ(h) + Σ α(h, w), summed over the pruned words, so that
    probabilities sum to 1. The end of a text is never pruned as a unigram. A pruned
    word stays known, with the probability of an unknown word; lmplz removes it from the
    vocabulary. Pruned n-grams are still counted, in memory and in saved models, so that
    `partial_fit` and `partial_forget` are exact. With `min_count` above 1, both take
    time in proportion to the whole model, not to the texts.

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
            A text for each message. For plain integer rows, int32 rows padded with 0;
            a row is empty where a text would be `fallback_response`.

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
            If the controls exclude every word of the reply to a message, which is named.
        """
        fitted, batch = read(self, X, n_words_each=WORDS_PER_REPLY)
        return all_replies(self, fitted, batch, ReplyWriter.of(self, fitted))

    def stream(self, message: str) -> Iterator[str]:
        """Reply to one message, word by word.

        Parameters
        ----------
        message : str
            The message.

        Returns
        -------
        iterator of str
            The words of one reply. ``word_index_.join`` makes of them what
            ``predict([message])`` returns with ``num_return_sequences=1`` and without a
            `detokenizer`. `fallback_response` is yielded as a single word.

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
        fitted, batch = read(
            self, [message], name="message", n_words_each=WORDS_PER_REPLY
        )
        writer = ReplyWriter.of(self, fitted, n_replies=1)
        messages, replies = answered(self, fitted, batch, writer)
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
        """Generate random texts, optionally under conditions.

        With conditions, texts are drawn from the model *given* that they satisfy them:
        the distribution is that of drawing texts and rejecting those that do not.

        Parameters
        ----------
        n_samples : int, default=1
            Number of texts.
        starts_with : str, default=None
            Words that every text begins with.
        ends_with : str or iterable of str, default=None
            Words that every text ends with, or several alternatives, such as rhymes.
        contains : str or iterable of str, default=None
            Consecutive words that every text contains, or up to ten such phrases, each
            of which every text contains.
        min_length, max_length : int, default=None
            Minimum and maximum number of words of every text. With conditions and
            without `max_length`, the length has no limit, whatever the generator's own
            `max_length` is.
        unique : bool, default=False
            Whether all texts differ from each other.
        balanced : bool, default=False
            Whether quotes and brackets are in pairs in every text.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, num_return_sequences), object
            Texts. For models of plain integer rows, int32 rows padded with 0; their
            conditions are sequences of ids instead of texts.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        ValueError
            If `n_samples` is no int of at least 1; if no text satisfies the conditions,
            or they hold an unknown word; if there are conditions other than
            `starts_with` and a parameter that changes the distribution (such as
            `temperature`) is set; if 10,000 draws in a row gave no new text that is
            unique or balanced.

        Notes
        -----
        With conditions other than `starts_with`, `bad_words` is a condition, too: texts
        are drawn given that they contain none of them.

        The user guide has the time and memory that conditions need. What was computed
        for the most recent conditions is cached.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(random_state=3).fit(["a b", "a c b", "a d"])
        >>> model.sample(3)
        array(['a b', 'a b', 'a b'], dtype=object)
        >>> model.sample(2, contains="c")
        array(['a c b', 'a c b'], dtype=object)
        """
        (texts,) = sample_in_blocks(
            self,
            n_samples,
            starts_with=starts_with,
            ends_with=ends_with,
            contains=contains,
            min_length=min_length,
            max_length=max_length,
            unique=unique,
            balanced=balanced,
        )
        return texts

    def score_samples(self, X: Samples) -> NDArray[np.float64]:
        """Natural log probability of each text, its end included.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.

        Returns
        -------
        ndarray of shape (n_samples,), float64
            In nats; divide by ``np.log(10)`` for KenLM's unit. Unknown words count with
            the probability that the smoothing reserves for them. The sum over the words
            of a text decreases with its length: to rank texts of different lengths, use
            the means of `score_texts`.
            With a `memory`, each text is scored given those before it in `X`; the
            memory is empty at the start of every call.

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
        """Score each text by its log probability, its perplexity and other measures.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        unknown : {"include", "exclude"}, default="include"
            Whether unknown words count, with the probability that the smoothing
            reserves for them, or are excluded from all columns but `n_unknown`.
        as_frame : bool, default=False
            Whether to return a DataFrame, which needs pandas. It has the index of `X`,
            if that is a Series or a DataFrame.

        Returns
        -------
        structured ndarray of shape (n_samples,), or DataFrame
            A row for each text:

            log_proba : float
                Natural log probability of the text, as from `score_samples`: the sum
                over its tokens, which are its words and its end. It depends mostly on
                the length of the text.
            n_tokens : int
                Number of tokens.
            n_unknown : int
                Number of unknown words.
            perplexity : float
                exp(−log_proba / n_tokens); lower is better.
            mean_surprise : float
                Mean surprise, −log2(probability), of the tokens, in bits.
            max_surprise : float
                Highest surprise of a token, in bits.
            share_seen : float
                Share of the tokens whose full context was seen with a word after it.
                The full context is the n − 1 words before the token, or all words from
                the start of the text if these are fewer.

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
        """Score each token of some texts: each word, and each end of a text.

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
                ln p(word | the words before); −inf for a word that is impossible. The
                sum over a text is its `score_samples`.
            order : int
                Order of the n-gram that the probability comes from; see `explain`.
            weight : float
                Product of the backoff weights that apply; see `explain`. With a
                `memory`, `order` and `weight` are those of the model without it.

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
            Replies; if given, they are scored given their messages `X`. A `memory`
            observes both.

        Returns
        -------
        float
            In nats per token; tokens are words and ends of texts.

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
            Replies; if given, they are scored given their messages `X`.
        unknown : {"include", "exclude"}, default="include"
            Whether unknown words count, with the probability that the smoothing
            reserves for them, or are excluded from the sum and from the number of
            tokens. KenLM reports both perplexities.

        Returns
        -------
        float
            At least 1, lower is better. Compare only models with the same vocabulary
            and the same `unknown`: the fewer words a model knows, the more words share
            the probability of an unknown word.

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
        """Return a scorer of single words, for decoders and other programs.

        What the model learns or forgets later does not change the scorer.

        Returns
        -------
        WordScorer
            It has ``start()``, ``empty()``, ``score(state, word)`` and ``end(state)``,
            and the methods ``score_many`` and ``end_many`` for many words at a time.
            The scores of the words of a text and of its end sum to `score_samples`.

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
        """Return a conversation with this model that remembers recent words.

        The session uses what the model has learned so far and its current parameters;
        what is learned, forgotten or set later does not change it. If the model has no
        `memory`, the session uses ``memory="recent"``.

        Returns
        -------
        Session
            ``observe(text)`` adds a text to its memory, and ``forget()`` empties it.
            ``next_words``, ``next_word_proba``, ``predict``, ``stream``, ``explain``
            and ``score_samples`` are those of this model, given the memory.

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
        """Probability of each word to be the next one.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages.

        Returns
        -------
        ndarray of shape (n_samples, n_ids), float64
            Column 0 is the end of the text, column j the word with id j; n_ids is
            ``len(word_index_.words_)``. A row sums to 1 minus the probability of an
            unknown word.

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
        fitted, batch = read(self, X, n_words_each=1)
        batch = matched(batch, fitted, self.match)
        return distributions_after(fitted, batch)

    def next_words(
        self, X: Samples, k: int = 5, prefix: str | Iterable[str] | None = None
    ) -> list[list[tuple[Any, float]]]:
        """The `k` likeliest next words, of all words or of those with a prefix.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Beginnings of texts; for models of replies, messages.
        k : int, default=5
            Maximum number of words; words of probability 0 are omitted.
        prefix : str or iterable of str, default=None
            The first letters of the next word, as of one that is half typed: one prefix
            for all texts, or one for each. It is preprocessed as texts are
            (`lowercase` and the like). If no word begins with it, ``match="loose"``
            ignores case, accents and punctuation. None is any word.

        Returns
        -------
        list of list of (str, float)
            For each text, words with their probabilities, likeliest first; ``""`` is
            the end. Models of plain integer rows return ids, 0 for the end. A prefix
            does not change the probabilities.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `X` is neither texts nor rows of known ids, `k` is no int of at least 1,
            or `prefix` is neither a str nor one str for each text; also if there is a
            prefix and the model has ids but no words.

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
        fitted, batch = read(self, X, n_words_each=1)
        batch = matched(batch, fitted, self.match)
        prefixes = checked_prefixes(prefix, len(batch), owner)
        return words_after(fitted, batch, k, prefixes, self.match)

    def explain(
        self,
        text: str | ArrayLike,
        message: str | ArrayLike | None = None,
        *,
        as_frame: bool = False,
    ) -> Any:
        """Explain which n-gram the probability of each word of a text comes from.

        Parameters
        ----------
        text : str, or array-like of shape (n_columns,) of int
            A single text or integer row.
        message : as text, default=None
            The message that the text replies to. None explains it as a text on its own.
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
                Order of the n-gram that the probability comes from: the longest one
                that ends in the word and was seen at least `min_count` times. The start
                of a text counts as a word. 0 means that there is none: the word is
                unknown, or it was not seen after the longest known context and the
                smoothing does not back off to shorter ones ("mle", "lidstone").
            weight : float
                Product of the backoff weights of the longer contexts, which were seen
                with other words only. The probability is `weight` times the probability
                of the word after the context of that n-gram (for order 0, under the
                uniform distribution). It is 1 if the word was seen after the longest
                known context.

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
        A row of ids without a 0 was truncated, and its end is not explained.

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
