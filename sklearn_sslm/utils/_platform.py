"""Limits of the platform that Python runs on."""

import sys


def starts_threads() -> bool:
    """Whether threads and processes can be started.

    They cannot in a web browser, where Python is built with Emscripten (Pyodide,
    JupyterLite).
    """
    return sys.platform != "emscripten"


def possible_jobs(n_jobs: int | None) -> int | None:
    """The `n_jobs` of an estimator, or 1 if no processes can be started.

    Parameters
    ----------
    n_jobs : int or None

    Returns
    -------
    int or None
    """
    if not starts_threads():
        return 1
    return None if n_jobs is None else int(n_jobs)
