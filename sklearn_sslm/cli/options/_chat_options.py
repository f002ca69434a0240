"""The options of ``sslm chat`` and ``sslm forget``."""

from ._common_options import (
    MODEL_HELP,
    TRUST,
    add_command,
    add_controls,
    add_json,
    add_seed,
    add_wait,
)
from ._types import plain_file, port, positive_int, wordy


def add_chat(commands):
    """The arguments of ``sslm chat``."""
    command = add_command(
        commands,
        "chat",
        "Answer messages, one a line, typed or piped in.",
        f"""\
examples:
  sslm chat
  echo 'Olá!' | sslm chat --seed 0
  sslm chat -m model.joblib --temperature 0.7
  sslm chat --reply keyword --candidates 10
  sslm chat --memory
  sslm chat --learn dataset.txt
  sslm chat --web

Ctrl-D or Ctrl-C ends a conversation. A reply is a line of at least one word, unless
--min-length is 0. If a message cannot be answered,
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
{TRUST}""",
    )
    command.add_argument(
        "-m", "--model", help=f"{MODEL_HELP} (default: ten Portuguese greetings)"
    )
    command.add_argument(
        "--learn",
        type=plain_file,
        metavar="FILE",
        help="data set, one text a line, which is learned, and to which messages are "
        "appended; created if missing (needs the package filelock)",
    )
    command.add_argument(
        "--match",
        choices=["loose", "exact"],
        default="loose",
        help="whether 'ola' is understood as 'Olá!': case, accents and punctuation of "
        "unknown words do not count (default: loose)",
    )
    command.add_argument(
        "--reply",
        choices=["context", "keyword"],
        help="whether replies go on from the end of the message, or are about its rarest "
        "known word (default: as the model is set, else context)",
    )
    command.add_argument(
        "--candidates",
        type=positive_int,
        metavar="N",
        help="with --reply keyword: of so many texts the most surprising one",
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
    command.add_argument("--port", type=port, help="its port (default: 7860)")
    add_controls(command)
    add_json(command, 'a line {"message": …, "reply": …} for each, and {"learned": …}')
    add_wait(command)
    add_seed(command)


def add_forget(commands):
    """The arguments of ``sslm forget``."""
    command = add_command(
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
    command.add_argument("file", type=plain_file, metavar="FILE", help="the data set")
    command.add_argument(
        "text", type=wordy, metavar="TEXT", help="the line, without blanks around it"
    )
    command.add_argument(
        "--all", action="store_true", help="remove every line with that text"
    )
    add_wait(command)
