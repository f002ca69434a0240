"""A text whose words are coloured by their surprise."""

from __future__ import annotations

from html import escape
from numbers import Real
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike

from ..generator import NGramTextGenerator, Session
from ._drawing import (
    END,
    PALE_TO_DARK,
    axes_for,
    check_estimator,
    families_for,
    inches,
    ink_on,
    mix,
    shown,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_IMPOSSIBLE = (0.0, 0.0, 0.0)
"""The colour of words with probability 0 …"""

_FRAME = PALE_TO_DARK[3]
"""… and that of their frame, which shows on dark pages, too."""

_WIDTH = 7  # of a new figure, in inches
_LINE = 0.34  # from one line of words to the next, in inches
_GAP = 0.12  # between two words, in inches


class SurpriseDisplay:
    """A text in which the colour of each word shows its surprise.

    The surprise of a word is −log2 p(word | the words before), in bits: one bit is a
    toss of a coin. Darker words are less probable; black ones have probability 0.

    It is recommended to use `from_estimator` to create a drawn `SurpriseDisplay`. In
    notebooks, a display that was not drawn is shown as HTML, with the numbers of the word
    under the pointer; this needs no matplotlib. All parameters are stored as attributes.

    Parameters
    ----------
    explanation : structured ndarray or DataFrame
        The result of `NGramTextGenerator.explain` or `Session.explain`.
    max_bits : float, default=None
        The surprise with the darkest colour. None takes the highest one in the text, at
        least 1. To compare texts, use the same value for all.

    Attributes
    ----------
    text_ : list of matplotlib Text
        The words.
    colorbar_ : matplotlib Colorbar
        The scale of the colours.
    ax_ : matplotlib Axes
        The axes drawn on.
    figure_ : matplotlib Figure
        Their figure.

    See Also
    --------
    sklearn_sslm.NGramTextGenerator.explain : The numbers that are shown.
    NextWordDisplay : The words that could have come instead.

    Notes
    -----
    Texts may be untrusted: no part of them is rendered as HTML or as a formula.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.inspection import SurpriseDisplay
    >>> model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    >>> display = SurpriseDisplay.from_estimator(model, "a b c")
    >>> [word.get_text() for word in display.text_]
    ['a', 'b', 'c', '‹end›']
    >>> SurpriseDisplay(model.explain("a <b>")).to_html()
    '<div ...>&lt;b&gt;</span>...</div>'
    """

    def __init__(self, explanation: Any, *, max_bits: float | None = None) -> None:
        self.explanation = explanation
        self.max_bits = max_bits

    @classmethod
    def from_estimator(
        cls,
        estimator: NGramTextGenerator | Session,
        text: str | ArrayLike,
        *,
        message: str | ArrayLike | None = None,
        max_bits: float | None = None,
        ax: Axes | None = None,
    ) -> Self:
        """Explain a text and draw it.

        Parameters
        ----------
        estimator : NGramTextGenerator or Session
            A fitted one, or what it has remembered.
        text : str, or array-like of shape (n_columns,) of int
            A single text or integer row.
        message : as text, default=None
            What the text replies to.
        max_bits : float, default=None
            The surprise with the darkest colour. None takes the highest in the text, at
            least 1.
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure, as high as the text needs.

        Returns
        -------
        SurpriseDisplay

        Raises
        ------
        NotFittedError
            If nothing was learned yet.
        TypeError, ValueError
            If `estimator` is neither of these, `text` or `message` is neither a
            text nor a row of known ids, or `max_bits` is not greater
            than 0.
        ImportError
            If matplotlib is missing.
        """
        check_estimator(estimator, cls, (NGramTextGenerator, Session))
        display = cls(estimator.explain(text, message), max_bits=max_bits)
        return display.plot(ax=ax)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw the coloured words.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure, as high as the text needs.

        Returns
        -------
        self : SurpriseDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        owner = f"{type(self).__name__}.plot"
        own_figure = ax is None
        ax = axes_for(ax, owner, (_WIDTH, 3))
        ax.set_axis_off()
        self.colorbar_ = self._colorbar(ax)
        self.text_ = self._write(ax)
        lines = _Lines(self.text_)
        ax.set_axes_locator(lines)
        if own_figure:
            figure: Any = ax.figure  # a new one, and so no SubFigure
            figure.draw_without_rendering()  # computes the width of the axes
            figure.set_size_inches(_WIDTH, _LINE * lines.n_lines + 0.75)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def to_html(self) -> str:
        """The text as HTML with its colours.

        Returns
        -------
        str
            A ``<div>`` without scripts, legible on light and dark pages. The text in it
            is escaped.
        """
        words = []
        for word, probability, bits, order in self._rows():
            colour = self._colour(bits)
            tip = f"p = {probability:.3g}, {bits:.2f} bits, {_name_of(order)}"
            style = "font-style:italic;" if word == END else ""
            if np.isinf(bits):
                style += f"box-shadow:inset 0 0 0 2px {_FRAME};"
            words.append(
                f'<span title="{tip}" dir="auto" style="background:{_css(colour)};'
                f"color:{ink_on(colour)};{style}border-radius:.25em;padding:.1em .3em;"
                f'overflow-wrap:anywhere">{escape(word)}</span>'
            )
        scale = ",".join(PALE_TO_DARK)
        return (
            '<div class="sslm-surprise" style="line-height:2;max-width:60em">'
            f"<div>{' '.join(words)}</div>"
            '<div style="font-size:small">0 <span style="display:inline-block;'
            "width:8em;height:.8em;vertical-align:middle;border-radius:.25em;"
            f'background:linear-gradient(to right,{scale})"></span> '
            f"{self._darkest:.3g} {self._unit('bits of surprise')}</div></div>"
        )

    def _repr_html_(self) -> str | None:
        """The HTML for notebooks; None if the display was drawn."""
        return None if hasattr(self, "figure_") else self.to_html()

    def _rows(self):
        """Yield (word, probability, bits, order) of each word, and of the end."""
        fields = ("word", "probability", "surprise", "order")
        columns = (np.asarray(self.explanation[name]).tolist() for name in fields)
        for word, *numbers in zip(*columns, strict=True):
            yield END if word in ("", 0) else str(word), *numbers

    def _unit(self, name):
        """The label of the colour scale, with a note on values beyond it."""
        bits = np.asarray(self.explanation["surprise"])
        return f"{name}; black: impossible" if np.isinf(bits).any() else name

    @property
    def _darkest(self):
        """The surprise with the darkest colour."""
        if self.max_bits is not None:
            _check_bits(self.max_bits, type(self).__name__)
            return self.max_bits
        bits = np.asarray(self.explanation["surprise"], dtype=float)
        return float(bits[np.isfinite(bits)].max(initial=1))

    def _colour(self, bits):
        if np.isinf(bits):
            return _IMPOSSIBLE
        return mix(float(np.clip(bits / self._darkest, 0, 1)))

    def _colorbar(self, ax):
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import LinearSegmentedColormap, Normalize

        cmap = LinearSegmentedColormap.from_list("surprise", PALE_TO_DARK)
        scale = ScalarMappable(Normalize(0, self._darkest), cmap)
        return ax.figure.colorbar(
            scale,
            ax=ax,
            location="bottom",
            shrink=0.5,
            aspect=40,
            label=self._unit("surprise (bits)"),
        )

    def _write(self, ax):
        """Texts of all words at the axes' upper left, with coordinates in inches from there."""
        from matplotlib.transforms import ScaledTranslation

        inches = ax.figure.dpi_scale_trans + ScaledTranslation(0, 1, ax.transAxes)
        rows = list(self._rows())
        families = families_for(word for word, *_ in rows)
        texts = []
        for word, _, bits, _ in rows:
            colour = self._colour(bits)
            text = ax.text(
                0,
                0,
                shown(word),
                transform=inches,
                color=ink_on(colour),
                family=families,
                style="italic" if word == END else "normal",
                va="baseline",
                parse_math=False,
                bbox={
                    "boxstyle": "round,pad=0.25",
                    "facecolor": colour,
                    "edgecolor": _FRAME,
                    "linewidth": 1.5 if np.isinf(bits) else 0,
                },
            )
            text.set_in_layout(False)
            texts.append(text)
        return texts


def _check_bits(value, owner):
    if not isinstance(value, Real) or not 0 < float(value) < np.inf:
        msg = (
            f"The 'max_bits' parameter of {owner} must be a float in the range "
            f"(0, inf). Got {value!r} instead."
        )
        raise ValueError(msg)


class _Lines:
    """Places words side by side, line under line, before the axes are drawn.

    It stands where matplotlib asks for a position of the axes, and leaves that as it is.
    """

    def __init__(self, texts):
        self.texts, self.room, self.n_lines = texts, None, 0

    def __call__(self, ax, _renderer):
        room = inches(ax)[0]
        if room == self.room:
            return
        self.room, self.n_lines = room, 1
        x = _GAP / 2
        for text in self.texts:
            width = text.get_window_extent().width / ax.figure.dpi
            if x + width > room and x > _GAP:
                x, self.n_lines = _GAP / 2, self.n_lines + 1
            text.set_position((x, -_LINE * (self.n_lines - 0.4)))
            x += width + _GAP


def _css(colour):
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)


def _name_of(order):
    """The name of the n-gram that a probability comes from."""
    return f"{order}-gram" if order else "no n-gram"
