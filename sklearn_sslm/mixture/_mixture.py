"""The mixture as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator

from ..base import rebuilt_model
from ..generator import (
    NGramTextGenerator,
    TokenScores,
    check_unknown,
    checked_prefixes,
    likeliest_of,
    summed_by_text,
)
from ..ngrams import TokenStream
from ..utils import (
    DOC_LINK,
    as_frame_of,
    as_generator,
    check_count,
    check_parameters,
    import_extra,
    int_from,
)
from ..words import UNKNOWN, Samples, WordIndexTransformer
from ._em import fit_weights
from ._mixed_draws import draw_words
from ._mixture_scorer import MixtureScorer
from ._union import Union


class NGramMixture(BaseEstimator):
    """Linear interpolation of several fitted models.

    The probability of a word is the weighted mean of its probabilities in the models. A
    small model of the texts of interest and a large model of general texts are often
    better together than either alone; `fit_weights` finds the weights on texts that none
    of the models has learned.

    Parameters
    ----------
    models : list of NGramTextGenerator
        Fitted on texts that are split into words in the same way, or read from ARPA
        files. They are not copied: what they learn later is in the mixture, too.
    weights : array-like of shape (n_models,), default=None
        Weights that are not negative; they are divided by their sum. None is the same
        weight for all models.
    max_length : int, default=100
        Maximum number of new words of a text.
    random_state : int, RandomState instance or None, default=None
        Source of random numbers of `sample`, `predict` and `stream`.

    Attributes
    ----------
    weights_ : ndarray of shape (n_models,), float64
        Weights found by `fit_weights`, which are used instead of `weights`.
    log_likelihoods_ : ndarray of shape (n_steps + 1,), float64
        Mean log probability of the tokens of `fit_weights`, in nats, at the start and
        after each step.
    n_iter_ : int
        Number of steps of `fit_weights`.
    word_index_ : WordIndexTransformer
        The words of all models: those of the first model, then the other words of the
        second one, and so on.

    See Also
    --------
    NGramTextGenerator.merge : Adds the counts of two models.

    Notes
    -----
    With h the words before w,

    p(w | h) = λ₁ p₁(w | h) + … + λₖ pₖ(w | h).

    This is linear interpolation (Jelinek & Mercer 1980 [1]_) of whole models. The words
    that only other models know are unknown words to model i. They get 1 % of its
    probability of an unknown word, divided in proportion to their unigram probabilities
    in the other models; the other 99 % are those of words that no model knows. So the
    probabilities of all words, of the end of the text and of an unknown word sum to 1.
    Models with `StupidBackoff`, whose scores do not sum to 1, cannot be mixed.

    Perplexities of models with different vocabularies cannot be compared. To score a
    single model on the words of all models, give it all the weight of the mixture.

    `sklearn.base.clone` clones the models, too, which are then not fitted.

    References
    ----------
    .. [1] F. Jelinek and R. L. Mercer, "Interpolated Estimation of Markov Source
       Parameters from Sparse Data", Pattern Recognition in Practice, 1980.

    Examples
    --------
    >>> from sklearn_sslm import NGramMixture, NGramTextGenerator
    >>> one = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    >>> two = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a d", "b d"])
    >>> mixture = NGramMixture([one, two]).fit_weights(["a b", "a c", "b d"])
    >>> mixture.weights_.round(2)
    array([0.65, 0.35])
    >>> [round(model.score(["a b", "a d"]), 2) for model in (one, two, mixture)]
    [-1.09, -1.21, -0.9]
    """

    __module__ = "sklearn_sslm"  # where users have it: the name in saved files

    _parameter_constraints: dict = {
        "models": [list, tuple],
        "weights": ["array-like", None],
        "max_length": [int_from(0)],
        "random_state": ["random_state"],
    }
    _doc_link_module = "sklearn_sslm"
    _doc_link_template = DOC_LINK

    def __init__(
        self,
        models: Sequence[NGramTextGenerator],
        weights: ArrayLike | None = None,
        *,
        max_length: int = 100,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.models = models
        self.weights = weights
        self.max_length = max_length
        self.random_state = random_state

    def fit_weights(
        self,
        X: Samples,
        y: Samples | None = None,
        *,
        tol: float = 1e-6,
        max_iter: int = 1000,
    ) -> Self:
        """Find the weights that maximize the likelihood of texts.

        Parameters
        ----------
        X : iterable of str
            Texts that none of the models has learned.
        y : iterable of str, default=None
            Replies; if given, their likelihood given their messages `X` is maximized.
        tol : float, default=1e-6
            Largest (estimated) distance from the best weights at which to stop.
        max_iter : int, default=1000
            Maximum number of steps of expectation maximization.

        Returns
        -------
        self : NGramMixture

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError
            If `X` or `y` is no iterable of str.
        ValueError
            If the models cannot be mixed, a parameter is outside its domain, or all
            tokens are impossible for all models.

        Warns
        -----
        UserWarning
            If `max_iter` steps were not enough, or some tokens are impossible for all
            models and therefore ignored.
        """
        max_iter = check_count(max_iter, "max_iter", "NGramMixture.fit_weights")
        union, weights = self._checked()
        stream, counts = self._read(union, X, y)
        p = union.token_probabilities(stream)[counts]
        possible = p.any(axis=1)
        if not possible.any():
            raise ValueError(
                "'X' of NGramMixture.fit_weights must hold a token that one of the "
                "models gives a probability above 0. Got none."
            )
        if not possible.all():
            n_impossible = np.count_nonzero(~possible)
            message = (
                f"{n_impossible} tokens have probability 0 in all models and were "
                "ignored. Add a model with a smoothing such as 'kneser_ney'."
            )
            warnings.warn(message, stacklevel=2)
        start = np.full(len(weights), 1 / len(weights))
        found = fit_weights(p[possible], start, tol, max_iter)
        self.weights_, self.log_likelihoods_, converged = found
        self.n_iter_ = len(self.log_likelihoods_) - 1
        if not converged:
            message = (
                f"The weights still change after max_iter={max_iter} steps. Raise "
                "'max_iter', or raise 'tol'."
            )
            warnings.warn(message, stacklevel=2)
        return self

    def score_samples(self, X: Samples) -> NDArray[np.float64]:
        """Natural log probability of each text, its end included.

        Parameters
        ----------
        X : iterable of str
            Texts.

        Returns
        -------
        ndarray of shape (n_samples,), float64
            In nats; −inf for a text with a token that is impossible in all models.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError, ValueError
            If `X` is no iterable of str, or the models cannot be mixed.

        Examples
        --------
        >>> from sklearn_sslm import NGramMixture, NGramTextGenerator
        >>> models = [NGramTextGenerator().fit([text]) for text in ("a b", "a c")]
        >>> NGramMixture(models).score_samples(["a b"])  # ln(1 * 1/2 * 2/3)
        array([-1.09861229])
        """
        union, weights = self._checked()
        stream, _ = self._read(union, X)
        log_proba = _log(union.token_probabilities(stream) @ weights)
        return np.add.reduceat(log_proba, stream.starts)

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
        X : iterable of str
            Texts.
        unknown : {"include", "exclude"}, default="include"
            Whether words that no model knows count.
        as_frame : bool, default=False
            Whether to return a DataFrame, which needs pandas.

        Returns
        -------
        structured ndarray of shape (n_samples,), or DataFrame
            The columns of `NGramTextGenerator.score_texts`. `n_unknown` is the number of
            words that no model knows, and `share_seen` the share of the tokens whose full
            context was seen by at least one model.

        Raises
        ------
        ImportError
            If ``as_frame=True`` and pandas is missing.
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError, ValueError
            As `score_samples`, or if `unknown` is neither of its choices.

        Examples
        --------
        >>> from sklearn_sslm import NGramMixture, NGramTextGenerator
        >>> models = [NGramTextGenerator().fit([text]) for text in ("a b", "a c")]
        >>> NGramMixture(models).score_texts(["a b"])["perplexity"]  # (1 * 1/2 * 2/3)^(-1/3)
        array([1.44224957])
        """
        owner = "NGramMixture.score_texts"
        check_unknown(unknown, owner)
        pandas = import_extra("pandas", f"{owner}(as_frame=True)") if as_frame else None
        union, weights = self._checked()
        stream, _ = self._read(union, X)
        p, known = union.token_scores(stream)
        tokens = TokenScores(_log(p @ weights), stream, known)
        table = summed_by_text(tokens, unknown)
        return table if pandas is None else as_frame_of(pandas, table, X)

    def score(self, X: Samples, y: Samples | None = None) -> float:
        """Mean natural log probability per token; higher is better.

        Parameters
        ----------
        X : iterable of str
            Texts, or messages if there are replies.
        y : iterable of str, default=None
            Replies; if given, they are scored given their messages `X`.

        Returns
        -------
        float
            In nats per token; tokens are words and ends of texts.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError, ValueError
            As `score_samples`.
        """
        return self._mean(X, y, "include")

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
        X : iterable of str
            Texts, or messages if there are replies.
        y : iterable of str, default=None
            Replies; if given, they are scored given their messages `X`.
        unknown : {"include", "exclude"}, default="include"
            Whether words that no model knows count.

        Returns
        -------
        float
            At least 1, lower is better.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError, ValueError
            As `score_samples`, or if `unknown` is neither of its choices.
        """
        check_unknown(unknown, "NGramMixture.perplexity")
        return float(np.exp(-self._mean(X, y, unknown)))

    def next_word_proba(self, X: Samples) -> NDArray[np.float64]:
        """Probability of each word to be the next one.

        Parameters
        ----------
        X : iterable of str
            Beginnings of texts; for models of replies, messages.

        Returns
        -------
        ndarray of shape (n_samples, n_ids), float64
            Column 0 is the end of the text, column j the word with id j in
            `word_index_`. A row sums to 1 minus the probability of an unknown word.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError, ValueError
            As `score_samples`.
        """
        union, weights = self._checked()
        contexts = self._contexts(union, union.read(X, type(self).__name__))
        return np.stack([union.next_word_proba(each) @ weights for each in contexts])

    def next_words(
        self, X: Samples, k: int = 5, prefix: str | Iterable[str] | None = None
    ) -> list[list[tuple[str, float]]]:
        """The `k` likeliest next words, of all words or of those with a prefix.

        Parameters
        ----------
        X : iterable of str
            Beginnings of texts; for models of replies, messages.
        k : int, default=5
            Maximum number of words; words of probability 0 are omitted.
        prefix : str or iterable of str, default=None
            The first letters of the next word: one prefix for all texts, or one for each.
            None is any word.

        Returns
        -------
        list of list of (str, float)
            For each text, words with their probabilities, likeliest first; ``""`` is the
            end. A prefix does not change the probabilities.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError, ValueError
            As `score_samples`, or if `k` is no int of at least 1, or `prefix` is neither
            a str nor one str for each text.

        Examples
        --------
        >>> from sklearn_sslm import NGramMixture, NGramTextGenerator
        >>> models = [NGramTextGenerator().fit([text]) for text in ("a b", "a c")]
        >>> NGramMixture(models, weights=[3, 1]).next_words(["a"])
        [[('b', 0.75), ('c', 0.25)]]
        >>> NGramMixture(models, weights=[3, 1]).next_words(["a"], prefix="c")
        [[('c', 0.25)]]
        """
        owner = "NGramMixture.next_words"
        k = check_count(k, "k", owner)
        proba = self.next_word_proba(X)
        union, ids = self._union(), np.arange(proba.shape[1])
        words, likeliest = union.index.words_, []
        for p, begin in zip(
            proba, checked_prefixes(prefix, len(proba), owner), strict=True
        ):
            some = union.ids_starting(begin) if begin else ids
            best, p = likeliest_of(ids, p, some, k)
            pairs = zip(best.tolist(), p.tolist(), strict=True)
            likeliest.append([(words[number], p_) for number, p_ in pairs])
        return likeliest

    def scorer(self) -> MixtureScorer:
        """Return a scorer of single words, for decoders and other programs.

        What the models learn later, and other weights, do not change the scorer.

        Returns
        -------
        MixtureScorer
            It has the methods of `WordScorer`.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        ValueError
            If the models cannot be mixed.

        Examples
        --------
        >>> from sklearn_sslm import NGramMixture, NGramTextGenerator
        >>> models = [NGramTextGenerator().fit([text]) for text in ("a b", "a c")]
        >>> scorer = NGramMixture(models).scorer()
        >>> _, state = scorer.score(scorer.start(), "a")
        >>> scorer.score(state, "b")[0]  # ln(1/2)
        -0.6931471805599453
        """
        return MixtureScorer(*self._checked())

    def sample(self, n_samples: int = 1) -> NDArray[np.object_]:
        """Draw random texts by their probabilities in the mixture.

        Parameters
        ----------
        n_samples : int, default=1
            Number of texts.

        Returns
        -------
        ndarray of shape (n_samples,), object
            Texts.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        ValueError
            If `n_samples` is no int of at least 1, or the models cannot be mixed.
        """
        n_samples = check_count(n_samples, "n_samples", "NGramMixture.sample")
        return self._written([""] * n_samples)

    def predict(self, X: Samples) -> NDArray[np.object_]:
        """Reply to messages with random continuations.

        Parameters
        ----------
        X : iterable of str
            Messages.

        Returns
        -------
        ndarray of shape (n_samples,), object
            Each message with its continuation; for models of messages and replies, the
            reply alone.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError, ValueError
            As `score_samples`.

        Examples
        --------
        >>> from sklearn_sslm import NGramMixture, NGramTextGenerator
        >>> models = [NGramTextGenerator().fit([text]) for text in ("a b", "b c")]
        >>> NGramMixture(models, random_state=0).predict(["a"])
        array(['a b'], dtype=object)
        """
        return self._written(X)

    def stream(self, message: str) -> Iterator[str]:
        """Reply to one message, word by word.

        Parameters
        ----------
        message : str
            The message.

        Returns
        -------
        iterator of str
            The words of the text that ``predict([message])`` returns.

        Raises
        ------
        NotFittedError
            If one of the models has learned nothing yet.
        TypeError
            If `message` is no str.
        ValueError
            If the models cannot be mixed.

        Examples
        --------
        >>> from sklearn_sslm import NGramMixture, NGramTextGenerator
        >>> models = [NGramTextGenerator().fit([text]) for text in ("a b", "b c")]
        >>> list(NGramMixture(models, random_state=0).stream("a"))
        ['a', 'b']
        """
        if not isinstance(message, str):
            raise TypeError(
                f"'message' of NGramMixture.stream must be a str. Got {message!r:.80}."
            )
        _, [words] = self._replies([message])
        return words

    @property
    def word_index_(self) -> WordIndexTransformer:
        """The words of all models."""
        return self._union().index

    def _written(self, messages):
        """The replies to messages as texts."""
        union, replies = self._replies(messages)
        texts = np.empty(len(replies), dtype=object)
        for j, words in enumerate(replies):
            texts[j] = union.tokenizer.join(list(words))
        return texts

    def _replies(self, messages):
        """The union of the models, and the words of each reply as iterators.

        Words are drawn when an iterator is advanced.
        """
        union, weights = self._checked()
        batch = union.read(messages, type(self).__name__)
        rng = as_generator(self.random_state)
        word_of = union.index.words_.__getitem__
        echoed = iter(batch.spelled(word_of))
        contexts, replies = self._contexts(union, batch), []
        for j, n_words in enumerate(batch.lengths.tolist()):
            echo = [next(echoed) for _ in range(n_words)]
            drawn = draw_words(union, weights, contexts[j], self.max_length, rng)
            if union.components[0].has_replies:
                echo = []
            replies.append(chain(echo, map(word_of, drawn)))
        return union, replies

    @staticmethod
    def _contexts(union, batch):
        """For each text its contexts in all models."""
        of_models = [part.contexts(batch) for part in union.components]
        return list(map(list, zip(*of_models, strict=True)))

    def _mean(self, X, y, unknown):
        """Mean log probability of the tokens that count."""
        union, weights = self._checked()
        stream, counts = self._read(union, X, y)
        if unknown == "exclude":
            counts &= stream.ids != UNKNOWN
        if not counts.any():
            name = type(self).__name__
            raise ValueError(f"'X' of {name} must hold a token to score. Got none.")
        return float(_log(union.token_probabilities(stream)[counts] @ weights).mean())

    def _read(
        self, union: Union, X: Samples, y: Samples | None = None
    ) -> tuple[TokenStream, NDArray[np.bool_]]:
        """The stream of texts, or messages with replies; whether a position is scored."""
        stream = union.stream(X, y, type(self).__name__)
        return stream, ~stream.is_given()

    def _checked(self):
        """The union of the models, and their weights, after a check of the parameters."""
        check_parameters(self)
        union = self._union()
        weights = getattr(self, "weights_", None)
        if weights is None:
            weights = self._given_weights(len(union.components))
        if len(weights) != len(union.components):
            raise ValueError(
                f"'weights_' of {type(self).__name__} must have one weight for each of its "
                f"{len(union.components)} models. Got {len(weights)}; call fit_weights "
                "again."
            )
        return union, weights

    def _given_weights(self, n_models):
        if self.weights is None:
            return np.full(n_models, 1 / n_models)
        weights = np.asarray(self.weights, dtype=np.float64)
        fit = weights.shape == (n_models,) and np.isfinite(weights).all()
        if not fit or (weights < 0).any() or not weights.sum():
            raise ValueError(
                f"The 'weights' parameter of {type(self).__name__} must be "
                f"{n_models} numbers, one for each model, that are not negative and not "
                f"all 0. Got {self.weights!r} instead."
            )
        return weights / weights.sum()

    def _union(self):
        """The union of the models, made again if a model has changed since."""
        owner = type(self).__name__
        models = list(self.models)
        if not models or not all(isinstance(m, NGramTextGenerator) for m in models):
            raise ValueError(
                f"The 'models' parameter of {owner} must be a list of at least one "
                f"NGramTextGenerator. Got {models!r:.200}."
            )
        fitted = list(map(rebuilt_model, models))
        union = self.__dict__.get("_cached_union")
        if union is None or not union.is_of(fitted):
            self._cached_union = union = Union.of(fitted, owner)
        return union

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        state.pop("_cached_union", None)
        return state


def _log(p):
    with np.errstate(divide="ignore"):
        return np.log(p)
