"""The subcommands ``sslm info``, ``sslm convert`` and ``sslm merge``."""

import argparse
import os
import re

from ..base import fitted_model, written_by
from ..classifier import NGramClassifier
from ..utils import UserError
from ._files import refuse_to_replace
from ._interrupts import interrupts_told, unwritten
from ._models import (
    load_any,
    load_classifier,
    load_model,
    refusals_as_user_errors,
    refuse_unknown_format,
    refuse_without_counts,
    save_model,
    size_of,
)
from ._output import counted, say
from ._records import as_json, as_tsv


def info(args: argparse.Namespace) -> None:
    """Print the properties of the model in a file."""
    model = load_any(args.model)
    fitted = fitted_model(model)
    record = {
        "kind": type(model).__name__,
        "n": model.n,
        "smoothing": re.sub(
            "(?<!^)([A-Z])", r" \1", type(model.smoothing_).__name__
        ).lower(),
        "n_words": model.n_words_,
        "n_texts": int(model.n_texts_seen_),
        "n_tokens": int(model.n_tokens_seen_),
        "replies": bool(model.has_replies_),
        "learns": bool(fitted.language_model.knows_all_counts),
        "n_grams": list(map(len, fitted.language_model.counts.levels)),
        "bytes": os.path.getsize(args.model),
        "version": written_by(model) or "unknown",
    }
    if isinstance(model, NGramClassifier):
        record["classes"] = list(map(str, model.classes_))
    if args.json:
        say(as_json(record))
        return
    for name, value in record.items():
        say(as_tsv(name, _shown(value)))


def _shown(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, list) else value


def convert(args: argparse.Namespace) -> None:
    """Write a model in another format."""
    refuse_unknown_format(args.output)
    refuse_to_replace([args.model], args.output, "the model that is read")
    with interrupts_told(unwritten(args.output)):
        model = load_any(args.model, whole=True)  # so that no damage is copied
        with refusals_as_user_errors(args, f"convert {args.model}"):
            save_model(model.compact() if args.compact else model, args.output)
    size = os.path.getsize(args.output)
    say(f"{args.output}: {counted(model.n_words_, 'different word')}, {size} bytes")


def merge(args: argparse.Namespace) -> None:
    """Write the model of the texts of several models."""
    refuse_unknown_format(args.output)
    if len(args.models) < 2:
        raise UserError(
            "argument MODEL: there must be at least two models to merge. Got "
            f"{len(args.models)}."
        )
    with interrupts_told(unwritten(args.output)):
        first, *others = args.models
        model = load_any(first, whole=True)
        refuse_without_counts(model, first)
        load = load_classifier if isinstance(model, NGramClassifier) else load_model
        for path in others:
            refuse_without_counts(other := load(path, whole=True), path)
            with refusals_as_user_errors(args, f"merge {path} into {first}"):
                model.merge(other)
        save_model(model, args.output)
    say(
        f"{args.output}: {size_of(model)}, {counted(model.n_words_, 'different word')}, "
        f"n={model.n}"
    )
