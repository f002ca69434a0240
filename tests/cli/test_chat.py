"""``sslm chat``: replies, and the page in its place."""

import io
import json
import sys

import joblib
import pytest
from _commands import (
    FALLBACK,
    GREETINGS,
    complaint,
    pipe_in,
    same_model,
    type_in,
    write,
)

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.cli._main import main


def test_chat_talks_out_of_the_box(monkeypatch, capsys):
    """Without a model the greetings answer, beginning with the last word, as n=2 does."""
    pipe_in(monkeypatch, "Olá!\n".encode())
    assert main(["chat"]) == 0
    (reply,) = capsys.readouterr().out.splitlines()
    assert reply.startswith("Olá! ")


def test_chat_gives_a_line_for_a_line(monkeypatch, capsys):
    """Each line that is piped in gets its one reply, an empty or odd one the fallback."""
    pipe_in(monkeypatch, b"Oi!\n\nzebra\nBoa")
    assert main(["chat"]) == 0
    replies = capsys.readouterr().out.splitlines()
    assert replies[0].startswith("Oi! ")
    assert replies[1:3] == [FALLBACK, FALLBACK]
    assert replies[3].startswith("Boa ")
    assert len(replies) == 4


def test_chat_of_nothing_is_silent(monkeypatch, capsys):
    """No message, no reply."""
    pipe_in(monkeypatch, b"")
    assert main(["chat"]) == 0
    assert capsys.readouterr() == ("", "")


def test_chat_answers_with_the_model(monkeypatch, capsys):
    """With ``--model`` that model answers, in its own way to echo."""
    joblib.dump(NGramTextGenerator(echo="none").fit(["um dois três"]), "m.joblib")
    pipe_in(monkeypatch, b"um\n")
    assert main(["chat", "--model", "m.joblib"]) == 0
    assert capsys.readouterr().out == "dois três\n"


def test_chat_prints_json(monkeypatch, capsys):
    """With ``--json`` each line is an object; what could not be answered has no reply."""
    joblib.dump(NGramTextGenerator(unknown="error").fit(["um dois"]), "m.joblib")
    pipe_in(monkeypatch, b"zebra\num\n")
    assert main(["chat", "--model", "m.joblib", "--json"]) == 2
    rows = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert rows == [
        {"message": "zebra", "reply": None},
        {"message": "um", "reply": "um dois"},
    ]
    pipe_in(monkeypatch, b"um\n \n")
    argv = ["chat", "--model", "m.joblib", "--json", "--learn", "d.txt"]
    assert main(argv) == 0
    rows = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert [row["learned"] for row in rows if "learned" in row] == [True, False]
    assert "--json" in complaint(capsys, "chat", "--web", "--json")


def test_chat_says_what_is_new(monkeypatch, capsys):
    """With ``--novel`` no reply is a text that was learned."""
    learned = set(GREETINGS)
    message = next(iter(GREETINGS)).split()[0]
    for options, says_it in (([], True), (["--novel"], False)):
        pipe_in(monkeypatch, f"{message}\n".encode() * 60)
        assert main(["chat", "--seed", "0", *options]) == 0
        replies = set(capsys.readouterr().out.splitlines())
        assert bool(replies & learned) == says_it


def test_chat_goes_on_after_a_message_it_may_not_answer(monkeypatch, capsys):
    """A word that is an error gets an empty line, one line of reason and code 2."""
    joblib.dump(NGramTextGenerator(unknown="error").fit(["um dois"]), "m.joblib")
    pipe_in(monkeypatch, b"zebra\num\n")
    assert main(["chat", "--model", "m.joblib"]) == 2
    out, err = capsys.readouterr()
    assert out == "\num dois\n"
    assert err.startswith("sslm: error: ")
    assert "zebra" in err
    assert err.count("\n") == 1


def test_chat_learns_a_word_that_it_may_not_answer(monkeypatch, capsys):
    """With ``--learn`` such a word is learned, and answered when it comes again."""
    joblib.dump(NGramTextGenerator(unknown="error").fit(["um dois"]), "m.joblib")
    pipe_in(monkeypatch, b"zebra\nzebra\n")
    assert main(["chat", "--model", "m.joblib", "--learn", "d.txt"]) == 2
    out, err = capsys.readouterr()
    assert out == "\nLearned\nzebra\nLearned\n"
    assert err.count("\n") == 1


def test_chat_understands_words_that_are_alike_unless_it_should_not(
    monkeypatch, capsys
):
    """'ola' is answered as 'Olá!', and with ``--match exact`` as an unknown word."""
    replies = []
    for options in ([], ["--match", "exact"]):
        pipe_in(monkeypatch, b"ola\n")
        assert main(["chat", *options]) == 0
        replies.append(capsys.readouterr().out)
    assert replies[0].startswith("Olá! ")
    assert replies[1] == f"{FALLBACK}\n"


def test_chat_gives_several_replies_a_line_each(monkeypatch, capsys):
    """A model of several replies prints each of them, the likeliest first."""
    model = NGramTextGenerator(num_beams=2, num_return_sequences=2)
    joblib.dump(model.fit(["um dois", "um dois", "um três"]), "m.joblib")
    pipe_in(monkeypatch, b"um\nzebra\n")
    assert main(["chat", "--model", "m.joblib"]) == 0
    out = capsys.readouterr().out
    assert out == f"um dois\num três\n{FALLBACK}\n{FALLBACK}\n"


def test_chat_repeats_with_the_same_seed(monkeypatch, capsys):
    """A seed makes a conversation repeatable, yet not each of its replies the same."""
    talks = []
    for _ in range(2):
        pipe_in(monkeypatch, b"Oi!\n" * 20)
        main(["chat", "--seed", "5"])
        talks.append(capsys.readouterr().out.splitlines())
    assert talks[0] == talks[1]
    assert len(set(talks[0])) > 1


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_chat_at_a_terminal_ends_politely(monkeypatch, capsys, end):
    """At a terminal each message is answered, and Ctrl-D or Ctrl-C ends with a goodbye."""
    type_in(monkeypatch, "Olá!", "zebra", end=end)
    assert main(["chat"]) == 0
    hint, first, second, _, goodbye = capsys.readouterr().out.splitlines()
    assert "Ctrl-D" in hint
    assert first.startswith("Olá! ")
    assert second == FALLBACK
    assert goodbye == "Goodbye!"


def test_chat_reads_text_that_a_program_put_there(monkeypatch, capsys):
    """A standard input that holds text, not bytes, is read as well."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("Olá!\n"))
    assert main(["chat"]) == 0
    assert capsys.readouterr().out.startswith("Olá! ")


@pytest.fixture
def served(monkeypatch):
    """What was served in place of a page, until Ctrl-C: the room, the host and the port."""
    calls = []

    def serve(room, host, port, *, warn):
        calls.append((room, host, port))

    class Interrupted:
        def wait(self):
            raise KeyboardInterrupt

    monkeypatch.setattr("sklearn_sslm.cli._conversation.serve", serve)
    monkeypatch.setattr("sklearn_sslm.cli._conversation.Event", Interrupted)
    return calls


def test_a_page_is_for_this_machine_alone(served):
    """Unless told otherwise, a page is served to this machine, and lessons not shared."""
    assert main(["chat", "--web"]) == 0
    assert main(["chat", "--web", "--host", "0.0.0.0", "--port", "80"]) == 0
    (room, *place), (_, *other) = served
    assert (place, other) == (["127.0.0.1", 7860], ["0.0.0.0", 80])
    assert (room.shared, room.data_set, room.n, room.orders) == (
        *(False, None),
        *(2, range(1, 6)),
    )


@pytest.mark.parametrize(
    ("locale", "goodbye"), [("C", "Goodbye!"), ("pt_BR.UTF-8", "Até logo!")]
)
@pytest.mark.usefixtures("served")
def test_a_page_ends_with_a_goodbye(locale, goodbye, monkeypatch, capsys):
    """After Ctrl-C, on a line of its own, as a chat at the terminal does."""
    monkeypatch.setenv("LANG", locale)
    assert main(["chat", "--web"]) == 0
    printed = f"http://127.0.0.1:7860 (Ctrl-C ends)\n\n{goodbye}\n"
    assert capsys.readouterr().out == printed


def test_a_page_is_of_the_model(served, model_file):
    """With ``--model`` the page is that model's, which visitors may share."""
    assert main(["chat", "--web", "--shared", "--model", model_file]) == 0
    ((room, *_),) = served
    assert (room.shared, room.n, room.orders) == (True, 3, range(1, 4))
    assert same_model(room.model, joblib.load(model_file))


def test_a_page_begins_with_the_data_set(served):
    """With ``--learn`` the texts of the data set are known, and lessons added to it."""
    write("d.txt", "um dois\n")
    assert main(["chat", "--web", "--shared", "--learn", "d.txt"]) == 0
    ((room, *_),) = served
    assert same_model(room.model, NGramTextGenerator(n=5).fit([*GREETINGS, "um dois"]))
    assert (room.shared, room.data_set.path) == (True, "d.txt")


@pytest.mark.parametrize(
    ("locale", "fallback", "hint", "goodbye"),
    [
        ("pt_BR.UTF-8", "Desculpe, não entendi sua mensagem.", "termina", "Até logo!"),
        ("en_US.UTF-8", FALLBACK, "ends", "Goodbye!"),
        ("fr_FR.UTF-8", FALLBACK, "ends", "Goodbye!"),
    ],
)
@pytest.mark.parametrize("options", [[], ["-m", "m.joblib"]], ids=str)
def test_chat_speaks_the_language_of_the_locale(
    monkeypatch, capsys, options, locale, fallback, hint, goodbye
):
    """Hint, fallback and goodbye are Portuguese in a Portuguese locale, else English."""
    joblib.dump(NGramTextGenerator().fit(GREETINGS), "m.joblib")
    monkeypatch.setenv("LANG", locale)
    type_in(monkeypatch, "zebra")
    assert main(["chat", *options]) == 0
    first, reply, _, last = capsys.readouterr().out.splitlines()
    assert hint in first
    assert (reply, last) == (fallback, goodbye)


@pytest.mark.parametrize("locale", ["pt_BR.UTF-8", "en_US.UTF-8"])
def test_chat_says_the_fallback_of_the_model(monkeypatch, capsys, locale):
    """A fallback that was chosen for a model is said in any locale."""
    joblib.dump(NGramTextGenerator(fallback_response="Hã?").fit(GREETINGS), "m.joblib")
    monkeypatch.setenv("LANG", locale)
    pipe_in(monkeypatch, b"zebra\n")
    assert main(["chat", "-m", "m.joblib", "--memory"]) == 0
    assert capsys.readouterr().out == "Hã?\n"


def test_lessons_are_confirmed_in_the_language_of_the_locale(monkeypatch, capsys):
    """People are told in Portuguese what is learned; programs read the same words always."""
    monkeypatch.setenv("LANG", "pt_BR.UTF-8")
    fallback = "Desculpe, não entendi sua mensagem."
    type_in(monkeypatch, "zebra", "")
    assert main(["chat", "--learn", "d.txt"]) == 0
    _, *out, _, _ = capsys.readouterr().out.splitlines()
    assert out == [fallback, "Aprendido", fallback, "Não aprendido"]
    pipe_in(monkeypatch, "leão\n\n".encode())
    assert main(["chat", "--learn", "d.txt"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out == [fallback, "Learned", fallback, "Not learned"]


def test_chat_replies_about_the_rarest_word(monkeypatch, capsys):
    """With ``--reply keyword`` replies are about it, also in a conversation remembered."""
    texts = ["um gato dorme", "um cão come", "um gato come", "a lua"]
    joblib.dump(NGramTextGenerator(n=3).fit(texts), "m.joblib")
    for options in ([], ["--memory"], ["--candidates", "5"], ["--bad-words", "lua"]):
        pipe_in(monkeypatch, "um CÃO, talvez\nzebra\n".encode())
        assert main(["chat", "-m", "m.joblib", "--reply", "keyword", *options]) == 0
        assert capsys.readouterr().out == f"um cão come\n{FALLBACK}\n"
    main(["chat", "-m", "m.joblib", "--reply", "keyword", "--temperature", "2"])
    out, err = capsys.readouterr()
    assert out == ""
    assert "argument --temperature" in err
    assert err.count("\n") == 1


def test_chat_keeps_the_way_to_reply_of_the_model(monkeypatch, capsys):
    """A model that was saved so replies about words without an option; options win."""
    model = NGramTextGenerator(n=3, reply="keyword").fit(["um cão come", "um gato"])
    joblib.dump(model, "m.joblib")
    for options, reply in ([], "um cão come"), (["--reply", "context"], "cão come"):
        pipe_in(monkeypatch, "cão\n".encode())
        assert main(["chat", "-m", "m.joblib", *options]) == 0
        assert capsys.readouterr().out == f"{reply}\n"


def test_candidates_need_something_to_choose_from(capsys):
    """Without replies about words, there are no candidates."""
    assert main(["chat", "--candidates", "3"]) == 2
    assert "--reply keyword" in capsys.readouterr().err


def test_replies_have_a_word(monkeypatch, capsys):
    """Smoothing makes an empty reply possible, which a chat never gives unless asked."""
    model = NGramTextGenerator(n=3, smoothing="lidstone").fit(["oi"] * 2, ["a b", "c"])
    joblib.dump(model, "m.joblib")
    for options, has_empty in ((), False), (("--min-length", "0"), True):
        pipe_in(monkeypatch, b"oi\n" * 60)
        assert main(["chat", "-m", "m.joblib", "--seed", "0", *options]) == 0
        assert ("" in capsys.readouterr().out.splitlines()) == has_empty
