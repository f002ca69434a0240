"""Work is shared by processes or threads, and ends with them."""

import pytest
from joblib import Parallel, delayed

from sklearn_sslm.utils import in_parallel


def test_results_are_in_the_order_of_tasks():
    """Threads may end in any order; what each call returned stands where the call did."""
    tasks = [delayed(pow)(number, 2) for number in range(20)]
    expected = [number**2 for number in range(20)]
    assert in_parallel(tasks, 2, prefer="threads") == expected


def interrupted():
    """A task that Ctrl-C stops."""
    raise KeyboardInterrupt("of the user")


def test_an_interrupt_is_told_as_one(monkeypatch):
    """Where joblib fails at ending what has not yet begun, the interrupt is raised still."""

    def fail(self):
        raise RuntimeError("cannot join thread before it is started")

    monkeypatch.setattr(Parallel, "_terminate_and_reset", fail)
    with pytest.raises(KeyboardInterrupt, match="of the user"):
        in_parallel([delayed(interrupted)()], 1)


def test_other_errors_stay_what_they_are():
    """An error of a task, or of joblib's own, that no interrupt caused is not made one."""
    with pytest.raises(ZeroDivisionError):
        in_parallel([delayed(divmod)(1, 0)], 1)
    with pytest.raises(ZeroDivisionError):
        in_parallel([delayed(divmod)(1, 0)], 2, prefer="threads")
