"""What a model takes as a file, and how soon and from what memory it answers.

``python -m benchmarks.travel TRAIN.txt``

A model of TRAIN (n=5, Kneser-Ney), or of as many words as are asked for, is saved in
several ways. Each file is loaded in processes of their own, which answer a message and
then tell how much memory is theirs alone, and how much they share with others (Linux
only). What a process takes before it loads is taken off its own.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import joblib

from .command import parser_of, show, show_row
from .corpus import fit, n_words, read, write_sampled

HEAD = "| file | bytes an n-gram | ready in s | MB of its own | MB shared |\n"
HEAD += "|---|---|---|---|---|"


def main(argv=None):
    """Print a table."""
    parser = parser_of("travel", __doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("--words", type=int, help="make up so many to fit on")
    parser.add_argument("--processes", type=int, default=8, help="on one file")
    parser.add_argument("--repeats", type=int, default=5, help="to take medians of")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        model = make_model(args.train, args.words, Path(folder))
        n_ngrams = sum(model.counts_.n_ngrams())
        show(f"{n_ngrams:,} n-grams\n\n{HEAD}")
        for cells in rows(model, n_ngrams, Path(folder), args):
            show_row(cells)


def make_model(train, words, folder):
    """A model of a file, or of texts that such a model makes up."""
    lines = read(train)
    if words is not None and words > n_words(lines):
        write_sampled(fit(lines, n=3), words, folder / "texts.txt")
        lines = read(folder / "texts.txt")
    return fit(lines).set_params(echo="none", unknown="backoff")


def rows(model, n_ngrams, folder, args):
    """The cells of the table, row by row."""
    compact, many = model.compact(), args.processes
    ways = [
        ("as it is", model, {}, [None]),
        ("``compress=3``", model, {"compress": 3}, [None]),
        ("as it is, mapped", model, {}, ["r"]),
        ("``compact()``", compact, {}, [None]),
        ("``compact()``, mapped", compact, {}, ["r"]),
        (f"as it is, mapped by {many}", model, {}, ["r"] * many),
        (f"``compact()``, mapped by {many}", compact, {}, ["r"] * many),
    ]
    message = " ".join(model.set_params(random_state=0).sample(1)[0].split()[:5])
    for name, saved, options, modes in ways:
        path = folder / "model.joblib"
        joblib.dump(saved, path, **options)
        size = path.stat().st_size / n_ngrams
        runs = [ready(path, modes, message) for _ in range(args.repeats)]
        seconds, own, shared = (median(column) for column in zip(*runs, strict=True))
        yield name, f"{size:.2f}", f"{seconds:.3f}", f"{own:.0f}", f"{shared:.0f}"


def ready(path, modes, message):
    """Seconds until the slowest of some processes answers, and their memory in MB."""
    script = f"import benchmarks.travel as t; t.answer({str(path)!r}, %r, {message!r})"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script % mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for mode in modes
    ]
    for what_to_do in ("load", "measure"):
        answers = [tell(process, what_to_do) for process in processes]
    seconds, own, shared = zip(*answers, strict=True)
    for process in processes:
        process.communicate()
    return max(seconds), sum(own), max(shared)


def tell(process, what_to_do):
    """Have a process do something, and return the numbers that it answers."""
    process.stdin.write(what_to_do + "\n")
    process.stdin.flush()
    return [float(number) for number in process.stdout.readline().split()]


def answer(path, mmap_mode, message):
    """In a process of its own: load a model and answer, then tell of time and memory."""
    before, _ = memory()
    sys.stdin.readline()
    start = time.perf_counter()
    model = joblib.load(path, mmap_mode=mmap_mode)
    model.predict([message])
    seconds = time.perf_counter() - start
    for _ in range(2):  # the second time when all others have loaded, too
        own, shared = memory()
        sys.stdout.write(f"{seconds} {own - before} {shared}\n")
        sys.stdout.flush()
        sys.stdin.readline()


def memory():
    """MB that are this process's own, and that it shares with files or others."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8").splitlines()
    kilobytes = dict(line.split()[:2] for line in lines[1:])
    private = int(kilobytes["Private_Dirty:"]) + int(kilobytes["Private_Clean:"])
    shared = int(kilobytes["Shared_Clean:"]) + int(kilobytes["Shared_Dirty:"])
    return private / 1000, shared / 1000


if __name__ == "__main__":
    main()
