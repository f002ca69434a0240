"""Imports of optional packages."""

import importlib
from types import ModuleType


def import_extra(package: str, feature: str, extra: str | None = None) -> ModuleType:
    """Import an optional package.

    Parameters
    ----------
    package : str
        Name of the module; its first part is the name of the package.
    feature : str
        The feature that needs it, for the message of the error.
    extra : str, default=None
        The extra of sklearn-sslm that installs it.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If the package is missing; the message says how to install it.

    Examples
    --------
    >>> import_extra("zzz", "TransitionDisplay", "plot")
    Traceback (most recent call last):
    ...
    ImportError: TransitionDisplay needs the package zzz, which is missing. Install it
    first: pip install zzz (or the extra 'plot' of sklearn-sslm).
    """
    top = package.partition(".")[0]
    if top == "backports":  # a folder of many packages
        top = package
    try:
        importlib.import_module(top)
    except ImportError as error:
        also = f" (or the extra {extra!r} of sklearn-sslm)" if extra else ""
        msg = (
            f"{feature} needs the package {top}, which is missing. Install it first: "
            f"pip install {top}{also}."
        )
        raise ImportError(msg) from error
    return importlib.import_module(package)
