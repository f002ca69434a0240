"""The subcommands of ``sslm`` and the functions that run them."""

import argparse
import warnings
from contextlib import AbstractContextManager, nullcontext

from ..utils import UserError
from ..words import NotUtf8Error
from ._conversation import chat, forget
from ._fitting import fit
from ._interrupts import interrupts_told
from ._model_files import convert, info, merge
from ._output import complain, warn
from ._scoring_texts import classify, explain, score
from ._writing_texts import generate, next_words

_COMMANDS = {
    "fit": fit,
    "generate": generate,
    "chat": chat,
    "forget": forget,
    "score": score,
    "next": next_words,
    "explain": explain,
    "classify": classify,
    "info": info,
    "convert": convert,
    "merge": merge,
}

_PRINTING = {"generate", "score", "next", "explain", "classify", "info"}
"""Commands whose result is printed, and incomplete if they are interrupted."""


def run(args: argparse.Namespace) -> int:
    """Run the subcommand that the arguments name; returns the exit code."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_: warn(message)
        told: AbstractContextManager = nullcontext()
        if args.command in _PRINTING:
            told = interrupts_told("the output is incomplete")
        try:
            with told:
                return _COMMANDS[args.command](args) or 0
        except NotUtf8Error as error:
            return complain(_with_option(error, args))
        except UserError as error:
            return complain(error)


def _with_option(error, args):
    """The message of an error, with the option of the encoding if there is one."""
    if not hasattr(args, "encoding"):
        return error
    option = f"--encoding {error.encoding}" if error.encoding else "its --encoding"
    return f"{str(error).removesuffix('.')}, or give {option}."
