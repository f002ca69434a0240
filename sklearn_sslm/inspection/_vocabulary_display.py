"""How often words are used, and how well a model knows what stands before them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from ..base import fitted_model, read, stream_of
from ..generator import NGramTextGenerator
from ..ngrams import explain_texts, known_contexts, next_word_probabilities
from ..words import Samples
from ._drawing import check_estimator, families_for, pyplot, shown, words_of_ids

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class VocabularyDisplay:
    """Words by rank and frequency, and how much of other texts the model has seen.

    On the left how often each word was learned, the most frequent first, on logarithmic
    axes, beside Zipf's law, by which frequency falls as 1 / rank [1]_. On the right, for
    texts that are given, how often the last n − 1 words were a context that was learned,
    and how often it was learned with this word after it: where the former is low, a
    model of that order gains little over shorter contexts.

    It is recommended to use `from_estimator` to create a `VocabularyDisplay`. All
    parameters are stored as attributes.

    Parameters
    ----------
    words : list of str
        All words, the most frequent first; for models of plain integer rows ids.
    frequencies : ndarray of shape (n_words,), int or float64
        How often each of them was learned; for models that were read from a file of
        probabilities, without counts, the probability of the word without context.
    coverage : ndarray of shape (2, n_orders), float64, default=None
        For each order the part of all words and ends of texts whose context was known,
        and the part of which the whole n-gram was.

    Attributes
    ----------
    line_ : matplotlib Line2D
        Frequency by rank.
    zipf_ : matplotlib Line2D
        Zipf's law.
    text_ : list of matplotlib Annotation
        Some of the words.
    bars_ : list of matplotlib BarContainer
        The known contexts and the known n-grams; empty without `coverage`.
    axes_ : ndarray of shape (1,) or (2,) of matplotlib Axes
        The axes drawn on.
    figure_ : matplotlib Figure
        Their figure.

    See Also
    --------
    SurpriseDisplay : What it comes to, word by word.

    References
    ----------
    .. [1] G. K. Zipf, "Human Behavior and the Principle of Least Effort",
       Addison-Wesley, 1949.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.inspection import VocabularyDisplay
    >>> model = NGramTextGenerator(n=2).fit(["a b", "a c"])
    >>> display = VocabularyDisplay.from_estimator(model, ["a c", "b"])
    >>> display.words, display.frequencies
    (['a', 'b', 'c'], array([2, 1, 1], dtype=int32))
    >>> display.coverage  # all but "b" after the start of a text was seen
    array([[1. , 1. ],
           [1. , 0.8]])
    """

    def __init__(
        self,
        words: list[str] | list[int],
        frequencies: NDArray[np.integer] | NDArray[np.float64],
        coverage: NDArray[np.float64] | None = None,
    ) -> None:
        self.words = words
        self.frequencies = frequencies
        self.coverage = coverage

    @classmethod
    def from_estimator(
        cls,
        estimator: NGramTextGenerator,
        X: Samples | None = None,
        y: Samples | None = None,
        *,
        ax: Axes | Sequence[Axes] | NDArray[np.object_] | None = None,
    ) -> Self:
        """Count the words of a model, look texts up in it, and draw both.

        Parameters
        ----------
        estimator : NGramTextGenerator
            A fitted one.
        X : iterable of str, or array-like of shape (n_samples, n_columns), default=None
            Texts, best ones that were not learned. None leaves coverage out.
        y : as X, default=None
            Replies, of models of replies; `X` is then their messages, and both count.
        ax : matplotlib Axes, or array of two, default=None
            Where to draw: two axes with `X`, one without. None makes a new figure.

        Returns
        -------
        VocabularyDisplay

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `estimator` is no NGramTextGenerator, `X` is neither texts nor rows of
            known ids, or `ax` are not as many as are needed.
        ImportError
            If matplotlib is missing.
        """
        check_estimator(estimator, cls)
        frequencies = _frequencies(estimator)
        order = np.argsort(-frequencies, kind="stable")
        order = order[frequencies[order] > 0]
        words = words_of_ids((order + 1).tolist(), estimator)
        coverage = None if X is None else _coverage(estimator, X, y)
        return cls(words, frequencies[order], coverage).plot(ax=ax)

    def plot(
        self, ax: Axes | Sequence[Axes] | NDArray[np.object_] | None = None
    ) -> Self:
        """Draw the line and, with `coverage`, the bars.

        Parameters
        ----------
        ax : matplotlib Axes, or array of two, default=None
            Where to draw: two axes with `coverage`, one without. None makes a new
            figure.

        Returns
        -------
        self : VocabularyDisplay

        Raises
        ------
        ValueError
            If `ax` are not as many as are needed.
        ImportError
            If matplotlib is missing.
        """
        owner = f"{type(self).__name__}.plot"
        plt = pyplot(owner)
        n_axes = 1 if self.coverage is None else 2
        if ax is None:
            size = (5 * n_axes, 3.8)
            ax = plt.subplots(1, n_axes, figsize=size, layout="constrained")[1]
        axes = np.asanyarray(ax).ravel()
        if len(axes) != n_axes:
            msg = (
                f"The 'ax' parameter of {owner} must be {n_axes} axes here. Got "
                f"{len(axes)}; the second is for the coverage of texts 'X'."
            )
            raise ValueError(msg)
        self._plot_frequencies(axes[0])
        self.bars_ = [] if self.coverage is None else self._plot_coverage(axes[1])
        self.axes_, self.figure_ = axes, axes[0].figure
        return self

    def _plot_frequencies(self, ax):
        rank = np.arange(1, len(self.words) + 1)
        (self.line_,) = ax.plot(rank, self.frequencies, ".-", ms=4, label="words")
        top = self.frequencies[0] if len(rank) else 1
        (self.zipf_,) = ax.plot(
            rank, top / rank, "--", color="gray", lw=1, label="Zipf: 1 / rank"
        )
        labels = [shown(self.words[at], most=16) for at in _some(len(rank))]
        families = families_for(labels)
        self.text_ = [
            ax.annotate(
                label,
                (rank[at], self.frequencies[at]),
                xytext=(4, 5),
                textcoords="offset points",
                fontsize="small",
                family=families,
                parse_math=False,
            )
            for label, at in zip(labels, _some(len(rank)), strict=True)
        ]
        counted = self.frequencies.dtype.kind in "iu"
        ax.set(
            xscale="log",
            yscale="log",
            xlabel="rank",
            ylabel="times learned" if counted else "probability",
            title="Words by frequency",
        )
        ax.margins(x=0.12, y=0.1)
        ax.spines[["top", "right"]].set_visible(False)
        ax.legend(loc="lower left")

    def _plot_coverage(self, ax):
        orders = np.arange(1, self.coverage.shape[1] + 1)
        kinds = (
            ("context known", "#a6bddb", -0.2),
            ("n-gram known", "#045a8d", 0.2),
        )
        bars = []
        for (label, colour, shift), parts in zip(kinds, self.coverage, strict=True):
            bars.append(ax.bar(orders + shift, parts, 0.4, color=colour, label=label))
            ax.bar_label(bars[-1], fmt="{:.0%}", fontsize="small", padding=1)
        ax.set(
            xticks=orders,
            yticks=np.linspace(0, 1, 6),
            ylim=(0, 1.25),
            xlabel="n",
            ylabel="part of all words and ends",
            title="Coverage of the given texts",
        )
        ax.spines[["top", "right"]].set_visible(False)
        ax.legend(loc="upper right", ncols=2)
        return bars


def _frequencies(estimator):
    """How often each word was learned, or its probability where that is not known."""
    model = fitted_model(estimator).language_model
    if model.knows_all_counts:
        return estimator.counts_.levels[0].count[1:]
    return next_word_probabilities(model, length=0, row=0)[1:]


def _coverage(estimator, X, y):
    fitted, *batches = read(estimator, X)
    if y is not None:
        batches.append(read(estimator, y, "y", fitted=fitted)[1])
    stream = stream_of(*batches)
    explanation = explain_texts(fitted.language_model, stream)
    return np.stack(known_contexts(stream, explanation))


def _some(n_words):
    """Places of words to be named: few, and far from each other on a logarithmic axis.

    >>> _some(50)
    [0, 2, 9, 29]
    """
    return [at - 1 for at in (1, 3, 10, 30, 100, 300, 1000, 3000) if at <= n_words]
