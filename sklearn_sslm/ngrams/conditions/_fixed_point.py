"""The fixed point of an affine map of probabilities."""

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import spilu

_MAX_ROUNDS = 1000  # texts of thousands of words converge in far fewer
_MIN_ROUNDS, _MAX_WORK = 50, 50_000_000  # fewer if they exceed so many unknowns in all
_RESTART, _PLAIN_STEPS = 6, 10  # steps of GMRES and plain steps in each round
_TOLERANCE = 1e-11  # change by a step, relative to the largest probability
_ROUNDS_WITHOUT_FACTORS = 10  # twice what a model of a million words of English takes
_FILL = 20  # size of the incomplete factors, as a multiple of that of the matrix
_MAX_FACTORED = 50_000  # unknowns; with more, factorising could take longer than rounds


def fixed_point(
    step: Callable[[NDArray], NDArray],
    matrices: Callable[[], tuple[csc_array, csc_array]],
    guess: NDArray,
) -> NDArray[np.float64]:
    """Find probabilities p with ``p = step(p)``.

    Each round is a short run of GMRES (Saad & Schultz 1986) and some plain iterations of
    `step`. GMRES converges faster, but can stagnate where texts hardly ever end; plain
    iterations always reduce the error, and smooth it. After some rounds, GMRES is
    preconditioned by an incomplete LU factorisation, which takes more memory.

    Parameters
    ----------
    step : callable
        An affine function of an ndarray of shape (size,), float64.
    matrices : callable
        Returns two sparse arrays `seen` and `shorter` with, at least approximately,
        ``step(p) = seen @ p + shorter @ step(p) + constant``.
    guess : ndarray of shape (size,), float64

    Returns
    -------
    ndarray of shape (size,), float64

    Warns
    -----
    RuntimeWarning
        If the values did not converge.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> halve = csc_array([[0.5]])
    >>> def matrices():
    ...     return halve, 0 * halve
    ...
    >>> fixed_point(lambda p: 0.25 + halve @ p, matrices, np.zeros(1))
    array([0.5])
    """
    known = step(np.zeros(guess.size))
    precondition = None
    most = max(_MIN_ROUNDS, _MAX_WORK // guess.size)
    for n_rounds in range(min(_MAX_ROUNDS, most)):
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
    """The correction of a guess that minimises its residual, by GMRES."""
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
    """The scalar product, without BLAS: its threads cost more than they save here."""
    return np.einsum("i,i->", a, b)


def _preconditioner(seen, shorter):
    """An approximate inverse of the linear part of p - step(p), by incomplete LU.

    Solving ``step(p) = seen @ p + shorter @ step(p)`` for step(p), the linear part is
    1 - (1 - shorter)⁻¹ seen; its inverse is (1 - seen - shorter)⁻¹ (1 - shorter).
    """
    rest = (eye_array(seen.shape[0]) - seen - shorter).tocsc()
    try:
        factors = spilu(rest, drop_tol=1e-10, fill_factor=_FILL)
    except RuntimeError:  # numerically singular
        return None
    return lambda p: factors.solve(p - shorter @ p)
