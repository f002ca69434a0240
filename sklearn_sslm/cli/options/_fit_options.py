"""The options of ``sslm fit``."""

from ._common_options import add_command, add_files, add_reading
from ._types import jobs, model_file, positive_int, regex, wordy

# Importing them from `smoothing` would take longer than the rest of the parser.
_SMOOTHINGS = (
    "mle",
    "lidstone",
    "witten_bell",
    "absolute_discounting",
    "kneser_ney",
    "stupid_backoff",
)


def add_fit(commands):
    """Add ``sslm fit`` with its arguments."""
    command = add_command(
        commands,
        "fit",
        "Learn texts, one per line, and write a model file.",
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

Blank lines are ignored. Files that gzip, bz2, xz or zstd compressed are decompressed,
whatever their names are.
""",
    )
    add_files(command)
    command.add_argument(
        "-n",
        type=positive_int,
        default=3,
        help="order of the model: words in an n-gram (default: 3)",
    )
    command.add_argument(
        "--smoothing",
        choices=_SMOOTHINGS,
        default=None,
        help="probability of words that were not seen after a context; use kneser_ney to "
        "score texts that were not learned (default: mle; with --label that of "
        "NGramClassifier)",
    )
    command.add_argument(
        "--min-count",
        type=positive_int,
        default=1,
        metavar="N",
        help="prune n-grams that were seen less often (default: 1)",
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
        help=r"regular expression of a word, as '\w+|[^\w\s]' (default: split at blanks)",
    )
    reading = add_reading(command)
    reading.add_argument(
        "--label",
        type=wordy,
        metavar="NAME",
        help="with --field: the field with the class of each text, to fit a classifier "
        "for 'sslm classify'",
    )
    reading.add_argument(
        "--pairs",
        action="store_true",
        help="each line is a message, a tab and the reply",
    )
    command.add_argument(
        "--novel",
        action="store_true",
        help="store 8 bytes for each text, so that 'sslm generate --novel' can exclude "
        "learned texts",
    )
    command.add_argument(
        "--memory",
        action="store_true",
        help="score texts with a memory, which makes words likelier that were just read",
    )
    command.add_argument(
        "--jobs",
        type=jobs,
        default=1,
        metavar="N",
        help="number of workers that read files and count n-grams, -1 for one per core; "
        "standard input is read by one (default: 1)",
    )
    command.add_argument(
        "-o",
        "--output",
        type=model_file,
        metavar="MODEL",
        default="model.joblib",
        help="model file to write or replace (default: model.joblib)",
    )
