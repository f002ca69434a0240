"""The options of the command line, and their help."""

import argparse
import contextlib

from .. import __version__

STDIN = "-"
"""The name of a file that stands for standard input."""

# Importing `smoothing` to ask it would take longer than all the rest of this.
_SMOOTHINGS = (
    "mle",
    "lidstone",
    "witten_bell",
    "absolute_discounting",
    "kneser_ney",
    "stupid_backoff",
)

_MODEL_HELP = "model file, as 'sslm fit' writes it; only from someone you trust"
_TRUST = """
A model file is a pickle: opening one can run any code its author put in. Only open
model files that you made or that come from someone you trust.
"""


class UsageError(Exception):
    """The arguments are wrong; the message is one line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UsageError(f"{message} (see '{self.prog} --help')")


def _positive_int(text):
    return _int_in(text, 1, 2**31 - 1)


def _jobs(text):
    return -1 if text == "-1" else _positive_int(text)


def _port(text):
    return _int_in(text, 1, 65535)


def _seed(text):
    return _int_in(text, 0, 2**32 - 1)


def _int_in(text, low, high):
    with contextlib.suppress(ValueError):
        if low <= int(text) <= high:
            return int(text)
    raise argparse.ArgumentTypeError(
        f"must be an int in the range [{low}, {high}]. Got {text!r} instead."
    )


def _utf8(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("must be UTF-8") from None
    return text


def _wordy(text):
    if not _utf8(text).replace("\ufeff", "").strip():  # a byte order mark is no word
        raise argparse.ArgumentTypeError("must hold a word")
    return text


def _plain_file(path):
    if path in ("", STDIN) or path.endswith(".gz"):
        raise argparse.ArgumentTypeError(
            f"must be a plain text file, which can be added to. Got {path!r} instead."
        )
    return path


def command_line() -> argparse.ArgumentParser:
    """The parser of the whole command line; ``command`` is the name of the subcommand.

    It raises a `UsageError` where arguments are wrong.
    """
    parser = _Parser(
        prog="sslm",
        description="Learn texts as n-grams, and write, answer and score texts.",
        epilog="Try: echo 'Olá!' | sslm chat",
    )
    parser.add_argument(
        "-V", "--version", action="version", version=f"sslm {__version__}"
    )
    commands = parser.add_subparsers(required=True, dest="command", metavar="command")
    _add_fit(commands)
    _add_generate(commands)
    _add_chat(commands)
    _add_forget(commands)
    _add_score(commands)
    return parser


def _add_command(commands, name, summary, epilog):
    return commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_fit(commands):
    command = _add_command(
        commands,
        "fit",
        "Learn texts, one a line, and write a model file.",
        """\
examples:
  sslm fit corpus.txt -n 3 -o model.joblib
  sslm fit news.txt.gz letters.txt -n 4 -o both.joblib
  sslm fit part-*.txt --jobs 4 -o all.joblib
  sslm fit corpus.txt -n 5 --smoothing kneser_ney -o to_score.joblib
  grep -v '^#' notes.txt | sslm fit - -o notes.joblib

Files are UTF-8; blank lines are left out; a name that ends in .gz is unpacked.
""",
    )
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="texts, one a line; - is standard input",
    )
    command.add_argument(
        "-n", type=_positive_int, default=3, help="words in an n-gram (default: 3)"
    )
    command.add_argument(
        "--smoothing",
        choices=_SMOOTHINGS,
        default="mle",
        help="how words not seen after a context get their probability; to score texts "
        "that were not learned take kneser_ney (default: mle)",
    )
    command.add_argument(
        "--jobs",
        type=_jobs,
        default=1,
        metavar="N",
        help="processes that read and count files at the same time, -1 for one on each "
        "core; with standard input among the files there is one (default: 1)",
    )
    command.add_argument(
        "-o",
        "--output",
        metavar="MODEL",
        default="model.joblib",
        help="model file to write or replace (default: model.joblib)",
    )


def _add_generate(commands):
    command = _add_command(
        commands,
        "generate",
        "Write new texts.",
        f"""\
examples:
  sslm generate --model model.joblib -k 3
  sslm generate --model model.joblib --start "Bom dia!" --seed 0
{_TRUST}""",
    )
    command.add_argument("--model", required=True, help=_MODEL_HELP)
    command.add_argument(
        "-k", type=_positive_int, default=10, help="how many texts (default: 10)"
    )
    command.add_argument(
        "--start", type=_utf8, default="", help="words that every text begins with"
    )
    _add_seed(command)


def _add_chat(commands):
    command = _add_command(
        commands,
        "chat",
        "Answer messages, one a line, typed or piped in.",
        f"""\
examples:
  sslm chat
  echo 'Olá!' | sslm chat --seed 0
  sslm chat --model model.joblib
  sslm chat --memory
  sslm chat --learn dataset.txt
  sslm chat --web

Ctrl-D or Ctrl-C ends a conversation. A reply is a line. If a message cannot be answered,
as an unknown word by a model with unknown='error', that line is empty, the reason is on
standard error, and the exit code at the end is 2.

With --learn the texts of the data set are learned first. Each message is answered, then
appended to the data set and learned. 'Learned' after the answer means that it is on disk;
'Not learned' that it was empty or could not be saved, which gives the reason on standard
error, and exit code 2 at the end. Line ends in a message become blanks. An incomplete
last line, after a crash, is moved to dataset.txt.torn. While a chat learns from a data
set, the lock dataset.txt.lock stops others from changing it.

With --web the chat is a page in the browser, which also shows the likeliest next words.
Each visitor can teach a copy of the model sentences and make it forget them; with
--shared all visitors teach the same one. --learn needs --shared then: the data set holds
what visitors teach, and messages are only answered.
{_TRUST}""",
    )
    command.add_argument(
        "--model", help=f"{_MODEL_HELP} (default: ten Portuguese greetings)"
    )
    command.add_argument(
        "--learn",
        type=_plain_file,
        metavar="FILE",
        help="data set, one text a line, which is learned, and to which messages are "
        "appended; created if missing (needs the package filelock)",
    )
    command.add_argument(
        "--memory",
        action="store_true",
        help="remember what is said, so that it becomes likely again; forgotten at the end",
    )
    command.add_argument(
        "--web",
        action="store_true",
        help="talk on a page in the browser (needs the package gradio)",
    )
    command.add_argument(
        "--shared",
        action="store_true",
        help="let the visitors of the page teach one model together",
    )
    command.add_argument(
        "--host",
        help="address that the page is served on (default: 127.0.0.1, which only this "
        "machine can reach)",
    )
    command.add_argument("--port", type=_port, help="its port (default: 7860)")
    _add_wait(command)
    _add_seed(command)


def _add_forget(commands):
    command = _add_command(
        commands,
        "forget",
        "Remove a text from a data set that 'sslm chat --learn' learns from.",
        """\
examples:
  sslm forget dataset.txt "carros são automóveis"
  sslm forget dataset.txt "Oi!" --all

Of several lines with that text the last one is removed. The file is replaced in one
step, so that a crash leaves either the old one or the new one. Model files do not change;
a chat that learns from the data set is without the text from its next start on.
""",
    )
    command.add_argument("file", type=_plain_file, metavar="FILE", help="the data set")
    command.add_argument(
        "text", type=_wordy, metavar="TEXT", help="the line, without blanks around it"
    )
    command.add_argument(
        "--all", action="store_true", help="remove every line with that text"
    )
    _add_wait(command)


def _add_score(commands):
    command = _add_command(
        commands,
        "score",
        "Print the natural log probability of each text of a file, then a summary.",
        f"""\
example:
  sslm score --model to_score.joblib held_out.txt

Blank lines are left out. The end of a text counts as one token. -inf is the log
probability of a text with probability 0, which most texts that were not learned have in a
model without smoothing.
{_TRUST}""",
    )
    command.add_argument("--model", required=True, help=_MODEL_HELP)
    command.add_argument(
        "--memory",
        action="store_true",
        help="remember each text while the ones after it are read, so that what was just "
        "read is likelier",
    )
    command.add_argument(
        "file", metavar="FILE", help="texts, one a line; - is standard input"
    )


def _add_wait(command):
    command.add_argument(
        "--wait",
        action="store_true",
        help="wait while another sslm uses the data set, in place of an error",
    )


def _add_seed(command):
    command.add_argument(
        "--seed", type=_seed, help="number that makes the random choices repeatable"
    )
