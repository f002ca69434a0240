"""Curved arrows between the boxes of words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

PAD = 0.3
"""Padding of a word in its box, relative to the font size."""

_LIFT = 4
"""Distance of arrows from the middle of a word, in points."""

_BULGE = 0.35
"""Distance of arrows within a layer from the widest word of the layer, in inches."""


def draw_arrow(
    ax: Axes,
    ends: tuple[Text, Text],
    way: NDArray[np.float64],
    right: float,
    p: float,
    cmap: Colormap,
) -> FancyArrowPatch:
    """Draw an arrow between the boxes of two words.

    Parameters
    ----------
    ax : matplotlib Axes
    ends : tuple of two matplotlib Text
        The words at its source and its target.
    way : ndarray of shape (n_stops, 2), float64
        The positions of its source, bends and target, in data coordinates.
    right : float
        The right edge of the widest word in the layer of the source, in data coordinates.
    p : float
        Probability of the transition, for width and colour.
    cmap : matplotlib Colormap
        Colours of probabilities from 0 to 1.

    Returns
    -------
    matplotlib FancyArrowPatch
    """
    from matplotlib.patches import FancyArrowPatch

    curve: Any = _Curve(ax, ends, way, right, p)  # called as a ConnectionStyle is
    arrow = FancyArrowPatch(
        way[0],
        way[-1],
        arrowstyle="-|>",
        connectionstyle=curve,
        color=cmap(0.3 + 0.7 * p**0.5),
        zorder=1,
    )
    arrow.set_in_layout(False)
    curve.resize(arrow, 1)
    ax.add_patch(arrow)
    return arrow


def box_of(text: Text) -> Bbox:
    """The box around a word, in pixels."""
    size: Any = text.get_fontsize()  # points, never a name of a size
    pad = PAD * size * text.figure.dpi / 72
    return text.get_window_extent().padded(pad)


class _Curve:
    """The path of an arrow from box to box, horizontal at both and at its bends.

    It is a connection style of matplotlib, which computes the path when the arrow is
    drawn: the sizes of the boxes are not known before.

    Parameters
    ----------
    ax, ends, way, right, p
        As of `draw_arrow`.
    """

    def __init__(self, ax, ends, way, right, p):
        self.ax, self.ends, self.way, self.p = ax, ends, way, p
        self.right, self.scale = right, 1.0

    def resize(self, arrow, scale):
        """Set the width of the arrow, the size of its head, and the bend of the curve."""
        self.scale = scale
        arrow.set_mutation_scale(scale * (10 + 4 * self.p))
        arrow.set_linewidth(scale * (0.8 + 2.2 * self.p))

    def __call__(self, *_, **__):
        """The path, in pixels."""
        from matplotlib.path import Path

        curve = self._loop() if self.ends[0] is self.ends[1] else self._stops()
        return Path(curve, [Path.MOVETO, *[Path.CURVE4] * (len(curve) - 1)])

    def points(self, parts):
        """The points of the curve, in pixels, at the given fractions of its length."""
        way = self().cleaned(curves=False).vertices[:-1]  # the last one only stops it
        length = np.cumsum([0, *np.hypot(*np.diff(way, axis=0).T)])
        at = np.multiply(parts, length[-1])
        return np.column_stack([np.interp(at, length, axis) for axis in way.T])

    def _loop(self):
        """Control points of a Bézier curve from a word's upper side back to it."""
        point = self._point()
        box = box_of(self.ends[0])
        middle = (box.x0 + box.x1) / 2
        return [
            (middle + across * point, box.y1 + up * point)
            for across, up in [(-5, 0), (-12, 22), (12, 22), (5, 0)]
        ]

    def _stops(self):
        """Control points of Bézier curves from each stop to the next."""
        stops = self.ax.transData.transform(self.way)
        # Arrows to the right are above the middle of words, the others are below.
        forth = stops[0, 0] < stops[-1, 0]
        stops[:, 1] += (_LIFT if forth else -_LIFT) * self._point()
        source, target = map(box_of, self.ends)
        bent = self.way[0, 0] == self.way[-1, 0]
        stops[0, 0] = source.x1 if forth or bent else source.x0
        stops[-1, 0] = target.x0 if forth else target.x1
        curve = [stops[0]]
        for here, there in pairwise(stops):
            turn = (here[0] + there[0]) / 2
            if bent:  # it reaches three quarters of the way to its control points
                turn += (self._apex() - turn) / 0.75
            curve += [(turn, here[1]), (turn, there[1]), there]
        return curve

    def _apex(self):
        """The rightmost point of a curve within a layer; upward ones extend further."""
        edge = self.ax.transData.transform((self.right, 0))[0]
        bulge = _BULGE * (1.25 if self.way[0, 1] < self.way[-1, 1] else 1)
        return edge + bulge * self.scale * self.ax.figure.dpi

    def _point(self):
        """Pixels of a point, as large as the graph is drawn."""
        return self.scale * self.ax.figure.dpi / 72
