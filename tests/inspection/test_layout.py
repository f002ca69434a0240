"""Tests of `sklearn_sslm.inspection._layout`."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sklearn_sslm.inspection._layout import layered


def chain_of(*steps):
    """Weights of a graph with some steps, equally likely for each node."""
    size = max(map(max, steps)) + 1
    weight = np.zeros((size, size))
    for source, target in steps:
        weight[source, target] = 1
    return weight / np.maximum(weight.sum(axis=1, keepdims=True), 1)


def test_layers_are_mean_steps():
    """A word that comes second or third is laid out where most of its texts have it."""
    weight = chain_of((0, 1), (0, 2), (2, 1), (1, 3), (3, 4))
    weight[0, 1:3] = 0.3, 0.7  # 1 comes after 1 or 2 steps, 1.7 on average
    place, ways = layered(weight)
    assert place[:, 0].tolist() == [0, 2, 1, 3, 4]
    # The arrow from 0 to 1 passes a layer and gets a bend there, apart from node 2.
    assert ways[0, 1][:, 0].tolist() == [0, 1, 2]
    assert abs(ways[0, 1][1, 1] - place[2, 1]) >= 0.69
    assert ways[3, 4].tolist() == [place[3].tolist(), place[4].tolist()]


def test_arrows_do_not_cross_where_they_need_not():
    """Two chains side by side stay side by side, whatever the nodes' numbers are."""
    steps = [(0, 1), (0, 2), (1, 4), (2, 3), (3, 5), (4, 6), (5, 7), (6, 7)]
    place, _ = layered(chain_of(*steps))
    above = {node for node in (1, 4, 6) if place[node, 1] > 0}
    assert above in (set(), {1, 4, 6})
    assert np.sign(place[[2, 3, 5], 1]).tolist() == [-np.sign(place[1, 1])] * 3


weights = st.integers(3, 8).flatmap(
    lambda size: arrays(
        float, (size, size), elements=st.sampled_from([0.0, 0.0, 0.1, 0.4])
    )
)


@given(weights)
@settings(max_examples=40)
def test_any_graph_is_laid_out(weight):
    """From the first to the last layer, all nodes are apart and all arrows have ways."""
    weight[:, 0] = weight[-1] = 0  # nothing leads to the start or from the end
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1)
    place, ways = layered(weight)
    assert np.isfinite(place).all()
    assert place[0, 0] == 0
    assert (place[1:-1, 0] > 0).all()
    assert (place[-1, 0] > place[:-1, 0]).all()
    for layer in range(int(place[-1, 0]) + 1):
        heights = np.sort(place[place[:, 0] == layer, 1])
        assert len(heights)  # layers are numbered without gaps
        assert (np.diff(heights) > 1 - 1e-9).all()
    assert set(ways) == set(map(tuple, np.argwhere(weight).tolist()))
    for (source, target), way in ways.items():
        assert way[0].tolist() == place[source].tolist()
        assert way[-1].tolist() == place[target].tolist()
        assert all(abs(b - a) <= 1 for a, b in pairwise(way[:, 0]))
