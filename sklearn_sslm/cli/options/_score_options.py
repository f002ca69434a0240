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
    """The arguments of ``sslm score``."""
    command = add_command(
        commands,
        "score",
        "Print how likely the texts of files are, and a summary on standard error.",
        f"""\
examples:
  sslm score -m to_score.joblib held_out.txt
  sslm score -m to_score.joblib --tsv --sort mean_surprise web.txt > ranked.tsv
  sslm score -m to_score.joblib --json --tokens held_out.txt
  sslm score -m to_score.joblib --field text web.jsonl

A line for each text is its natural log probability, in which the end of the text counts
as one token. -inf is that of a text with probability 0, which most texts that were not
learned have in a model without smoothing. To rank texts of different lengths take
mean_surprise, in bits a token, or perplexity.
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
        help="all numbers and the text, with tabs between them and a line of their names",
    )
    add_json(command, "all numbers and the text, a line for each")
    command.add_argument(
        "--sort",
        choices=_COLUMNS,
        metavar="NUMBER",
        help=f"the lowest first, by one of {', '.join(_COLUMNS)}",
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
        help="remember each text while the ones after it are read, so that what was just "
        "read is likelier",
    )
    add_reading(command)


def add_explain(commands):
    """The arguments of ``sslm explain``."""
    command = add_command(
        commands,
        "explain",
        "Print for each word of a text how likely it is, and what that comes from.",
        f"""\
example:
  sslm explain -m model.joblib "Bom dia! Como vai?"

The columns are the word, its surprise in bits, and the order of the longest n-gram seen.
With a classifier they are the word and, for each class, what it says for that class.
{TRUST}""",
    )
    add_model(command)
    command.add_argument("text", type=wordy, metavar="TEXT", help="the text")
    add_json(command, "all numbers, a line for each word")


def add_classify(commands):
    """The arguments of ``sslm classify``."""
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
        "--tsv", action="store_true", help="the class, its probability and the text"
    )
    add_json(command, "the text and the probabilities of all classes, a line for each")
    add_reading(command)
