"""The options of ``sslm fit``."""

from ._common_options import add_command, add_files, add_reading
from ._types import jobs, positive_int, regex, wordy

# Importing `smoothing` to ask it would take longer than all the rest of this.
_SMOOTHINGS = (
    "mle",
    "lidstone",
    "witten_bell",
    "absolute_discounting",
    "kneser_ney",
    "stupid_backoff",
)


def add_fit(commands):
    """The arguments of ``sslm fit``."""
    command = add_command(
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
    add_files(command)
    command.add_argument(
        "-n", type=positive_int, default=3, help="words in an n-gram (default: 3)"
    )
    command.add_argument(
        "--smoothing",
        choices=_SMOOTHINGS,
        default=None,
        help="how words not seen after a context get their probability; to score texts "
        "that were not learned take kneser_ney (default: mle; with --label that of "
        "NGramClassifier)",
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
    reading = add_reading(command)
    reading.add_argument(
        "--label",
        type=wordy,
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
        help="processes that read files and count n-grams at the same time, -1 for one on "
        "each core; standard input is read by one (default: 1)",
    )
    command.add_argument(
        "-o",
        "--output",
        metavar="MODEL",
        default="model.joblib",
        help="model file to write or replace (default: model.joblib)",
    )
