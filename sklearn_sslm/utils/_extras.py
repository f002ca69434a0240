"""Packages that only some features need, imported where they are used."""

import importlib


def import_extra(package, feature, extra=None):
    """Import a package that is not installed with this one.

    Parameters
    ----------
    package : str
        Name of the module, which the package goes by.
    feature : str
        What needs it, as the message of an error names it.
    extra : str, default=None
        The extra of sklearn-sslm that brings it.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If it is missing; the message tells how to get it.

    Examples
    --------
    >>> import_extra("zzz", "TransitionDisplay", "plot")
    Traceback (most recent call last):
    ...
    ImportError: TransitionDisplay needs the package zzz, which is missing. Install it
    first: pip install zzz (or the extra 'plot' of sklearn-sslm).
    """
    top = package.partition(".")[0]
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
