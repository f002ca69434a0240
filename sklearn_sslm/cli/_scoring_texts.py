"""The subcommands ``sslm score``, ``sslm explain`` and ``sslm classify``."""

import argparse
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base import fitted_model
from ..classifier import NGramClassifier
from ..utils import UserError
from ._files import in_blocks, read_texts, verbose
from ._models import load_any, load_classifier, load_model, refusals_as_user_errors
from ._output import counted, note, say, warn
from ._records import as_json, as_tsv, read_records, warn_of_records


def score(args: argparse.Namespace) -> None:
    """Print the scores of texts, and a summary on standard error."""
    if args.reverse and not args.sort:
        raise UserError("argument --reverse: there is no order without --sort")
    if args.tokens and args.sort:
        raise UserError(
            "argument --sort: with --tokens, words are in the order of the texts. Leave "
            "out one of the two."
        )
    _check_format(args)
    model = load_model(args.model)
    model.set_params(verbose=verbose())
    if args.memory and model.memory is None:
        model.set_params(memory="recent")
    texts, totals = _read_all(args), _Totals()
    # A memory goes on from text to text, and an order is one of all texts.
    as_one = args.sort or model.memory is not None
    blocks = [list(texts)] if as_one else in_blocks(texts)
    with warnings.catch_warnings(), refusals_as_user_errors(args):
        warnings.simplefilter("ignore")  # about -inf, which is printed
        for block in blocks:
            table = model.score_texts(block, unknown=args.unknown)
            if args.tokens:
                _print_tokens(model.score_tokens(block), totals.n_texts, args)
            else:
                _print_texts(table, block, totals.n_texts, args)
            totals.add(table)
    _summarize(totals, model, args.unknown)


def _check_format(args):
    if args.tsv and args.json:
        raise UserError(
            "argument --tsv: the output is either TSV or JSON. Leave out --tsv or --json."
        )


def _read_all(args):
    """The texts of all files, one by one."""
    if args.field:
        records = read_records(args.files, args.encoding, [args.field])
        return (text for (text,) in records)
    texts = read_texts(args.files, args.encoding)
    warn_of_records(args.files)
    return texts


def _print_texts(table, texts, n_before, args):
    """Print the scores of texts, which come after others."""
    order = np.arange(len(texts))
    if args.sort:
        values = table[args.sort].astype(float)
        order = np.argsort(-values if args.reverse else values, kind="stable")
    names = table.dtype.names
    if args.tsv and not n_before:
        say(as_tsv(*names, "text"))
    for j in order.tolist():
        if args.json:
            say(as_json({name: table[name][j] for name in names} | {"text": texts[j]}))
        elif args.tsv:
            say(as_tsv(*(_shown(table[name][j]) for name in names), texts[j]))
        else:
            say(f"{table['log_proba'][j]:.6f}")


def _print_tokens(table, n_before, args):
    """Print the scores of the tokens of texts, which come after others."""
    names = table.dtype.names
    table["text"] += n_before
    if not args.json and not n_before:
        say(as_tsv(*names))
    for row in table:
        record = dict(zip(names, row.tolist(), strict=True))
        if args.json:
            say(as_json(record))
        else:
            say(as_tsv(*map(_shown, record.values())))


def _shown(value):
    return f"{value:.6g}" if isinstance(value, float | np.floating) else value


def _why_impossible(model, holds_unknown):
    """The warning about texts with probability 0, with what to do for this model."""
    if not fitted_model(model).language_model.is_stored:
        return (
            "a text with -inf has a word that never followed the words before it; with "
            "'sslm fit --smoothing kneser_ney' every text has a probability"
        )
    if holds_unknown:
        return (
            "a text with -inf has an unknown word, and the ARPA file has no probability "
            "for unknown words; '--unknown exclude' leaves them out"
        )
    return (
        "a text with -inf has a word that has probability 0 after the words before it, "
        "by the ARPA file; write the file from a smoothed model"
    )


@dataclass
class _Totals:
    """Sums over the texts that were scored.

    Attributes
    ----------
    n_texts, n_tokens : int
        Their ends are tokens, too.
    log_proba : float
        -inf if one of the texts is impossible.
    n_unknown_of_impossible : int
        Unknown words in texts with probability 0.
    """

    n_texts: int = 0
    n_tokens: int = 0
    log_proba: float = 0.0
    n_unknown_of_impossible: int = 0

    def add(self, table: np.ndarray) -> None:
        """Add the texts of a table of `score_texts`."""
        impossible = np.isneginf(table["log_proba"])
        self.n_texts += len(table)
        self.n_tokens += int(table["n_tokens"].sum())
        self.log_proba += float(table["log_proba"].sum())
        self.n_unknown_of_impossible += int(table["n_unknown"][impossible].sum())


def _summarize(totals, model, unknown):
    """Print the number of texts and tokens and their perplexity to standard error."""
    if np.isneginf(totals.log_proba):
        holds_unknown = unknown == "include" and totals.n_unknown_of_impossible
        warn(_why_impossible(model, holds_unknown))
    mean = totals.log_proba / max(totals.n_tokens, 1)
    with np.errstate(over="ignore"):
        perplexity = np.exp(-mean)
    tokens = counted(totals.n_tokens, "token")
    note(
        f"{counted(totals.n_texts, 'text')}, {tokens} with their ends, "
        f"mean log probability {mean:.6f} a token, perplexity {perplexity:.6g}"
    )


def explain(args: argparse.Namespace) -> None:
    """Print the surprise of each word of a text and the order of its n-gram."""
    model: Any = load_any(args.model)
    if not hasattr(model, "explain"):
        raise UserError(
            f"{args.model}: a {type(model).__name__} cannot explain texts. Give a "
            "generator or a classifier."
        )
    with refusals_as_user_errors(args):
        table = model.explain(args.text)
    names = table.dtype.names
    if args.json:
        for row in table:
            say(as_json({name: _plain(row[name]) for name in names}))
    elif isinstance(model, NGramClassifier):
        say(as_tsv("word", "speaks_for", *model.classes_))
        for row in table:
            bits = (f"{value:.2f}" for value in row["evidence"].round(2) + 0.0)
            say(as_tsv(row["word"], row["speaks_for"], *bits))
    else:
        say(as_tsv("word", "surprise", "order"))
        for row in table:
            say(as_tsv(row["word"], f"{row['surprise']:.2f}", row["order"]))


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def classify(args: argparse.Namespace) -> None:
    """Print the class of each text."""
    _check_format(args)
    model = load_classifier(args.model)
    for nth, block in enumerate(in_blocks(_read_all(args))):
        with refusals_as_user_errors(args):
            probabilities = model.predict_proba(block)
        if args.tsv and not nth:
            say(as_tsv("class", "p", "text"))
        _print_classes(model, block, probabilities, args)


def _print_classes(model, texts, probabilities, args):
    for text, p in zip(texts, probabilities, strict=True):
        name, best = model.classes_[p.argmax()], p.max()
        if args.json:
            of_each = dict(zip(map(str, model.classes_), p.tolist(), strict=True))
            say(as_json({"class": str(name), "p": of_each, "text": text}))
        elif args.tsv:
            say(as_tsv(name, f"{best:.6g}", text))
        else:
            say(name)
