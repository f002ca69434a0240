"""Tests of `sklearn_sslm.chat._listening`, and of the page where it listens."""

from types import SimpleNamespace

import pytest

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.chat._exchange import reply_to, surprises_of_exchange
from sklearn_sslm.chat._listening import MAX_REMEMBERED, Exchange, session_after
from sklearn_sslm.chat._page import Page, View
from sklearn_sslm.chat._room import Changes, Room
from sklearn_sslm.chat._visit import Visit
from sklearn_sslm.datasets import load_greetings

SAID = Exchange("um robô", ("robô", "canta"))
SETTINGS = 2, 1.0  # n and the temperature


@pytest.fixture
def model():
    """A smoothed model of the greetings, which answers whatever it is told."""
    model = NGramTextGenerator(
        smoothing="kneser_ney", random_state=0, unknown="backoff"
    )
    return model.fit(load_greetings().data)


@pytest.fixture
def page(model):
    """A page without Gradio: its parts are what they show."""
    gradio = SimpleNamespace(skip=lambda: None, update=lambda **changes: changes)
    return Page(Room(model, n=2), gradio)


def test_a_session_has_heard_what_was_said(model):
    """An exchange is one text, in which the reply does not repeat the message."""
    session = session_after(model, (SAID, Exchange("zebra", None)))
    twin = model.session().observe(["um robô canta", "zebra"])
    assert session.next_words(["um", "robô"]) == twin.next_words(["um", "robô"])
    pairs = NGramTextGenerator(smoothing="witten_bell").fit(["a b"], ["b a"])
    session = session_after(pairs, (Exchange("a", ("b",)), Exchange("b", None)))
    twin = pairs.session().observe("a", "b").observe("b")
    assert session.next_words(["a"]) == twin.next_words(["a"])


def test_replies_in_a_session_are_those_of_predict(model):
    """A reply has its words, and the fallback has none."""
    heard = (SAID,) * 5
    text, words = reply_to(model, "um robô", session_after(model, heard))
    assert [text] == session_after(model, heard).predict(["um robô"]).tolist()
    assert text.split() == words
    model.set_params(unknown="fallback")
    assert reply_to(model, "zebra", model.session()) == (model.fallback_response, None)


def test_surprises_in_a_session_are_lower(model):
    """Words that were heard have fewer bits; the sum is that of the session's score."""
    heard, words = (SAID,) * 20, ["robô", "canta"]
    before = surprises_of_exchange(model, "um robô", words)
    after = surprises_of_exchange(model, "um robô", words, session_after(model, heard))
    assert [word for word, _ in after[0]] == ["um", "robô"]
    assert [word for word, _ in after[1]] == ["robô", "canta", ""]
    pairs = zip(before[0] + before[1], after[0] + after[1], strict=True)
    for (_, bits), (_, fewer) in pairs:
        assert fewer < bits


def test_the_page_listens_when_it_is_to(page):
    """What was said comes next, if the visitor lets it listen, until it is forgotten."""
    visit = Visit()
    for listens in (False, True):
        *_, visit = page.on_listen(listens, "", *SETTINGS, visit)
        for _ in range(30):
            *shown, visit = page.on_send("um zorp", *SETTINGS, visit)
            assert View(*shown)[:2] == ("", "")
        bars = View(*page.on_type("um", *SETTINGS, visit)).bars
        assert ("zorp" in bars) == listens
        assert len(visit.remembered) == (MAX_REMEMBERED if listens else 0)
    *shown, forgot = page.on_forget_said("um", *SETTINGS, visit)
    assert "forgotten" in View(*shown).remark
    assert "zorp" not in View(*shown).bars
    assert forgot.history == visit.history
    *_, cleared = page.on_clear("um", *SETTINGS, visit)
    assert cleared == Visit(listens=True)


def test_half_words_that_were_heard_are_completed(page):
    """A page that listens completes words that only this visitor has said."""
    visit = Visit(listens=True)
    assert "zorp" not in View(*page.on_type("um zo", *SETTINGS, visit)).bars
    *_, visit = page.on_send("um zorp", *SETTINGS, visit)
    assert 'data-to="um zorp "' in View(*page.on_type("um zo", *SETTINGS, visit)).bars


def test_what_is_taught_is_known_to_a_page_that_listens(page):
    """A page that listens learns, too: its memory is of words, whatever the model."""
    visit = Visit(listens=True, remembered=(SAID,) * 3)
    *shown, visit = page.on_teach("um dois", "um", *SETTINGS, visit)
    assert "robô" in View(*shown).bars
    assert page.room.model_of(visit.changes, 2).n_words_ == 42  # 41, and "dois"
    assert visit.changes == Changes(learned=("um dois",))


def test_all_visitors_can_be_listened_to_from_the_start(model):
    """A room that listens has pages that listen at first."""
    assert Room(model, listens=True).listens
    assert not Room(model).listens
