"""Solve for probabilities that one more backward step does not change."""

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import LinearOperator, gmres, spilu

_MAX_ROUNDS = 500  # a text of thousands of words converges in far fewer
_ROUNDS_WITHOUT_FACTORS = 6  # twice what a million words of English take
_MAX_KRYLOV = 10_000_000  # numbers that the basis of GMRES may hold
_FILL = 20  # how many times as large as the matrix its factors may be
_MAX_FACTORED = 50_000  # unknowns: beyond, factors could take longer than rounds


def fixed_point(
    step: Callable[[NDArray], NDArray],
    matrices: Callable[[], tuple[csc_array, csc_array]],
    guess: NDArray,
) -> NDArray[np.float64]:
    """Find probabilities p with ``p = step(p)``.

    Each round is a restart of GMRES, which makes large progress but can stagnate where
    texts are long and hardly ever end, and 20 plain steps, which always come nearer and
    smooth the error that is left. If a few rounds are not enough, GMRES is preconditioned
    by an incomplete LU factorisation, which takes memory.

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
    operator = LinearOperator(
        (guess.size, guess.size), lambda p: p - step(p) + known, dtype=float
    )
    restart = int(np.clip(_MAX_KRYLOV // guess.size, 20, 200))
    preconditioner = None
    for n_rounds in range(_MAX_ROUNDS):
        if n_rounds == _ROUNDS_WITHOUT_FACTORS and guess.size <= _MAX_FACTORED:
            preconditioner = _preconditioner(*matrices())
        guess, _ = gmres(
            operator,
            known,
            guess,
            rtol=1e-13,
            restart=restart,
            maxiter=1,
            M=preconditioner,
        )
        guess = guess.clip(0, 1)
        for _ in range(20):
            before, guess = guess, step(guess)
        if np.abs(guess - before).max() <= 1e-12 * guess.max():
            return guess
    warnings.warn(
        "The probabilities of meeting the conditions did not converge: texts drawn "
        "under them are not exactly from the model.",
        RuntimeWarning,
        stacklevel=2,
    )
    return guess


def _preconditioner(seen, shorter):
    """An approximate inverse of p - step(p), that is of 1 - (1 - shorter)⁻¹ seen.

    It is (1 - seen - shorter)⁻¹ (1 - shorter), by incomplete LU.
    """
    rest = (eye_array(seen.shape[0]) - seen - shorter).tocsc()
    try:
        factors = spilu(rest, drop_tol=1e-10, fill_factor=_FILL)
    except RuntimeError:  # numerically singular
        return None
    return LinearOperator(seen.shape, lambda p: factors.solve(p - shorter @ p))
