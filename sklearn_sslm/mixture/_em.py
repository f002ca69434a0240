"""The weights of a mixture, from held-out texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fit_weights(
    p: NDArray[np.float64], weights: NDArray[np.float64], tol: float, max_iter: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
    """Maximize the likelihood of some tokens by expectation maximization.

    In each step a weight becomes the mean, over all tokens, of the share that its model
    has in the probability of the token (Dempster, Laird & Rubin 1977, section 4.3).

    Parameters
    ----------
    p : ndarray of shape (n_tokens, n_models), float64
        What each model gives to each token.
    weights : ndarray of shape (n_models,), float64
        To begin with; they are positive.
    tol : float
        How far from the best weights to stop. The changes shrink by about the same
        factor in each step, by which the rest of the way is estimated.
    max_iter : int
        Steps at most.

    Returns
    -------
    weights : ndarray of shape (n_models,), float64
    log_likelihood : ndarray of shape (n_steps + 1,), float64
        Mean log probability of the tokens in nats, at first and after each step.
    converged : bool

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
