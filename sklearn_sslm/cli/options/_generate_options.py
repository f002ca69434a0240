"""The options of ``sslm generate`` and ``sslm next``."""

from ._common_options import (
    TRUST,
    add_command,
    add_controls,
    add_json,
    add_model,
    add_seed,
)
from ._types import positive_int, utf8, wordy


def add_generate(commands):
    """Add ``sslm generate`` with its arguments."""
    command = add_command(
        commands,
        "generate",
        "Write random texts.",
        f"""\
examples:
  sslm generate -m model.joblib -k 3
  sslm generate -m model.joblib --start "Bom dia!" --seed 0
  sslm generate -m model.joblib --contains gato --max-length 12
  sslm generate -m model.joblib --temperature 0.7 --top-k 20 --json

--starts-with, --ends-with and --contains are exact conditions: texts are drawn from the
model given that they satisfy them. Their words must be known to the model.
{TRUST}""",
    )
    add_model(command)
    command.add_argument(
        "-k", type=positive_int, default=10, help="number of texts (default: 10)"
    )
    command.add_argument(
        "--start",
        type=utf8,
        default="",
        help="words that every text begins with; the last ones must be known",
    )
    conditions = command.add_argument_group("conditions")
    conditions.add_argument(
        "--starts-with", type=wordy, metavar="TEXT", help="the first words"
    )
    conditions.add_argument(
        "--ends-with",
        type=wordy,
        action="append",
        metavar="TEXT",
        help="the last words; may be repeated: a text ends with one of them",
    )
    conditions.add_argument(
        "--unique", action="store_true", help="all texts differ from each other"
    )
    conditions.add_argument(
        "--balanced", action="store_true", help="quotes and brackets are in pairs"
    )
    conditions.add_argument(
        "--contains",
        type=wordy,
        action="append",
        metavar="TEXT",
        help="words that follow each other somewhere in the text; may be repeated: a text "
        "contains all of them",
    )
    add_controls(command)
    add_json(command, 'a line {"text": …} for each')
    add_seed(command)


def add_next(commands):
    """Add ``sslm next`` with its arguments."""
    command = add_command(
        commands,
        "next",
        "Print the likeliest next words of a text, with their probabilities.",
        f"""\
examples:
  sslm next -m model.joblib "Bom dia! Como"
  sslm next -m model.joblib -k 3 --json "Bom"
  sslm next -m model.joblib --prefix t "Bom dia! Como"

An empty word is the end of the text.
{TRUST}""",
    )
    add_model(command)
    command.add_argument("text", type=utf8, metavar="TEXT", help="the words before")
    command.add_argument(
        "-k", type=positive_int, default=5, help="number of words (default: 5)"
    )
    command.add_argument(
        "--prefix",
        type=utf8,
        metavar="LETTERS",
        help="the first letters of the next word, as of one that is half typed",
    )
    add_json(command, 'a line {"word": …, "p": …} for each')
