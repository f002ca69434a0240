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
    command = [sys.executable, "-m", "benchmarks.memory", large, str(args.jobs)]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    tokens = n_words(read(large))
    figure = f"{int(result.stdout) / tokens:.0f} bytes"
    return Row(f"peak memory, a token, n={N}", f"{tokens:,} tokens", figure)


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
