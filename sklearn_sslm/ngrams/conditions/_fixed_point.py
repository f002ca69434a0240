"""Probabilities that one step more does not change."""

import warnings

import numpy as np
from scipy.sparse import eye_array
from scipy.sparse.linalg import LinearOperator, gmres, spilu

_MOST_ROUNDS = 500  # a text of thousands of words settles in far fewer
_ROUNDS_ALONE = 6  # twice what a million words of English take
_MEMORY = 10_000_000  # numbers that GMRES may keep of the way it came
_FILL = 20  # how many times as large as the matrix its factors may be
_MOST_GUIDED = 50_000  # unknowns: for more, factors could take longer than rounds


def fixed_point(step, matrices, guess):
    """Find probabilities that a step leaves as they are.

    Leaps of GMRES go far but may stand still on long texts that hardly ever end. Steps
    always move on, and even out what a leap has left. Where a few rounds of both are
    not enough, the leaps are guided by a factorisation of the step, which takes memory.

    Parameters
    ----------
    step : callable
        Takes and gives an ndarray of shape (size,), float64; it is affine.
    matrices : callable
        Gives two sparse arrays with ``step(p) = seen @ p + shorter @ step(p) + known``,
        at least roughly.
    guess : ndarray of shape (size,), float64

    Returns
    -------
    ndarray of shape (size,), float64

    Warns
    -----
    RuntimeWarning
        If the values still change when all patience is at an end.

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
    leaps = int(np.clip(_MEMORY // guess.size, 20, 200))
    guide = None
    for n_rounds in range(_MOST_ROUNDS):
        if n_rounds == _ROUNDS_ALONE and guess.size <= _MOST_GUIDED:
            guide = _rough_inverse(*matrices())
        guess, _ = gmres(
            operator, known, guess, rtol=1e-13, restart=leaps, maxiter=1, M=guide
        )
        guess = guess.clip(0, 1)
        for _ in range(20):
            before, guess = guess, step(guess)
        if np.abs(guess - before).max() <= 1e-12 * guess.max():
            return guess
    warnings.warn(
        "The probabilities to fulfil the conditions did not settle: what is drawn "
        "under them is not exact.",
        RuntimeWarning,
        stacklevel=2,
    )
    return guess


def _rough_inverse(seen, shorter):
    """What nearly undoes "p less the step of p": (1 − seen − shorter)⁻¹ (1 − shorter)."""
    rest = (eye_array(seen.shape[0]) - seen - shorter).tocsc()
    try:
        factors = spilu(rest, drop_tol=1e-10, fill_factor=_FILL)
    except RuntimeError:  # it has no inverse, as far as numbers can tell
        return None
    return LinearOperator(seen.shape, lambda p: factors.solve(p - shorter @ p))
