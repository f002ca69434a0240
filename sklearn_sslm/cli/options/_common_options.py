"""The options that several subcommands have."""

import argparse

from ._types import (
    encoding,
    file_name,
    model_file,
    natural,
    not_negative,
    positive_int,
    seed,
    share,
    wordy,
)

MODEL_HELP = "model file: joblib, skops or ARPA; joblib only from someone you trust"
TRUST = """
A joblib file is a pickle: opening it can run any code that its author wrote. Open only
joblib files that you made, or that come from someone you trust. ARPA files and files of
skops run no code.
"""


def add_command(commands, name, summary, epilog):
    """Add a subcommand with its help; returns its parser."""
    return commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_model(command):
    """Add the option of the model file that is read."""
    command.add_argument(
        "-m", "--model", type=model_file, required=True, help=MODEL_HELP
    )


def add_files(command):
    """Add the arguments of the text files that are read."""
    command.add_argument(
        "files",
        nargs="+",
        type=file_name,
        metavar="FILE",
        help="texts, one a line; - is standard input",
    )


def add_reading(command):
    """Add the options of reading files; returns their group."""
    reading = command.add_argument_group("how files are read")
    reading.add_argument(
        "--encoding",
        type=encoding,
        default="utf-8",
        help="encoding of the files (default: utf-8)",
    )
    reading.add_argument(
        "--field",
        type=wordy,
        metavar="NAME",
        help="read the texts from this field of JSON lines, or of CSV with a header line",
    )
    return reading


def add_json(command, what):
    """Add the option that prints JSON instead of text."""
    command.add_argument("--json", action="store_true", help=f"print JSON: {what}")


def add_wait(command):
    """Add the option of commands that lock a data set."""
    command.add_argument(
        "--wait",
        action="store_true",
        help="wait while another sslm uses the data set, instead of ending with an error",
    )


def add_seed(command):
    """Add the option of the seed of random numbers."""
    command.add_argument(
        "--seed", type=seed, help="seed of the random numbers, to repeat the output"
    )


def add_controls(command):
    """Add the generation controls."""
    controls = command.add_argument_group("controls, as the model's parameters")
    controls.add_argument(
        "--temperature",
        type=not_negative,
        metavar="T",
        help="draw words by their probabilities to the power 1/T; 0 takes the likeliest",
    )
    controls.add_argument(
        "--top-k",
        type=positive_int,
        metavar="K",
        help="draw only from the K likeliest words",
    )
    controls.add_argument(
        "--top-p",
        type=share,
        metavar="P",
        help="draw only from the likeliest words whose probabilities together reach P",
    )
    controls.add_argument(
        "--min-p",
        type=share,
        metavar="P",
        help="draw only from words with at least P times the likeliest one's probability",
    )
    controls.add_argument(
        "--min-length", type=natural, metavar="N", help="minimum words of a text"
    )
    controls.add_argument(
        "--max-length", type=positive_int, metavar="N", help="maximum words of a text"
    )
    controls.add_argument(
        "--bad-words",
        type=wordy,
        action="append",
        metavar="WORD",
        help="a word that texts do not contain; may be repeated",
    )
    controls.add_argument(
        "--stop",
        type=wordy,
        action="append",
        metavar="WORD",
        help="a word that ends a text; may be repeated",
    )
    controls.add_argument(
        "--no-repeat-ngram-size",
        type=natural,
        metavar="N",
        help="no N words in a row occur twice in a text; 0 sets no limit",
    )
    controls.add_argument(
        "--novel",
        action="store_true",
        help="exclude learned texts; needs a model of 'sslm fit --novel'",
    )
    controls.add_argument(
        "--beams",
        type=positive_int,
        metavar="N",
        help="find the likeliest text by a beam search with N beams, instead of drawing",
    )
