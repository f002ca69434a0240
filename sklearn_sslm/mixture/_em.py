"""The weights of a mixture by expectation maximization on held-out texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fit_weights(
    p: NDArray[np.float64], weights: NDArray[np.float64], tol: float, max_iter: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
    """Find the weights that maximize the likelihood of some tokens.

    Expectation maximization: in each step the weight of a model becomes the mean over all
    tokens of its posterior probability, weight · p / Σ weights · p (Dempster, Laird &
    Rubin 1977, section 4.3).

    Parameters
    ----------
    p : ndarray of shape (n_tokens, n_models), float64
        The probability of each token in each model.
    weights : ndarray of shape (n_models,), float64
        Positive weights to start from.
    tol : float
        Largest distance from the best weights at which to stop. As the changes shrink by
        about the same factor in each step, the distance is estimated as the sum of a
        geometric series.
    max_iter : int
        Maximum number of steps.

    Returns
    -------
    weights : ndarray of shape (n_models,), float64
    log_likelihood : ndarray of shape (n_steps + 1,), float64
        Mean log probability of the tokens in nats, at the start and after each step.
    converged : bool
        Whether the distance reached `tol`.

    Examples
    --------
    >>> p = np.array([[0.5, 0.1], [0.5, 0.1], [0.1, 0.5]])
    >>> weights, log_likelihood, converged = fit_weights(p, np.full(2, 0.5), 1e-6, 100)
    >>> weights.round(3), log_likelihood[[0, -1]].round(4)
    (array([0.75, 0.25]), array([-1.204 , -1.1473]))
    """
    log_likelihood, change, converged = [], np.inf, False
    for _ in range(max_iter):
        mixed = p @ weights
        log_likelihood.append(np.log(mixed).mean())
        better = weights * (p / mixed[:, None]).mean(axis=0)
        better /= better.sum()
        before, change = change, np.abs(better - weights).max()
        weights = better
        factor = 1 if np.isinf(before) else min(change / before, 1)
        converged = change * factor <= tol * (1 - factor)
        if converged:
            break
    log_likelihood.append(np.log(p @ weights).mean())
    return weights, np.array(log_likelihood), bool(converged)
