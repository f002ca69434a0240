"""The base class of estimators that learn n-grams."""

import copy
import os
import threading
from collections.abc import Callable
from operator import is_
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..ngrams import NGramCounts
from ..smoothing import SMOOTHINGS, Smoothing
from ..utils import DOC_LINK, check_parameters
from ..words import Samples, WordIndexTransformer
from ._fitted import FittedModel
from ._fitted_checks import check_knows_counts
from ._learned_model import fitted_model, learning, rebuilt_model, snapshot_of
from ._replies import check_replies
from ._routing import ForgetRequestMixin
from ._state import pack, unpack
from ._training import Training


class NGramEstimator(ForgetRequestMixin, BaseEstimator):
    """An estimator that learns n-grams of texts; a subclass adds what it predicts.

    Its fitted state is a `FittedModel`, which methods of a subclass get from `read`
    together with the samples, or from `checked_model`. A subclass defines a constructor,
    ``_parameter_constraints`` of all its parameters (`constraints_on` returns those of
    the parameters below), and ``__module__``, the module from which users import it. Of
    the parameters below, it may leave out some; the class attributes are their values.

    Attributes
    ----------
    n, smoothing, min_count, word_index, input, n_jobs, verbose
        As of `NGramTextGenerator`.
    """

    n: int = 2
    smoothing: str | Smoothing | None = "mle"
    min_count: Any = 1
    word_index: WordIndexTransformer | None = None
    input: str = "content"
    n_jobs: int | None = None
    verbose: int = 0

    _keeps_texts = False  # beside their counts, for those who read them again

    # Names, and None, that stand for an object with parameters.
    _objects: dict[str, Callable[[Any], Any]] = {
        "smoothing": lambda name: SMOOTHINGS[name]() if name in SMOOTHINGS else name,
        "word_index": lambda index: WordIndexTransformer() if index is None else index,
    }

    _doc_link_module = "sklearn_sslm"
    _doc_link_template = DOC_LINK

    def fit(
        self,
        X: Samples,
        y: Samples | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Forget everything, then learn texts.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows. With ``input="filename"``, paths of files: UTF-8, one
            text a line; blank lines are left out, and files packed by gzip, bz2, xz or
            zstd unpacked. These are read as a whole: memory goes by what they hold.
        y : as X, default=None
            Replies. Each sample is then a message with its reply, which is predicted
            after the last n − 2 words of the message; the message is not predicted.
            With ``input="filename"``, line by line of a file of messages and one of
            replies.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each text, or each message with its reply, is learned: whole
            numbers, 0 leaves it out. With ``input="filename"``, how often all texts of
            each file are. None is once each.

        Returns
        -------
        self : object

        Raises
        ------
        TypeError
            If `X` or `y` is neither texts nor integer rows.
        ValueError
            If there is no word in `X`, an id is out of range, `X` and `y` differ in
            length, a weight is no whole number of at least 0, or a file is not UTF-8.
            The model is then as it was before.
        OSError
            If a file cannot be read.
        """
        with learning(self):
            training = Training.of(self)
            if training.input == "content":
                y = check_replies(y, type(self).__name__ + ".fit", stacklevel=3)
            self._set_fitted(
                FittedModel.fit(X, y, training, self.word_index, sample_weight)
            )
        return self

    def partial_fit(
        self,
        X: Samples,
        y: Samples | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Learn more texts; the model is then what `fit` on all of them makes.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts, integer rows or paths, as `fit` takes them.
        y : as X, default=None
            Replies, if replies were learned before.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each is learned, as `fit` takes it.

        Returns
        -------
        self : object

        Raises
        ------
        TypeError
            If `X` or `y` is neither texts nor integer rows.
        ValueError
            As `fit`, and if `n` was changed or `y` is missing or new. The model is
            then as it was before.
        OSError
            If a file cannot be read.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(random_state=0).fit(["Olá! Tudo bem?"])
        >>> model.predict(["carros"])
        array(['Desculpe, não entendi sua mensagem.'], dtype=object)
        >>> model.partial_fit(["carros são automóveis"]).predict(["carros"])
        array(['carros são automóveis'], dtype=object)
        """
        with learning(self):
            training = Training.of(self)
            if training.input == "content":
                y = check_replies(y, type(self).__name__ + ".partial_fit", stacklevel=3)
            if "_fitted" in self.__dict__:
                fitted = self._fitted.learn(X, y, training, sample_weight)
            else:
                fitted = FittedModel.fit(X, y, training, self.word_index, sample_weight)
            self._set_fitted(fitted)
        return self

    def partial_forget(
        self,
        X: Samples,
        y: Samples | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Forget texts; the model is then what `fit` on all the others makes.

        Words that no longer occur are gone, from `n_words_`, `word_index_` and saved
        files; all other words keep their ids, and new words get those that are free.
        Forgetting everything leaves the estimator unfitted.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows that were learned, or paths of files of them, as `fit`
            takes them. All texts of files are in memory meanwhile.
        y : as X, default=None
            Their replies, if replies were learned.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each is forgotten, as `fit` takes it.

        Returns
        -------
        self : object

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError
            If `X` or `y` is neither texts nor integer rows.
        ValueError
            If a text was never learned, or not so often: the count of one of its n-grams
            would become negative. The first such text is named, and nothing is
            forgotten. Also as of `partial_fit`.
        OSError
            If a file cannot be read.

        Notes
        -----
        The model stores counts of n-grams, not texts: a text that was never learned can
        be forgotten, too, if all of its n-grams were learned as parts of other texts.
        Forgetting all texts leaves the estimator unfitted.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator().fit(["Olá! Tudo bem?", "Olá! O segredo é 42"])
        >>> model.n_words_
        7
        >>> model.partial_forget(["Olá! O segredo é 42"]).n_words_
        3
        >>> model.predict(["Olá!"])
        array(['Olá! Tudo bem?'], dtype=object)
        """
        check_is_fitted(self)
        with learning(self):
            check_is_fitted(self)  # another thread may have forgotten all texts
            training = Training.of(self)
            self._set_fitted(self._fitted.forget(X, y, training, sample_weight))
        return self

    def merge(self, other: Self) -> Self:
        """Learn the texts of another fitted estimator, from its counts.

        The model is then that of `fit` on the texts of both. Words of this estimator
        keep their ids; other words of the other one get the next ids, in the order of
        their ids there.

        Parameters
        ----------
        other : object of the same class
            Fitted with the same `n`, on texts that are split into words in the same
            way. Its smoothing may differ. It is not changed.

        Returns
        -------
        self : object

        Raises
        ------
        NotFittedError
            If one of the two has learned nothing yet.
        TypeError
            If `other` is of another class.
        ValueError
            If the two differ in `n`, in having replies, or in how texts become words,
            or if one was read from a file of probabilities. The model is then as it
            was before.

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(n=2).fit(["a b"])
        >>> model.merge(NGramTextGenerator(n=2).fit(["c b d"])).word_index_.vocabulary_
        {'a': 1, 'b': 2, 'c': 3, 'd': 4}
        >>> model.next_words(["b"])
        [[('', 0.5), ('d', 0.5)]]
        """
        self._check_parameters()
        base = type(self)._base()
        if not isinstance(other, base):
            msg = (
                f"'other' of {type(self).__name__}.merge must be a fitted "
                f"{base.__name__}. Got {other!r}."
            )
            raise TypeError(msg)
        with self._learning():
            fitted, others = fitted_model(self), fitted_model(other)
            self._set_fitted(fitted.merge(others, Training.of(self)))
        return self

    def compact(self) -> Self:
        """A copy with the same results in a fraction of the memory, which cannot learn.

        Every number is stored in as few bits as the largest of its kind needs, and
        numbers that follow from others are left out. Nothing is rounded: predictions and
        scores are identical.

        Returns
        -------
        object of the same class
            It predicts and scores more slowly than this one. `partial_fit`,
            `partial_forget` and `merge` are errors.

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        ValueError
            If this model has probabilities of an ARPA file, or prunes n-grams
            (`min_count`).

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> model = NGramTextGenerator(smoothing="kneser_ney").fit(["a b", "a c", "a c"])
        >>> model.compact().score_samples(["a c"]) == model.score_samples(["a c"])
        array([ True])
        """
        fitted = fitted_model(self)
        twin = copy.copy(self)
        twin._set_fitted(fitted.compact(type(self).__name__))
        return twin

    @property
    def discounts_(self) -> NDArray[np.float64]:
        """The discounts of counts 1, 2, and 3 or more, a row for each order.

        Raises
        ------
        AttributeError
            If nothing was learned yet, or the smoothing has no discounts.
        """
        discounts: Any = fitted_model(self).language_model.discounts
        if discounts[0] is None:
            msg = f"{type(self.smoothing_).__name__} takes no discounts"
            raise AttributeError(msg)
        return np.array([row[1:] for row in discounts])

    @property
    def counts_(self) -> NGramCounts:
        """The counts of all n-grams.

        Raises
        ------
        AttributeError
            If nothing was learned yet, or the model has no counts, as it is compact or
            was read from an ARPA file.
        """
        fitted, owner = rebuilt_model(self), type(self).__name__
        check_knows_counts(fitted, owner, "counts_", error=AttributeError)
        return fitted.language_model.counts.plain()

    def set_params(self, **params: Any) -> Self:
        """Set parameters, also those of a smoothing or word index given by name.

        Parameters
        ----------
        **params : dict
            Values by name. ``smoothing__alpha`` is the parameter `alpha` of the
            smoothing, also of the one that a name such as "lidstone" stands for, and
            ``word_index__lowercase`` that of a word index, also where it is None.

        Returns
        -------
        self : object

        Examples
        --------
        >>> from sklearn_sslm import NGramTextGenerator
        >>> NGramTextGenerator(smoothing="lidstone").set_params(smoothing__alpha=0.1)
        NGramTextGenerator(smoothing=Lidstone(alpha=0.1))
        """
        for name in {key.partition("__")[0] for key in params if "__" in key}:
            if name in self._objects and hasattr(self, name):
                value = params.get(name, getattr(self, name))
                params[name] = self._objects[name](value)
        return super().set_params(**params)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = False
        return tags

    def __copy__(self):
        # With __getstate__, a shallow copy would compute again what both can share.
        twin = type(self).__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.__dict__.pop("_lock", None)
        if "_fitted" in twin.__dict__:
            twin._set_fitted(snapshot_of(self))
        return twin

    def __getstate__(self):
        twin = copy.copy(self)  # another thread may learn meanwhile
        state = super(NGramEstimator, twin).__getstate__()
        if "_fitted" in state:
            state["_fitted"] = state["_fitted"].rebuilt()
        return pack(state, type(self), type(self)._base())

    def __setstate__(self, state):
        state = unpack(state, type(self), type(self)._base())
        fitted = state.pop("_fitted", None)
        super().__setstate__(state)
        if fitted is not None:
            self._set_fitted(fitted)

    @classmethod
    def _base(cls):
        """The class of this package that is the estimator's class, or its nearest base."""
        return next(
            kind for kind in cls.__mro__ if "_parameter_constraints" in vars(kind)
        )

    def _learning(self):
        """A context manager that lets one thread learn at a time, from the latest state."""
        process, lock = self.__dict__.get("_lock", (None, None))
        if process != os.getpid():  # after a fork, no thread would release the old lock
            lock = threading.RLock()
            self.__dict__.pop("_lock", None)
            _, lock = self.__dict__.setdefault("_lock", (os.getpid(), lock))
        return lock

    def _set_fitted(self, fitted):
        """Set all fitted attributes at once; None for unfitted."""
        if fitted is None:
            lock = self.__dict__["_lock"]
            self.__dict__ = self.get_params(deep=False) | {"_lock": lock}
            return
        model = fitted.language_model
        learned = {
            "word_index_": fitted.word_index,
            "smoothing_": model.smoothing,
            "n_words_": model.events.n_words,
            "n_texts_seen_": model.counts.n_texts,
            "n_tokens_seen_": fitted.n_tokens,
            "has_replies_": fitted.has_replies,
            "_fitted": fitted,
        }
        self.__dict__.update(learned)  # atomic: no other thread sees a part of them

    def _check_parameters(self):
        """Check the parameters, unless they are the same objects as at the last check."""
        values = list(map(self.__dict__.get, self._parameter_constraints))
        validated = self.__dict__.get("_validated")
        if validated is None or not all(map(is_, values, validated)):
            check_parameters(self)
            self._validated = values
