"""Words with arrows between them, laid out in layers from the start to the end."""

import numpy as np

from ._drawing import axes_for, families_for

_SWEEPS = 12
"""How often the layers are sorted anew; they settle long before."""

_ACROSS, _DOWN = 1.5, 0.62  # from one node to the next, in inches


def draw_graph(ax, owner, labels, probabilities, least, cmap):
    """Draw a graph of transitions.

    Parameters
    ----------
    ax : matplotlib Axes or None
    owner : str
        What needs them, as the message of an error names it.
    labels : list of str
        The start, the words, the end.
    probabilities : ndarray of shape (n_words + 1, n_words + 1), float64
        As `TransitionDisplay` has them.
    least : float
        Arrows of less probability are left out.
    cmap : matplotlib Colormap
        Colours of probabilities from 0 to 1.

    Returns
    -------
    ax : matplotlib Axes
    nodes : list of matplotlib Text
    edges : dict of (int, int) to matplotlib FancyArrowPatch
    text : dict of (int, int) to matplotlib Text
        Arrows and what is written beside them, by row and column of `probabilities`.
    """
    # Node 0 is the start, node i word i − 1, the last node the end.
    weight = np.zeros((len(labels), len(labels)))
    weight[:-1, 1:] = np.where(probabilities >= least, probabilities, 0)
    x, y = layered(weight)
    x, y = _ACROSS * x, _DOWN * y
    ax = axes_for(ax, owner, (np.ptp(x) + 1.6, np.ptp(y) + 1.6))
    families = families_for(labels)
    nodes = [
        ax.text(
            *place,
            label,
            ha="center",
            va="center",
            color="black",
            family=families,
            parse_math=False,
            zorder=3,
            bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": "gray"},
        )
        for *place, label in zip(x, y, labels, strict=True)
    ]
    ax.set(
        aspect="equal",  # numbers are put beside curves, which bend by what is drawn
        xlim=(-0.7, x.max() + 0.7),
        ylim=(y.min() - 0.7, y.max() + 0.7),
    )
    ax.set_axis_off()
    edges, text = {}, {}
    for source, target in np.argwhere(weight).tolist():
        cell = (source, target - 1)
        edges[cell], text[cell] = _draw_edge(
            ax, nodes, source, target, weight[source, target], cmap
        )
    return ax, nodes, edges, text


def _draw_edge(ax, nodes, source, target, p, cmap):
    """An arrow between the boxes of two words, with its probability."""
    (x0, y0), (x1, y1) = nodes[source].get_position(), nodes[target].get_position()
    if source == target:
        start, end, bend = (x0 - 0.1, y0 + 0.1), (x0 + 0.1, y0 + 0.1), -3.0
    else:
        # Arrows that go back, or past other words, keep out of the way.
        start, end = (x0, y0), (x1, y1)
        bend = 0.0 if 0 < x1 - x0 < 1.5 * _ACROSS else 0.2 if x1 > x0 else -0.3
    arrow = ax.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "connectionstyle": f"arc3,rad={bend}",
            "color": cmap(0.35 + 0.65 * p),
            "linewidth": 0.8 + 2.2 * p,
            "patchA": nodes[source].get_bbox_patch(),
            "patchB": nodes[target].get_bbox_patch(),
            "shrinkA": 1,
            "shrinkB": 1,
        },
        zorder=1,
    )
    # The middle of a quadratic curve that is bent by `bend` times its length.
    number = ax.text(
        (start[0] + end[0]) / 2 + bend * (end[1] - start[1]) / 2,
        (start[1] + end[1]) / 2 - bend * (end[0] - start[0]) / 2,
        f"{p:.2f}".removeprefix("0"),
        ha="center",
        va="center",
        fontsize=7,
        color="black",
        zorder=2,
        bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "linewidth": 0},
    )
    return arrow.arrow_patch, number


def layered(weight):
    """Places for the nodes of a graph, in layers from node 0 to the last one.

    A node's layer is how many steps from node 0 it is reached after on average. Within
    a layer nodes are sorted by the mean height of their neighbours, back and forth a few
    times [1]_, which leaves few arrows crossing.

    Parameters
    ----------
    weight : ndarray of shape (n_nodes, n_nodes), float64
        Probability of each step, 0 where there is none; rows may add up to less than 1.

    Returns
    -------
    x, y : ndarray of shape (n_nodes,), float64
        The layer of each node, and its height in it, the first on top.

    References
    ----------
    .. [1] K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of
       Hierarchical System Structures", IEEE Transactions on Systems, Man, and
       Cybernetics 11 (2), 1981.

    Examples
    --------
    >>> weight = np.zeros((4, 4))  # 0 goes on to 1 and 2, and both to 3
    >>> weight[0, 1] = weight[0, 2] = weight[1, 3] = weight[2, 3] = 0.5
    >>> layered(weight)
    (array([0, 1, 1, 2]), array([ 0. ,  0.5, -0.5,  0. ]))
    """
    layer = _layers(weight)
    height = np.zeros(len(weight))
    neighbours = weight + weight.T
    members = [np.flatnonzero(layer == at) for at in range(layer.max() + 1)]
    for nodes in members:
        height[nodes] = _spread(len(nodes))
    for _ in range(_SWEEPS):
        for nodes in [*members, *members[::-1]]:
            near = neighbours[nodes]
            mean = near @ height / np.maximum(near.sum(axis=1), 1e-9)
            order = np.argsort(-mean, kind="stable")
            height[nodes[order]] = _spread(len(nodes))
    return layer, height


def _spread(size):
    """Heights of so many nodes, one apart, around 0."""
    return (size - 1) / 2 - np.arange(size)


def _layers(weight):
    """Steps from node 0 to each node on average, as the numbers 0, 1, 2, … of layers.

    Visits at step t are those at step t − 1 times the weights; summed over all steps
    that is a geometric series, and so is the sum of t times the visits. Steps lose a
    little, so that there are sums for cycles without a way out, and a little starts in
    every node, so that there are for nodes that are never reached.
    """
    n_nodes = len(weight)
    inner = 0.99 * weight[1:-1, 1:-1]
    series = np.linalg.inv(np.eye(n_nodes - 2) - inner)
    visits = (weight[0, 1:-1] + 1e-9) @ series
    steps = visits @ series / visits
    layer = np.zeros(n_nodes, dtype=np.int64)
    layer[1:-1] = 1 + np.unique(np.round(steps), return_inverse=True)[1]
    layer[-1] = layer.max() + 1
    return layer
