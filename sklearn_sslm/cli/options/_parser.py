"""The parser of the whole command line."""

import argparse

from ... import __version__
from ._chat_options import add_chat, add_forget
from ._fit_options import add_fit
from ._generate_options import add_generate, add_next
from ._model_file_options import add_convert, add_info, add_merge
from ._score_options import add_classify, add_explain, add_score
from ._types import Parser

_COMMANDS = (
    add_fit,
    add_generate,
    add_chat,
    add_forget,
    add_score,
    add_next,
    add_explain,
    add_classify,
    add_info,
    add_convert,
    add_merge,
)


def command_line() -> argparse.ArgumentParser:
    """The parser of the whole command line.

    In what it parses, ``command`` is the name of the subcommand. It raises a `UsageError`
    if the arguments are wrong.
    """
    parser = Parser(
        prog="sslm",
        description="Learn texts as n-grams, and write, answer and score texts.",
        epilog="Try: echo 'Olá!' | sslm chat",
    )
    parser.add_argument(
        "-V", "--version", action="version", version=f"sslm {__version__}"
    )
    commands = parser.add_subparsers(required=True, dest="command", metavar="command")
    for add in _COMMANDS:
        add(commands)
    return parser
