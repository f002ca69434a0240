"""The options of ``sslm info``, ``sslm convert`` and ``sslm merge``."""

from ._common_options import MODEL_HELP, TRUST, add_command, add_json


def add_info(commands):
    """The arguments of ``sslm info``."""
    command = add_command(
        commands,
        "info",
        "Print what a model file holds.",
        f"example:\n  sslm info model.joblib\n{TRUST}",
    )
    command.add_argument("model", metavar="MODEL", help=MODEL_HELP)
    add_json(command, "all in one line")


def add_convert(commands):
    """The arguments of ``sslm convert``."""
    command = add_command(
        commands,
        "convert",
        "Write a model in another format, which the ending of the new name tells.",
        f"""\
examples:
  sslm convert model.joblib model.skops
  sslm convert model.joblib model.arpa.gz
  sslm convert model.arpa model.joblib
  sslm convert model.joblib small.joblib --compact

.joblib, .skops, .arpa and .arpa.gz are known.
{TRUST}""",
    )
    command.add_argument("model", metavar="MODEL", help=MODEL_HELP)
    command.add_argument("output", metavar="NEW", help="the file to write or replace")
    command.add_argument(
        "--compact",
        action="store_true",
        help="in a fraction of the memory, with the same answers; it cannot learn",
    )


def add_merge(commands):
    """The arguments of ``sslm merge``."""
    command = add_command(
        commands,
        "merge",
        "Write the model that learned what several models have learned.",
        f"example:\n  sslm merge monday.joblib tuesday.joblib -o both.joblib\n{TRUST}",
    )
    command.add_argument("models", nargs="+", metavar="MODEL", help=MODEL_HELP)
    command.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="NEW",
        help="model file to write or replace",
    )
