"""The options of ``sslm score``, ``sslm explain`` and ``sslm classify``."""

from ._common_options import (
    TRUST,
    add_command,
    add_files,
    add_json,
    add_model,
    add_reading,
)
from ._types import wordy

_COLUMNS = (
    "log_proba",
    "n_tokens",
    "n_unknown",
    "perplexity",
    "mean_surprise",
    "max_surprise",
    "share_seen",
)


def add_score(commands):
    """Add ``sslm score`` with its arguments."""
    command = add_command(
        commands,
        "score",
        "Print the log probabilities of texts, and a summary on standard error.",
        f"""\
examples:
  sslm score -m to_score.joblib held_out.txt
  sslm score -m to_score.joblib --tsv --sort mean_surprise web.txt > ranked.tsv
  sslm score -m to_score.joblib --json --tokens held_out.txt
  sslm score -m to_score.joblib --field text web.jsonl

Each line is the natural log probability of a text, in which the end of the text counts as
a token. It is -inf if the probability is 0, as for most texts that a model without
smoothing has not learned. To rank texts of different lengths, use mean_surprise, in bits
per token, or perplexity.
{TRUST}""",
    )
    add_model(command)
    add_files(command)
    command.add_argument(
        "--tokens", action="store_true", help="a line for each word and each end"
    )
    command.add_argument(
        "--tsv",
        action="store_true",
        help="all numbers and the text, separated by tabs, after a header line",
    )
    add_json(command, "all numbers and the text, a line for each text")
    command.add_argument(
        "--sort",
        choices=_COLUMNS,
        metavar="NUMBER",
        help=f"sort texts, the lowest first, by one of {', '.join(_COLUMNS)}",
    )
    command.add_argument(
        "--reverse", action="store_true", help="with --sort: the highest first"
    )
    command.add_argument(
        "--unknown",
        choices=("include", "exclude"),
        default="include",
        help="whether unknown words count (default: include)",
    )
    command.add_argument(
        "--memory",
        action="store_true",
        help="score each text given those before it, whose words become likelier",
    )
    add_reading(command)


def add_explain(commands):
    """Add ``sslm explain`` with its arguments."""
    command = add_command(
        commands,
        "explain",
        "Print the surprise of each word of a text, and the order of its n-gram.",
        f"""\
example:
  sslm explain -m model.joblib "Bom dia! Como vai?"

The columns are the word, its surprise in bits, and the order of the longest known n-gram
that ends in it. With a classifier they are the word, the class that it is evidence for,
and its evidence for each class in bits.
{TRUST}""",
    )
    add_model(command)
    command.add_argument("text", type=wordy, metavar="TEXT", help="the text")
    add_json(command, "all numbers, a line for each word")


def add_classify(commands):
    """Add ``sslm classify`` with its arguments."""
    command = add_command(
        commands,
        "classify",
        "Print the class of each text of files.",
        f"""\
examples:
  sslm fit reviews.csv --field text --label stars -o stars.joblib
  sslm classify -m stars.joblib new.txt
{TRUST}""",
    )
    add_model(command)
    add_files(command)
    command.add_argument(
        "--tsv",
        action="store_true",
        help="the class, its probability and the text, separated by tabs",
    )
    add_json(
        command, "the text and the probabilities of all classes, a line for each text"
    )
    add_reading(command)
