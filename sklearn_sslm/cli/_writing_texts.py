"""The subcommands ``sslm generate`` and ``sslm next``."""

import argparse
import sys

from ..generator import NGramTextGenerator, replies_in_blocks, sample_in_blocks
from ..utils import Progress, UserError
from ._files import verbose
from ._models import load_model, refusals_as_user_errors
from ._output import say
from ._records import as_json, as_tsv

_BLOCK = 8192
"""Texts that are drawn, and printed, at a time."""

_CONTROLS = {
    "temperature": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
    "min_p": "min_p",
    "min_length": "min_length",
    "max_length": "max_length",
    "bad_words": "bad_words",
    "stop": "stop",
    "no_repeat_ngram_size": "no_repeat_ngram_size",
    "beams": "num_beams",
}
"""For each option, the parameter of the generator that it sets."""


def controlled(
    model: NGramTextGenerator, args: argparse.Namespace
) -> NGramTextGenerator:
    """The model, with the controls that the options set."""
    given = {
        name: getattr(args, option)
        for option, name in _CONTROLS.items()
        if getattr(args, option) is not None
    }
    if args.novel:
        given["novel"] = True
    return model.set_params(**given)


def generate(args: argparse.Namespace) -> None:
    """Print random texts, a line each."""
    model = controlled(load_model(args.model), args)
    if args.seed is not None:
        model.set_params(random_state=args.seed)
    model.set_params(num_return_sequences=1)  # -k texts in all
    # At a terminal the texts themselves show how far it is.
    progress = Progress(verbose() and not sys.stdout.isatty(), "sslm")
    with (
        refusals_as_user_errors(args),
        progress.bar("writing", " texts", args.k) as on_progress,
    ):
        for texts in _new_texts(model, args):
            lines = (as_json({"text": text}) if args.json else text for text in texts)
            say(*lines, sep="\n")
            on_progress(len(texts))


def _new_texts(model, args):
    """Draw blocks of texts under the conditions of the options, or after their start."""
    conditions = {
        "starts_with": args.starts_with,
        "ends_with": args.ends_with,
        "contains": args.contains,
        "unique": args.unique,
        "balanced": args.balanced,
    }
    given = {name: value for name, value in conditions.items() if value}
    if given and args.start.strip():
        raise UserError(
            "argument --start: with conditions, give the start by --starts-with"
        )
    if given:
        for name in ("min_length", "max_length"):  # conditions here, not controls
            if getattr(args, name) is not None:
                given[name] = getattr(args, name)
        defaults = {"min_length": 0, "max_length": 100}
        return sample_in_blocks(model.set_params(**defaults), args.k, _BLOCK, **given)
    if not args.start.strip():
        return sample_in_blocks(model, args.k, _BLOCK)
    if model.unknown != "backoff":
        _refuse_unknown_words(model, args.start)
    model.set_params(echo="message")
    return replies_in_blocks(model, args.start, args.k, _BLOCK)


def _refuse_unknown_words(model, start):
    """Raise a `UserError` if the reply to a start would be the fallback."""
    words = model.word_index_.tokenize(start)
    for word in words[max(0, len(words) - model.n + 1) :]:
        if word not in model.word_index_.vocabulary_:
            raise UserError(
                f"argument --start: the model does not know the word {word!r}. End it "
                "with words of the texts that were learned."
            )


def next_words(args: argparse.Namespace) -> None:
    """Print the likeliest next words of a text."""
    model = load_model(args.model)
    with refusals_as_user_errors(args):
        [found] = model.next_words([args.text], k=args.k, prefix=args.prefix)
    for word, p in found:
        say(as_json({"word": word, "p": p}) if args.json else as_tsv(f"{p:.6f}", word))
