"""Layered layout of a directed graph (Sugiyama et al. 1981)."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.sparse import csr_array

_SWEEPS = 24
"""Number of sweeps that sort the layers; their order converges before."""

_NODE, _LOOPED, _BEND = 1.0, 1.8, 0.4
"""Heights of nodes, of nodes with an arrow to themselves, and of bends of arrows."""


def layered(
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], dict[tuple[int, int], NDArray[np.float64]]]:
    """Lay out a graph in layers from node 0 to the last node.

    The layer of a node is the mean number of steps from node 0 to it. An arrow across
    several layers has a bend in each, which is laid out as a node, so that it does not
    cross nodes. Within a layer, nodes and bends are sorted by the mean height of their
    neighbours, in several sweeps to the right and back [1]_, so that few arrows cross;
    their heights are as near to these means as their sizes allow.

    Parameters
    ----------
    weight : ndarray of shape (n_nodes, n_nodes), float64
        Probability of each step, 0 where there is none; rows may add up to less than 1.

    Returns
    -------
    place : ndarray of shape (n_nodes, 2), float64
        The layer of each node, and its height in it.
    ways : dict of (int, int) to ndarray of shape (n_stops, 2), float64
        For each arrow its places, from its source over its bends to its target.

    References
    ----------
    .. [1] K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of
       Hierarchical System Structures", IEEE Transactions on Systems, Man, and
       Cybernetics 11 (2), 1981.

    Examples
    --------
    >>> weight = np.zeros((4, 4))  # 0 leads to 1 and 2, and both lead to 3
    >>> weight[0, 1] = weight[0, 2] = weight[1, 3] = weight[2, 3] = 0.5
    >>> place, ways = layered(weight)
    >>> place
    array([[ 0. ,  0. ],
           [ 1. ,  0.5],
           [ 1. , -0.5],
           [ 2. ,  0. ]])
    >>> ways[2, 3]
    array([[ 1. , -0.5],
           [ 2. ,  0. ]])
    """
    layer = _layers(weight).tolist()
    n_nodes = len(layer)
    stops: dict[tuple[int, int], list[int]] = {}
    for source, target in np.argwhere(weight).tolist():
        step = 1 if layer[target] > layer[source] else -1
        passed = range(layer[source] + step, layer[target], step)
        bends = range(len(layer), len(layer) + len(passed))
        layer += passed
        stops[source, target] = [source, *bends, target]
    layer = np.array(layer)
    size = np.full(len(layer), _BEND)
    size[:n_nodes] = np.where(np.diag(weight), _LOOPED, _NODE)
    height = _heights(layer, size, [*stops.values()])
    place = np.column_stack([layer, height])
    return place[:n_nodes], {arrow: place[way] for arrow, way in stops.items()}


def _layers(weight):
    """The layer of each node, 0, 1, 2, …, by its mean number of steps from node 0.

    >>> weight = np.zeros((4, 4))
    >>> weight[0, 1:3], weight[1, 2], weight[2, 3] = [0.8, 0.2], 1, 1
    >>> _layers(weight)  # node 2 comes after 1.8 steps
    array([0, 1, 2, 3])

    Visits at step t are those at step t − 1 times the weights. Summed over all t they are
    a geometric series, and so is the sum of t times the visits. Each step loses 1 %, so
    that the sums are finite for cycles that nothing leaves, and every node gets a little
    at the start, so that nodes that are never reached have a mean, too.
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


def _heights(layer, size, stops):
    """Heights of nodes and bends such that few arrows cross, and most are straight."""
    left, right = _neighbours(layer, stops)
    sides = (left, right, left + right)
    members = [np.flatnonzero(layer == at) for at in range(layer.max() + 1)]
    height = np.zeros(len(layer))
    for nodes in members:
        height[nodes] = _apart(np.zeros(len(nodes)), size[nodes])
    for sweep in range(_SWEEPS):
        near = sides[sweep % 3]
        degree = near.sum(axis=1)
        for nodes in members if sweep % 2 else members[::-1]:
            mean = np.where(
                degree[nodes],
                near[nodes] @ height / np.maximum(degree[nodes], 1),
                height[nodes],
            )
            order = np.argsort(-mean, kind="stable")
            height[nodes[order]] = _apart(mean[order], size[nodes[order]])
    return height


def _neighbours(layer, stops):
    """Adjacency of nodes and bends to those one layer before, and one layer after.

    Layers [0, 1, 1] and ways 0 → 1, 0 → 2: left has entries (1, 0) and (2, 0).
    """
    pairs = [pair for way in stops for pair in pairwise(way)]
    joined = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    joined = np.sort(joined, axis=1)[layer[joined[:, 0]] != layer[joined[:, 1]]]
    swap = layer[joined[:, 0]] > layer[joined[:, 1]]
    joined[swap] = joined[swap, ::-1]
    before, after = joined.T
    shape = (len(layer), len(layer))
    left = csr_array((np.ones(len(after)), (after, before)), shape=shape)
    return left, left.T.tocsr()


def _apart(wished, size):
    """The heights nearest to those wished for, in falling order, without overlaps.

    >>> _apart(np.array([0.0, 0.0, -5.0]), np.array([1.0, 1.0, 1.0]))
    array([ 0.5, -0.5, -5. ])
    """
    gap = np.cumsum(size) - size / 2
    return isotonic_regression(wished + gap, increasing=False).x - gap
