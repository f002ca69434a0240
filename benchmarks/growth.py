"""What ten times the text costs, in time and in memory, and awkward texts."""

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from .corpus import N, awkward, fit, fit_file, n_words, read, write_sampled
from .race import Row, Runner, race, time_rows


def rows(args):
    """Time and memory per token, on texts that a model of TRAIN makes up."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.txt"), Path(folder, "large.txt")
        writer = fit_file(args.train, args.jobs)
        write_sampled(writer, args.tokens, small)
        write_sampled(writer, 10 * args.tokens, large)
        del writer
        yield from _longer(small, large, args)
        yield _leaner(large, args)
        yield from _in_chunks(small, large)
        yield from _odder(small, args)


def _longer(small, large, args):
    runners, names = {}, []
    for path in (small, large):
        tokens = n_words(read(path))
        names.append(f"{tokens:,} tokens")
        run = partial(fit_file, path, args.jobs)
        runners[names[-1]] = Runner(run, lambda _, tokens=tokens: tokens)
    seconds = race(runners, args.repeats)
    yield from time_rows(f"file to model, a token, n={N}", seconds, names[0])


def _leaner(large, args):
    n_bytes, _ = _peak(large, args.jobs)
    tokens = n_words(read(large))
    figure = f"{n_bytes / tokens:.0f} bytes"
    return Row(f"peak memory, a token, n={N}", f"{tokens:,} tokens", figure)


def _in_chunks(small, large):
    """Memory of `partial_fit`: ten times the tokens with the same n-grams, or others."""
    first = None
    for path, times in ((small, 1), (small, 10), (large, 1)):
        n_bytes, n_ngrams = _peak(path, 1, times)
        first = first or n_bytes
        tokens = times * n_words(read(path))
        who = f"{tokens:,} tokens, {n_ngrams:,} n-grams"
        figure, ratio = f"{n_bytes / 1e6:.0f} MB", n_bytes / first
        yield Row(f"peak memory in chunks, n={N}", who, figure, ratio, "the first")


def _peak(*arguments):
    """The numbers that the command of `memory` prints."""
    command = [sys.executable, "-m", "benchmarks.peak", *map(str, arguments)]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return map(int, result.stdout.split())


def _odder(small, args):
    lines = read(small)
    texts = {"usual texts": lines, **awkward(lines, args.tokens)}
    tokens = {who: n_words(lines) for who, lines in texts.items()}
    model = fit(lines, args.jobs)
    actions = {
        "learning": lambda lines: fit(lines, args.jobs),
        "scoring": model.score_samples,
    }
    for work, action in actions.items():
        runners = {
            who: Runner(partial(action, lines), lambda _, who=who: tokens[who])
            for who, lines in texts.items()
        }
        seconds = race(runners, args.repeats)
        yield from time_rows(f"{work}, a token, n={N}", seconds, "usual texts")
