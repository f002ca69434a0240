"""The bigrams of a model, as a table or as a graph."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray

from ..base import fitted_model
from ..generator import NGramTextGenerator
from ..ngrams import BOUNDARY, next_word_probabilities
from ..utils import check_count
from ._drawing import (
    START,
    axes_for,
    check_estimator,
    check_option,
    families_for,
    ink_on,
    pyplot,
    shown,
    words_of_ids,
)
from ._graph import draw_graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

_KINDS = ("heatmap", "graph")


class TransitionDisplay:
    """The probability of each word after each other: the bigrams of a model.

    Small models can be shown whole: as a table with a row for the word before and a
    column for the word after, or as a graph in which each text is a path from the start
    to the end.

    It is recommended to use `from_estimator` to create a `TransitionDisplay`. All
    parameters are stored as attributes.

    Parameters
    ----------
    words : list of str
        The words shown; ids for models of plain integer rows.
    probabilities : ndarray of shape (n_words + 1, n_words + 1), float64
        Row 0 is the start of a text, row i the word ``words[i - 1]``; column j is the
        word ``words[j]`` after it, the last column the end of the text.

    Attributes
    ----------
    im_ : matplotlib AxesImage
        The table; only of a heat map.
    nodes_ : list of matplotlib Text
        The words; only of a graph.
    edges_ : dict of (int, int) to matplotlib FancyArrowPatch
        Arrows by row and column of `probabilities`; only of a graph.
    text_ : dict of (int, int) to matplotlib Text
        The probabilities as written, by row and column.
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
    """

    def __init__(
        self, words: list[str] | list[int], probabilities: NDArray[np.float64]
    ) -> None:
        self.words = words
        self.probabilities = probabilities

    @classmethod
    def from_estimator(
        cls,
        estimator: NGramTextGenerator,
        *,
        words: Sequence[str] | Sequence[int] | None = None,
        max_words: int = 20,
        kind: Literal["heatmap", "graph"] = "heatmap",
        min_probability: float = 0.05,
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
            The words to show. None takes the most frequent ones that follow a word
            shown before with `min_probability`, then any others.
        max_words : int, default=20
            Number of words, if `words` is None.
        kind : {"heatmap", "graph"}, default="heatmap"
            A table, or words with arrows between them.
        min_probability : float, default=0.05
            Arrows of lower probability are left out of a graph.
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
        check_count(max_words, "max_words", owner)
        _check_probability(min_probability, owner)
        model = fitted_model(estimator).language_model
        if model.n < 2:
            msg = (
                f"The 'estimator' parameter of {owner} must have n of at least 2. Got "
                "n=1, whose words do not depend on the word before."
            )
            raise ValueError(msg)
        if words is None:
            ids = _frequent_words(model, max_words, min_probability)
        else:
            ids = _ids_of(words, estimator.word_index_, model.counts.n_ids, owner)
        display = cls(
            words=words_of_ids(ids, estimator),
            probabilities=_bigram_table(model, ids),
        )
        return display.plot(
            ax=ax, kind=kind, min_probability=min_probability, cmap=cmap
        )

    def plot(
        self,
        ax: Axes | None = None,
        *,
        kind: Literal["heatmap", "graph"] = "heatmap",
        min_probability: float = 0.05,
        cmap: str | Colormap | None = None,
    ) -> Self:
        """Draw the table or the graph.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        kind : {"heatmap", "graph"}, default="heatmap"
            A table, or words with arrows between them.
        min_probability : float, default=0.05
            Arrows of lower probability are left out of a graph.
        cmap : str or matplotlib Colormap, default=None
            Colours of probabilities from 0 to 1; None is "Blues".

        Returns
        -------
        self : TransitionDisplay

        Raises
        ------
        ValueError
            If `kind` or `min_probability` is outside its domain.
        ImportError
            If matplotlib is missing.
        """
        owner = f"{type(self).__name__}.plot"
        check_option(kind, _KINDS, "kind", owner)
        _check_probability(min_probability, owner)
        cmap = pyplot(owner).get_cmap(cmap or "Blues")
        if kind == "graph":
            self._plot_graph(ax, owner, cmap, min_probability)
        else:
            self._plot_heatmap(ax, owner, cmap)
        self.figure_ = self.ax_.figure
        return self

    def _plot_graph(self, ax, owner, cmap, min_probability):
        labels = [START, *(shown(word) for word in self.words), shown("")]
        # No arrow leads to the start, and none from the end.
        weight = np.zeros((len(labels), len(labels)))
        p = self.probabilities
        weight[:-1, 1:] = np.where(p >= min_probability, p, 0)
        self.ax_, self.nodes_, edges, text = draw_graph(ax, owner, labels, weight, cmap)
        self.edges_ = {(i, j - 1): arrow for (i, j), arrow in edges.items()}
        self.text_ = {(i, j - 1): number for (i, j), number in text.items()}

    def _plot_heatmap(self, ax, owner, cmap):
        size = 2.4 + 0.36 * len(self.probabilities)
        ax = axes_for(ax, owner, (size + 0.8, size))
        self.im_ = ax.imshow(self.probabilities, cmap=cmap, vmin=0, vmax=1)
        ax.figure.colorbar(self.im_, ax=ax, shrink=0.8, label="probability")
        labels = [shown(word) for word in self.words]
        places = np.arange(len(self.probabilities))
        style = {"family": families_for(labels), "parse_math": False}
        ax.set_xticks(
            places,
            [*labels, shown("")],
            rotation=45,
            ha="right",
            rotation_mode="anchor",
            **style,
        )
        ax.set_yticks(places, [START, *labels], **style)
        ax.set(xlabel="next word", ylabel="word before")
        self.text_ = {
            (i, j): ax.text(
                j,
                i,
                f"{p:.2f}".removeprefix("0"),
                ha="center",
                va="center",
                fontsize=7,
                color=ink_on(cmap(p)[:3]),
            )
            for (i, j), p in np.ndenumerate(self.probabilities)
            if p >= 0.005
        }
        self.ax_ = ax


def _check_probability(value, owner):
    if not isinstance(value, Real) or not 0 <= float(value) <= 1:
        msg = (
            f"The 'min_probability' parameter of {owner} must be a float in the range "
            f"[0, 1]. Got {value!r} instead."
        )
        raise ValueError(msg)


def _frequent_words(model, k, min_probability):
    """Ids of frequent words, each of which follows the start or one chosen before.

    Words that follow none with `min_probability` are chosen when no others are left.
    """
    frequency = next_word_probabilities(model, 0, 0)
    frequency[BOUNDARY] = 0
    follows = _after(model, BOUNDARY) >= min_probability
    ids: list[int] = []
    while len(ids) < k and frequency.any():
        of_followers = frequency * follows
        word = int(np.argmax(of_followers if of_followers.any() else frequency))
        frequency[word] = 0
        follows |= _after(model, word) >= min_probability
        ids.append(word)
    return ids


def _after(model, word):
    """p(· | word), where 0 is the start of a text; the row of a unigram is its id."""
    return next_word_probabilities(model, *model.counts.back_off(1, word))


def _ids_of(words, index, n_ids, owner):
    """Ids of the words to show."""
    words = [words] if isinstance(words, (str, int)) else list(words)
    known = range(n_ids) if index is None else index.vocabulary_
    if not words:
        raise ValueError(f"The 'words' parameter of {owner} must hold words. Got none.")
    for word in words:
        if word not in known or word == BOUNDARY:
            msg = (
                f"The 'words' parameter of {owner} must hold words that the model "
                f"knows. Got {word!r}."
            )
            raise ValueError(msg)
    return words if index is None else [known[word] for word in words]


def _bigram_table(model, ids):
    """p(next | word), a row for the start and each word, a column for each word and the end."""
    columns = [*ids, BOUNDARY]
    table = np.empty((len(columns), len(columns)))
    for i, word in enumerate([BOUNDARY, *ids]):
        table[i] = _after(model, word)[columns]
    return table
