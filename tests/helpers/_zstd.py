"""The module for zstd, wherever it comes from."""

import pytest

from sklearn_sslm.utils import zstd


def zstd_or_skip():
    """The module that the package uses; where there is none the test is skipped."""
    try:
        return zstd()
    except ImportError:
        pytest.skip("neither compression.zstd nor backports.zstd")
