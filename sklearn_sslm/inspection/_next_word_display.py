"""A bar chart of the likeliest next words, with the share of each order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..base import as_sample, read, words_of
from ..generator import (
    NGramTextGenerator,
    Session,
    contexts,
    next_word_shares,
)
from ..ngrams import next_word_probabilities, order_shares
from ..utils import check_count, import_extra
from ._drawing import (
    axes_for,
    check_estimator,
    families_for,
    inches,
    label_of,
    letters_in,
    pyplot,
    shown,
    words_of_ids,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.container import BarContainer

_NUMBER_FONT = 8.3
"""Size of numbers and of the legend, in points."""

_UNIFORM = "#b0b0b0"
"""The colour of the share of the uniform distribution."""

_MEMORY = "#d95f02"
"""The colour of the share of the memory."""


class NextWordDisplay:
    """The likeliest next words after a text, with the share of each order.

    A bar is the probability of a word. Its parts are the discounted probabilities of the
    word after the last n − 1 words, n − 2 words, …, each times the backoff weights of
    the longer contexts; the last part is the share of the uniform distribution. In a
    session, the first part is the share of its memory.

    It is recommended to use `from_estimator` to create a `NextWordDisplay`. All
    parameters are stored as attributes.

    Parameters
    ----------
    words : list of str
        The words, likeliest first; ``""`` is the end. For models of plain integer rows,
        ids; 0 is the end.
    shares : ndarray of shape (n_words, n_orders + 1), float64
        The parts of the probability of each word: column k is the share of order k, and
        column 0 that of the uniform distribution.
    text : str, default=None
        The text before the words, for the title.
    memory : ndarray of shape (n_words,), float64, default=None
        The share of the memory of a session in the probability of each word; None for no
        memory.

    Attributes
    ----------
    probabilities : ndarray of shape (n_words,), float64
        The sums of `shares`, and of `memory`.
    bars_ : list of matplotlib BarContainer
        The parts of the memory and of each order, the highest one first; those that are
        not all 0.
    text_ : list of matplotlib Text
        The probabilities written beside the bars.
    ax_ : matplotlib Axes
        The axes drawn on.
    figure_ : matplotlib Figure
        Their figure.

    See Also
    --------
    SurpriseDisplay : How likely each word of a text was.
    sklearn_sslm.NGramTextGenerator.next_words : The same words as a list.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.inspection import NextWordDisplay
    >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    >>> display = NextWordDisplay.from_estimator(model, "a", k=2)
    >>> display.words
    ['b', 'c']
    >>> display.shares  # uniform, the word itself, after "a"
    array([[0.04, 0.05, 0.25],
           [0.04, 0.05, 0.25]])
    """

    def __init__(
        self,
        words: list[str] | list[int],
        shares: NDArray[np.float64],
        *,
        text: str | None = None,
        memory: NDArray[np.float64] | None = None,
    ) -> None:
        self.words = words
        self.shares = shares
        self.text = text
        self.memory = memory

    @property
    def probabilities(self) -> NDArray[np.float64]:
        p: NDArray[np.float64] = self.shares.sum(axis=1)
        return p if self.memory is None else p + self.memory

    @classmethod
    def from_estimator(
        cls,
        estimator: NGramTextGenerator | Session,
        text: str | ArrayLike,
        *,
        k: int = 10,
        ax: Axes | None = None,
        cmap: str | Colormap = "viridis",
    ) -> Self:
        """Compute the likeliest next words and draw them.

        Parameters
        ----------
        estimator : NGramTextGenerator or Session
            A fitted generator, or a session of one.
        text : str, or array-like of shape (n_columns,) of int
            The beginning of a text; for models of replies, a message.
        k : int, default=10
            Maximal number of words; words of probability 0 are left out.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default="viridis"
            Colours of the orders, from the highest to the lowest. The share of the
            uniform distribution is gray.

        Returns
        -------
        NextWordDisplay

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `estimator` is neither of these, `text` is neither a text nor a row
            of known ids, or `k` no int of at least 1.
        ImportError
            If matplotlib is missing.
        """
        owner = check_estimator(estimator, cls, (NGramTextGenerator, Session))
        k = check_count(k, "k", owner)
        if isinstance(estimator, Session):
            found = next_word_shares(estimator, as_sample(text, "text", owner), k)
            ids = [] if isinstance(text, str) else np.asarray(text).tolist()
            title = text if isinstance(text, str) else " ".join(map(str, ids))
            display = cls(found.words, found.shares, text=title, memory=found.memory)
            return display.plot(ax=ax, cmap=cmap)
        fitted, batch = read(estimator, as_sample(text, "text", owner), "text")
        model = fitted.language_model
        known = contexts(batch, model.counts, fitted.has_replies)
        length, row = (part.item() for part in known)
        p = next_word_probabilities(model, length, row)
        likeliest = np.argsort(-p, kind="stable")[:k]
        likeliest = likeliest[p[likeliest] > 0]
        display = cls(
            words=words_of_ids(likeliest.tolist(), estimator),
            shares=order_shares(model, length, row, likeliest),
            text=fitted.join(map(str, words_of(batch, fitted.vocabulary))),
        )
        return display.plot(ax=ax, cmap=cmap)

    def plot(self, ax: Axes | None = None, *, cmap: str | Colormap = "viridis") -> Self:
        """Draw the bars.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default="viridis"
            Colours of the orders, from the highest to the lowest. The share of the
            uniform distribution is gray.

        Returns
        -------
        self : NextWordDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        owner = f"{type(self).__name__}.plot"
        offset_copy = import_extra("matplotlib.transforms", owner, "plot").offset_copy
        n_parts = self.shares.shape[1] + (self.memory is not None)
        height = max(1.6 + 0.3 * len(self.words), 1.1 + 0.2 * n_parts)
        ax = axes_for(ax, owner, (7, height))
        colours = pyplot(owner).get_cmap(cmap)
        labels = [label_of(word) for word in self.words]
        place = np.arange(len(labels))
        row = inches(ax)[1] * 72 / max(len(labels), 1)
        top = self.shares.shape[1] - 1
        self.bars_: list[BarContainer] = []
        parts = [
            (
                self.shares[:, k],
                colours(0.15 + 0.8 * (top - k) / top) if k else _UNIFORM,
                _name_of(k),
            )
            for k in range(top, -1, -1)
        ]
        if self.memory is not None:
            parts.insert(0, (self.memory, _MEMORY, "memory"))
        left = np.zeros(len(labels))
        for share, color, label in parts:
            if share.any():
                bar = ax.barh(place, share, left=left, color=color, label=label)
                self.bars_.append(bar)
                left = left + share
        self.text_ = [
            ax.annotate(
                f"{p:.3f}" if p >= 0.0005 else f"{p:.1g}",
                (p, y),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=letters_in(row, _NUMBER_FONT),
            )
            for p, y in zip(left, place, strict=True)
        ]
        ax.set_yticks(place, labels, family=families_for(labels), parse_math=False)
        ax.tick_params(axis="y", labelsize=letters_in(row))
        ax.invert_yaxis()
        ax.margins(x=0)
        ax.set_xlim(left=0)
        ax.set_xlabel("probability of the next word")
        ax.spines[["top", "right"]].set_visible(False)
        if self.text is not None:
            title = _title(self.text)
            family = families_for([title])
            ax.set_title(title, loc="left", family=family, parse_math=False)
        if self.bars_:
            beside_numbers = offset_copy(
                ax.transAxes, ax.figure, x=4 * _NUMBER_FONT, units="points"
            )
            ax.legend(
                title="given by the",
                loc="upper left",
                bbox_to_anchor=(1, 1),  # on no bar
                bbox_transform=beside_numbers,
                borderaxespad=0,
                handlelength=1,
                fontsize=_NUMBER_FONT,
                title_fontsize=_NUMBER_FONT,
                frameon=False,
            )
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _name_of(order):
    """The label of an order in the legend."""
    return f"{order}-grams" if order else "uniform share"


def _title(text, max_length=40):
    """The title, with the end of a long text.

    >>> _title("a b"), _title(""), _title("a b c", max_length=3)
    ('Next word after “a b”', 'First word of a text', 'Next word after “… c”')
    """
    if not text:
        return "First word of a text"
    if len(text) > max_length:
        text = "… " + text[2 - max_length :].lstrip()
    return f"Next word after “{shown(text, max_length=max_length)}”"
