"""A heat map of probabilities that is legible in axes of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ._drawing import axes_for, families_for, inches, ink_on, letters_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.image import AxesImage
    from matplotlib.text import Text

_ROW = 9
"""Minimal height of rows with legible labels, in points."""

_NUMBER = 19
"""Minimal width of cells with numbers, in points."""

_GAMMA = 1 / 3
"""Exponent of the colour scale: with the cube root, 0.001 is distinguishable from 0."""


def rows_in(ax: Axes) -> int:
    """The number of rows with legible labels that fit into axes."""
    return int(min(inches(ax)) * 72 / _ROW)


def draw_heat_map(
    ax: Axes | None,
    owner: str,
    probabilities: NDArray[np.float64],
    labels: tuple[list[str], list[str]],
    cmap: Colormap,
) -> tuple[Axes, AxesImage, dict[tuple[int, int], Text]]:
    """Draw a heat map.

    Parameters
    ----------
    ax : matplotlib Axes or None
    owner : str
        What needs them, for the message of an error.
    probabilities : ndarray of shape (n_rows, n_rows), float64
    labels : tuple of list of str
        The labels of the rows, and of the columns.
    cmap : matplotlib Colormap
        Colours from probability 0 to 1.

    Returns
    -------
    ax : matplotlib Axes
    im : matplotlib AxesImage
    text : dict of (int, int) to matplotlib Text
        Numbers by row and column, of those cells that do not round to 0. They are
        visible where cells are large enough.
    """
    from matplotlib.colors import PowerNorm

    size = 2.4 + 0.36 * len(probabilities)
    ax = axes_for(ax, owner, (size + 0.8, size))
    scale = PowerNorm(_GAMMA, vmin=0, vmax=1)
    im = ax.imshow(probabilities, cmap=cmap, norm=scale)
    bar = ax.figure.colorbar(im, ax=ax, shrink=0.8, label="probability")
    marks = [0, 0.001, 0.01, 0.1, 0.5, 1]
    bar.set_ticks(marks, labels=[f"{mark:g}" for mark in marks])
    bar.minorticks_off()
    _label(ax, *labels)
    text = {
        (i, j): ax.text(
            j,
            i,
            f"{p:.2f}".removeprefix("0"),
            ha="center",
            va="center",
            fontsize=7,
            color=ink_on(cmap(scale(p))[:3]),
            in_layout=False,
        )
        for (i, j), p in np.ndenumerate(probabilities)
        if p >= 0.005
    }
    ax.set_axes_locator(_Fit(len(probabilities), [*text.values()]))
    return ax, im, text


def _label(ax, rows, columns):
    places = np.arange(len(rows))
    style = {"family": families_for([*rows, *columns]), "parse_math": False}
    turned = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    ax.set_xticks(places, columns, **turned, **style)
    ax.set_yticks(places, rows, **style)
    ax.set(xlabel="next word", ylabel="word before")


class _Fit:
    """An axes locator of matplotlib that fits labels and numbers to the size of the cells.

    Matplotlib calls it before it draws the axes; it does not change their position.
    """

    def __init__(self, n_rows, numbers):
        self.n_rows, self.numbers, self.cell = n_rows, numbers, None

    def __call__(self, ax, _renderer):
        cell = min(inches(ax)) * 72 / self.n_rows
        if cell == self.cell:
            return
        self.cell = cell
        ax.tick_params(labelsize=letters_in(cell))
        for number in self.numbers:
            number.set_visible(cell >= _NUMBER)
