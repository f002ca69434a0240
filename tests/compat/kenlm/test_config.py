"""Tests of `sklearn_sslm.compat.kenlm._config`."""

import pytest

from sklearn_sslm.compat import kenlm as ours

theirs = pytest.importorskip("kenlm")


def test_the_constants_and_defaults_are_those_of_the_module():
    """All names mean the same numbers, and settings have the same defaults."""
    for kind in ("LoadMethod", "ARPALoadComplain"):
        mine, expected = (
            {name: value for name, value in vars(getattr(module, kind)).items()
             if name.isupper()}
            for module in (ours, theirs)
        )  # fmt: skip
        assert mine == expected
    for name in ("load_method", "show_progress", "arpa_complain"):
        assert getattr(ours.Config(), name) == getattr(theirs.Config(), name)
