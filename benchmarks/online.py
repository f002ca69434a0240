"""What it costs to learn a message, to forget it and to answer, next to a refit.

``python -m benchmarks.online TRAIN.txt MESSAGES.txt``

A model of TRAIN (n=5, Kneser-Ney) learns the first ten words of each line of MESSAGES,
one message after the other. Times of single messages are medians. In the end the model
is compared with one fitted on all texts at once.
"""

import time
from itertools import cycle, islice
from pathlib import Path
from statistics import mean, median

import numpy as np

from .command import add_ratio_options, parser_of, show_table
from .corpus import N, fit, read
from .race import Row, short

FIT, LEARN, ANSWER = "a fit on all texts", "learn a message", "learn one, answer one"
ONLINE, FRESH = "one by one", "freshly fitted"


def main(argv=None):
    """Print a table."""
    parser = parser_of("online", __doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("messages", type=Path)
    parser.add_argument("--each", type=int, default=300, help="messages timed singly")
    parser.add_argument("--many", type=int, default=10_000, help="messages in a row")
    add_ratio_options(parser)
    args = parser.parse_args(argv)
    train, lines = read(args.train), read(args.messages)
    messages = [" ".join(line.split()[:10]) for line in lines if len(line.split()) > 9]
    messages = list(islice(cycle(messages), args.many))
    show_table(rows(train, messages, args.each), args)


def rows(train, messages, each):
    """Single messages next to a fit, many next to one batch, the model next to a new one."""
    refit, model = timed(fit, train)
    yield from singly(model, messages[:each], refit)
    at_once, _ = timed(fit, messages)
    one_by_one = sum(timed(model.partial_fit, [message])[0] for message in messages)
    work = f"{len(messages):,} messages, n={N}"
    yield Row(work, ONLINE, short(one_by_one), one_by_one / at_once, "at once")
    fresh = fit(train + messages)
    yield from afterwards(model, fresh, messages[:2000])
    scores = model.score_samples(train[:5000]), fresh.score_samples(train[:5000])
    worst = np.abs(scores[0] / scores[1] - 1).max()
    figure = f"{worst:.0e} apart, {same_counts(model, fresh)}"
    yield Row("scores, and counts", ONLINE, figure)


def singly(model, messages, refit):
    """What a message costs; all of them are forgotten again."""
    model.set_params(random_state=1, unknown="backoff", echo="none")
    model.predict(messages[:1])
    learning, answering = [], []
    for message in messages:
        learning.append(timed(model.partial_fit, [message])[0])
        answering.append(timed(model.predict, [message])[0])
    both = map(sum, zip(learning, answering, strict=True))
    forgetting = [timed(model.partial_forget, [message])[0] for message in messages]
    work = f"one message, n={N}"
    yield Row(work, FIT, short(refit))
    for who, seconds in ((LEARN, median(learning)), (ANSWER, median(both))):
        yield Row(work, who, short(seconds), seconds / refit, FIT)
    ratio = mean(forgetting) / mean(learning)
    yield Row(work, "forget a message", short(median(forgetting)), ratio, LEARN)


def afterwards(model, fresh, messages):
    """What scoring and answering cost then, next to a new model of the same texts."""
    fresh.set_params(**model.get_params(deep=False))
    for what, call in (
        ("score", lambda model: model.score_samples(messages)),
        ("answer", lambda model: [model.predict([message]) for message in messages]),
    ):
        ours, theirs = (
            median(timed(call, one)[0] for _ in range(3)) for one in (model, fresh)
        )
        work = f"{what} {len(messages):,} messages, n={N}"
        yield Row(work, ONLINE, short(ours), ours / theirs, FRESH)


def same_counts(model, fresh):
    """Whether the n-grams of two models are the same, array for array."""
    levels = zip(model.counts_.levels, fresh.counts_.levels, strict=True)
    return "equal" if all(map(are_equal, *zip(*levels, strict=True))) else "DIFFERENT"


def are_equal(level, other):
    """Whether all arrays of two levels are equal."""
    return all(
        np.array_equal(getattr(level, name), getattr(other, name))
        for name in ("key", "count", "suffix", "first_child")
    )


def timed(call, *args, **options):
    """Seconds that a call took, and what it gave."""
    start = time.perf_counter()
    result = call(*args, **options)
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
