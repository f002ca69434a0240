"""A graph of words, drawn in layers from the start of a text to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._arrows import PAD, box_of, draw_arrow
from ._drawing import axes_for, families_for, inches
from ._layout import layered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.text import Text

    Edges = dict[tuple[int, int], FancyArrowPatch]
    Numbers = dict[tuple[int, int], Text]

_BETWEEN, _DOWN, _MARGIN = 0.65, 0.45, 0.2
"""Between the widest words of two layers, between the middles of two words in a layer, and
around all of them, in inches; the first is larger where many arrows are."""

_ARROW, _WIDEST = 0.06, 2.0
"""What an arrow needs between two layers, and what all of them get at most, in inches."""

_LOOP = 0.5
"""Additional margin above a word with an arrow to itself, in lines of words."""

_FONT, _NUMBER_FONT = 10, 7.5
"""Sizes of words and of numbers, in points."""

_SMALLEST_NUMBER = 5.5
"""The size of numbers in small axes, where those that have no room are left out."""

_ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)
"""Fractions of the length of an arrow where its number may be, the best one first."""


class Plan(NamedTuple):
    """The positions of the words and arrows of a graph, in inches.

    Attributes
    ----------
    x, y : ndarray of shape (n_words,), float64
        The centres of words.
    ways : dict of (int, int) to ndarray of shape (n_stops, 2), float64
        The positions of the source, bends and target of each arrow.
    right : ndarray of shape (n_words,), float64
        The right edge of the widest word in the layer of each word.
    size : tuple of float
        Width and height of the whole.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    ways: dict[tuple[int, int], NDArray[np.float64]]
    right: NDArray[np.float64]
    size: tuple[float, float]


def plan_graph(labels: list[str], weight: NDArray[np.float64]) -> Plan:
    """Lay out words so that no two overlap.

    Parameters
    ----------
    labels : list of str
        The start, the words, the end.
    weight : ndarray of shape (n_labels, n_labels), float64
        Probability of each step, 0 for no arrow.

    Returns
    -------
    Plan
    """
    places, ways = layered(weight)
    layer = places[:, 0].astype(np.int64)
    half = np.zeros(layer.max() + 1)  # of the widest word in each layer
    np.maximum.at(half, layer, [_width(label) / 2 for label in labels])
    between = np.append(_gaps(layer, ways), 0)
    left = _MARGIN + np.cumsum(2 * half + between) - (2 * half + between)
    middle = left + half
    low = min(way[:, 1].min() for way in [places, *ways.values()])
    tops = places + np.column_stack(
        [np.zeros(len(places)), _LOOP * np.diag(weight > 0)]
    )
    high = max(way[:, 1].max() for way in [tops, *ways.values()])

    def in_inches(stops):
        across = middle[stops[:, 0].astype(np.int64)]
        return np.column_stack([across, (stops[:, 1] - low) * _DOWN + _MARGIN])

    x, y = in_inches(places).T
    width = left[-1] + 2 * half[-1] + _MARGIN
    return Plan(
        x=x,
        y=y,
        ways={arrow: in_inches(way) for arrow, way in ways.items()},
        right=(middle + half)[layer],
        size=(float(width), float((high - low) * _DOWN + 2 * _MARGIN)),
    )


def _gaps(layer, ways):
    """The distances from each layer to the next one, in inches.

    >>> _gaps(np.array([0, 1, 2]), {(0, 2): np.array([[0.0, 0.0], [1.0, 0.5], [2.0, 0.0]])})
    array([0.65, 0.65])
    """
    n_arrows = np.zeros(layer.max())
    for way in ways.values():
        across = way[:, 0].astype(np.int64)
        low, high = min(across[0], across[-1]), max(across[0], across[-1])
        n_arrows[low:high] += 1
    return np.clip(_ARROW * n_arrows, _BETWEEN, _WIDEST)


def fits(plan: Plan, ax: Axes) -> float:
    """The scale at which a graph fits into axes, at most 1."""
    width, height = inches(ax)
    return min(width / plan.size[0], height / plan.size[1], 1.2)


def _width(label):
    """Width of a word with its box, in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=families_for([label]), size=_FONT)
    width = text_to_path.get_text_width_height_descent(label, font, ismath=False)[0]
    return (width + 2 * PAD * _FONT) / 72


def draw_graph(
    ax: Axes | None,
    owner: str,
    labels: list[str],
    weight: NDArray[np.float64],
    cmap: Colormap,
) -> tuple[Axes, list[Text], Edges, Numbers]:
    """Draw words and the transitions between them.

    Parameters
    ----------
    ax : matplotlib Axes or None
    owner : str
        What needs them, for the message of an error.
    labels : list of str
        The start, the words, the end.
    weight : ndarray of shape (n_labels, n_labels), float64
        Probability of each step, 0 for no arrow.
    cmap : matplotlib Colormap
        Colours of probabilities from 0 to 1.

    Returns
    -------
    ax : matplotlib Axes
    nodes : list of matplotlib Text
        The end is invisible if no arrow leads to it.
    edges : dict of (int, int) to matplotlib FancyArrowPatch
    text : dict of (int, int) to matplotlib Text
        Arrows, and the probabilities on them, by row and column of `weight`. The
        numbers that would be on words or other numbers are invisible.
    """
    plan = plan_graph(labels, weight)
    ax = axes_for(ax, owner, (plan.size[0] + 0.1, plan.size[1] + 0.5))
    families = families_for(labels)
    nodes = [
        ax.text(
            across,
            up,
            label,
            ha="center",
            va="center",
            color="black",
            family=families,
            parse_math=False,
            zorder=3,
            in_layout=False,
            bbox={
                "boxstyle": f"round,pad={PAD}",
                "facecolor": "white",
                "edgecolor": "gray",
            },
        )
        for across, up, label in zip(plan.x, plan.y, labels, strict=True)
    ]
    ax.set(xlim=(0, plan.size[0]), ylim=(0, plan.size[1]))
    ax.set_axis_off()
    nodes[-1].set_visible(bool(weight[:, -1].any()))  # an end that nothing leads to
    edges, text = {}, {}
    for (source, target), way in plan.ways.items():
        p = weight[source, target]
        ends = nodes[source], nodes[target]
        edges[source, target] = draw_arrow(ax, ends, way, plan.right[source], p, cmap)
        text[source, target] = ax.text(
            0,
            0,
            f"{p:.2f}".removeprefix("0"),
            ha="center",
            va="center",
            color="black",
            zorder=2,
            in_layout=False,
            bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "linewidth": 0},
        )
    fit = _Fit(plan, nodes, edges, text, weight)
    fit(ax, None)
    ax.set_axes_locator(fit)
    return ax, nodes, edges, text


class _Fit:
    """An axes locator of matplotlib that fits sizes and numbers to the size of the axes.

    Matplotlib calls it before it draws the axes; it does not change their position.
    """

    def __init__(self, plan, nodes, edges, text, weight):
        self.plan, self.nodes, self.edges = plan, nodes, edges
        self.text, self.weight, self.drawn = text, weight, None

    def __call__(self, ax, _renderer):
        if inches(ax) == self.drawn:
            return
        self.drawn = inches(ax)
        scale = fits(self.plan, ax)
        for node in self.nodes:
            node.set_fontsize(scale * _FONT)
        for arrow in self.edges.values():
            arrow.get_connectionstyle().resize(arrow, scale)
        self._place_numbers(ax, scale)

    def _place_numbers(self, ax, scale):
        """Place numbers on their arrows without overlaps, the likeliest first."""
        taken = [box_of(node).extents for node in self.nodes if node.get_visible()]
        to_data = ax.transData.inverted()
        for step in sorted(self.text, key=lambda step: -self.weight[step]):
            number = self.text[step]
            size = max(scale * _NUMBER_FONT, _SMALLEST_NUMBER)
            number.set(fontsize=size, visible=True)
            half = np.array(number.get_window_extent().size) / 2
            points = self.edges[step].get_connectionstyle().points(_ALONG)
            boxes = np.hstack([points - half, points + half])
            free = np.flatnonzero(~_overlap(boxes, np.array(taken)).any(axis=1))
            number.set_visible(len(free) > 0)
            if len(free):
                number.set_position(to_data.transform(points[free[0]]))
                taken.append(boxes[free[0]])


def _overlap(boxes, others):
    """Whether boxes (x0, y0, x1, y1), in rows, overlap other boxes, in columns.

    >>> _overlap(np.array([[0, 0, 2, 2]]), np.array([[1, 1, 3, 3], [2, 0, 3, 1]]))
    array([[ True, False]])
    """
    boxes = boxes[:, None]
    low, high = slice(None, 2), slice(2, None)
    apart = boxes[..., high] <= others[:, low]
    apart |= others[:, high] <= boxes[..., low]
    return ~apart.any(axis=2)
