"""The command line: ``sslm``, the same as ``python -m sklearn_sslm``."""

import contextlib
import os
import sys
import warnings
from functools import partial

import joblib
import numpy as np

from ..chat import DataSet, NotLearnedError
from ..datasets import load_greetings
from ..generator import NGramTextGenerator
from ._files import (
    STDIN,
    UserError,
    fit_files,
    load_model,
    message_of,
    read_lines,
    read_texts,
    refuse_to_replace,
    replacing,
    verbose,
)
from ._parser import command_line

_BAD_USE = 2
_INTERRUPTED = 130


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
    data_set = DataSet(args.learn, notify=_warn)
    with data_set.locked(wait=args.wait) as texts:
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
    from ..chat import _page, _room

    # On a page n can be moved, up to that of the model.
    model = load_model(args.model) if args.model else _greeter(n=5)
    n = model.n if args.model else 2
    _seeded(model, args.seed)
    learned = _learned(model, args) if args.learn else contextlib.nullcontext()
    with learned as data_set:
        room = _room.Room(model, n=n, shared=args.shared, data_set=data_set)
        host, port = args.host or "127.0.0.1", args.port or 7860
        _page.serve(room, host, port, notify=partial(_say, flush=True), warn=_warn)
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
    data_set = DataSet(args.file, notify=_warn)
    with data_set.locked(must_exist=True, wait=args.wait):
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


_COMMANDS = {
    "fit": _fit,
    "generate": _generate,
    "chat": _chat,
    "forget": _forget,
    "score": _score,
}


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
        args = command_line().parse_args(argv)
    except SystemExit as end:  # after --help or --version
        code = end.code
    else:
        code = _COMMANDS[args.command](args)
    with _writing_stdout():
        sys.stdout.flush()
    return code or 0


def _complain(about):
    _print_error("error", about)
    return _BAD_USE


def _warn(about):
    _print_error("warning", about)


def _print_error(kind, about):
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
        raise UserError(f"cannot write standard output: {message_of(error)}") from None


def _silence_stdout():
    """Let what is still to be written go nowhere: whoever read it has left."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
