"""Parameters of tests of which a few tell most."""

import pytest


def rest_slow(values, quick):
    """Parameters for ``pytest.mark.parametrize``: all but the quick ones are slow tests.

    For laws that hold for every value, and cost much: the quick ones are of each kind
    one, and ``.ci/run`` runs all.
    """
    return [
        value if value in quick else pytest.param(value, marks=pytest.mark.slow)
        for value in values
    ]


def smoothings(all_of_them):
    """Smoothings, of which one of each kind is quick.

    Their lower order is interpolated, none, and what is backed off to.
    """
    return rest_slow(all_of_them, ["kneser_ney", "mle", "stupid_backoff"])
