"""A heat map, or a graph, of the bigrams of a model."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray

from ..base import fitted_model
from ..generator import NGramTextGenerator
from ..utils import check_count
from ._bigrams import bigram_table
from ._drawing import (
    END,
    OTHER,
    START,
    check_estimator,
    check_option,
    label_of,
    pyplot,
    words_of_ids,
)
from ._graph import draw_graph, fits, plan_graph
from ._heat_map import draw_heat_map, rows_in
from ._shown_words import frequencies, frequent_words, ids_of, likely_steps

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

_KINDS = ("heatmap", "graph")

_MAX_WORDS, _MIN_WORDS = 20, 3
"""The default number of words: in large axes, and at least."""

_LONGEST = 16
"""Characters of a word before it is cut, as there is a label a row and a column."""

_MIN_SCALE = 0.55
"""The minimal scale of a graph; with a smaller one, it has fewer words."""


class TransitionDisplay:
    """The probability of each word after each other: the bigrams of a model.

    As a table it has a row for the word before and a column for the word after, and one
    of each for all words that are not shown. As a graph it has an arrow for each of the
    likeliest steps; of small models each text is then a path from the start to the end.
    Sizes of letters follow those of the axes, and numbers for which there is no room are
    left out.

    It is recommended to use `from_estimator` to create a `TransitionDisplay`. All
    parameters are stored as attributes.

    Parameters
    ----------
    words : list of str
        The words shown; ids for models of plain integer rows.
    probabilities : ndarray of shape (n_rows, n_rows), float64
        Row 0 is the start of a text, row i the word ``words[i - 1]``; column j is the
        word ``words[j]`` after it, the last column the end of the text. Where other words
        can come, the last column but one is the sum of their probabilities, unknown ones
        included, and the last row the mean after these, each as often as it was learned,
        or what comes after unknown ones.
    n_words : int, default=None
        How many words the model has learned, for the title; None draws no title.

    Attributes
    ----------
    im_ : matplotlib AxesImage
        The table; only of a heat map.
    nodes_ : list of matplotlib Text
        The words; only of a graph.
    edges_ : dict of (int, int) to matplotlib FancyArrowPatch
        Arrows by row and column of `probabilities`; only of a graph.
    text_ : dict of (int, int) to matplotlib Text
        The probabilities as written, by row and column. Those for which there is no room
        are not visible.
    ax_ : matplotlib Axes
        The axes drawn on.
    figure_ : matplotlib Figure
        Their figure.

    See Also
    --------
    NextWordDisplay : The words after a longer context.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.inspection import TransitionDisplay
    >>> model = NGramTextGenerator(n=2).fit(["a b", "a c"])
    >>> display = TransitionDisplay.from_estimator(model)
    >>> display.words
    ['a', 'b', 'c']
    >>> display.probabilities
    array([[1. , 0. , 0. , 0. ],
           [0. , 0.5, 0.5, 0. ],
           [0. , 0. , 0. , 1. ],
           [0. , 0. , 0. , 1. ]])
    >>> sorted(TransitionDisplay.from_estimator(model, kind="graph").edges_)
    [(0, 0), (1, 1), (1, 2), (2, 3), (3, 3)]
    >>> TransitionDisplay.from_estimator(model, words=["a"]).probabilities
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.]])
    """

    def __init__(
        self,
        words: list[str] | list[int],
        probabilities: NDArray[np.float64],
        n_words: int | None = None,
    ) -> None:
        self.words = words
        self.probabilities = probabilities
        self.n_words = n_words

    @classmethod
    def from_estimator(
        cls,
        estimator: NGramTextGenerator,
        *,
        words: Sequence[str] | Sequence[int] | None = None,
        max_words: int | None = None,
        kind: Literal["heatmap", "graph"] = "heatmap",
        min_probability: float | None = None,
        max_edges: int = 3,
        ax: Axes | None = None,
        cmap: str | Colormap | None = None,
    ) -> Self:
        """Compute the probabilities of bigrams and draw them.

        Parameters
        ----------
        estimator : NGramTextGenerator
            A fitted one with ``n`` of at least 2. Of a higher order, the probabilities
            are those after one word.
        words : sequence of str, or of int for models of ids, default=None
            The words to show. None takes the most frequent ones to which an arrow leads
            from a word shown before, then any others.
        max_words : int, default=None
            Number of words, if `words` is None. None are 20, or fewer where `ax` has no
            room for as many.
        kind : {"heatmap", "graph"}, default="heatmap"
            A table, or words with arrows between them.
        min_probability : float, default=None
            Arrows of lower probability are left out of a graph. None is a tenth of the
            highest probability of an arrow from the same word.
        max_edges : int, default=3
            Maximum number of arrows from each word of a graph; the likeliest are drawn.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default=None
            Colours of probabilities from 0 to 1; None is "Blues".

        Returns
        -------
        TransitionDisplay

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `estimator` is no NGramTextGenerator or has ``n=1``, `words` are not all
            known, or another argument is outside its domain.
        ImportError
            If matplotlib is missing.
        """
        owner = check_estimator(estimator, cls)
        if max_words is not None:
            max_words = check_count(max_words, "max_words", owner)
        check_option(kind, _KINDS, "kind", owner)
        _check_probability(min_probability, owner)
        max_edges = check_count(max_edges, "max_edges", owner)
        model = fitted_model(estimator).language_model
        if model.n < 2:
            msg = (
                f"The 'estimator' parameter of {owner} must have n of at least 2. Got "
                "n=1, whose words do not depend on the word before."
            )
            raise ValueError(msg)
        frequency = frequencies(estimator)
        arrows = min_probability, max_edges
        if words is None:
            k = max_words or _MAX_WORDS
            ids = frequent_words(model, frequency, k, *arrows)
        else:
            ids = ids_of(words, estimator.word_index_, model.counts.n_ids, owner)
        if words is None and max_words is None and ax is not None:
            labels = [label_of(word, _LONGEST) for word in words_of_ids(ids, estimator)]
            room = rows_in(ax) - 2
            if kind == "graph":
                room = _words_in(ax, labels, bigram_table(model, ids), *arrows)
            ids = ids[: max(room, _MIN_WORDS)]
        display = cls(
            words=words_of_ids(ids, estimator),
            probabilities=bigram_table(model, ids, frequency),
            n_words=int(np.count_nonzero(frequency)),
        )
        return display.plot(
            ax=ax,
            kind=kind,
            min_probability=min_probability,
            max_edges=max_edges,
            cmap=cmap,
        )

    def plot(
        self,
        ax: Axes | None = None,
        *,
        kind: Literal["heatmap", "graph"] = "heatmap",
        min_probability: float | None = None,
        max_edges: int = 3,
        cmap: str | Colormap | None = None,
    ) -> Self:
        """Draw the table or the graph.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        kind : {"heatmap", "graph"}, default="heatmap"
            A table, or words with arrows between them.
        min_probability : float, default=None
            Arrows of lower probability are left out of a graph. None is a tenth of the
            highest probability of an arrow from the same word.
        max_edges : int, default=3
            Maximum number of arrows from each word of a graph; the likeliest are drawn.
        cmap : str or matplotlib Colormap, default=None
            Colours of probabilities from 0 to 1; None is "Blues".

        Returns
        -------
        self : TransitionDisplay

        Raises
        ------
        ValueError
            If `kind`, `min_probability` or `max_edges` is outside its domain.
        ImportError
            If matplotlib is missing.
        """
        owner = f"{type(self).__name__}.plot"
        check_option(kind, _KINDS, "kind", owner)
        _check_probability(min_probability, owner)
        max_edges = check_count(max_edges, "max_edges", owner)
        cmap = pyplot(owner).get_cmap(cmap or "Blues")
        if kind == "graph":
            weight = _steps(
                self.probabilities, len(self.words), min_probability, max_edges
            )
            self._plot_graph(ax, owner, cmap, weight)
        else:
            self._plot_heatmap(ax, owner, cmap)
        if self.n_words is not None:
            self.ax_.set_title(f"{len(self.words):,} of {self.n_words:,} words")
        self.figure_ = self.ax_.figure
        return self

    def _plot_graph(self, ax, owner, cmap, weight):
        labels = [START, *(label_of(word, _LONGEST) for word in self.words), END]
        self.ax_, self.nodes_, edges, text = draw_graph(ax, owner, labels, weight, cmap)
        end = len(labels) - 1

        def column(node):
            return self.probabilities.shape[1] - 1 if node == end else node - 1

        self.edges_ = {(i, column(j)): arrow for (i, j), arrow in edges.items()}
        self.text_ = {(i, column(j)): number for (i, j), number in text.items()}

    def _plot_heatmap(self, ax, owner, cmap):
        words = [label_of(word, _LONGEST) for word in self.words]
        other = [OTHER] * (len(self.probabilities) - 1 - len(words))
        labels = [START, *words, *other], [*words, *other, END]
        self.ax_, self.im_, self.text_ = draw_heat_map(
            ax, owner, self.probabilities, labels, cmap
        )


def _check_probability(value, owner):
    if value is None:
        return
    if not isinstance(value, Real) or not 0 <= float(value) <= 1:
        msg = (
            f"The 'min_probability' parameter of {owner} must be a float in the range "
            f"[0, 1] or None. Got {value!r} instead."
        )
        raise ValueError(msg)


def _words_in(ax, words, table, *arrows):
    """How many of some words, the first ones, a graph shows legibly in some axes."""
    for k in range(len(words), 0, -1):
        labels = [START, *words[:k], END]
        if fits(plan_graph(labels, _steps(table, k, *arrows)), ax) >= _MIN_SCALE:
            return k
    return 0


def _steps(p, n_words, min_probability, max_edges):
    """Probabilities of the arrows of a graph, from each of its nodes to each, or 0.

    No arrow leads to the start, and none from the end.
    """
    p = p[: n_words + 1, [*range(n_words), -1]]
    weight = np.zeros((n_words + 2, n_words + 2))
    weight[:-1, 1:] = np.where(likely_steps(p, min_probability, max_edges), p, 0)
    return weight
