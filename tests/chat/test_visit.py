"""Tests of `sklearn_sslm.chat._visit`: what a page keeps between two events."""

from sklearn_sslm.chat._visit import MAX_MESSAGES, Visit


def test_histories_have_bounds():
    """The last messages and replies of a conversation are kept, and no others."""
    visit = Visit()
    for j in range(MAX_MESSAGES):
        visit = visit.replied(f"m{j}", f"r{j}", None)
    first = MAX_MESSAGES // 2  # a message and its reply are two
    expected = [f"{kind}{j}" for j in range(first, MAX_MESSAGES) for kind in "mr"]
    assert visit.history == tuple(expected)
    assert visit.message == expected[-2]
