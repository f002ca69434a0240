"""Texts in, log probabilities out."""

from . import rivals
from .corpus import N, fit_file, lines_to_score, n_words, read
from .race import Runner, race, speed_rows

COPIES = 10


def rows(args):
    """Words a second, on TEST and on ten copies of it."""
    lines = lines_to_score(args)
    scorers = {"sklearn_sslm": fit_file(args.train, args.jobs).score_samples}
    if rivals.module("kenlm") and args.arpa:
        kenlm = rivals.module("kenlm").Model(args.arpa)
        scorers["kenlm"] = lambda texts: [kenlm.score(text) for text in texts]
    for work, texts in {
        f"scoring texts, n={N}": lines,
        f"scoring ten copies of them, n={N}": lines * COPIES,
    }.items():
        yield from _speeds(work, scorers, texts, args.repeats)
    if rivals.module("nltk"):
        nltk = rivals.nltk_model(read(args.train), N)
        slow = {"nltk.lm": lambda texts: [rivals.nltk_score(nltk, t, N) for t in texts]}
        # It sums over the vocabulary for each word: one text has to do.
        yield from _speeds(f"scoring one text, n={N}", slow, lines[:1], args.repeats)


def _speeds(work, scorers, texts, repeats):
    words = n_words(texts)
    runners = {
        who: Runner(lambda score=score: score(texts), lambda _: words)
        for who, score in scorers.items()
    }
    return speed_rows(work, race(runners, repeats), "kenlm")
