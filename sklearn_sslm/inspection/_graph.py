"""A graph of words, drawn in layers from the start of a text to its end."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ._drawing import axes_for, families_for
from ._layout import layered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.text import Annotation, Text

    Edges = dict[tuple[int, int], FancyArrowPatch]

_ACROSS, _DOWN = 1.5, 0.5
"""From one layer to the next, and from one node to the next, in inches."""

_PAD = 0.3
"""Space around a word in its box, as part of the font size."""

_LIFT, _LOOP = 4, 27
"""Distances of arrows, and of the numbers of loops, from the middle of a word, in points."""

_BULGE = 0.45
"""How far arrows within a layer are bent to the right, in inches."""


def draw_graph(
    ax: Axes | None,
    owner: str,
    labels: list[str],
    weight: NDArray[np.float64],
    cmap: Colormap,
) -> tuple[Axes, list[Text], Edges, dict[tuple[int, int], Annotation]]:
    """Draw words and the steps between them.

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
    edges : dict of (int, int) to matplotlib FancyArrowPatch
    text : dict of (int, int) to matplotlib Annotation
        Arrows, and the probabilities on them, by row and column of `weight`.
    """
    scale = np.array([_ACROSS, _DOWN])
    places, ways = layered(weight)
    x, y = (places * scale).T
    ax = axes_for(ax, owner, (np.ptp(x) + 1.6, np.ptp(y) + 1.4))
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
            bbox={
                "boxstyle": f"round,pad={_PAD}",
                "facecolor": "white",
                "edgecolor": "gray",
            },
        )
        for across, up, label in zip(x, y, labels, strict=True)
    ]
    ax.set(
        xlim=(x.min() - 0.7, x.max() + 0.7),
        ylim=(y.min() - 0.6, y.max() + 0.6),
    )
    ax.set_axis_off()
    edges, text = {}, {}
    for (source, target), way in ways.items():
        p = weight[source, target]
        ends = nodes[source], nodes[target]
        step = _draw_arrow(ax, ends, way * scale, p, cmap)
        edges[source, target], text[source, target] = step
    return ax, nodes, edges, text


def _draw_arrow(ax, ends, way, p, cmap):
    """An arrow between the boxes of two words, with its probability on it."""
    from matplotlib.patches import FancyArrowPatch

    curve: Any = _Curve(ax, ends, way)  # called as a ConnectionStyle is
    arrow = FancyArrowPatch(
        way[0],
        way[-1],
        arrowstyle="-|>",
        mutation_scale=10 + 4 * p,
        connectionstyle=curve,
        color=cmap(0.35 + 0.65 * p),
        linewidth=0.8 + 2.2 * p,
        zorder=1,
    )
    ax.add_patch(arrow)
    middle = way[(len(way) - 1) // 2 : len(way) // 2 + 1].mean(axis=0)
    loop = ends[0] is ends[1]
    lift = _LOOP if loop else _lift(way)
    middle[0] += 0 if loop else _bulge(way)
    number = ax.annotate(
        f"{p:.2f}".removeprefix("0"),
        middle,
        xytext=(0, lift),
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=7,
        color="black",
        zorder=2,
        bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "linewidth": 0},
    )
    return arrow, number


def _lift(way):
    """Points that arrows to the right are above the middle of words; others are below."""
    return _LIFT if way[0, 0] < way[-1, 0] else -_LIFT


def _bulge(way):
    """Inches that arrows within a layer are bent, those upward more than downward."""
    if way[0, 0] != way[-1, 0]:
        return 0
    return _BULGE * (1.25 if way[0, 1] < way[-1, 1] else 1)


class _Curve:
    """The path of an arrow from box to box, horizontal at both and at its bends.

    It is a connection style of matplotlib, which computes the path when the arrow is
    drawn: the sizes of the boxes are not known before.

    Parameters
    ----------
    ax : matplotlib Axes
    ends : tuple of two matplotlib Text
        The words it leads from and to.
    way : ndarray of shape (n_stops, 2), float64
        Its source, bends and target, in data coordinates.
    """

    def __init__(self, ax, ends, way):
        self.ax, self.ends, self.way = ax, ends, way

    def __call__(self, *_, **__):
        """The path, in pixels."""
        from matplotlib.path import Path

        curve = self._loop() if self.ends[0] is self.ends[1] else self._stops()
        return Path(curve, [Path.MOVETO, *[Path.CURVE4] * (len(curve) - 1)])

    def _loop(self):
        """Control points of a Bézier curve from a word's upper side back to it."""
        point = self._point()
        box = self._box(self.ends[0])
        middle = (box.x0 + box.x1) / 2
        return [
            (middle + across * point, box.y1 + up * point)
            for across, up in [(-5, 0), (-12, 22), (12, 22), (5, 0)]
        ]

    def _stops(self):
        """Control points of Bézier curves from each stop to the next."""
        stops = self.ax.transData.transform(self.way)
        stops[:, 1] += _lift(self.way) * self._point()
        source, target = map(self._box, self.ends)
        bulge = _bulge(self.way)
        forth = stops[0, 0] < stops[-1, 0]
        stops[0, 0] = source.x1 if forth or bulge else source.x0
        stops[-1, 0] = target.x0 if forth else target.x1
        curve = [stops[0]]
        for here, there in pairwise(stops):
            turn = (here[0] + there[0]) / 2
            if (
                bulge
            ):  # the curve reaches three quarters of the way to its control points
                apex = self.ax.transData.transform(self.way[0] + [bulge, 0])[0]
                turn += (apex - turn) / 0.75
            curve += [(turn, here[1]), (turn, there[1]), there]
        return curve

    def _point(self):
        """Pixels of a point."""
        return self.ax.figure.dpi / 72

    def _box(self, text):
        """The box around a word, in pixels."""
        return text.get_window_extent().padded(_PAD * text.get_size() * self._point())
