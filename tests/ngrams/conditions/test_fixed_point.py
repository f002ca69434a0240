"""Tests of `sklearn_sslm.ngrams.conditions._fixed_point`."""

import numpy as np
import pytest
from scipy.sparse import csc_array, diags_array

from sklearn_sslm.ngrams.conditions import _fixed_point
from sklearn_sslm.ngrams.conditions._fixed_point import fixed_point


def circle(size):
    """A circle of states that is left from the last one only, with probability 1 / size.

    Half of what leaves is accepted, so that the probability is 1/2 everywhere.
    """
    matrix = diags_array(np.ones(size - 1), offsets=1, shape=(size, size)).tolil()
    matrix[size - 1, 0] = 1 - 1 / size
    known = np.zeros(size)
    known[-1] = 1 / size / 2
    return csc_array(matrix), known


@pytest.mark.parametrize("size", [1, 2, 400])
def test_a_step_more_changes_nothing(size):
    """What is found is the solution, however rarely the circle is left."""
    matrix, known = circle(size)
    found = fixed_point(
        lambda p: known + matrix @ p, lambda: (matrix, 0 * matrix), np.zeros(size)
    )
    np.testing.assert_allclose(found, 0.5, atol=1e-9)


def test_what_stagnates_is_preconditioned():
    """Long circles are solved by the factors, which are asked for once."""
    matrix, known = circle(1500)
    asked = []

    def given():
        asked.append(1)
        return matrix, 0 * matrix

    found = fixed_point(lambda p: known + matrix @ p, given, np.zeros(1500))
    np.testing.assert_allclose(found, 0.5, atol=1e-9)
    assert asked == [1]


def test_what_converges_soon_asks_for_no_matrix():
    """Factors take memory and are computed only where a few rounds are not enough."""
    found = fixed_point(lambda p: 0.25 + p / 2, pytest.fail, np.zeros(5))
    np.testing.assert_allclose(found, 0.5)


def test_a_singular_matrix_has_no_preconditioner():
    """Where there are no factors, rounds go on without them."""
    assert _fixed_point._preconditioner(csc_array(np.eye(3)), csc_array((3, 3))) is None


def test_what_does_not_converge_is_warned_of(monkeypatch):
    """After the last round a warning says that what is drawn is not exact."""
    monkeypatch.setattr(_fixed_point, "_MAX_ROUNDS", 1)
    matrix, known = circle(1500)
    with pytest.warns(RuntimeWarning, match="did not converge.*not exact"):
        fixed_point(
            lambda p: known + matrix @ p, lambda: (matrix, 0 * matrix), np.zeros(1500)
        )


def test_the_work_of_all_rounds_is_bounded(monkeypatch):
    """A system has as many rounds as its unknowns leave, and at least a few."""
    matrix, known = circle(1500)
    steps = []

    def step(p):
        steps.append(1)
        return known + matrix @ p

    for n_rounds, limits in ((3, (1, 3 * 1500)), (2, (2, 0))):
        monkeypatch.setattr(_fixed_point, "_MIN_ROUNDS", limits[0])
        monkeypatch.setattr(_fixed_point, "_MAX_WORK", limits[1])
        steps.clear()
        with pytest.warns(RuntimeWarning, match="did not converge"):
            fixed_point(step, pytest.fail, np.zeros(1500))
        # In each round ten plain steps, the first time one; one to test; six of GMRES.
        assert len(steps) == 1 + 17 * n_rounds - 9
