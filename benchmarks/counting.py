"""From a file to a model that is ready to score."""

import shutil

from . import rivals
from .corpus import N, fit_file, read
from .race import Runner, race, time_rows

TUTORIAL = f"the tutorial's counting (order {N} only)"


def rows(args):
    """Seconds from the file to the model of all orders up to n."""
    runners = {
        "sklearn_sslm": Runner(lambda: fit_file(args.train, args.jobs)),
        TUTORIAL: Runner(lambda: rivals.tutorial(args.train, N)),
    }
    if rivals.module("nltk"):
        runners["nltk.lm"] = Runner(lambda: rivals.nltk_model(read(args.train), N))
    if shutil.which("lmplz"):
        runners["lmplz, build_binary"] = Runner(lambda: rivals.lmplz(args.train, N))
    seconds = race(runners, args.repeats)
    yield from time_rows(f"file to model, n={N}", seconds, TUTORIAL)
