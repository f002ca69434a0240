"""The text classifier."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_softmax, softmax
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from ..base import (
    FittedClasses,
    NGramEstimator,
    Training,
    constraints_on,
    fitted_model,
    learning,
    read,
    set_fitted,
    stream_of,
)
from ..ngrams import class_log_probabilities
from ..smoothing import KneserNey, Smoothing
from ..words import Samples, WordIndexTransformer
from ._class_prior import log_prior
from ._evidence import explain_text


def _smoothing_of(given):
    """What the smoothing of a classifier stands for."""
    chosen = KneserNey(strength=0.005) if given is None else given
    return NGramEstimator._objects["smoothing"](chosen)


class NGramClassifier(ClassifierMixin, NGramEstimator):
    """Classify texts by Bayes' rule, with an n-gram language model for each class.

    A text x gets the class c with the highest P(c) · p(x | c). This is a naive Bayes
    classifier without the assumption of independent words: each word depends on the
    n − 1 words before it. It is best for classes that differ in how texts are written,
    such as languages or authors; for topics of long texts, bags of words are better. See
    Notes.

    Parameters
    ----------
    n : int, default=3
        The order: words are predicted from the n − 1 words before them.
    smoothing : str or Smoothing, default=None
        How probability is given to words not seen after a context, as in
        `NGramTextGenerator`. None is ``KneserNey(strength=0.005)``; see Notes.
    word_index : WordIndexTransformer, default=None
        How texts become words, or characters. It is cloned, not changed. None splits at
        white space.
    class_prior : array-like of shape (n_classes,), default=None
        P(c) of the classes in the order of `classes_`. None takes the share of the
        texts of each class.
    n_jobs : int, default=None
        Number of workers that read long texts; −1 is all cores.
    verbose : int, default=0
        Whether progress bars are shown.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, in order.
    class_count_ : ndarray of shape (n_classes,), int64
        Number of texts learned of each class.
    class_log_prior_ : ndarray of shape (n_classes,), float64
        log P(c); −inf for a class without texts, if `class_prior` is None.
    discounts_ : ndarray of shape (n_classes, n_orders, 3), float64
        The discounts of counts 1, 2, and 3 or more, for smoothings with discounts.
    counts_ : NGramCounts
        The counts of all n-grams, in all classes together.
    word_index_ : WordIndexTransformer or None
        The words of all classes; None if rows of ids were learned.
    smoothing_ : Smoothing
        The smoothing as an object.
    n_words_ : int
        Number of words known.
    n_texts_seen_, n_tokens_seen_ : int
        Number of texts learned, and of their words and ends.

    See Also
    --------
    NGramTextGenerator : A language model of texts without classes.
    sklearn.naive_bayes.MultinomialNB : Words without their order.

    Notes
    -----
    p(x | c) is that of an `NGramTextGenerator` with the same `n` and `smoothing`, fitted
    to the texts of class c alone, but with the vocabulary of all classes. Each class
    has its own counts, continuation counts and discounts. The empty context of each
    class backs off to the uniform distribution over the same events: the words of all
    texts, the end of the text, and one unknown word. (Peng & Schuurmans 2003 [1]_
    compare smoothings. With ``n=1`` and ``smoothing="lidstone"`` this is multinomial
    naive Bayes, except for the end of the text and the unknown word.)

    The n-grams of all texts are in one trie, with sparse counts by class.

    A context that was seen once or twice in a class is evidence of the next word, but
    hardly of the class. Kneser–Ney with a ``strength`` reduces the weight of such
    contexts: in cross-validation on news, docstrings by package and messages by
    language, accuracy with words and ``n=2`` or ``n=3`` increased by half a point to a
    point, and hardly changed with characters.

    With maximum likelihood most new texts have probability 0 in all classes; such a text
    gets the class with the highest prior. ``smoothing="lidstone"`` underestimates rare
    classes unless ``n=1``.

    Probabilities are overconfident, as those of all naive Bayes classifiers: use
    `sklearn.calibration.CalibratedClassifierCV` where they matter.

    References
    ----------
    .. [1] F. Peng and D. Schuurmans, "Combining Naive Bayes and n-Gram Language Models
       for Text Classification", ECIR 2003.

    Examples
    --------
    >>> from sklearn_sslm import NGramClassifier, WordIndexTransformer
    >>> texts = ["good morning", "how are you", "bom dia", "como vai você"]
    >>> characters = WordIndexTransformer(tokenizer=list)
    >>> model = NGramClassifier(n=3, word_index=characters)
    >>> model.fit(texts, ["en", "en", "pt", "pt"]).predict(["good day", "bom voo"])
    array(['en', 'pt'], dtype='<U2')
    """

    __module__ = "sklearn_sslm"  # where users have it: the name in saved files

    _parameter_constraints: dict = {
        **constraints_on("n", "word_index"),
        "smoothing": [*constraints_on("smoothing")["smoothing"], None],
        "class_prior": ["array-like", None],
        **constraints_on("n_jobs", "verbose"),
    }

    _objects = NGramEstimator._objects | {"smoothing": _smoothing_of}

    def __init__(
        self,
        n: int = 3,
        *,
        smoothing: str | Smoothing | None = None,
        word_index: WordIndexTransformer | None = None,
        class_prior: ArrayLike | None = None,
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> None:
        self.n = n
        self.smoothing = smoothing
        self.word_index = word_index
        self.class_prior = class_prior
        self.n_jobs = n_jobs
        self.verbose = verbose

    def fit(  # type: ignore[override]
        self, X: Samples, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Forget everything, then learn texts and their classes.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : array-like of shape (n_samples,)
            The class of each text.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each text is learned: whole numbers, 0 leaves it out. None is once
            each.

        Returns
        -------
        self : NGramClassifier

        Raises
        ------
        TypeError
            If `X` is neither texts nor integer rows.
        ValueError
            If there is no word in `X`, labels are missing, `X` and `y` differ in
            length, or `class_prior` does not fit. The model is then as it was before.
        """
        with learning(self):
            training = Training.of(self)
            self._learn(
                FittedClasses.fit(X, y, training, self.word_index, sample_weight)
            )
        return self

    def partial_fit(  # type: ignore[override]
        self,
        X: Samples,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Learn more texts; the model is then what `fit` on all of them makes.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.
        y : array-like of shape (n_samples,)
            The class of each text.
        classes : array-like of shape (n_classes,), default=None
            All classes that there will be. The first call needs it, unless the model
            was fitted; a class may have no texts for now, and is not predicted then.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each text is learned, as `fit` takes it.

        Returns
        -------
        self : NGramClassifier

        Raises
        ------
        TypeError
            If `X` is neither texts nor integer rows.
        ValueError
            As `fit`, and if a label is of none of the classes, `classes` is missing or
            changes, or `n` was changed. The model is then as it was before.

        Examples
        --------
        >>> from sklearn_sslm import NGramClassifier
        >>> model = NGramClassifier().partial_fit(["um"], ["pt"], classes=["en", "pt"])
        >>> model.partial_fit(["one"], ["en"]).predict(["one"])
        array(['en'], dtype='<U2')
        """
        with learning(self):
            training = Training.of(self)
            if self.__sklearn_is_fitted__():
                self._check_classes(classes)
                known = self._fitted_classes()
                self._learn(known.learn(X, y, training, sample_weight))
            else:
                if classes is None:
                    msg = (
                        "classes must be passed on the first call to partial_fit of "
                        f"{training.owner}. Got None; give all labels there will be."
                    )
                    raise ValueError(msg)
                self._learn(
                    FittedClasses.fit(
                        X, y, training, self.word_index, sample_weight, classes
                    )
                )
        return self

    def partial_forget(  # type: ignore[override]
        self, X: Samples, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Forget texts; the model is then what learning all the others makes.

        A class of which no text is left stays one of `classes_`, and is not predicted
        until it learns a text again. Forgetting everything leaves the estimator
        unfitted.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows that were learned.
        y : array-like of shape (n_samples,)
            The class that each was learned with.
        sample_weight : array-like of shape (n_samples,), int, default=None
            How often each text is forgotten, as `fit` takes it.

        Returns
        -------
        self : NGramClassifier

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError
            If `X` is neither texts nor integer rows.
        ValueError
            If a text was never learned in its class, or not so often. The first such
            text is named, and nothing is forgotten. As `partial_fit` otherwise.

        Examples
        --------
        >>> from sklearn_sslm import NGramClassifier
        >>> model = NGramClassifier().fit(["one", "two", "um"], ["en", "en", "pt"])
        >>> model.partial_forget(["two"], ["en"]).class_count_
        array([1, 1])
        """
        check_is_fitted(self)
        with learning(self):
            known, training = self._fitted_classes(), Training.of(self)
            set_fitted(self, known.forget(X, y, training, sample_weight))
        return self

    def predict(self, X: Samples) -> NDArray[Any]:
        """The likeliest class of each text.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows; a text without any word is judged by its end.

        Returns
        -------
        ndarray of shape (n_samples,)
            Labels.
        """
        fitted, log_p = self._joint_log_proba(X)
        return fitted.classes[log_p.argmax(axis=1)]

    def predict_log_proba(self, X: Samples) -> NDArray[np.float64]:
        """Natural log of `predict_proba`.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.

        Returns
        -------
        ndarray of shape (n_samples, n_classes), float64
            In the order of `classes_`.
        """
        _, log_p = self._joint_log_proba(X)
        return log_softmax(log_p, axis=1)

    def predict_proba(self, X: Samples) -> NDArray[np.float64]:
        """P(c | x): the probability of each class for each text.

        Parameters
        ----------
        X : iterable of str, or array-like of shape (n_samples, n_columns) of int
            Texts or integer rows.

        Returns
        -------
        ndarray of shape (n_samples, n_classes), float64
            In the order of `classes_`; rows sum to 1.

        Examples
        --------
        >>> from sklearn_sslm import NGramClassifier
        >>> model = NGramClassifier(n=1, smoothing="lidstone").fit(["a b", "c"], [0, 1])
        >>> model.predict_proba(["a"]).round(2)  # 2/8 · 2/8 to 1/7 · 2/7
        array([[0.6, 0.4]])
        """
        _, log_p = self._joint_log_proba(X)
        return softmax(log_p, axis=1)

    def explain(
        self, text: str | ArrayLike, *, as_frame: bool = False
    ) -> NDArray[Any] | Any:
        """Which words of a text speak for which class.

        Parameters
        ----------
        text : str, or array-like of shape (n_tokens,) of int
            One text, or one row of ids.
        as_frame : bool, default=False
            Whether to return a DataFrame, with a column for each class. Needs pandas.

        Returns
        -------
        ndarray of shape (n_tokens,), or DataFrame
            A row for each word, and for the end, with the fields

            - ``word``: the word, "" for the end;
            - ``speaks_for``: the class in which it is likeliest after the words before
              it;
            - ``evidence``, of shape (n_classes,): log2 p(w | h, c), less log2 of its mean
              over the classes. Positive means that the word is likelier in that class
              than in the classes on average; 0 for all where it is impossible in all.

        Notes
        -----
        Evidence adds up: the sum of a column, less that of another, and the same of
        ``class_log_prior_ / log(2)``, is how many bits the one class is likelier than
        the other.

        Examples
        --------
        >>> from sklearn_sslm import NGramClassifier
        >>> model = NGramClassifier(1, smoothing="lidstone").fit(["a b", "c"], [0, 1])
        >>> table = model.explain("a c")
        >>> table["word"].tolist(), table["speaks_for"].tolist()
        (['a', 'c', ''], [0, 1, 1])
        >>> table["evidence"][0].round(2)  # of "a": 2/8 and 1/7, 11/56 on average
        array([ 0.35, -0.46])
        """
        return explain_text(self, text, as_frame)

    @property
    def classes_(self) -> NDArray[Any]:
        """The labels, in order."""
        return self._fitted_classes().classes

    @property
    def class_count_(self) -> NDArray[np.int64]:
        """Number of texts learned of each class."""
        return self._fitted_classes().language_model.n_texts

    @property
    def class_log_prior_(self) -> NDArray[np.float64]:
        """Natural log P(c) of each class."""
        return self._log_prior(self._fitted_classes())

    @property
    def discounts_(self) -> NDArray[np.float64]:
        """The discounts of counts 1, 2, and 3 or more, by class and order.

        Raises
        ------
        AttributeError
            If nothing was learned yet, or the smoothing takes no discounts.
        """
        discounts = self._fitted_classes().language_model.discounts
        if discounts[0][0] is None:
            msg = f"{type(self.smoothing_).__name__} takes no discounts"
            raise AttributeError(msg)
        return np.array(discounts).transpose(1, 0, 2)[:, :, 1:]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags

    def __sklearn_is_fitted__(self):
        return "_fitted" in self.__dict__

    def _fitted_classes(self) -> FittedClasses:
        fitted = fitted_model(self)
        assert isinstance(fitted, FittedClasses)
        return fitted

    def _learn(self, fitted):
        """Set the fitted state, if `class_prior` fits its number of classes."""
        self._log_prior(fitted)
        set_fitted(self, fitted)

    def _check_classes(self, classes):
        known = self._fitted_classes().classes
        if classes is not None and not np.array_equal(np.unique(classes), known):
            msg = (
                f"'classes' of {type(self).__name__}.partial_fit must stay as they were "
                f"in the first call, {known.tolist()}. Got {np.asarray(classes).tolist()!r}."
            )
            raise ValueError(msg)

    def _log_prior(self, fitted):
        """Natural log P(c) of each class."""
        return log_prior(self.class_prior, fitted, type(self).__name__)

    def _joint_log_proba(self, X):
        """The fitted state, and log P(c) + log p(x | c) of each text and class."""
        fitted, batch = read(self, X, distinct=True)
        assert isinstance(fitted, FittedClasses)
        prior = self._log_prior(fitted)
        log_p = class_log_probabilities(fitted.language_model, stream_of(batch)) + prior
        impossible = np.isneginf(log_p).all(axis=1)
        if impossible.any():
            warnings.warn(
                "A text has probability 0 in every class, so that its class is the most "
                "frequent one: it holds a word that was never seen after the words "
                "before it. A smoothing such as smoothing='kneser_ney' gives every text "
                "a probability.",
                stacklevel=3,
            )
            log_p[impossible] = prior
        return fitted, log_p if batch.places is None else log_p[batch.places]
