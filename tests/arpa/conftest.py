"""What all tests of ARPA files share."""

import pytest


@pytest.fixture
def path(tmp_path):
    """Where a file may be."""
    return tmp_path / "model.arpa"
