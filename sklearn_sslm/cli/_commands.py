"""What the subcommands of ``sslm`` do."""

import argparse
import warnings

import joblib
import numpy as np

from ..generator import NGramTextGenerator, scores_of_texts
from ..utils import UserError
from ._conversation import chat, forget
from ._files import fit_files, read_texts, refuse_to_replace, replacing, verbose
from ._models import load_model, refusals_as_user_errors, seeded
from ._output import complain, say, warn
from ._parser import STDIN


def run(args: argparse.Namespace) -> int:
    """Run the subcommand that the arguments name; returns the exit code."""
    try:
        return _COMMANDS[args.command](args) or 0
    except UserError as error:
        return complain(error)


def _fit(args):
    refuse_to_replace(args.files, args.output)
    with replacing(args.output) as file:
        joblib.dump(model := _fitted(args), file)
    say(
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
    model = seeded(load_model(args.model), args.seed)
    model.set_params(num_return_sequences=1, verbose=verbose())  # -k is the number
    with refusals_as_user_errors():
        texts = _new_texts(model, args.start, args.k)
    for text in texts:
        say(text)


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


def _score(args):
    model = load_model(args.model)
    model.set_params(verbose=verbose())
    if args.memory and model.memory is None:
        model.set_params(memory="recent")
    texts = list(read_texts([args.file]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of -inf, which is printed
        log_proba, n_tokens = scores_of_texts(model, texts)
    for value in log_proba:
        say(f"{value:.6f}")
    if np.isneginf(log_proba).any():
        warn(
            "a text with -inf has a word that never followed the words before it; with "
            "'sslm fit --smoothing kneser_ney' every text has a probability"
        )
    mean = log_proba.sum() / n_tokens.sum()
    say(
        f"{len(texts)} texts, {n_tokens.sum()} tokens with their ends, "
        f"mean log probability {mean:.6f} a token, perplexity {np.exp(-mean):.6g}"
    )


_COMMANDS = {
    "fit": _fit,
    "generate": _generate,
    "chat": chat,
    "forget": forget,
    "score": _score,
}
