"""Solve for probabilities that one more backward step does not change."""

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import spilu

_MAX_ROUNDS = 1000  # a text of thousands of words converges in far fewer
_RESTART, _PLAIN_STEPS = 6, 10  # of each round; with more of either all takes longer
_TOLERANCE = 1e-11  # of a step, relative to the largest probability
_ROUNDS_WITHOUT_FACTORS = 10  # twice what a million words of English take
_FILL = 20  # how many times as large as the matrix its factors may be
_MAX_FACTORED = 50_000  # unknowns: beyond, factors could take longer than rounds


def fixed_point(
    step: Callable[[NDArray], NDArray],
    matrices: Callable[[], tuple[csc_array, csc_array]],
    guess: NDArray,
) -> NDArray[np.float64]:
    """Find probabilities p with ``p = step(p)``.

    Each round is a short run of GMRES (Saad & Schultz 1986), which makes large progress
    but can stagnate where texts are long and hardly ever end, and some plain steps, which
    always come nearer and smooth the error that is left. If a few rounds are not enough,
    GMRES is preconditioned by an incomplete LU factorisation, which takes memory.

    Parameters
    ----------
    step : callable
        An affine function of an ndarray of shape (size,), float64.
    matrices : callable
        Returns two sparse arrays with ``step(p) = seen @ p + shorter @ step(p) + known``,
        at least approximately.
    guess : ndarray of shape (size,), float64

    Returns
    -------
    ndarray of shape (size,), float64

    Warns
    -----
    RuntimeWarning
        If the values still change after the last round.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> halve = csc_array([[0.5]])
    >>> def matrices():
    ...     return halve, 0 * halve
    >>> fixed_point(lambda p: 0.25 + halve @ p, matrices, np.zeros(1))
    array([0.5])
    """
    known = step(np.zeros(guess.size))
    precondition = None
    for n_rounds in range(_MAX_ROUNDS):
        for _ in range(_PLAIN_STEPS if n_rounds else 1):
            guess = step(guess)
        after = step(guess)
        if np.abs(after - guess).max() <= _TOLERANCE * after.max():
            return after
        if n_rounds == _ROUNDS_WITHOUT_FACTORS and guess.size <= _MAX_FACTORED:
            precondition = _preconditioner(*matrices())
        guess += _correction(
            lambda p: p - step(p) + known, after - guess, precondition or np.copy
        )
        guess = guess.clip(0, 1)
    warnings.warn(
        "The probabilities of meeting the conditions did not converge: texts drawn "
        "under them are not exactly from the model.",
        RuntimeWarning,
        stacklevel=2,
    )
    return guess


def _correction(operator, residual, precondition):
    """What to add to a guess so that its residual becomes small, by GMRES.

    Its scalar products are sums without BLAS, whose threads would wait for each other.
    """
    size = np.sqrt(product(residual, residual))
    basis, directions = [residual / size], []
    products = np.zeros((_RESTART + 1, _RESTART))
    for j in range(_RESTART):
        directions.append(precondition(basis[j]))
        new = operator(directions[j])
        for i, vector in enumerate(basis):
            products[i, j] = product(vector, new)
            new = new - products[i, j] * vector
        products[j + 1, j] = length = np.sqrt(product(new, new))
        if length <= 1e-14 * np.abs(products[:, j]).max():
            break
        basis.append(new / length)
    n_columns = len(directions)
    target = np.zeros(n_columns + 1)
    target[0] = size
    weights = np.linalg.lstsq(products[: n_columns + 1, :n_columns], target)[0]
    return sum(w * vector for w, vector in zip(weights, directions, strict=True))


def product(a: NDArray, b: NDArray) -> float:
    """The scalar product, without BLAS, whose threads would wait for each other."""
    return np.einsum("i,i->", a, b)


def _preconditioner(seen, shorter):
    """An approximate inverse of p - step(p), that is of 1 - (1 - shorter)⁻¹ seen.

    It is (1 - seen - shorter)⁻¹ (1 - shorter), by incomplete LU.
    """
    rest = (eye_array(seen.shape[0]) - seen - shorter).tocsc()
    try:
        factors = spilu(rest, drop_tol=1e-10, fill_factor=_FILL)
    except RuntimeError:  # numerically singular
        return None
    return lambda p: factors.solve(p - shorter @ p)
