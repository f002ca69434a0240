"""Places for the nodes of a graph, in layers, and ways for its arrows between them."""

from itertools import pairwise

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.sparse import csr_array

_SWEEPS = 24
"""How often the layers are sorted anew; they settle before."""

_NODE, _LOOPED, _BEND = 1.0, 1.8, 0.4
"""Height that nodes take, those with an arrow to themselves, and arrows in passing."""


def layered(weight):
    """Lay a graph out in layers from node 0 to the last one.

    A node's layer is how many steps from node 0 it is reached after on average. Arrows
    that pass layers get a bend in each, which is laid out like a node, so that they keep
    clear of the nodes there. Within a layer nodes and bends are sorted by the mean
    height of their neighbours, back and forth a few times [1]_, so that few arrows cross,
    and put as near to that height as the others let them.

    Parameters
    ----------
    weight : ndarray of shape (n_nodes, n_nodes), float64
        Probability of each step, 0 where there is none; rows may add up to less than 1.

    Returns
    -------
    place : ndarray of shape (n_nodes, 2), float64
        The layer of each node, and its height in it.
    ways : dict of (int, int) to ndarray of shape (n_stops, 2), float64
        For each arrow the places it leads through, from its source to its target.

    References
    ----------
    .. [1] K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of
       Hierarchical System Structures", IEEE Transactions on Systems, Man, and
       Cybernetics 11 (2), 1981.

    Examples
    --------
    >>> weight = np.zeros((4, 4))  # 0 goes on to 1 and 2, and both to 3
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
    stops = {}
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


def _heights(layer, size, stops):
    """Heights of nodes and bends that cross few arrows and keep these straight."""
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
    """Which nodes and bends are joined with which, one layer before and one after."""
    joined = [pair for way in stops for pair in pairwise(way)]
    joined = np.array(joined, dtype=np.int64).reshape(-1, 2)
    joined = np.sort(joined, axis=1)[layer[joined[:, 0]] != layer[joined[:, 1]]]
    swap = layer[joined[:, 0]] > layer[joined[:, 1]]
    joined[swap] = joined[swap, ::-1]
    before, after = joined.T
    shape = (len(layer), len(layer))
    left = csr_array((np.ones(len(after)), (after, before)), shape=shape)
    return left, left.T.tocsr()


def _apart(wished, size):
    """Heights as near as can be to those wished for, in falling order, and apart.

    >>> _apart(np.array([0.0, 0.0, -5.0]), np.array([1.0, 1.0, 1.0]))
    array([ 0.5, -0.5, -5. ])
    """
    gap = np.cumsum(size) - size / 2
    return isotonic_regression(wished + gap, increasing=False).x - gap
