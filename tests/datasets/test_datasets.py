"""The texts that ship with the package."""

from pathlib import Path

from sklearn.utils import Bunch

from sklearn_sslm.datasets import load_greetings


def test_greetings_are_the_ten_sentences_of_the_tutorial():
    """``data`` holds the ten sentences, in order and letter by letter."""
    assert load_greetings().data == [
        "Olá! Como você está?",
        "Oi! Tudo bem com você?",
        "Bom dia! Espero que você tenha um ótimo dia.",
        "Boa tarde! Como posso te ajudar hoje?",
        "Boa noite! Espero que você esteja bem.",
        "Oi! É um prazer falar com você.",
        "Olá! Em que posso te ajudar?",
        "Oi! Espero que você esteja tendo um bom dia.",
        "Olá! Como posso ser útil para você hoje?",
        "Oi! Que bom te ver por aqui.",
    ]


def test_greetings_come_in_a_bunch():
    """As in scikit-learn, a ``Bunch`` comes back, of ``data``, ``DESCR`` and ``filename``."""
    greetings = load_greetings()
    assert type(greetings) is Bunch
    assert sorted(greetings) == ["DESCR", "data", "filename"]


def test_filename_is_the_file_of_the_data():
    """``filename`` is a string that names the file ``data`` was read from, a text a line."""
    greetings = load_greetings()
    assert isinstance(greetings.filename, str)
    assert (
        Path(greetings.filename).read_text(encoding="utf-8").splitlines()
        == greetings.data
    )


def test_description_counts_what_is_there():
    """The description tells how many texts, words and different words ``data`` has."""
    greetings = load_greetings()
    words = [word for text in greetings.data for word in text.split()]
    assert f":Number of texts: {len(greetings.data)}\n" in greetings.DESCR
    assert (
        f":Number of words: {len(words)}, of which {len(set(words))} are different"
        in greetings.DESCR
    )


def test_every_load_is_fresh():
    """Changing what one call returned does not change what the next one returns."""
    load_greetings().data.clear()
    assert len(load_greetings().data) == 10
