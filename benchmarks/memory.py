"""What a memory of recent words brings, and what it costs.

``python -m benchmarks.memory TRAIN.txt TEST.txt``

Words that TRAIN has only once become the word <unk> in both files, so that no word of TEST
is unknown: only then can the perplexities be compared. Nothing is chosen by looking at
TEST. Sentences that are shuffled have the same subject as before, but not the same order:
what a memory still gains there, it gains from the subject.
"""

import copy
import pickle
from collections import Counter
from pathlib import Path

import numpy as np

from .command import add_ratio_options, parser_of, show_table
from .corpus import fit, n_words, read
from .race import Row, Runner, race, time_rows

STATIC, MEMORY, SHUFFLED = "static", "memory", "memory, sentences shuffled"
UNKNOWN = "<unk>"
PROMPT = 2  # words before the one that is suggested


def main(argv=None):
    """Print a table."""
    parser = parser_of("memory", __doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--n", type=int, default=6, help="the order (default: 6)")
    parser.add_argument("--repeats", type=int, default=5, help="rounds of a race")
    parser.add_argument(
        "--new", type=int, default=100_000, help="words never repeated (default: 10⁵)"
    )
    add_ratio_options(parser)
    args = parser.parse_args(argv)
    show_table(rows(*closed(read(args.train), read(args.test)), args), args)


def closed(train, test):
    """Both files with the words of one vocabulary: those that TRAIN has twice or more."""
    counts = Counter(word for line in train for word in line.split())
    return (
        [
            " ".join(word if counts[word] > 1 else UNKNOWN for word in line.split())
            for line in lines
        ]
        for lines in (train, test)
    )


def rows(train, test, args):
    """Perplexities, then times, then sizes."""
    static = fit(train, n=args.n)
    model = copy.copy(static).set_params(memory="recent")
    work = f"perplexity, n={args.n}"
    perplexity = static.perplexity(test)
    yield Row(work, STATIC, f"{perplexity:.2f}")
    shuffled = np.random.default_rng(0).permutation(test).tolist()
    for who, texts in ((MEMORY, test), (SHUFFLED, shuffled)):
        found = model.perplexity(texts)
        yield Row(work, who, f"{found:.2f}", found / perplexity, STATIC)
    yield from times(static, model, test, args)
    yield from sizes(model, args.new)


def times(static, model, test, args):
    """What a token costs to score and to hear, and what a question for the next word."""
    n_tokens = n_words(test) + len(test)
    scoring = {
        STATIC: Runner(lambda: static.score_samples(test), lambda _: n_tokens),
        MEMORY: Runner(lambda: model.score_samples(test), lambda _: n_tokens),
    }
    yield from time_rows("scoring, a token", race(scoring, args.repeats), STATIC)
    some = test[:1000]
    hearing = Runner(lambda: model.session().observe(some), lambda s: s.n_tokens_)
    seconds = race({"session": hearing}, args.repeats)
    yield from time_rows("hearing a text, a token", seconds, STATIC)
    session = model.session().observe(some)
    prompts = [" ".join(line.split()[:PROMPT]) for line in test[-200:]]
    asking = {
        STATIC: Runner(lambda: list(map(ask(static), prompts)), len),
        "session": Runner(lambda: list(map(ask(session), prompts)), len),
    }
    work = f"next word after {PROMPT} words"
    yield from time_rows(work, race(asking, args.repeats), STATIC)


def ask(model):
    """A function that asks a model for the words after a text."""
    return lambda text: model.next_words([text])


def sizes(model, n_new):
    """What a session remembers of words that are all different, as a pickle."""
    bare, session, baseline = len(pickle.dumps(model.session())), model.session(), None
    for part in range(1, 5):
        heard = range((part - 1) * n_new // 4, part * n_new // 4)
        session.observe([f"new{i}" for i in heard])
        size = len(pickle.dumps(session)) - bare
        figure = f"{size / 1e6:.2f} MB"
        work = "session, texts of a new word each"
        baseline = baseline or size
        who = f"after {session.n_tokens_:,} tokens"
        yield Row(work, who, figure, size / baseline, "the first")


if __name__ == "__main__":
    main()
