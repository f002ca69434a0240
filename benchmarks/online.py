"""What it costs to learn a message, to forget it and to answer, next to a refit.

``python -m benchmarks.online TRAIN.txt MESSAGES.txt``

A model of TRAIN (n=5, Kneser-Ney) learns the first ten words of each line of MESSAGES,
one message after the other. Times are in milliseconds; those of single messages are
medians. In the end the model is compared with one fitted on all texts at once.
"""

import time
from itertools import cycle, islice
from pathlib import Path
from statistics import mean, median

import numpy as np

from .command import parser_of, show, show_row
from .corpus import fit, read

HEAD = "| work | ms | comparison |\n|---|---|---|"


def main(argv=None):
    """Print a table."""
    parser = parser_of("online", __doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("messages", type=Path)
    parser.add_argument("--each", type=int, default=300, help="messages timed singly")
    parser.add_argument("--many", type=int, default=10_000, help="messages in a row")
    args = parser.parse_args(argv)
    train, lines = read(args.train), read(args.messages)
    messages = [" ".join(line.split()[:10]) for line in lines if len(line.split()) > 9]
    messages = list(islice(cycle(messages), args.many))
    show(HEAD)
    for cells in rows(train, messages, args.each):
        show_row(cells)


def rows(train, messages, each):
    """The cells of the table, row by row."""
    refit, model = timed(fit, train, n=5, smoothing="kneser_ney")
    yield "a fit on all texts", f"{refit:.0f}", ""
    model.set_params(random_state=1, unknown="backoff", echo="none")
    model.predict(messages[:1])
    learning, answering = [], []
    for message in messages[:each]:
        learning.append(timed(model.partial_fit, [message])[0])
        answering.append(timed(model.predict, [message])[0])
    both = median(map(sum, zip(learning, answering, strict=True)))
    yield "learn a message", f"{median(learning):.2f}", f"the first {learning[0]:.2f}"
    yield "learn one, answer one", f"{both:.2f}", f"1/{refit / both:.0f} of a fit"
    forgetting = [timed(model.partial_forget, [m])[0] for m in messages[:each]]
    ratio = mean(forgetting) / mean(learning)
    yield "forget a message", f"{median(forgetting):.2f}", f"{ratio:.1f} × learning"

    at_once, _ = timed(fit, messages, n=5, smoothing="kneser_ney")
    one_by_one = sum(timed(model.partial_fit, [message])[0] for message in messages)
    what = f"{len(messages):,} messages, one by one"
    yield what, f"{one_by_one:.0f}", f"{one_by_one / at_once:.0f} × at once"
    fresh = fit(train + messages, n=5, smoothing="kneser_ney")
    fresh.set_params(random_state=1, unknown="backoff", echo="none")
    for work, call in (
        ("score 2,000 messages", lambda m: m.score_samples(messages[:2000])),
        ("answer 2,000 messages", lambda m: [m.predict([x]) for x in messages[:2000]]),
    ):
        ours, theirs = (
            median(timed(call, one)[0] for _ in range(3)) for one in (model, fresh)
        )
        yield work, f"{ours:.1f}", f"{ours / theirs:.2f} × freshly fitted"
    scores = model.score_samples(train[:5000]), fresh.score_samples(train[:5000])
    worst = np.abs(scores[0] / scores[1] - 1).max()
    yield "scores, and counts", "", f"{worst:.0e} apart, {same_counts(model, fresh)}"


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
    """Milliseconds that a call took, and what it gave."""
    start = time.perf_counter()
    result = call(*args, **options)
    return (time.perf_counter() - start) * 1000, result


if __name__ == "__main__":
    main()
