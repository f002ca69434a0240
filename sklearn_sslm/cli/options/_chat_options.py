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
from ._types import model_file, plain_file, port, positive_int, wordy


def add_chat(commands):
    """Add ``sslm chat`` with its arguments."""
    command = add_command(
        commands,
        "chat",
        "Answer messages, one per line, typed or piped in.",
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
--min-length is 0. If a message cannot be answered, such as one with an unknown word by a
model with unknown='error', the line is empty, the reason is printed to standard error,
and the exit code is 2.

With --learn the texts of the data set are learned first. Each message is answered, then
appended to the data set and learned. 'Learned' after the answer means that the message
is on disk. 'Not learned' means that it was empty, or that it could not be saved; then the
reason is printed to standard error, and the exit code is 2. Line ends in a message become
blanks. An incomplete last line, after a crash, is moved to dataset.txt.torn. While a chat
uses a data set, the lock dataset.txt.lock prevents others from changing it.

With --web the chat is a page in the browser, which also shows the likeliest next words.
Each visitor can teach sentences to a copy of the model, and make it forget them. With
--shared all visitors teach the same model. With --web, --learn needs --shared: the data
set gets the sentences that visitors teach, and messages are not learned.
{TRUST}""",
    )
    command.add_argument(
        "-m",
        "--model",
        type=model_file,
        help=f"{MODEL_HELP} (default: ten Portuguese greetings)",
    )
    command.add_argument(
        "--learn",
        type=plain_file,
        metavar="FILE",
        help="data set with one text per line: its texts are learned, and messages are "
        "appended to it; created if missing (needs the package filelock)",
    )
    command.add_argument(
        "--match",
        choices=["loose", "exact"],
        default="loose",
        help="with loose, unknown words match known ones without regard to case, accents "
        "and punctuation, as 'ola' and 'Olá!' (default: loose)",
    )
    command.add_argument(
        "--reply",
        choices=["context", "keyword"],
        help="whether replies continue from the end of the message, or contain its rarest "
        "known word (default: the parameter of the model)",
    )
    command.add_argument(
        "--candidates",
        type=positive_int,
        metavar="N",
        help="with '--reply keyword': the reply is the most surprising of N texts",
    )
    command.add_argument(
        "--memory",
        action="store_true",
        help="make words of the conversation likelier, until it ends",
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
        type=wordy,
        help="address of the page (default: 127.0.0.1, which only this machine can reach)",
    )
    command.add_argument("--port", type=port, help="port of the page (default: 7860)")
    add_controls(command)
    add_json(
        command,
        'a line {"message": …, "reply": …} for each reply, and a line {"message": …, '
        '"learned": …} for each message that --learn learns',
    )
    add_wait(command)
    add_seed(command)


def add_forget(commands):
    """Add ``sslm forget`` with its arguments."""
    command = add_command(
        commands,
        "forget",
        "Remove a text from a data set that 'sslm chat --learn' learns from.",
        """\
examples:
  sslm forget dataset.txt "carros são automóveis"
  sslm forget dataset.txt "Oi!" --all

If several lines have that text, the last one is removed. The file is replaced in one
step: a crash leaves either the old file or the new one. Model files do not change; a chat
with --learn does not know the text any more when it is started again.
""",
    )
    command.add_argument("file", type=plain_file, metavar="FILE", help="the data set")
    command.add_argument(
        "text",
        type=wordy,
        metavar="TEXT",
        help="the text of the line; blanks around it are ignored",
    )
    command.add_argument(
        "--all", action="store_true", help="remove every line with that text"
    )
    add_wait(command)
