"""The command line: ``sslm``, the same as ``python -m sklearn_sslm``."""

import argparse
import contextlib
import os
import sys
import warnings
from functools import partial

import joblib
import numpy as np

from . import NGramTextGenerator, __version__
from ._cli_files import (
    STDIN,
    UserError,
    fit_files,
    load_model,
    read_lines,
    read_texts,
    reason,
    refuse_to_replace,
    replacing,
    verbose,
)
from ._data_set import DataSet, NotLearnedError, as_line
from .datasets import load_greetings
from .smoothing import _BY_NAME

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
        joblib.dump(model := _fitted(args), file)
    _say(
        f"{args.output}: {model.n_texts_seen_} texts, {model.n_tokens_seen_} tokens, "
        f"{model.n_words_} different words, n={args.n}"
    )


def _fitted(args):
    """A model of all files, read by several processes if asked for."""
    model = NGramTextGenerator(n=args.n, smoothing=args.smoothing, verbose=verbose())
    if args.jobs == 1 or STDIN in args.files:
        model.fit(read_texts(args.files))
    else:
        fit_files(model.set_params(input="filename", n_jobs=args.jobs), args.files)
    return model.set_params(input="content", n_jobs=None, verbose=0)


def _generate(args):
    model = _seeded(load_model(args.model), args.seed)
    # -k says how many.
    model.set_params(num_return_sequences=1, verbose=verbose())
    with _refusals_told():
        texts = _new_texts(model, args.start, args.k)
    for text in texts:
        _say(text)


@contextlib.contextmanager
def _refusals_told():
    """Tell what a model cannot do, as its parameters were set, as a `UserError`."""
    try:
        yield
    except ValueError as error:
        raise UserError(error) from None


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
    if args.wait and not args.learn:
        raise UserError("argument --wait: there is nothing to wait for without --learn")
    _check_page_options(args)
    if args.web:
        return _chat_on_a_page(args)
    model = load_model(args.model) if args.model else _greeter()
    _seeded(model, args.seed)
    if args.learn:
        return _chat_and_learn(model, args)
    return max((_answer(model, message) for message in _messages()), default=0)


def _chat_and_learn(model, args):
    """Learn the data set, then from each message; the exit code."""
    code = 0
    with _learned(model, args) as data_set:
        for message in _messages():
            # First answer, or it would repeat what was just said.
            code = max(code, _answer(model, message))
            code = max(code, _learn(model, data_set, message))
    return code


@contextlib.contextmanager
def _learned(model, args):
    """Learn the data set; yields it while nobody else may change it."""
    if model.has_replies_:
        raise UserError(
            f"{args.model}: this model learned messages with replies. For --learn give "
            "one that learned texts, as 'sslm fit' writes it."
        )
    data_set = DataSet(args.learn, tell=_warn)
    with data_set.held(wait=args.wait) as texts:
        if texts:
            model.partial_fit(texts)
        yield data_set


def _check_page_options(args):
    for name in ("shared", "host", "port"):
        if getattr(args, name) and not args.web:
            raise UserError(f"argument --{name}: there is no page without --web")
    if args.web and args.learn and not args.shared:
        raise UserError(
            "argument --learn: what is taught on a page would be learned for everyone. "
            "Say that you want this with --shared, or leave out --learn."
        )


def _chat_on_a_page(args):
    from . import _room, _web  # of use to this command alone

    # On a page n can be moved, up to that of the model.
    model = load_model(args.model) if args.model else _greeter(n=5)
    n = model.n if args.model else 2
    _seeded(model, args.seed)
    learned = _learned(model, args) if args.learn else contextlib.nullcontext()
    with learned as data_set:
        room = _room.Room(model, n=n, shared=args.shared, data_set=data_set)
        host, port = args.host or "127.0.0.1", args.port or 7860
        _web.serve(room, host, port, tell=partial(_say, flush=True), warn=_warn)
    return 0


def _answer(model, message):
    """Print the replies to a message, a line each; the exit code."""
    code, replies = 0, [""]  # who waits for a line gets one in any case
    try:
        with _refusals_told():
            replies = model.predict([message]).ravel()
    except UserError as error:
        code = _complain(error)
    _say(*replies, sep="\n", flush=True)
    return code


def _learn(model, data_set, message):
    """Save a message, learn it and say so; the exit code."""
    code, text = 0, ""
    try:
        text = data_set.add(message)
    except NotLearnedError as error:
        code = _complain(error)
    if text:
        model.partial_fit([text])
    _say("Learned" if text else "Not learned", flush=True)
    return code


def _forget(args):
    data_set = DataSet(args.file, tell=_warn)
    with data_set.held(must_exist=True, wait=args.wait):
        n_forgotten, n_left = data_set.forget(args.text, everywhere=args.all)
    if not n_forgotten:
        raise UserError(f"{data_set.path}: no line is the text {args.text!r}")
    lines = "line" if n_forgotten == 1 else "lines"
    others = f", {n_left} with the same text left" if n_left else ""
    _say(f"{data_set.path}: {n_forgotten} {lines} forgotten{others}")


def _score(args):
    model = load_model(args.model)
    model.set_params(verbose=verbose())
    texts = list(read_texts([args.file]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of -inf, which is printed
        log_probabilities = model.score_samples(texts)
    for value in log_probabilities:
        _say(f"{value:.6f}")
    if np.isneginf(log_probabilities).any():
        _warn(
            "a text with -inf has words in an order that the model takes for "
            "impossible; 'sslm fit --smoothing kneser_ney' makes models that take none"
        )
    n_tokens = sum(len(model.word_index_.tokenize(text)) + 1 for text in texts)
    mean = log_probabilities.sum() / n_tokens
    _say(
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
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - lets `input` edit lines, and remember them
    _say("Write a message; Ctrl-D ends.")
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            yield input("> ")
    _say("\nGoodbye!")


def _greeter(n=2):
    return NGramTextGenerator(n=n).fit(load_greetings().data)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message):
        raise UserError(f"{message} (see '{self.prog} --help')")


def _positive_int(text):
    return _int_in(text, 1, np.iinfo(np.int32).max)


def _jobs(text):
    return -1 if text == "-1" else _positive_int(text)


def _port(text):
    return _int_in(text, 1, 65535)


def _seed(text):
    return _int_in(text, 0, np.iinfo(np.uint32).max)


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
    if not as_line(_utf8(text)):
        raise argparse.ArgumentTypeError("must hold a word")
    return text


def _plain_file(path):
    if path in ("", STDIN) or path.endswith(".gz"):
        raise argparse.ArgumentTypeError(
            f"must be a plain text file, which can be added to. Got {path!r} instead."
        )
    return path


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
    _add_forget(commands)
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
        choices=list(_BY_NAME),
        default="mle",
        help="how probability is shared with words never seen after a context; to score "
        "texts that were not learned take kneser_ney (default: mle)",
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
        "--start", type=_utf8, default="", help="words that every text begins with"
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
  sslm chat --learn dataset.txt
  sslm chat --web

Ctrl-D or Ctrl-C ends a conversation. A reply is a line. Where a model may not answer,
as one with unknown='error' to a word it does not know, that line is empty, the reason
is on standard error, and the exit code in the end is 2.

With --learn, what stands in the data set is learned first. Each message is answered,
then appended to it and learned. 'Learned' after the answer says that it is safely on
disk; 'Not learned' that it was empty or, with the reason on standard error and exit
code 2 in the end, that it could not be saved. Line ends in a message become blanks.
A last line that a crash left incomplete is moved to dataset.txt.torn. While a chat
learns from a data set, dataset.txt.lock keeps all others from it.

With --web one talks on a page in the browser, which shows what the model expects. Each
visitor can teach it sentences and make it forget them: their own copy, or with --shared
the one of all. With --learn, which then needs --shared, the data set is what it is
taught; messages are only answered.
{_TRUST}""",
    )
    command.add_argument(
        "--model", help=f"{_MODEL_HELP} (default: ten Portuguese greetings)"
    )
    command.add_argument(
        "--learn",
        type=_plain_file,
        metavar="FILE",
        help="data set, a text a line, to learn and to append each message to; made if "
        "missing (needs the package filelock)",
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
        _forget,
        "Remove a text from a data set that 'sslm chat --learn' learns from.",
        """\
examples:
  sslm forget dataset.txt "carros são automóveis"
  sslm forget dataset.txt "Oi!" --all

Of several lines with that text the last one is removed. The file is replaced in one
step, so that a crash leaves either the old one or the new one. What a model file has
learned stays in it; a chat knows no more of the text from its next start on.
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
        _score,
        "Print the natural log probability of each text of a file, then a summary.",
        f"""\
example:
  sslm score --model to_score.joblib held_out.txt

Blank lines are left out. The end of a text counts as one token. -inf is the log
probability of a text the model takes for impossible, as one that was fitted without
smoothing does of most texts that it has not learned.
{_TRUST}""",
    )
    command.add_argument("--model", required=True, help=_MODEL_HELP)
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


def main(argv=None):
    """Run the command line.

    Parameters
    ----------
    argv : list of str, default=None
        The arguments; None stands for those of the process.

    Returns
    -------
    code : int
        The exit code: 0, 2 for a user's mistake or a message that could not be answered
        or saved, told in one line on standard error, or 130 when interrupted.
    """
    try:
        return _run(argv)
    except UserError as error:
        return _complain(error)
    except BrokenPipeError:
        _silence_stdout()
        return 0
    except OSError as error:
        return _complain(error)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(argv):
    with contextlib.suppress(AttributeError):  # a replaced stdout may lack it
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        args = _parser().parse_args(argv)
    except SystemExit as end:  # after --help or --version
        code = end.code
    else:
        code = args.run(args)
    with _writing_stdout():
        sys.stdout.flush()
    return code or 0


def _complain(about):
    _tell("error", about)
    return _BAD_USE


def _warn(about):
    _tell("warning", about)


def _tell(kind, about):
    print(f"sslm: {kind}:", " ".join(str(about).split()), file=sys.stderr, flush=True)


def _say(*what, **how):
    with _writing_stdout():
        print(*what, **how)


@contextlib.contextmanager
def _writing_stdout():
    """Tell why standard output cannot be written, unless its reader has just left."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        _silence_stdout()
        raise UserError(f"cannot write standard output: {reason(error)}") from None


def _silence_stdout():
    """Let what is still to be written go nowhere: whoever read it has left."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
