"""What the subcommands have in common."""

import argparse

from ._types import (
    encoding,
    natural,
    not_negative,
    positive_int,
    seed,
    share,
    wordy,
)

MODEL_HELP = "model file: joblib, skops or ARPA; joblib only from someone you trust"
TRUST = """
A joblib file is a pickle: opening one can run any code its author put in. Only open
those that you made or that come from someone you trust. Files of skops and ARPA files
run no code.
"""


def add_command(commands, name, summary, epilog):
    """A subcommand, with its help."""
    return commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_model(command):
    """The option of the model that is read."""
    command.add_argument("-m", "--model", required=True, help=MODEL_HELP)


def add_files(command):
    """The files of texts that are read."""
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="texts, one a line; - is standard input",
    )


def add_reading(command):
    """The options of how files are read; returns their group."""
    reading = command.add_argument_group("how files are read")
    reading.add_argument(
        "--encoding",
        type=encoding,
        default="utf-8",
        help="how the files are encoded (default: utf-8)",
    )
    reading.add_argument(
        "--field",
        type=wordy,
        metavar="NAME",
        help="the files are JSON lines, or CSV with a header line, and this field holds "
        "the texts",
    )
    return reading


def add_json(command, what):
    """The option that prints JSON in place of text."""
    command.add_argument("--json", action="store_true", help=f"print JSON: {what}")


def add_wait(command):
    """The option of commands that lock a data set."""
    command.add_argument(
        "--wait",
        action="store_true",
        help="wait while another sslm uses the data set, in place of an error",
    )


def add_seed(command):
    """The option that seeds random choices."""
    command.add_argument(
        "--seed", type=seed, help="number that makes the random choices repeatable"
    )


def add_controls(command):
    """The options that control how texts are drawn."""
    controls = command.add_argument_group("controls, as the model's parameters")
    controls.add_argument(
        "--temperature",
        type=not_negative,
        metavar="T",
        help="how bold texts are: 0 takes the likeliest words, 1 draws by probability",
    )
    controls.add_argument(
        "--top-k", type=positive_int, metavar="K", help="draw only the likeliest words"
    )
    controls.add_argument(
        "--top-p",
        type=share,
        metavar="P",
        help="draw only the likeliest words that together have this probability",
    )
    controls.add_argument(
        "--min-p",
        type=share,
        metavar="P",
        help="draw only words with this share of the likeliest one's probability",
    )
    controls.add_argument(
        "--min-length", type=natural, metavar="N", help="words a text has at least"
    )
    controls.add_argument(
        "--max-length", type=positive_int, metavar="N", help="words a text has at most"
    )
    controls.add_argument(
        "--bad-words",
        type=wordy,
        action="append",
        metavar="WORD",
        help="a word that is never said; may be given again",
    )
    controls.add_argument(
        "--stop",
        type=wordy,
        action="append",
        metavar="WORD",
        help="a word that ends a text; may be given again",
    )
    controls.add_argument(
        "--no-repeat-ngram-size",
        type=natural,
        metavar="N",
        help="a text says no N words in a row twice; 0 is no limit",
    )
    controls.add_argument(
        "--novel",
        action="store_true",
        help="no text was learned; of models of 'sslm fit --novel'",
    )
    controls.add_argument(
        "--beams",
        type=positive_int,
        metavar="N",
        help="find the likeliest text by a beam search so wide, in place of drawing one",
    )
