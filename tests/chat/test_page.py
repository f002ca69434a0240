"""The chat page, in a real browser; `test_room.py` tests what it shows."""

import re

import pytest
from _contrast import COLOURS, luminance
from _visitor import in_a_browser

from sklearn_sslm.chat import PHRASES
from sklearn_sslm.chat._page_phrases import PAGE

pytestmark = in_a_browser

FALLBACK = PHRASES["en"]["fallback"]
END = PAGE["en"]["end"]
CARS = "carros são automóveis"
EVIL = (
    "<script>document.hacked=1</script> <img src=x onerror=document.hacked=1> "
    "<b>bold</b> &lt;i&gt; ${document.hacked=1} {{1+1}} **mark** [a](http://b) $x^2$ "
    "$$y^2$$ \\(z\\) \\[w\\]"
)


def test_it_talks(visit):
    """A message is answered, with the surprise of each word and what could come next."""
    visitor = visit()
    visitor.sees("at the start of a text", visitor.bars)
    assert visitor.say("Boa noite! Espero").startswith("Espero que você")
    visitor.sees("after “Boa noite! Espero”", visitor.bars)
    assert visitor.bars.inner_text().split()[-2:] == ["que", "100%"]
    # 1 of 10 greetings begins with Boa noite!, 1 with Boa tarde!: log2(10/2) = 2.3.
    words = visitor.surprise()
    assert words[:5] == [
        "Boa\n2.3",
        "noite!\n1.0",
        "Espero\n0.0",
        "Espero\n0.0",
        "que\n0.0",
    ]
    assert words[-1].startswith(END)
    assert visitor.message.input_value() == ""


def test_it_shows_what_comes_next_while_one_types(visit):
    """The bars follow the message that is being written."""
    visitor = visit()
    visitor.message.press_sequentially("Olá! Como posso ser")
    visitor.sees("after “Olá! Como posso ser”", visitor.bars)
    visitor.sees("útil", visitor.bars)


def test_n_and_temperature_can_be_moved(visit):
    """With n=1 the likeliest of all comes next, with temperature 0 nothing else does."""
    visitor = visit()
    assert visitor.say("Boa noite! Espero").startswith("Espero")
    visitor.move("n", 1, "7.2%")  # "você", the commonest word, is 5 of 69
    visitor.move("Temperature", 0, "100%")
    visitor.move("n", 4, "que")
    assert visitor.say("Boa noite! Espero").startswith(
        "Boa noite! Espero que você esteja"
    )


def test_it_learns_and_forgets(visit):
    """What it was taught it knows at once, at any n, and no more when made to forget."""
    visitor = visit()
    assert visitor.say("carros") == FALLBACK
    visitor.teach(CARS)
    visitor.sees("It knows 44 different words from 11 texts.")
    assert visitor.say("carros") == CARS
    visitor.move("n", 3, "são")
    visitor.forget(CARS)
    visitor.sees("from 10 texts.")
    assert visitor.say("carros") == FALLBACK


def test_it_listens_and_forgets_what_was_said(visit):
    """Once it listens, what was said comes next, until it is to be forgotten."""
    visitor = visit()
    visitor.page.get_by_label("Listens").check()
    for _ in range(8):
        visitor.say("Boa zebra zebra")
    visitor.message.fill("Boa zebra")
    visitor.sees("zebra", visitor.bars)
    visitor.page.get_by_role("button", name="Forget what I said").click()
    visitor.sees("What was said is forgotten.")
    visitor.message.fill("Boa")
    visitor.sees("noite!", visitor.bars)
    visitor.sees("from 10 texts.")


def test_it_says_what_it_cannot_do(visit):
    """What was never learned cannot be forgotten, and what is no text not be learned."""
    visitor = visit()
    visitor.lesson.fill("zebra")
    visitor.page.get_by_role("button", name="Forget", exact=True).click()
    visitor.sees(re.compile("^Not forgotten: It has not learned 'zebra'"))
    visitor.lesson.fill(" ")
    visitor.lesson.press("Enter")
    visitor.sees("Not learned: There is no word in it")


def test_text_is_shown_as_text(visit):
    """Whatever a visitor writes or teaches is seen to the letter, and nothing runs."""
    visitor = visit()
    visitor.teach(EVIL)
    words = EVIL.split()
    visitor.move("n", 3)
    message = " ".join(words[:2])
    assert visitor.say(message) == EVIL
    assert visitor.page.locator(".user.message").inner_text().strip() == message
    visitor.sees(words[2], visitor.bars)
    shown = [words.rpartition("\n")[0] for words in visitor.surprise()]
    assert shown == [*words[:2], *words, END]
    visitor.forget(EVIL)
    visitor.message.fill("<img src=x onerror=document.hacked=1>")
    visitor.sees("after “<img src=x onerror=document.hacked=1>”", visitor.bars)
    assert visitor.page.evaluate("document.hacked") is None
    drawn = "img[src=x], .message b, .message a, .katex, math"
    assert visitor.page.locator(drawn).count() == 0


def test_words_are_typed_by_a_click(visit):
    """A suggested word completes the half typed one, and the next one comes after it."""
    visitor = visit()
    visitor.message.press_sequentially("Bom di")
    visitor.sees("begin with “di” after “Bom”", visitor.bars)
    visitor.bars.get_by_role("button", name="dia!").click()
    assert visitor.message.input_value() == "Bom dia! "
    visitor.sees("after “Bom dia!”", visitor.bars)
    visitor.bars.get_by_role("button", name="Espero").press("Enter")
    assert visitor.message.input_value() == "Bom dia! Espero "
    visitor.sees("after “Bom dia! Espero”", visitor.bars)
    visitor.message.press("Enter")
    visitor.sees("Bom dia! Espero", visitor.page.locator(".user.message"))


def test_each_word_has_one_bar(visit):
    """Below each suggested word is one bar, as long as the word is likely."""
    visitor = visit()
    visitor.sees("40%", visitor.bars)  # of ten greetings four begin with Oi!
    words = visitor.bars.get_by_role("button")
    assert words.all_inner_texts() == ["Oi!\n40%", "Olá!\n30%", "Boa\n20%", "Bom\n10%"]
    drawn = words.evaluate_all(
        """buttons => buttons.map(button => {
            const bars = button.querySelectorAll(".bar, .bar *");
            const width = bars[0].getBoundingClientRect().width;
            return [bars.length, width / button.getBoundingClientRect().width];
        })"""
    )
    assert [n_bars for n_bars, _ in drawn] == [1] * 4
    longest = drawn[0][1]
    assert [width / longest for _, width in drawn] == pytest.approx(
        [1, 0.75, 0.5, 0.25], rel=0.02
    )


def test_there_are_messages_to_begin_with(visit):
    """Three messages can be sent by a click, until the conversation has begun."""
    visitor = visit()
    first = visitor.page.locator(".sslm-small button:visible")
    first.nth(2).wait_for()
    messages = first.all_inner_texts()
    assert len(messages) == 3
    first.nth(1).click()
    visitor.sees(messages[1], visitor.page.locator(".user.message"))
    visitor.sees("It replied")
    visitor.sees("Another reply")
    assert first.all_inner_texts() == ["Another reply"]


def test_another_reply_takes_the_place_of_the_last(visit):
    """A click gives another reply to the same message, and its words."""
    visitor = visit()
    texts = {visitor.say("Oi!")}
    replies = visitor.page.locator(".bot.message")
    for _ in range(2):
        visitor.page.get_by_role("button", name="Another reply").click()
        last = replies.last
        visitor.page.wait_for_function(
            "texts => !texts.includes("
            "[...document.querySelectorAll('.bot.message')].at(-1).innerText.trim())",
            arg=sorted(texts),
        )
        texts.add(last.inner_text().strip())
        assert replies.count() == 1
    assert len(texts) == 3
    shown = last.inner_text().split()
    visitor.sees(shown[-1], visitor.page.locator(".sslm-words").last)
    words = visitor.page.locator(".sslm-words").last.locator("span").all_inner_texts()
    assert [word.rpartition("\n")[0] for word in words] == [*shown, END]


def test_a_reply_is_explained(visit):
    """What each word came from is told when it is asked for."""
    visitor = visit()
    visitor.say("Boa noite! Espero")
    table = visitor.page.locator(".sslm-why")
    assert not table.is_visible()
    visitor.page.get_by_role("button", name="Why this reply?").click()
    visitor.sees("was learned after “Espero”", table)
    first, *_ = table.locator("tbody tr").all_inner_texts()
    assert first.split("\t") == ["Espero", "was learned after “noite!”", "100%"]


def test_numbers_that_are_typed_out_of_range_are_clamped(visit):
    """With n = 99 the highest n counts, and the highest temperature with 99."""
    visitor = visit()
    visitor.message.fill("Boa noite! Espero que você")
    visitor.sees("30%", visitor.bars)  # with n = 2 of others as well
    visitor.move("n", 99, "100%")
    assert visitor.page.locator(".sslm-bars button").all_inner_texts() == [
        "esteja\n100%"
    ]
    visitor.move("n", 1)
    visitor.move("Temperature", 99, "3.6%")  # "você", by the temperature 3


def test_long_messages_are_told(visit):
    """A message that is too long is not cut: it is told, not sent, and stays there."""
    visitor = visit()
    message = "Olá! " * 300
    visitor.message.fill(message)
    visitor.sees("A text can have up to 1,000 characters. Got 1,500.")
    visitor.message.press("Enter")
    visitor.page.wait_for_timeout(300)
    visitor.sees("A text can have up to 1,000 characters. Got 1,500")
    assert visitor.message.input_value() == message
    assert visitor.page.locator(".user.message").count() == 0


@pytest.mark.parametrize("tag", ["pt-BR", "de-DE"])
def test_it_speaks_the_language_of_the_browser(visit, tag):
    """Portuguese is spoken where the browser does, and English elsewhere; `lang` says so."""
    language = tag[:2] if tag[:2] in PAGE else "en"
    said = PAGE[language]
    visitor = visit(locale=tag)
    assert visitor.page.evaluate("document.documentElement.lang") == language
    for name in ("title", "message", "teach", "about_lesson", "next_at_start", "why"):
        visitor.sees(said[name])
    box = visitor.page.get_by_role("textbox", name=said["message"])
    box.fill("zebra")
    visitor.page.get_by_role("button", name=said["send"], exact=True).click()
    visitor.sees(PHRASES[language]["fallback"])
    visitor.page.get_by_role("button", name=said["forget"], exact=True).click()
    visitor.sees(said["not_forgotten"].format(why=said["no_word"]))


def test_visitors_are_on_their_own(visit):
    """What one visitor teaches another does not know."""
    one, other = visit(), visit()
    one.teach(CARS)
    assert one.say("carros") == CARS
    assert other.say("carros") == FALLBACK
    other.sees("from 10 texts.")


def test_visitors_share_where_the_owner_says_so(visit, servers):
    """With --shared and --learn lessons are for all, and for good until forgotten."""
    data_set = servers["shared"].log.parent / "d.txt"
    one, other = visit("shared"), visit("shared")
    one.teach(CARS)
    assert data_set.read_text("utf-8") == f"{CARS}\n"
    assert other.say("carros") == CARS
    other.forget(CARS)
    assert data_set.read_text("utf-8") == ""
    assert one.say("carros") == FALLBACK


def test_a_conversation_can_begin_anew(visit):
    """Clearing the conversation leaves what was learned."""
    visitor = visit()
    visitor.teach(CARS)
    assert visitor.say("carros") == CARS
    visitor.page.get_by_role("button", name="Clear").click()
    visitor.sees("Say something to see how surprising")
    assert visitor.say("carros") == CARS
    assert visitor.page.locator(".bot.message").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(visit, scheme):
    """In light and dark, on a phone, text has WCAG's contrast and nothing sticks out."""
    visitor = visit(color_scheme=scheme, viewport={"width": 360, "height": 740})
    visitor.say("Boa noite! Espero")
    backgrounds = []
    for place in [
        ".sslm-head",
        ".sslm-note",
        ".sslm-bars",
        ".bot.message",
        "label span",
    ]:
        text, behind = visitor.page.locator(place).first.evaluate(COLOURS)
        lower, higher = sorted([luminance(text), luminance(behind)])
        assert (higher + 0.05) / (lower + 0.05) > 4.5, place
        backgrounds.append(luminance(behind))
    assert min(backgrounds) > 0.8 if scheme == "light" else max(backgrounds) < 0.05
    page = "document.documentElement"
    assert visitor.page.evaluate(f"{page}.scrollWidth <= {page}.clientWidth")


def test_sources_have_whole_lines_on_a_phone(visit):
    """What a word came from is as wide as the table, below the word and its probability."""
    visitor = visit(viewport={"width": 390, "height": 844})
    visitor.say("Boa noite! Espero")
    visitor.page.get_by_role("button", name="Why this reply?").click()
    table = visitor.page.locator(".sslm-why")
    visitor.sees("was learned after “Espero”", table)
    word, source, p = (
        cell.bounding_box() for cell in table.locator("tbody td").all()[:3]
    )
    assert source["width"] == pytest.approx(table.bounding_box()["width"])
    assert word["y"] == p["y"] < source["y"]


def test_the_keyboard_is_seen(visit):
    """Whatever the Tab key comes to has an outline, sliders and the message, too."""
    visitor = visit()
    visitor.sees("at the start of a text", visitor.bars)
    reached = set()
    for _ in range(20):
        visitor.page.keyboard.press("Tab")
        at = visitor.page.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at);
                return [at.tagName, at.type ?? "", style.outlineStyle];
            }"""
        )
        if at[0] != "BODY":
            reached.add(tuple(at))
    assert {outline for *_, outline in reached} == {"solid"}
    assert {("INPUT", "range"), ("TEXTAREA", "textarea")} <= {
        (tag, kind) for tag, kind, _ in reached
    }


def test_nothing_leaves_this_machine(visit, servers):
    """Neither the page nor its server calls, looks up or listens on another machine."""
    visitor = visit()
    visitor.say("Olá!")
    visitor.teach(CARS)
    visitor.page.wait_for_timeout(500)
    assert {
        url.split("/")[2] for url in visitor.asked if not url.startswith("data:")
    } == {f"127.0.0.1:{servers['alone'].port}"}
    for server in servers.values():
        assert "127.0.0.1" in server.called()
        assert server.called() <= {"127.0.0.1", "localhost", "::1"}
