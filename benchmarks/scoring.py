"""Texts in, log probabilities out."""

from . import rivals
from .corpus import N, fit_file, lines_to_score, n_words, read
from .race import Runner, race, speed_rows

COPIES = 10
NLTK_LINES = 5  # it scores some 70 words a second


def rows(args):
    """Words a second, on ten copies of TEST."""
    lines = lines_to_score(args) * COPIES
    words = n_words(lines)
    model = fit_file(args.train, args.jobs)
    runners = {
        "sklearn_sslm": Runner(lambda: model.score_samples(lines), lambda _: words)
    }
    if rivals.module("kenlm") and args.arpa:
        kenlm = rivals.module("kenlm").Model(args.arpa)
        runners["kenlm"] = Runner(
            lambda: [kenlm.score(line) for line in lines], lambda _: words
        )
    if rivals.module("nltk"):
        nltk = rivals.nltk_model(read(args.train), N)
        some = lines[:NLTK_LINES]
        runners["nltk.lm"] = Runner(
            lambda: [rivals.nltk_score(nltk, line, N) for line in some],
            lambda _: n_words(some),
        )
    yield from speed_rows(f"scoring texts, n={N}", race(runners, args.repeats), "kenlm")
