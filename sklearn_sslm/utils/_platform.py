"""What Python can do where it runs."""

import sys


def starts_threads() -> bool:
    """Whether threads and processes can be started: in a web browser they cannot.

    Python there is built with Emscripten, as Pyodide and JupyterLite have it.
    """
    return sys.platform != "emscripten"


def possible_jobs(n_jobs: int | None) -> int | None:
    """The `n_jobs` of an estimator, or 1 where no others can be started.

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
