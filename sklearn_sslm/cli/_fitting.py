"""The subcommand ``sslm fit``."""

import argparse
from typing import Any

import joblib

from ..classifier import NGramClassifier
from ..generator import NGramTextGenerator
from ..utils import UserError
from ..words import NoTextError, WordIndexTransformer
from ._files import (
    fit_files,
    no_text,
    read_lines,
    read_texts,
    refuse_to_replace,
    replacing,
    verbose,
)
from ._interrupts import interrupts_told, unwritten
from ._models import refusals_as_user_errors, size_of
from ._output import counted, say
from ._records import pairs_of, read_records, warn_of_records
from .options import STDIN


def fit(args: argparse.Namespace) -> None:
    """Learn the texts of files, and write a model file."""
    _check_options(args)
    refuse_to_replace(args.files, args.output)
    with interrupts_told(unwritten(args.output)), replacing(args.output) as file:
        joblib.dump(model := _fitted(args), file)
    say(
        f"{args.output}: {size_of(model)}, {counted(model.n_words_, 'different word')}, "
        f"n={args.n}"
    )
    if not (args.field or args.pairs):
        warn_of_records(args.files)


def _check_options(args):
    if args.label and not args.field:
        raise UserError(
            "argument --label: the field of the texts must be given, too, with --field"
        )
    if args.pairs and args.field:
        raise UserError(
            "argument --pairs: --field reads fields, not pairs. Leave out one of the two."
        )
    if args.label and (args.min_count > 1 or args.memory or args.novel):
        raise UserError(
            "argument --label: a classifier has no --min-count, --memory or --novel. "
            "Leave them out."
        )
    if args.output.endswith((".skops", ".arpa", ".arpa.gz")):
        raise UserError(
            f"argument --output: must be the name of a joblib file. Got {args.output!r}; "
            "'sslm convert' writes other formats."
        )
    if args.analyzer != "word" and args.tokenizer:
        raise UserError("argument --tokenizer: --analyzer char has no words to split")


def _fitted(args):
    """The model of all files, with the parameters that other commands expect."""
    index = _word_index(args)
    with refusals_as_user_errors(args):
        try:
            return _classifier(args, index) if args.label else _generator(args, index)
        except NoTextError:
            raise _no_word(args) from None


def _no_word(args):
    """The error about texts without words."""
    if not args.tokenizer:
        return no_text(args.files)
    return UserError(
        "argument --tokenizer: must match a word of the texts. Got "
        f"{args.tokenizer.pattern!r:.80}, which matches none."
    )


def _generator(args, index):
    """The generator of the pairs, fields or lines of all files."""
    model = NGramTextGenerator(
        n=args.n,
        smoothing=args.smoothing or "mle",
        min_count=args.min_count,
        word_index=index,
        memory="recent" if args.memory else None,
        novel=args.novel,
        n_jobs=args.jobs,
        verbose=verbose(),
    )
    _learn(model, args)
    return model.set_params(input="content", novel=False, n_jobs=None, verbose=0)


def _learn(model, args):
    """Fit a generator on the pairs, fields or lines of all files."""
    if args.pairs:
        pairs = [
            pair
            for path in args.files
            for pair in pairs_of(read_lines(path, encoding=args.encoding), path)
        ]
        if not pairs:
            raise no_text(args.files)
        messages, replies = zip(*pairs, strict=True)
        model.fit(list(messages), list(replies))
    elif args.field:
        records = read_records(args.files, args.encoding, [args.field])
        model.fit([text for (text,) in records])
    elif args.jobs == 1 or STDIN in args.files or args.encoding != "utf-8":
        model.fit(read_texts(args.files, args.encoding))
    else:
        fit_files(model.set_params(input="filename"), args.files)


def _classifier(args, index):
    """The classifier of the texts and labels of all files."""
    records = read_records(args.files, args.encoding, [args.field, args.label])
    texts, labels = zip(*records, strict=True)
    model = NGramClassifier(
        n=args.n,
        smoothing=args.smoothing,
        word_index=index,
        n_jobs=args.jobs,
    )
    return model.fit(list(texts), list(labels)).set_params(n_jobs=None)


def _word_index(args) -> WordIndexTransformer | None:
    """The word index that the options describe; None for the default one."""
    chosen: dict[str, Any] = {}
    if args.lowercase:
        chosen["lowercase"] = True
    if args.analyzer != "word":
        chosen["analyzer"] = args.analyzer
    if args.tokenizer:
        if args.tokenizer.groups:
            raise UserError(
                "argument --tokenizer: a group must not capture. Write it as (?:…)."
            )
        chosen["tokenizer"] = args.tokenizer.findall
    return WordIndexTransformer(**chosen) if chosen else None
