"""The options of ``sslm info``, ``sslm convert`` and ``sslm merge``."""

from ._common_options import MODEL_HELP, TRUST, add_command, add_json
from ._types import model_file


def add_info(commands):
    """Add ``sslm info`` with its arguments."""
    command = add_command(
        commands,
        "info",
        "Print the properties of the model in a file.",
        f"example:\n  sslm info model.joblib\n{TRUST}",
    )
    command.add_argument("model", type=model_file, metavar="MODEL", help=MODEL_HELP)
    add_json(command, "all properties in one line")


def add_convert(commands):
    """Add ``sslm convert`` with its arguments."""
    command = add_command(
        commands,
        "convert",
        "Write a model in another format.",
        f"""\
examples:
  sslm convert model.joblib model.skops
  sslm convert model.joblib model.arpa.gz
  sslm convert model.arpa model.joblib
  sslm convert model.joblib small.joblib --compact

The ending of the new name chooses the format: .joblib, .skops, .arpa or .arpa.gz.
{TRUST}""",
    )
    command.add_argument("model", type=model_file, metavar="MODEL", help=MODEL_HELP)
    command.add_argument(
        "output", type=model_file, metavar="NEW", help="the file to write or replace"
    )
    command.add_argument(
        "--compact",
        action="store_true",
        help="write a model that needs a fraction of the memory and has the same results, "
        "but cannot learn",
    )


def add_merge(commands):
    """Add ``sslm merge`` with its arguments."""
    command = add_command(
        commands,
        "merge",
        "Write the model of the texts of several models.",
        f"example:\n  sslm merge monday.joblib tuesday.joblib -o both.joblib\n{TRUST}",
    )
    command.add_argument(
        "models", nargs="+", type=model_file, metavar="MODEL", help=MODEL_HELP
    )
    command.add_argument(
        "-o",
        "--output",
        type=model_file,
        required=True,
        metavar="NEW",
        help="model file to write or replace",
    )
