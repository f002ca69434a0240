"""The room of the chat page: who learns what of whom, and what is shown of it."""

import copy
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.chat import _room
from sklearn_sslm.chat._data_set import DataSet, NotLearnedError
from sklearn_sslm.chat._exchange import reply_to
from sklearn_sslm.chat._room import Changes, Room
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.utils import UserError

GREETINGS = load_greetings().data
CARS = "carros são automóveis"
NOBODY = Changes()


@pytest.fixture
def room():
    """A room of the greetings where each visitor is on their own."""
    return Room(NGramTextGenerator(n=3).fit(GREETINGS))


@pytest.fixture
def secret(tmp_path):
    """The path of a file that is not meant for visitors."""
    path = tmp_path / "secret.txt"
    path.write_text("senha hunter2\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def data_set(tmp_path):
    """An empty data set."""
    data_set = DataSet(str(tmp_path / "d.txt"), notify=pytest.fail)
    with data_set.locked():
        yield data_set


def assert_is_model_of(model, texts, n):
    """The model is the one that learned exactly these texts."""
    expected = NGramTextGenerator(n=n, smoothing=model.smoothing).fit(texts)
    assert (model.n, model.n_texts_seen_) == (n, len(texts))
    asked = [*GREETINGS, *texts, CARS, "carros são", "você carros"]
    with np.errstate(divide="ignore"), pytest.warns(UserWarning, match="probability 0"):
        np.testing.assert_allclose(
            model.score_samples([*asked, "x"]), expected.score_samples([*asked, "x"])
        )


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_visitor_talks_with_a_model_of_what_they_taught(room, n):
    """What one taught and made forgotten counts at any n, as if it was fitted so."""
    _, changes = room.teach(f" {CARS}\n", NOBODY)
    _, changes = room.forget(GREETINGS[0], changes)
    assert_is_model_of(room.model_of(changes, n), [*GREETINGS[1:], CARS], n)


def test_visitors_do_not_teach_each_other(room):
    """What one visitor taught is known neither to others nor to the model itself."""
    _, mine = room.teach(CARS, NOBODY)
    _, yours = room.teach("zebras são listradas", NOBODY)
    room.model_of(mine, 2).set_params(n=9, echo="none")
    assert_is_model_of(room.model_of(yours, 3), [*GREETINGS, "zebras são listradas"], 3)
    assert_is_model_of(room.model_of(NOBODY, 3), GREETINGS, 3)
    assert_is_model_of(room.model, GREETINGS, 3)


@pytest.mark.parametrize("shared", [False, True])
def test_visitors_read_no_files(secret, shared):
    """Where the model had learned files, a path that is taught is a text all the same."""
    corpus = Path(secret).with_name("corpus.txt")
    corpus.write_text("\n".join(GREETINGS), encoding="utf-8")
    model = NGramTextGenerator(n=3, input="filename").fit([corpus])
    room = Room(model, shared=shared)
    _, changes = room.teach(secret, NOBODY)
    assert_is_model_of(room.model_of(changes, 3), [*GREETINGS, secret], 3)
    _, changes = room.forget(secret, changes)
    assert_is_model_of(room.model_of(changes, 3), GREETINGS, 3)
    assert (model.input, model.n_texts_seen_) == ("filename", len(GREETINGS))


@pytest.mark.parametrize("n", [2, 4])
def test_a_visitor_costs_what_they_taught(n):
    """Lessons lie over n-grams that all share: one is a tenth of the model or less."""
    chains = np.random.default_rng(0).integers(0, 300, size=(3000, 12))
    tracemalloc.start()
    try:
        model = NGramTextGenerator(4, smoothing="kneser_ney", max_length=4)
        model.set_params(random_state=0)
        room = Room(model.fit([" ".join(map(str, words)) for words in chains]))
        of_model, _ = tracemalloc.get_traced_memory()
        reply_to(room.model_of(NOBODY, n), "1 2")
        before, _ = tracemalloc.get_traced_memory()
        changes = [room.teach(f"zebra {visitor} 1 2", NOBODY)[1] for visitor in "abc"]
        for change in changes:
            assert reply_to(room.model_of(change, n), "zebra").text
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / 3 < of_model / 10


def test_a_closed_room_changes_no_more(data_set, monkeypatch):
    """Closing waits until the text that is being saved is on disk; none is saved later."""
    room = Room(NGramTextGenerator().fit(GREETINGS), shared=True, data_set=data_set)
    saving, may_save = threading.Event(), threading.Event()
    add = DataSet.add

    def add_slowly(self, text):
        saving.set()
        assert may_save.wait(60)
        return add(self, text)

    monkeypatch.setattr(DataSet, "add", add_slowly)
    visitor = threading.Thread(target=room.teach, args=(CARS, NOBODY))
    closing = threading.Thread(target=room.close)
    visitor.start()
    assert saving.wait(60)
    closing.start()
    closing.join(0.05)
    assert closing.is_alive()
    may_save.set()
    closing.join(60)
    assert Path(data_set.path).read_text("utf-8") == f"{CARS}\n"
    saving.clear()
    # It waits for as long as the process lives, as threads of a server do.
    for change in (room.teach, room.forget):
        threading.Thread(target=change, args=(CARS, NOBODY), daemon=True).start()
    assert not saving.wait(0.05)
    assert Path(data_set.path).read_text("utf-8") == f"{CARS}\n"


def test_visitors_choose_for_themselves(room):
    """How bold one visitor wants the model is nothing to others who talk with it."""
    bold, calm = room.model_of(NOBODY, 2, 2.5), room.model_of(NOBODY, 2, 0)
    assert (bold.temperature, calm.temperature) == (2.5, 0)


def test_forgetting_undoes_teaching(room):
    """Whoever forgets what they taught, or teaches what they forgot, changed nothing."""
    _, changes = room.teach(CARS, NOBODY)
    assert room.forget(CARS, changes) == (CARS, NOBODY)
    _, changes = room.forget(GREETINGS[3], NOBODY)
    assert room.teach(GREETINGS[3], changes) == (GREETINGS[3], NOBODY)


def test_what_was_never_learned_cannot_be_forgotten(room):
    """Forgetting an unknown text is an error that names it."""
    with pytest.raises(UserError, match=r"^It has not learned 'carros "):
        room.forget(CARS, NOBODY)


@pytest.mark.parametrize("shared", [False, True])
def test_something_stays_known(shared):
    """The last text cannot be forgotten, or there would be no model to talk with."""
    room = Room(NGramTextGenerator().fit(["um dois"]), shared=shared)
    with pytest.raises(UserError, match="know nothing"):
        room.forget("um dois", NOBODY)
    assert room.model_of(NOBODY, 2).predict(["um"])[0] == "um dois"


def test_visitors_of_a_shared_room_teach_each_other():
    """In a shared room what one visitor taught or made forgotten is so for all."""
    room = Room(NGramTextGenerator(n=3).fit(GREETINGS), shared=True)
    assert room.teach(CARS, NOBODY) == (CARS, NOBODY)
    assert_is_model_of(room.model_of(NOBODY, 2), [*GREETINGS, CARS], 2)
    assert room.forget(GREETINGS[0], NOBODY) == (GREETINGS[0], NOBODY)
    assert_is_model_of(room.model_of(NOBODY, 3), [*GREETINGS[1:], CARS], 3)


def test_a_shared_room_saves_what_it_is_taught(data_set):
    """With a data set, lessons are lines of it, and forgetting removes the line."""
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    room = Room(model, shared=True, data_set=data_set)
    room.teach(CARS, NOBODY)
    room.teach("um dois", NOBODY)
    room.forget("um dois", NOBODY)
    assert Path(data_set.path).read_text("utf-8") == f"{CARS}\n"
    assert_is_model_of(room.model_of(NOBODY, 2), [*GREETINGS, CARS], 2)


def test_what_is_not_in_the_data_set_cannot_be_forgotten(data_set):
    """A text the model knows from elsewhere would be back after a restart."""
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    room = Room(model, shared=True, data_set=data_set)
    with pytest.raises(UserError, match="no text of the data set"):
        room.forget(GREETINGS[0], NOBODY)
    assert_is_model_of(room.model_of(NOBODY, 2), GREETINGS, 2)


def test_what_cannot_be_saved_is_not_learned(data_set, monkeypatch):
    """Where the data set refuses a text, the model does not learn it either."""

    def refuse(text):
        raise NotLearnedError("disk full")

    monkeypatch.setattr(data_set, "add", refuse)
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    room = Room(model, shared=True, data_set=data_set)
    with pytest.raises(NotLearnedError):
        room.teach(CARS, NOBODY)
    assert_is_model_of(room.model_of(NOBODY, 2), GREETINGS, 2)


@pytest.mark.parametrize("text", ["", " \u2028", "a" * (_room.MAX_TEXT + 1)])
def test_texts_have_bounds(room, text):
    """A text without a word or with too many characters is refused."""
    with pytest.raises(UserError):
        room.teach(text, NOBODY)


def test_the_longest_text_is_learned(room):
    """A text of just as many characters as there may be is learned."""
    text = "a" * _room.MAX_TEXT
    learned, changes = room.teach(text, NOBODY)
    assert learned == text
    assert changes.learned == (text,)


def test_changes_have_bounds(room, monkeypatch):
    """A visitor on their own can change so many texts and no more."""
    monkeypatch.setattr(_room, "MAX_CHANGES", 2)
    _, changes = room.teach("um", NOBODY)
    _, changes = room.forget(GREETINGS[0], changes)
    with pytest.raises(UserError, match="up to 2 texts"):
        room.teach("dois", changes)
    room.forget("um", changes)


def test_orders_are_those_that_were_counted():
    """Any n up to the model's can be chosen; visitors begin with the one asked for."""
    room = Room(NGramTextGenerator(n=4).fit(GREETINGS), n=2)
    assert (room.orders, room.n) == (range(1, 5), 2)


def test_a_model_read_from_probabilities_stays_as_it_is(tmp_path):
    """Without counts there is one n, and nothing to teach."""
    from sklearn_sslm.arpa import read_arpa, write_arpa

    model = NGramTextGenerator(n=3, smoothing="kneser_ney").fit(GREETINGS)
    write_arpa(model, tmp_path / "m.arpa")
    room = Room(read_arpa(tmp_path / "m.arpa"))
    assert (room.orders, room.teachable) == (range(3, 4), False)
    reply = room.model_of(NOBODY, 3, 0).predict(["Boa noite! Espero"])[0]
    assert reply.startswith("noite! Espero que")


def test_a_model_of_replies_cannot_be_taught_texts():
    """A model that learned messages with replies has nothing to learn from a text."""
    assert not Room(NGramTextGenerator().fit(["um"], ["dois"])).teachable


def test_a_shallow_copy_shares_what_was_learned():
    """``copy.copy`` derives nothing anew, and learning changes only the copy."""
    model = NGramTextGenerator(n=2).fit(["a b"])
    twin = copy.copy(model)
    assert twin._fitted is model._fitted
    twin.set_params(temperature=0.5).partial_fit(["c"])
    assert (model.temperature, model.n_texts_seen_, twin.n_texts_seen_) == (1, 1, 2)
