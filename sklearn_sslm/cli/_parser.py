"""The subcommands of the command line, their options and help."""

import argparse

from .. import __version__
from ._arguments import (
    Parser,
    encoding,
    jobs,
    natural,
    not_negative,
    plain_file,
    port,
    positive_int,
    regex,
    seed,
    share,
    utf8,
    wordy,
)

# Importing `smoothing` to ask it would take longer than all the rest of this.
_SMOOTHINGS = (
    "mle",
    "lidstone",
    "witten_bell",
    "absolute_discounting",
    "kneser_ney",
    "stupid_backoff",
)

_COLUMNS = (
    "log_proba",
    "n_tokens",
    "n_unknown",
    "perplexity",
    "mean_surprise",
    "max_surprise",
    "share_seen",
)

_MODEL_HELP = "model file: joblib, skops or ARPA; joblib only from someone you trust"
_TRUST = """
A joblib file is a pickle: opening one can run any code its author put in. Only open
those that you made or that come from someone you trust. Files of skops and ARPA files
run no code.
"""


def command_line() -> argparse.ArgumentParser:
    """The parser of the whole command line; ``command`` is the name of the subcommand.

    It raises a `UsageError` where arguments are wrong.
    """
    parser = Parser(
        prog="sslm",
        description="Learn texts as n-grams, and write, answer and score texts.",
        epilog="Try: echo 'Olá!' | sslm chat",
    )
    parser.add_argument(
        "-V", "--version", action="version", version=f"sslm {__version__}"
    )
    commands = parser.add_subparsers(required=True, dest="command", metavar="command")
    for add in (
        *(_add_fit, _add_generate, _add_chat, _add_forget, _add_score, _add_next),
        *(_add_explain, _add_classify, _add_info, _add_convert, _add_merge),
    ):
        add(commands)
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
  sslm fit reviews.jsonl --field text -o reviews.joblib
  sslm fit reviews.csv --field text --label stars -o stars.joblib
  sslm fit names.txt --analyzer char -n 6 --smoothing kneser_ney -o names.joblib
  grep -v '^#' notes.txt | sslm fit - -o notes.joblib

Blank lines are left out. Files packed by gzip, bz2, xz or zstd are unpacked, whatever
their names.
""",
    )
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="texts, one a line; - is standard input",
    )
    command.add_argument(
        "-n", type=positive_int, default=3, help="words in an n-gram (default: 3)"
    )
    command.add_argument(
        "--smoothing",
        choices=_SMOOTHINGS,
        default=None,
        help="how words not seen after a context get their probability; to score texts "
        "that were not learned take kneser_ney (default: mle; with --label kneser_ney)",
    )
    command.add_argument(
        "--min-count",
        type=positive_int,
        default=1,
        metavar="N",
        help="leave n-grams out that were seen less often (default: 1)",
    )
    words = command.add_argument_group("how texts become words")
    words.add_argument(
        "--lowercase", action="store_true", help="learn all words in lower case"
    )
    words.add_argument(
        "--analyzer",
        choices=("word", "char", "char_wb"),
        default="word",
        help="learn words, characters, or characters within words (default: word)",
    )
    words.add_argument(
        "--tokenizer",
        type=regex,
        metavar="REGEX",
        help=r"what a word is, as '\w+|[^\w\s]' (default: what is between blanks)",
    )
    reading = command.add_argument_group("how files are read")
    reading.add_argument(
        "--encoding",
        type=encoding,
        default="utf-8",
        help="how the files are encoded (default: utf-8)",
    )
    reading.add_argument(
        "--field",
        metavar="NAME",
        help="the files are JSON lines, or CSV with a header line, and this field holds "
        "the texts",
    )
    reading.add_argument(
        "--label",
        metavar="NAME",
        help="with --field: the field that holds the class of each text; the model is "
        "then a classifier, for 'sslm classify'",
    )
    reading.add_argument(
        "--pairs",
        action="store_true",
        help="each line is a message and the reply to it, with a tab between them",
    )
    command.add_argument(
        "--novel",
        action="store_true",
        help="keep 8 bytes of each text, so that 'sslm generate --novel' can leave out "
        "what was learned",
    )
    command.add_argument(
        "--memory",
        action="store_true",
        help="let the model remember what it has just read, where it scores texts",
    )
    command.add_argument(
        "--jobs",
        type=jobs,
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
  sslm generate -m model.joblib -k 3
  sslm generate -m model.joblib --start "Bom dia!" --seed 0
  sslm generate -m model.joblib --contains gato --max-length 12
  sslm generate -m model.joblib --temperature 0.7 --top-k 20 --json

--starts-with, --ends-with and --contains are exact conditions: texts are drawn as the
model draws them, given that they fulfil these, with any model and any words known.
{_TRUST}""",
    )
    _add_model(command)
    command.add_argument(
        "-k", type=positive_int, default=10, help="how many texts (default: 10)"
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
        help="the last words; of several, any",
    )
    conditions.add_argument(
        "--novel",
        action="store_true",
        help="no text was learned; of models of 'sslm fit --novel'",
    )
    conditions.add_argument(
        "--unique", action="store_true", help="no two texts are the same"
    )
    conditions.add_argument(
        "--balanced", action="store_true", help="quotes and brackets are in pairs"
    )
    conditions.add_argument(
        "--contains",
        type=wordy,
        action="append",
        metavar="TEXT",
        help="words that stand somewhere, one after the other; may be given again",
    )
    _add_controls(command)
    _add_json(command, 'a line {"text": …} for each')
    _add_seed(command)


def _add_controls(command):
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
        "--beams",
        type=positive_int,
        metavar="N",
        help="find the likeliest text by a beam search so wide, in place of drawing one",
    )


def _add_chat(commands):
    command = _add_command(
        commands,
        "chat",
        "Answer messages, one a line, typed or piped in.",
        f"""\
examples:
  sslm chat
  echo 'Olá!' | sslm chat --seed 0
  sslm chat -m model.joblib --temperature 0.7
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
        "-m", "--model", help=f"{_MODEL_HELP} (default: ten Portuguese greetings)"
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
    _add_controls(command)
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
    command.add_argument("file", type=plain_file, metavar="FILE", help="the data set")
    command.add_argument(
        "text", type=wordy, metavar="TEXT", help="the line, without blanks around it"
    )
    command.add_argument(
        "--all", action="store_true", help="remove every line with that text"
    )
    _add_wait(command)


def _add_score(commands):
    command = _add_command(
        commands,
        "score",
        "Print how likely the texts of files are, and a summary on standard error.",
        f"""\
examples:
  sslm score -m to_score.joblib held_out.txt
  sslm score -m to_score.joblib --tsv --sort mean_surprise web.txt > ranked.tsv
  sslm score -m to_score.joblib --json --tokens held_out.txt

A line for each text is its natural log probability, in which the end of the text counts
as one token. -inf is that of a text with probability 0, which most texts that were not
learned have in a model without smoothing. To rank texts of different lengths take
mean_surprise, in bits a token, or perplexity.
{_TRUST}""",
    )
    _add_model(command)
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="texts, one a line; - is standard input",
    )
    command.add_argument(
        "--tokens", action="store_true", help="a line for each word and each end"
    )
    command.add_argument(
        "--tsv",
        action="store_true",
        help="all numbers and the text, with tabs between them and a line of their names",
    )
    _add_json(command, "all numbers and the text, a line for each")
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


def _add_next(commands):
    command = _add_command(
        commands,
        "next",
        "Print the likeliest next words of a text, with their probabilities.",
        f"""\
examples:
  sslm next -m model.joblib "Bom dia! Como"
  sslm next -m model.joblib -k 3 --json "Bom"

An empty word is the end of the text.
{_TRUST}""",
    )
    _add_model(command)
    command.add_argument("text", type=utf8, metavar="TEXT", help="the words before")
    command.add_argument(
        "-k", type=positive_int, default=5, help="how many words (default: 5)"
    )
    _add_json(command, 'a line {"word": …, "p": …} for each')


def _add_explain(commands):
    command = _add_command(
        commands,
        "explain",
        "Print for each word of a text how likely it is, and what that comes from.",
        f"""\
example:
  sslm explain -m model.joblib "Bom dia! Como vai?"

The columns are the word, its surprise in bits, and the order of the longest n-gram seen.
With a classifier they are the word and, for each class, what it says for that class.
{_TRUST}""",
    )
    _add_model(command)
    command.add_argument("text", type=wordy, metavar="TEXT", help="the text")
    _add_json(command, "all numbers, a line for each word")


def _add_classify(commands):
    command = _add_command(
        commands,
        "classify",
        "Print the class of each text of files.",
        f"""\
examples:
  sslm fit reviews.csv --field text --label stars -o stars.joblib
  sslm classify -m stars.joblib new.txt
{_TRUST}""",
    )
    _add_model(command)
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="texts, one a line; - is standard input",
    )
    command.add_argument(
        "--tsv", action="store_true", help="the class, its probability and the text"
    )
    _add_json(command, "the text and the probabilities of all classes, a line for each")


def _add_info(commands):
    command = _add_command(
        commands,
        "info",
        "Print what a model file holds.",
        f"example:\n  sslm info model.joblib\n{_TRUST}",
    )
    command.add_argument("model", metavar="MODEL", help=_MODEL_HELP)
    _add_json(command, "all in one line")


def _add_convert(commands):
    command = _add_command(
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
{_TRUST}""",
    )
    command.add_argument("model", metavar="MODEL", help=_MODEL_HELP)
    command.add_argument("output", metavar="NEW", help="the file to write or replace")
    command.add_argument(
        "--compact",
        action="store_true",
        help="in a fraction of the memory, with the same answers; it cannot learn",
    )


def _add_merge(commands):
    command = _add_command(
        commands,
        "merge",
        "Write the model that learned what several models have learned.",
        f"example:\n  sslm merge monday.joblib tuesday.joblib -o both.joblib\n{_TRUST}",
    )
    command.add_argument("models", nargs="+", metavar="MODEL", help=_MODEL_HELP)
    command.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="NEW",
        help="model file to write or replace",
    )


def _add_model(command):
    command.add_argument("-m", "--model", required=True, help=_MODEL_HELP)


def _add_json(command, what):
    command.add_argument("--json", action="store_true", help=f"print JSON: {what}")


def _add_wait(command):
    command.add_argument(
        "--wait",
        action="store_true",
        help="wait while another sslm uses the data set, in place of an error",
    )


def _add_seed(command):
    command.add_argument(
        "--seed", type=seed, help="number that makes the random choices repeatable"
    )
