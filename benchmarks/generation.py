"""New texts: many at once, one at a time, and the first word of one."""

from functools import partial

from . import rivals
from .corpus import fit, n_words, read
from .race import Runner, race, speed_rows, time_rows

N = 3
MANY, FEW = 10_000, 500
SMOOTHINGS = ("mle", "kneser_ney")


def rows(args):
    """Words a second of a batch; time for one text, one reply, its first word."""
    lines = read(args.train)
    rival = {}
    if rivals.module("markovify"):
        rival["markovify"] = rivals.markovify_chain(lines, N).make_sentence
    messages = [" ".join(line.split()[:3]) for line in lines if line.strip()][:FEW]
    for smoothing in SMOOTHINGS:
        model = fit(lines, args.jobs, N, smoothing).set_params(echo="none")
        kind = f"n={N}, {smoothing}"
        seconds = race(_batches(model, rival), args.repeats)
        yield from speed_rows(f"{MANY:,} texts at once, {kind}", seconds, "markovify")
        seconds = race(_singles(model, messages, rival), args.repeats)
        yield from time_rows(f"one at a time, {kind}", seconds, "markovify")


def _batches(model, rival):
    runners = {"sklearn_sslm": Runner(lambda: model.sample(MANY), n_words)}
    for who, make in rival.items():
        runners[who] = Runner(partial(_sentences, make, MANY), n_words)
    return runners


def _singles(model, messages, rival):
    runners = {
        "predict([message])": Runner(
            lambda: [model.predict([m]) for m in messages], len
        ),
        "sample(1)": Runner(lambda: [model.sample() for _ in messages], len),
        "first word of stream(message)": Runner(
            lambda: [next(model.stream(m), "") for m in messages], len
        ),
    }
    for who, make in rival.items():
        runners[who] = Runner(partial(_sentences, make, len(messages)), len)
    return runners


def _sentences(make, many):
    return [make(test_output=False) for _ in range(many)]
