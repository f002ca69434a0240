"""The command line: ``sslm``, the same as ``python -m sklearn_sslm``."""

import argparse
import contextlib
import os
import sys
import warnings

import joblib
import numpy as np

from . import NGramTextGenerator, __version__
from ._cli_files import (
    STDIN,
    UserError,
    load_model,
    read_lines,
    read_texts,
    refuse_to_replace,
    replacing,
)
from .datasets import load_greetings

_BAD_USE = 2
_INTERRUPTED = 130

_MODEL_HELP = "model file, as 'sslm fit' writes it; only from someone you trust"
_TRUST = """
A model file is a pickle: opening one can run any code its author put in. Only open
model files that you made or that come from someone you trust.
"""


def _fit(args):
    refuse_to_replace(args.files, args.output)
    with replacing(args.output) as file:
        model = NGramTextGenerator(n=args.n).fit(read_texts(args.files))
        joblib.dump(model, file)
    print(
        f"{args.output}: {model.n_texts_seen_} texts, {model.n_tokens_seen_} tokens, "
        f"{model.n_words_} different words, n={args.n}"
    )


def _generate(args):
    model = _seeded(load_model(args.model), args.seed)
    for text in _new_texts(model, args.start, args.k):
        print(text)


def _new_texts(model, start, k):
    if not start.strip():
        return model.sample(k)
    if model.unknown != "backoff":
        _refuse_unknown_words(model, start)
    return model.set_params(echo="message").predict([start] * k)


def _refuse_unknown_words(model, start):
    # The fallback is an answer to a person, and no text that begins with the start.
    words = model.word_index_.tokenize(start)
    for word in words[max(0, len(words) - model.n + 1) :]:
        if word not in model.word_index_.vocabulary_:
            raise UserError(
                f"argument --start: the model does not know the word {word!r}. End it "
                "with words of the texts that were learned."
            )


def _chat(args):
    model = load_model(args.model) if args.model else _greeter()
    _seeded(model, args.seed)
    for message in _messages():
        print(model.predict([message])[0], flush=True)


def _score(args):
    model = load_model(args.model)
    texts = list(read_texts([args.file]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of -inf, which is printed
        log_probabilities = model.score_samples(texts)
    for value in log_probabilities:
        print(f"{value:.6f}")
    n_tokens = sum(len(model.word_index_.tokenize(text)) + 1 for text in texts)
    mean = log_probabilities.sum() / n_tokens
    print(
        f"{len(texts)} texts, {n_tokens} tokens with their ends, "
        f"mean log probability {mean:.6f} a token, perplexity {np.exp(-mean):.6g}"
    )


def _seeded(model, seed):
    if seed is not None:
        # An int would give every message of a chat the same random numbers.
        model.set_params(random_state=np.random.default_rng(seed))
    return model


def _messages():
    """One message a line, from a terminal with a prompt, else from standard input."""
    if sys.stdin is not None and sys.stdin.isatty():
        return _prompted()
    return read_lines(STDIN)


def _prompted():
    print("Write a message; Ctrl-D ends.")
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            yield input("> ")
    print("\nGoodbye!")


def _greeter():
    return NGramTextGenerator(n=2).fit(load_greetings().data)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message):
        raise UserError(f"{message} (see '{self.prog} --help')")


def _positive_int(text):
    return _int_in(text, 1, np.iinfo(np.int32).max)


def _seed(text):
    return _int_in(text, 0, np.iinfo(np.uint32).max)


def _int_in(text, low, high):
    with contextlib.suppress(ValueError):
        if low <= int(text) <= high:
            return int(text)
    raise argparse.ArgumentTypeError(
        f"must be an int in the range [{low}, {high}]. Got {text!r} instead."
    )


def _start(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("must be UTF-8") from None
    return text


def _parser():
    parser = _Parser(
        prog="sslm",
        description="Learn texts as n-grams, and write, answer and score texts.",
        epilog="Try: echo 'Olá!' | sslm chat",
    )
    parser.add_argument("--version", action="version", version=f"sslm {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_fit(commands)
    _add_generate(commands)
    _add_chat(commands)
    _add_score(commands)
    return parser


def _add_command(commands, name, run, summary, epilog):
    command = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def _add_fit(commands):
    command = _add_command(
        commands,
        "fit",
        _fit,
        "Learn texts, one a line, and write a model file.",
        """\
examples:
  sslm fit corpus.txt -n 3 -o model.joblib
  sslm fit news.txt.gz letters.txt -n 4 -o both.joblib
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
        _generate,
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
        "--start", type=_start, default="", help="words that every text begins with"
    )
    _add_seed(command)


def _add_chat(commands):
    command = _add_command(
        commands,
        "chat",
        _chat,
        "Answer messages, one a line, typed or piped in.",
        f"""\
examples:
  sslm chat
  echo 'Olá!' | sslm chat --seed 0
  sslm chat --model model.joblib

Ctrl-D or Ctrl-C ends a conversation.
{_TRUST}""",
    )
    command.add_argument(
        "--model", help=f"{_MODEL_HELP} (default: ten Portuguese greetings)"
    )
    _add_seed(command)


def _add_score(commands):
    command = _add_command(
        commands,
        "score",
        _score,
        "Print the natural log probability of each text of a file, then a summary.",
        f"""\
example:
  sslm score --model model.joblib held_out.txt

Blank lines are left out. The end of a text counts as one token. -inf is the log
probability of a text the model takes for impossible.
{_TRUST}""",
    )
    command.add_argument("--model", required=True, help=_MODEL_HELP)
    command.add_argument(
        "file", metavar="FILE", help="texts, one a line; - is standard input"
    )


def _add_seed(command):
    command.add_argument(
        "--seed", type=_seed, help="number that makes the random choices repeatable"
    )


def main(argv=None):
    """Run the command line.

    Parameters
    ----------
    argv : list of str, default=None
        The arguments; None stands for those of the process.

    Returns
    -------
    code : int
        The exit code: 0, 2 for a user's mistake, told in one line on standard
        error, or 130 when interrupted.
    """
    try:
        return _run(argv)
    except UserError as error:
        return _complain(error)
    except BrokenPipeError:
        _silence_stdout()
        return 0
    except OSError as error:
        _silence_stdout()
        return _complain(f"cannot write standard output: {error.strerror}")
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(argv):
    with contextlib.suppress(AttributeError):  # a replaced stdout may lack it
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        args = _parser().parse_args(argv)
    except SystemExit as end:  # after --help or --version
        sys.stdout.flush()
        return end.code or 0
    args.run(args)
    sys.stdout.flush()
    return 0


def _complain(about):
    print("sslm: error:", " ".join(str(about).split()), file=sys.stderr)
    return _BAD_USE


def _silence_stdout():
    """Let what is still to be written go nowhere: whoever read it has left."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
