"""Tests of `sklearn_sslm.chat._undelivered`."""

from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from sklearn_sslm.chat import _undelivered
from sklearn_sslm.chat._undelivered import MAX_OF_ALL, MAX_OF_PAGE, Undelivered


def queue_of(**waiting):
    """A queue in which so many answers wait for each page."""
    answers = {page: SimpleQueue() for page in waiting}
    for page, n_answers in waiting.items():
        for number in range(n_answers):
            answers[page].put(number)
    ids = {page: set(range(n_answers)) for page, n_answers in waiting.items()}
    return SimpleNamespace(
        pending_event_ids_session=ids, pending_messages_per_session=answers
    )


@pytest.mark.parametrize("n_waiting", [0, MAX_OF_PAGE - 1, MAX_OF_PAGE])
def test_a_page_that_fetches_nothing_is_refused(n_waiting):
    """Only up to so many answers wait for it; other pages do not mind."""
    undelivered = Undelivered(queue_of(a=n_waiting, b=1))
    assert undelivered.has_room("a") == (n_waiting < MAX_OF_PAGE)
    assert undelivered.has_room("b")
    assert undelivered.has_room("new")


def test_the_first_pages_make_room(monkeypatch):
    """Where the answers of all are too many, those of pages that came first are dropped."""
    monkeypatch.setattr(_undelivered, "MAX_OF_ALL", 10)
    queue = queue_of(a=4, b=4, c=4)
    assert Undelivered(queue).has_room("d")
    waiting = {k: len(v) for k, v in queue.pending_event_ids_session.items()}
    assert waiting == {"a": 0, "b": 4, "c": 4}
    kept = {k: v.qsize() for k, v in queue.pending_messages_per_session.items()}
    assert kept == waiting
    assert Undelivered(queue).has_room("c")
    queue = queue_of(a=5, b=5)  # just as many as may wait: the next one needs room
    assert Undelivered(queue).has_room("c")
    assert queue.pending_messages_per_session["a"].empty()
    queue = queue_of(a=9, b=9)
    del queue.pending_messages_per_session["a"]  # gradio has forgotten it
    assert Undelivered(queue).has_room("b")
    assert queue.pending_event_ids_session == {"b": set(range(9))}
    assert MAX_OF_ALL >= MAX_OF_PAGE
