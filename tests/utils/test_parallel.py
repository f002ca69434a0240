"""Work is shared by processes or threads, and ends with them."""

import contextlib
import signal

import pytest
from joblib import delayed
from joblib.externals.loky import get_reusable_executor

from sklearn_sslm.utils import _parallel, in_parallel


def test_results_are_in_the_order_of_tasks():
    """Threads may end in any order; what each call returned stands where the call did."""
    tasks = [delayed(pow)(number, 2) for number in range(20)]
    expected = [number**2 for number in range(20)]
    assert in_parallel(tasks, 2, prefer="threads") == expected


def test_an_interrupt_is_told_as_one(monkeypatch):
    """Where joblib fails at ending what has not yet begun, the interrupt is raised still."""

    def fail(tasks):
        try:
            raise KeyboardInterrupt("of the user")
        finally:
            raise RuntimeError("cannot join thread before it is started")

    monkeypatch.setattr(_parallel, "Parallel", lambda **_: fail)
    with pytest.raises(KeyboardInterrupt, match="of the user"):
        in_parallel([], 2, prefer="threads")


def test_other_errors_stay_what_they_are():
    """An error of a task, or of joblib's own, that no interrupt caused is not made one."""
    with pytest.raises(ZeroDivisionError):
        in_parallel([delayed(divmod)(1, 0)], 1)
    with pytest.raises(ZeroDivisionError):
        in_parallel([delayed(divmod)(1, 0)], 2, prefer="threads")


@pytest.mark.parametrize(
    ("number", "prefer"), [(signal.SIGINT, None), (signal.SIGTERM, "processes")]
)
def test_an_interrupt_waits_for_the_start_of_workers(number, prefer, monkeypatch):
    """Workers that could not be ended are started first, and no work is begun then."""
    done = []

    def start(tasks):
        signal.raise_signal(number)
        done.append("started")

    monkeypatch.setattr(
        _parallel, "Parallel", lambda **_: contextlib.nullcontext(start)
    )
    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            in_parallel([delayed(int)()], 2, prefer)
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
    assert done == ["started"]


@pytest.mark.posix
def test_workers_do_not_notice_ctrl_c():
    """A terminal sends it to all processes: only the first one hears it, as before."""
    get_reusable_executor().shutdown()  # its workers may have been started otherwise
    own = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    task = delayed(signal.pthread_sigmask)(signal.SIG_BLOCK, [])
    assert in_parallel([task, task], 2) == [own | {signal.SIGINT}] * 2
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == own
