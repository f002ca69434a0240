"""Structured arrays as DataFrames of pandas, which is imported where it is used."""

from types import ModuleType
from typing import Any

from numpy.typing import NDArray


def as_frame_of(pandas: ModuleType, table: NDArray, samples: Any = None) -> Any:
    """A structured array as a DataFrame.

    Parameters
    ----------
    pandas : module
        What `import_extra` returned.
    table : structured ndarray
    samples : object, default=None
        The samples of the rows. If they are of pandas, the DataFrame gets their index.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> import numpy as np
    >>> import pandas
    >>> as_frame_of(pandas, np.array([(1, 0.5)], dtype=[("n", int), ("p", float)]))
       n    p
    0  1  0.5
    """
    has_index = isinstance(samples, (pandas.Series, pandas.DataFrame))
    return pandas.DataFrame(
        {name: table[name] for name in table.dtype.names or ()},
        index=samples.index if has_index else None,
    )
