"""The frequencies of words, and how many contexts of other texts a model knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from ..base import read, stream_of
from ..generator import NGramTextGenerator
from ..ngrams import explain_texts, known_contexts
from ..words import Samples
from ._drawing import (
    check_estimator,
    families_for,
    inches,
    label_of,
    pyplot,
    words_of_ids,
)
from ._shown_words import frequencies

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PERCENT = 2.9
"""Width of "100%", as part of the font size."""


class VocabularyDisplay:
    """Words by rank and frequency, and the coverage of other texts.

    On the left, the frequency of each word learned by its rank, on logarithmic axes, with
    Zipf's law, that frequency is proportional to 1 / rank [1]_. On the right, for given
    texts and each order n, the share of tokens whose n − 1 preceding words are a known
    context, and the share whose n-gram is known. An order of which few contexts are known
    gains little over lower orders.

    It is recommended to use `from_estimator` to create a `VocabularyDisplay`. All
    parameters are stored as attributes.

    Parameters
    ----------
    words : list of str
        All words, the most frequent first; ids for models of plain integer rows.
    frequencies : ndarray of shape (n_words,), int or float64
        How often each was learned; for models of stored probabilities, without counts,
        the unigram probability.
    coverage : ndarray of shape (2, n_orders), float64, default=None
        For each order the share of all words and ends of texts whose context is known,
        and the share whose n-gram is.

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
    SurpriseDisplay : The probability of a text, word by word.

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
        """Compute and draw the frequencies of words, and the coverage of texts.

        Parameters
        ----------
        estimator : NGramTextGenerator
            A fitted one.
        X : iterable of str, or array-like of shape (n_samples, n_columns), default=None
            Texts, preferably ones that were not learned. None leaves the coverage out.
        y : as X, default=None
            Replies to the messages `X`, for models of replies. Their tokens are counted.
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
            known ids, or `ax` is the wrong number of axes.
        ImportError
            If matplotlib is missing.
        """
        check_estimator(estimator, cls)
        frequency = frequencies(estimator)
        order = np.argsort(-frequency, kind="stable")
        order = order[frequency[order] > 0]
        words = words_of_ids((order + 1).tolist(), estimator)
        coverage = None if X is None else _coverage(estimator, X, y)
        return cls(words, frequency[order], coverage).plot(ax=ax)

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
            If `ax` is the wrong number of axes.
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
        self.bars_ = []
        if self.coverage is not None:
            self.bars_ = self._plot_coverage(axes[1], self.coverage)
        self.axes_, self.figure_ = axes, axes[0].figure
        return self

    def _plot_frequencies(self, ax):
        rank = np.arange(1, len(self.words) + 1)
        counted = self.frequencies.dtype.kind in "iu"
        self.line_, self.zipf_ = _plot_lines(ax, rank, self.frequencies)
        labelled = _some(len(rank))
        ax.plot(rank[labelled], self.frequencies[labelled], "o", ms=5, clip_on=False)
        labels = [label_of(self.words[at]) for at in labelled]
        families = families_for(labels)
        self.text_ = [
            ax.annotate(
                label,
                (rank[at], self.frequencies[at]),
                xytext=(3, 3),
                textcoords="offset points",
                fontsize="small",
                family=families,
                parse_math=False,
            )
            for label, at in zip(labels, labelled, strict=True)
        ]
        ax.set(
            xlabel="rank",
            ylabel="times learned" if counted else "probability",
            title="Words by frequency",
        )
        _scale(ax.xaxis, len(rank))
        if counted:
            _scale(ax.yaxis, self.frequencies.max(initial=1))
        ax.spines[["top", "right"]].set_visible(False)
        ax.legend(loc="upper right", fontsize="small", frameon=False)

    def _plot_coverage(self, ax, coverage):
        orders = np.arange(1, coverage.shape[1] + 1)
        kinds = (
            ("context known", "#a6bddb", -0.2),
            ("n-gram known", "#045a8d", 0.2),
        )
        width = 72 * inches(ax)[0] * 0.4 / (len(orders) + 0.2)  # of a bar, in points
        size = min(max(width / _PERCENT, 6), 8)
        bars = []
        for (label, colour, shift), parts in zip(kinds, coverage, strict=True):
            bars.append(ax.bar(orders + shift, parts, 0.4, color=colour, label=label))
            ax.bar_label(bars[-1], fmt="{:.0%}", fontsize=size, padding=1)
        ax.set(
            xticks=orders,
            yticks=np.linspace(0, 1, 6),
            ylim=(0, 1.15),
            xlabel="n",
            ylabel="share of tokens",
        )
        ax.set_title("Coverage of the given texts", pad=26)  # above the legend
        ax.spines[["top", "right"]].set_visible(False)
        ax.legend(
            loc="lower center",
            bbox_to_anchor=(0.5, 1),
            ncols=2,
            fontsize="small",
            frameon=False,
        )
        return bars


def _plot_lines(ax, rank, frequencies):
    """Frequency by rank, and Zipf's law down to the lowest frequency."""
    lowest = frequencies.min(initial=1)
    top = frequencies[0] if len(rank) else 1
    ax.set(xscale="log", yscale="log", xlim=(1, max(1.7 * len(rank), 2)))
    ax.set_ylim(lowest, max(1.7 * top, 2 * lowest))
    style = {"ls": "-", "marker": ".", "ms": 4, "clip_on": False}
    (line,) = ax.plot(rank, frequencies, label="words", **style)
    law = top / rank
    near = law >= lowest
    style = {"ls": "--", "color": "gray", "lw": 1}
    (zipf,) = ax.plot(rank[near], law[near], label="Zipf: 1 / rank", **style)
    return line, zipf


def _scale(axis, top):
    """Whole numbers on a logarithmic axis from 1, more of them if it is short."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if top < 200 else (1,)))
    axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axis.set_minor_formatter(NullFormatter())


def _coverage(estimator, X, y):
    fitted, *batches = read(estimator, X)
    if y is not None:
        batches.append(read(estimator, y, "y", fitted=fitted)[1])
    stream = stream_of(*batches)
    model = fitted.language_model
    explanation = explain_texts(model, stream)
    return np.stack(known_contexts(stream, explanation, len(model.counts.levels)))


def _some(n_words):
    """Ranks, from 0, of the words with labels: few, and apart on a logarithmic axis.

    >>> _some(50)
    [0, 2, 9, 29]
    """
    return [at - 1 for at in (1, 3, 10, 30, 100, 300, 1000, 3000) if at <= n_words]
