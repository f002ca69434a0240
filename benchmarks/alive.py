"""What single calls cost, beside others and in a model that is much larger.

``python -m benchmarks.alive TRAIN.txt [--big FILE]``

A model of TRAIN (n=5, Kneser-Ney) and one of FILE, which is made up from the first where
none is given, do the same works. The texts that are scored are made up by an order-3
model of TRAIN, so that models of order 5 know many of their n-grams and not all of them,
and no two of them are equal. Others take part where they are installed: kenlm reads
what ``write_arpa`` writes into its hash table; lmplz estimates the same model; chains of
markovify are made of TRAIN only.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import joblib

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import write_arpa

from . import rivals
from .command import add_ratio_options, parser_of, show, show_table
from .corpus import N, fit, n_words, read, write_sampled
from .online import timed
from .race import Row, Runner, race, short, speed_rows, time_rows

FEW, LEARNED = 300, 100
LENGTHS = range(15, 26)  # words of a usual text


class Subject(NamedTuple):
    """A model, and what the works need.

    Attributes
    ----------
    name : str
        How the table calls it.
    path : Path
        The file that it has learned.
    model : NGramTextGenerator
    texts : list of str
        Different texts of all lengths.
    usual : list of str
        A few of about 20 words.
    more : iterator of str
        All of about 20 words, for ever: who scores a text again knows it.
    args : argparse.Namespace
    folder : Path
        For files that are needed for a while.
    """

    name: str
    path: Path
    model: NGramTextGenerator
    texts: list
    usual: list
    more: Iterator[str]
    args: Any
    folder: Path


def main(argv=None):
    """Print a table."""
    args = parse(argv)
    with tempfile.TemporaryDirectory() as folder:
        show_table(rows(args, Path(folder)), args)
    left_out = [name for name in ("kenlm", "markovify") if not rivals.module(name)]
    left_out += [] if shutil.which("lmplz") else ["lmplz"]
    if left_out:
        show(f"\nNot at hand and therefore left out: {', '.join(left_out)}.")


def parse(argv):
    """The arguments."""
    parser = parser_of("alive", __doc__)
    parser.add_argument("train", type=Path, help="a text file, one sentence a line")
    parser.add_argument("--big", type=Path, help="a larger one")
    parser.add_argument(
        "--words",
        type=int,
        default=21_000_000,
        help="how many to make up without --big (default: 21 million)",
    )
    parser.add_argument(
        "--texts", type=int, default=100_000, help="to score (default: 100 000)"
    )
    parser.add_argument("--repeats", type=int, default=3, help="rounds (default: 3)")
    add_ratio_options(parser)
    return parser.parse_args(argv)


def rows(args, folder):
    """All works with the model of TRAIN, then with the larger one."""
    lines = read(args.train)
    texts = made_up(fit(lines, n=3), args.texts)
    yield from of_file(args.train, "", texts, args, folder)
    yield from beside_markovify(lines, args)
    big = args.big
    if big is None:
        big = folder / "big.txt"
        write_sampled(fit(lines), args.words, big)
    yield from of_file(big, " (big)", texts, args, folder)
    yield from command_rows(args)


def made_up(model, many):
    """Different texts of a model."""
    texts = {}
    while len(texts) < many:
        model.set_params(random_state=len(texts))
        before = len(texts)
        texts |= dict.fromkeys(model.sample(many - before))
        if len(texts) == before:  # it has no more
            break
    return list(texts)[:many]


def of_file(path, kind, texts, args, folder):
    """All works with a model of a file."""
    yield from reading_rows(path, kind, args)
    model = fit_lean(path)
    model.set_params(echo="none", unknown="backoff", input="content")
    n_ngrams = sum(model.counts_.n_ngrams())
    usual = [text for text in texts if len(text.split()) in LENGTHS] or texts
    subject = Subject(
        f"{n_ngrams / 1e6:.1f} M n-grams{kind}",
        path,
        model,
        texts,
        usual[:FEW],
        cycle(usual),
        args,
        folder,
    )
    for work in (first_answers, one_text, next_words, many_texts, chat_rows, learning):
        yield from work(subject)


def fit_lean(path, jobs=1):
    """A model of a file that is read by the library."""
    model = NGramTextGenerator(n=N, smoothing="kneser_ney", random_state=0)
    return model.set_params(input="filename", n_jobs=jobs).fit([path])


def reading_rows(path, kind, args):
    """From a file to a model, with one worker, with two, and by lmplz."""
    runners = {
        "n_jobs=1": Runner(partial(fit_lean, path)),
        "n_jobs=2": Runner(partial(fit_lean, path, 2)),
    }
    if shutil.which("lmplz"):
        runners["lmplz"] = Runner(partial(rivals.lmplz, path, N, converts=False))
    seconds = race(runners, args.repeats)
    size = path.stat().st_size / 1e6
    yield from time_rows(f"file to model, {size:.0f} MB{kind}", seconds, "n_jobs=1")


def first_answers(subject):
    """What the first answer of a model just loaded costs, beside later ones."""
    path = subject.folder / "model.joblib"
    joblib.dump(subject.model, path)
    work = f"first predict, {subject.name}"
    for mode, who in ((None, "loaded"), ("r", "mapped")):
        seconds, model = timed(joblib.load, path, mmap_mode=mode)
        yield Row(f"load, {subject.name}", who, short(seconds))
        first, _ = timed(model.predict, subject.usual[:1])
        later = median(timed(model.predict, [text])[0] for text in subject.usual)
        yield Row(work, who, short(first), first / later, "later ones")


def one_text(subject):
    """Texts scored one each call, by the model and by those for serving."""
    path = subject.folder / "model.joblib"
    compact = subject.folder / "compact.joblib"
    joblib.dump(subject.model.compact(), compact)
    models = {
        "plain": subject.model,
        "mapped": joblib.load(path, mmap_mode="r"),
        "compact": joblib.load(compact),
        "compact, mapped": joblib.load(compact, mmap_mode="r"),
    }
    runners = {who: _single_scores(model, subject) for who, model in models.items()}
    seconds = race(runners, subject.args.repeats)
    yield from time_rows(f"score one text, {subject.name}", seconds, "plain")
    for name in (path, compact):
        name.unlink()


def _single_scores(model, subject):
    return Runner(partial(_each, model.score_samples, subject), len)


def next_words(subject):
    """The likeliest next words of beginnings of texts."""

    def ask(text):
        return subject.model.next_words([" ".join(text[0].split()[:8])], k=5)

    runners = {"next_words, k=5": Runner(partial(_each, ask, subject), len)}
    seconds = race(runners, subject.args.repeats)
    yield from time_rows(f"next words of a text, {subject.name}", seconds, "")


def _each(call, subject):
    """Call a function with other texts each time, one each call."""
    return [call([text]) for text in islice(subject.more, FEW)]


def many_texts(subject):
    """Different texts in bulk beside a loop of the kenlm module: a first time, and again.

    By its second call the model has asked enough to have tables.
    """
    words = n_words(subject.texts)
    scorers = {"sklearn_sslm": subject.model.score_samples}
    if rivals.module("kenlm"):
        score = kenlm_model(subject).score
        scorers["kenlm"] = lambda texts: list(map(score, texts))
    runners = {
        who: Runner(partial(score, subject.texts), lambda _: words)
        for who, score in scorers.items()
    }
    first, _ = timed(subject.model.score_samples, subject.texts)
    subject.model.score_samples(subject.texts)
    seconds = {"sklearn_sslm, the first time": first / words}
    seconds |= race(runners, subject.args.repeats)
    work = f"score {len(subject.texts):,} different texts, {subject.name}"
    yield from speed_rows(work, seconds, "kenlm")


def kenlm_model(subject):
    """The model as the kenlm module reads it: into a hash table, its "probing" form."""
    path = subject.folder / "model.arpa"
    write_arpa(subject.model, path)
    kenlm = rivals.module("kenlm")
    config = kenlm.Config()
    config.show_progress = False
    try:
        return kenlm.Model(str(path), config)
    finally:
        path.unlink()


def learning(subject):
    """Scoring and learning in turn, and many texts after some were learned."""
    model = subject.model
    batch = subject.texts[: len(subject.texts) // 5]
    model.score_samples(batch)
    before, _ = timed(model.score_samples, batch)
    alone = sum(
        timed(_each, call, subject)[0]
        for call in (model.score_samples, model.partial_fit)
    )
    both, _ = timed(_each, partial(_score_and_learn, model), subject)
    work = f"score and learn in turn, {subject.name}"
    yield Row(work, "a text", short(both / FEW), both / alone, "both alone")
    for text in subject.usual[:LEARNED]:
        model.partial_fit([text])
    after, _ = timed(model.score_samples, batch)
    work = f"score {len(batch):,} texts after learning, {subject.name}"
    yield Row(work, "sklearn_sslm", short(after), after / before, "before")


def _score_and_learn(model, texts):
    model.score_samples(texts)
    model.partial_fit(texts)


def chat_rows(subject):
    """``sslm chat`` on the model, saved: its first answer and one more."""
    path = subject.folder / "chat.model"
    joblib.dump(subject.model, path)
    command = "import sys; from sklearn_sslm.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "chat", "--model", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        for which, message in zip(("first", "next"), subject.usual, strict=False):
            seconds, _ = timed(_ask, process, message)
            yield Row(f"sslm chat, {subject.name}", f"{which} answer", short(seconds))
    finally:
        process.communicate()
        path.unlink()


def _ask(process, message):
    process.stdin.write(message + "\n")
    process.stdin.flush()
    return process.stdout.readline()


def beside_markovify(lines, args):
    """One reply at a time, beside markovify's compiled chain."""
    rival = {}
    if rivals.module("markovify"):
        chain = rivals.markovify_chain(lines, 3)
        sentence = partial(chain.make_sentence, test_output=False)
        rival["markovify"] = Runner(lambda: [sentence() for _ in range(FEW)], len)
    messages = [" ".join(line.split()[:3]) for line in lines if line.strip()][:FEW]
    for smoothing in ("mle", "kneser_ney"):
        model = fit(lines, n=3, smoothing=smoothing).set_params(echo="none")
        ours = Runner(partial(_replies, model, messages), len)
        seconds = race({"predict([message])": ours} | rival, args.repeats)
        work = f"one reply at a time, n=3, {smoothing}"
        yield from time_rows(work, seconds, "markovify")


def _replies(model, messages):
    return [model.predict([message]) for message in messages]


def command_rows(args):
    """The command line, which has nothing to do."""
    code = "import sys; from sklearn_sslm.cli import main; sys.exit(main())"
    run = partial(subprocess.run, capture_output=True)
    runners = {"python -c pass": Runner(partial(run, [sys.executable, "-c", "pass"]))}
    for option in ("--help", "--version", "--wrong"):
        command = [sys.executable, "-c", code, option]
        runners[f"sslm {option}"] = Runner(partial(run, command))
    seconds = race(runners, args.repeats)
    yield from time_rows("the command line", seconds, "python -c pass")


if __name__ == "__main__":
    main()
