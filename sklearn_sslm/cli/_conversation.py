"""The subcommands ``sslm chat`` and ``sslm forget``."""

import argparse
import contextlib
import copy
import sys
import warnings
from threading import Event

from ..chat import (
    PHRASES,
    DataSet,
    NotLearnedError,
    Room,
    language_of_user,
    serve,
)
from ..datasets import load_greetings
from ..generator import NGramTextGenerator
from ..utils import UserError
from ._files import read_lines
from ._interrupts import ended_by_ctrl_c, interrupts_told, unwritten
from ._models import (
    load_model,
    refusals_as_user_errors,
    refuse_without_counts,
    seeded,
)
from ._output import complain, note, say, warn
from ._records import as_json
from ._writing_texts import controlled
from .options import STDIN


def chat(args: argparse.Namespace) -> int:
    """Answer messages, at the terminal or on a page; returns the exit code."""
    if args.wait and not args.learn:
        raise UserError("argument --wait: there is nothing to wait for without --learn")
    if args.memory and args.learn and not args.web:
        raise UserError(
            "argument --memory: with --learn, messages are learned and need not be "
            "remembered. Leave out one of the two."
        )
    _check_page_options(args)
    outcome = "messages after the last reply were not answered"
    if args.learn:
        outcome += f"; {_what_is_saved(args)}"
    with interrupts_told(outcome):
        code = _chat_on_a_page(args) if args.web else _chat_at_the_terminal(args)
    if args.learn and (args.web or _at_terminal()):
        note(_what_is_saved(args))
    return code


def _what_is_saved(args):
    return f"all that was said to be learned is saved in {args.learn}"


def _chat_at_the_terminal(args):
    model = load_model(args.model) if args.model else _greeter()
    _set_up(model, args)
    if args.learn:
        return _chat_and_learn(model, args)
    if args.memory:
        with refusals_as_user_errors(args):
            model = model.session()
    answers = (_answer(model, message, args) for message in _messages())
    return max(answers, default=0)


def _chat_and_learn(model, args):
    """Learn the data set, then answer and learn each message; returns the exit code."""
    code = 0
    with _learned(model, args) as data_set:
        for message in _messages():
            # Answer first: a model that has learned the message would repeat it.
            code = max(code, _answer(model, message, args))
            code = max(code, _learn(model, data_set, message, args))
    return code


@contextlib.contextmanager
def _learned(model, args):
    """Learn the texts of the data set, and lock it for the time of a ``with`` block."""
    if model.has_replies_:
        raise UserError(
            f"{args.model}: this model learned messages with replies, and --learn needs "
            "one that learned texts. Fit one with 'sslm fit' without --pairs."
        )
    refuse_without_counts(model, args.model)
    data_set = DataSet(args.learn, notify=warn)
    with data_set.locked(wait=args.wait) as texts:
        if texts:
            model.partial_fit(texts)
        yield data_set


def _check_page_options(args):
    for name in ("shared", "host", "port"):
        if getattr(args, name) and not args.web:
            raise UserError(f"argument --{name}: there is no page without --web")
    if args.web and args.json:
        raise UserError("argument --json: there is nothing to print with --web")
    if args.web and args.learn and not args.shared:
        raise UserError(
            "argument --learn: what is taught on a page would be learned for everyone. "
            "Say that you want this with --shared, or leave out --learn."
        )


def _chat_on_a_page(args):
    # Visitors of the page can choose any n up to that of the model.
    model = load_model(args.model) if args.model else _greeter(n=5)
    n = model.n if args.model else 2
    _set_up(model, args)
    learned = _learned(model, args) if args.learn else contextlib.nullcontext()
    with learned as data_set:
        room = Room(
            model, n=n, shared=args.shared, data_set=data_set, listens=args.memory
        )
        host, port = args.host or "127.0.0.1", args.port or 7860
        serve(room, host, port, warn=warn)
        with contextlib.closing(room), ended_by_ctrl_c():
            say(f"http://{host}:{port} (Ctrl-C ends)", flush=True)
            Event().wait()
    _part()
    return 0


def _answer(model, message, args):
    """Print the replies to a message, a line each; returns the exit code."""
    # An error is an empty line, as programs wait for a line.
    code, replies = 0, [None if args.json else ""]
    try:
        with refusals_as_user_errors(args):
            replies = model.predict([message]).ravel()
    except UserError as error:
        code = complain(error)
    if args.json:
        replies = [as_json({"message": message, "reply": reply}) for reply in replies]
    say(*replies, sep="\n", flush=True)
    return code


def _learn(model, data_set, message, args):
    """Save a message, learn it and print that it was learned; returns the exit code."""
    code, text = 0, ""
    try:
        text = data_set.add(message)
    except NotLearnedError as error:
        code = complain(error)
    if text:
        model.partial_fit([text])
    if args.json:
        say(as_json({"message": message, "learned": bool(text)}), flush=True)
        return code
    phrases = _phrases() if _at_terminal() else PHRASES["en"]  # for programs
    say(phrases["learned" if text else "not_learned"], flush=True)
    return code


def forget(args: argparse.Namespace) -> None:
    """Remove a text from a data set."""
    data_set = DataSet(args.file, notify=warn)
    with (
        interrupts_told(unwritten(args.file)),
        data_set.locked(must_exist=True, wait=args.wait),
    ):
        n_forgotten, n_left = data_set.forget(args.text, everywhere=args.all)
    if not n_forgotten:
        raise UserError(f"{data_set.path}: no line is the text {args.text!r}")
    lines = "line" if n_forgotten == 1 else "lines"
    others = f", {n_left} with the same text left" if n_left else ""
    say(f"{data_set.path}: {n_forgotten} {lines} forgotten{others}")


def _messages():
    """The lines of standard input; at a terminal there is a prompt for each."""
    return _prompted() if _at_terminal() else read_lines(STDIN)


def _at_terminal():
    return sys.stdin is not None and sys.stdin.isatty()


def _prompted():
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - line editing and history for `input`
    say(_phrases()["prompt"])
    with contextlib.suppress(EOFError), ended_by_ctrl_c():
        while True:
            yield input("> ")
    _part()


def _part():
    """Say goodbye, on a line after the one that shows the key that was pressed."""
    say("\n" + _phrases()["goodbye"])


def _greeter(n=2):
    """The model of ten greetings that is used without ``--model``."""
    model = NGramTextGenerator(n=n, novel=True).fit(load_greetings().data)
    return model.set_params(novel=False)


def _phrases():
    """The phrases in the user's language."""
    return PHRASES[language_of_user()]


def _set_up(model, args):
    """Set the parameters of the model by the options and the user's language."""
    controlled(seeded(_in_user_language(model), args.seed), args)
    model.set_params(match=args.match)
    if args.min_length is None and not model.min_length:
        model.set_params(min_length=1)  # an empty reply would look like an error
    if args.reply:
        model.set_params(reply=args.reply)
    if args.candidates:
        if model.reply != "keyword":
            raise UserError(
                "argument --candidates: there are no candidates without --reply keyword"
            )
        model.set_params(n_candidates=args.candidates)
    _refuse_options(model, args)


def _refuse_options(model, args):
    """Raise the error of options with which no message can be answered, before any is."""
    # With numbers of its own: those of the model are for replies.
    trial = copy.copy(model).set_params(random_state=0)
    try:
        with warnings.catch_warnings(), refusals_as_user_errors(args):
            warnings.simplefilter("ignore")
            (trial.session() if args.memory else trial).predict([""])
    except UserError as error:
        if str(error).startswith("argument "):
            raise


def _in_user_language(model):
    """The model with the fallback response in the user's language.

    A response other than the default one is not changed.
    """
    if model.fallback_response == NGramTextGenerator().fallback_response:
        model.set_params(fallback_response=_phrases()["fallback"])
    return model
