"""What the page shows after each event; `test_page.py` looks at it in a browser."""

import html
import re
from types import SimpleNamespace

import pytest
from _chat_models import odd_models

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.chat._page import Page, View
from sklearn_sslm.chat._page_phrases import PAGE, Refusal, percentage
from sklearn_sslm.chat._room import MAX_TEXT, Room
from sklearn_sslm.chat._starters import starters
from sklearn_sslm.chat._suggestions import Typed
from sklearn_sslm.chat._visit import Visit
from sklearn_sslm.datasets import load_greetings

GREETINGS = load_greetings().data
END = PAGE["en"]["end"]
ARRIVED = Visit()


def page_of(model):
    """A page without Gradio: what it would update is what its methods return."""
    gradio = SimpleNamespace(skip=lambda: None, update=lambda **changes: changes)
    return Page(Room(model), gradio)


def bars(page, message, n=2, temperature=1.0, visit=ARRIVED):
    """The title of the bars, and each word with what is written beside it."""
    shown = View(*page.on_type(message, n, temperature, visit)).bars
    title = html.unescape(re.search("<h2>(.*)</h2>", shown)[1])
    words = re.findall('"word">(.*?)</span><span class="share">(.*?)</span>', shown)
    return title, {html.unescape(word): share for word, share in words}


def send(page, message, n=2, temperature=1.0, visit=ARRIVED):
    """What is shown after a message, and the visit then."""
    *shown, visit = page.on_send(message, n, temperature, visit)
    return View(*shown), visit


def test_every_model_talks_on_its_page(tmp_path):
    """Any model answers one message with one reply, or says what it does not know."""
    for model in odd_models(tmp_path / "m.arpa"):
        page = page_of(model)
        for message in ["um", "zebra"]:
            shown, visit = send(page, message, page.room.n, model.temperature)
            if model.unknown == "error" and message == "zebra":
                assert "zebra" in shown.hint
                assert visit == Visit()
                continue
            assert [said["content"] for said in shown.chat] == list(visit.history)
            assert visit.history[0] == message
            assert isinstance(visit.history[1], str)
            *_, again = page.on_another("", page.room.n, model.temperature, visit)
            assert len(again.history) == 2
            assert starters(model)


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [
        (1, {"b": "67%", "c": "33%"}),
        (0.5, {"b": "80%", "c": "20%"}),
        (0, {"b": "100%"}),
        (-1, {"b": "100%"}),
        (None, {"b": "67%", "c": "33%"}),
        (10**300, {"b": "56%", "c": "44%"}),  # as with 3, 2^(1/3) : 1
    ],
)
def test_the_bars_follow_the_temperature(temperature, expected):
    """After "a" come "b" and "c" as 2 : 1, squared as 4 : 1; out of range is clamped."""
    page = page_of(NGramTextGenerator().fit(["a b", "a b", "a c"]))
    for n in (2, 99, None):
        assert bars(page, "a", n, temperature)[1] == expected


def test_the_bars_obey_all_controls():
    """They show what a reply is drawn by: bad words, for one, are not among them.

    After "a" come b twice, c and the end once each; without b, c and the end have half.
    """
    model = NGramTextGenerator(bad_words=["b"]).fit(["a b", "a b", "a c", "a"])
    expected = "Next word after “a”", {END: "50%", "c": "50%"}
    assert bars(page_of(model), "a") == expected
    model.set_params(bad_words=["a", "b", "c"], min_length=2)
    assert bars(page_of(model), "a") == ("Next word after “a”", {})


def test_rare_words_have_two_digits():
    """At a high temperature, of 40 words without context, none is shown as 0% or 2%."""
    page = page_of(NGramTextGenerator(n=1).fit(GREETINGS))
    _, words = bars(page, "Oi!", n=1, temperature=3)
    assert len(words) == 6
    for share in words.values():
        assert re.fullmatch("[1-9][.][0-9]%", share)


@pytest.mark.parametrize(
    ("p", "shown"),
    [
        (1, "100%"),
        (0.999, "100%"),
        (0.994, "99%"),
        (0.0999, "10%"),
        (0.0994, "9.9%"),
        (0.5, "50%"),
        (0.1, "10%"),
        (0.01, "1.0%"),
        (0.00123, "0.12%"),
        (0.0000123, "0.0012%"),
        (1e-7, "<0.0001%"),
        (0, "0%"),
    ],
)
def test_shares_have_two_digits(p, shown):
    """A probability of whatever size has two digits that say something."""
    assert percentage(p, "en") == shown


def test_colours_scale_with_the_model():
    """A word as likely as any other is as hot as can be, in a small and a large model."""
    for n_words in (5, 500):
        texts = [f"w{j}" for j in range(n_words)]
        page = page_of(NGramTextGenerator(smoothing="lidstone", n=1).fit(texts))
        shown, _ = send(page, "w1")
        heats = list(map(float, re.findall("--heat: ([0-9.]+)", shown.surprise)))
        assert 0.6 < heats[0] <= 1
        assert max(heats) <= 1


def test_words_are_shown_as_they_were_said():
    """What the page marks are the words of the model, not those of a joined text."""
    index = WordIndexTransformer(tokenizer=list)
    model = NGramTextGenerator(word_index=index, detokenizer="".join).fit(["abc"])
    shown, _ = send(page_of(model), "ab")
    said, replied = shown.surprise.split("It replied")
    words = [re.findall(r'">([^<]+)<small>', part) for part in (said, replied)]
    assert shown.chat[1]["content"] == "bc"
    assert words == [["a", "b"], ["b", "c", END]]


def test_long_messages_are_kept_and_told():
    """What is too long is told while it is typed and when it is sent, and not cut."""
    page, message = page_of(NGramTextGenerator().fit(GREETINGS)), "Oi! " * 300
    assert View(*page.on_type("Oi!", 2, 1, Visit())).hint == ""
    typed = View(*page.on_type(message, 2, 1, Visit()))
    shown, visit = send(page, message)
    for hint in (typed.hint, shown.hint):
        assert f"up to {MAX_TEXT:,} characters. Got 1,200" in hint
    assert (shown.message, shown.chat, visit) == (None, None, Visit())


@pytest.mark.parametrize(
    ("text", "title", "completions"),
    [
        ("Bom di", "Words that begin with “di” after “Bom”", {"Bom dia! "}),
        ("Bom", "Next word after “Bom”", {"Bom dia! "}),
        ("O", "Words that begin with “O” at the start of a text", {"Oi! ", "Olá! "}),
        ("", "Next word at the start of a text", {"Oi! ", "Olá! ", "Boa ", "Bom "}),
        ("Bom x", "Next word after “Bom x”", None),
    ],
)
def test_words_are_completed(text, title, completions):
    """A half word is completed, a whole one followed, and the text then is known."""
    page = page_of(NGramTextGenerator().fit(GREETINGS))
    assert bars(page, text)[0] == title
    shown = View(*page.on_type(text, 2, 1, Visit())).bars
    found = re.findall('data-from="(.*?)" data-to="(.*?)"', shown)
    assert {before for before, _ in found} == {text}
    if completions is not None:
        assert {after for _, after in found} == completions


def test_half_words_that_were_lowercased_are_completed():
    """What is typed keeps its spelling up to the half word, which gets the model's."""
    index = WordIndexTransformer(lowercase=True)
    model = NGramTextGenerator(word_index=index).fit(GREETINGS)
    typed = Typed.of(model, "BOM DI")
    assert typed == ("BOM ", "DI")
    assert typed.with_word(model, "dia!") == "BOM dia! "
    letters = NGramTextGenerator(
        word_index=WordIndexTransformer(analyzer="char"), n=4
    ).fit(GREETINGS)
    assert Typed.of(letters, "Bo").with_word(letters, "m") == "Bom"


def why(model, message, visit=ARRIVED, n=3):
    """What the words of the reply to a message are said to have come from."""
    shown, _ = send(page_of(model), message, n, 0, visit)
    rows = re.findall("<td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>", shown.why)
    return [(word, html.unescape(source), share) for word, source, share in rows]


def test_what_words_came_from_is_told():
    """Each word of a reply is told with what it was learned after, and its share."""
    texts = NGramTextGenerator(n=3).fit(["a b c", "a b d", "a b c"])
    assert why(texts, "a b") == [
        ("a", "was learned at the start of a text", "100%"),
        ("b", "was learned after “a”", "100%"),
        ("c", "was learned after “a b”", "67%"),
        (END, "was learned after “b c”", "100%"),
    ]
    assert why(texts, "zebra") == []
    pairs = NGramTextGenerator(n=3).fit(["oi você"], ["um dois"])
    assert why(pairs, "oi você") == [
        ("um", "was learned in reply to “você”", "100%"),
        ("dois", "was learned after “um”", "100%"),
        (END, "was learned after “um dois”", "100%"),
    ]
    assert why(pairs, "oi você", n=2)[0][1] == "was learned at the start of a reply"
    assert (
        why(texts, "a b", Visit(language="pt"))[1][1] == "foi aprendida depois de “a”"
    )
    assert why(texts, "a b", n=1)[0][1] == "was learned somewhere, after other words"


def test_hostile_words_are_text_in_all_parts():
    """Words, messages and lessons are escaped wherever they are shown."""
    evil = '<img src=x onerror="a">&\'$$x$$'
    page = page_of(NGramTextGenerator().fit([f"a {evil} {evil}b", "a b"]))
    *_, visit = page.on_teach(f"{evil} c", "", 2, 1.0, Visit())
    *lesson, visit = page.on_forget(f"{evil} c", "", 2, 1.0, visit)
    shown, visit = send(page, f"a {evil}", visit=visit)
    typed = View(*page.on_type(f"a {evil}", 2, 1.0, visit))
    parts = [*View(*lesson), *shown, *typed, *(said["content"] for said in shown.chat)]
    said = [part for part in parts if isinstance(part, str)]
    assert sum("&lt;img" in part for part in said) >= 6
    assert not any("<img" in part or 'onerror="' in part for part in said)


def test_replies_speak_the_language_of_the_visitor():
    """The fallback of the page is the visitor's, and one that was chosen stays."""
    model = NGramTextGenerator().fit(["a b"])
    for chosen, expected in ((None, "Sorry"), ("Hm?", "Hm?")):
        if chosen:
            model.set_params(fallback_response=chosen)
        page = page_of(model)
        *_, visit = page.on_arrive("en-US", "", 2, 1.0, Visit(language="pt"))
        assert visit.language == "en"
        assert send(page, "zebra", visit=visit)[1].history[1].startswith(expected)


def test_all_phrases_have_both_languages():
    """No phrase of the page is missing in a language, and both name the same values."""
    assert set(PAGE["pt"]) == set(PAGE["en"])
    for name, english in PAGE["en"].items():
        values = re.findall("{.*?}", english)
        assert sorted(values) == sorted(re.findall("{.*?}", PAGE["pt"][name])), name
    refusal = Refusal("too_long", most=1000, size=12345)
    assert (
        refusal.in_language("pt")
        == "Um texto pode ter até 1.000 caracteres. Este tem 12.345"
    )


def test_messages_to_begin_with_are_understood():
    """They are three, differ, and each gets a reply; of pairs they are words of messages."""
    model = NGramTextGenerator().fit(GREETINGS)
    first = starters(model)
    assert len({*first}) == 3
    assert model.fallback_response not in model.predict(first)
    pairs = NGramTextGenerator().fit(["um", "um dois", "três"], ["a", "b", "c"])
    assert starters(pairs) == ["um", "dois", "três"]
    letters = WordIndexTransformer(analyzer="char")
    assert starters(NGramTextGenerator(word_index=letters, n=3).fit(["abc"])) == ["abc"]


def test_what_a_model_refuses_is_said_in_the_language_of_the_page():
    """An unknown word is named, and no error of the library is shown to Portuguese."""
    texts = ["um dois", "um três"]
    model = NGramTextGenerator(unknown="error", random_state=0).fit(texts)
    new = NGramTextGenerator(novel=True, random_state=0).fit(["um dois"])
    for language in ("en", "pt"):
        visit = Visit(language=language)
        hint = send(page_of(model), "zebra", visit=visit)[0].hint
        expected = {"en": "It does not know the word", "pt": "A palavra “zebra” não é"}
        assert expected[language] in hint
        hint = send(page_of(new), "um", visit=visit)[0].hint
        assert ("NGramTextGenerator" in hint) == (language == "en")
        assert hint


def test_why_there_is_a_fallback():
    """It has no words to explain, but it is a reply."""
    page = page_of(NGramTextGenerator().fit(["um dois"]))
    shown, visit = send(page, "zebra")
    assert PAGE["en"]["why_fallback"] in html.unescape(shown.why)
    shown, _ = send(page, "um", visit=visit)
    assert PAGE["en"]["why_fallback"] not in html.unescape(shown.why)


def test_words_of_a_model_of_replies_are_typed_by_a_click():
    """Half a word of a message becomes a whole one; words of the reply follow the box."""
    model = NGramTextGenerator().fit(["bom dia", "oi"], ["oi você", "bom dia"])
    page = page_of(model)
    shown = View(*page.on_type("bom di", 2, 1.0, ARRIVED)).bars
    assert 'data-from="bom di" data-to="bom dia "' in shown
    assert "begin with “di”" in html.unescape(shown)
    _, visit = send(page, "bom dia")
    for typed, to in (("oi ", "oi oi "), ("", "oi ")):
        shown = View(*page.on_type(typed, 2, 1.0, visit)).bars
        assert f'data-from="{typed}" data-to="{to}"' in shown
