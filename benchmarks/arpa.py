"""How our ARPA files fare with KenLM: what they say, and how long they take.

``python -m benchmarks.arpa TRAIN.txt TEST.txt [TEST.txt ...]``

A model of TRAIN is written, the `kenlm` module reads the file, and both score each line
of the TESTs; so does what we read from the file.
"""

import tempfile
from functools import partial
from pathlib import Path

import kenlm
import numpy as np

from sklearn_sslm.arpa import read_arpa, write_arpa

from .command import parser_of, show, show_row
from .corpus import fit, read
from .race import Runner, race, short

HEAD = """\
| n | n-grams | lines, log10 | after reading | writing | × fit | reading | × kenlm |
|---|---|---|---|---|---|---|---|"""


def main(argv=None):
    """Print a table, one row an order."""
    parser = parser_of("arpa", __doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path, nargs="+")
    parser.add_argument("--orders", default="2,3,4,5,6", help="default: 2,3,4,5,6")
    parser.add_argument("--smoothing", default="kneser_ney")
    parser.add_argument("--repeats", type=int, default=3, help="rounds (default: 3)")
    args = parser.parse_args(argv)
    train = read(args.train)
    test = [line for path in args.test for line in read(path)]
    show(HEAD)
    for n in map(int, args.orders.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "model.arpa")
            cells = row(partial(fit, train, n=n, smoothing=args.smoothing), test, path)
            cells += times(cells.pop(), train, path, args)
        show_row([str(n), *cells])


def row(make, test, path):
    """How far scores are apart, as cells, and the model."""
    model = make()
    write_arpa(model, path)
    theirs = kenlm_scores(load(path), test)
    ours = model.score_samples(test) / np.log(10)
    again = read_arpa(path).score_samples(test) / np.log(10)
    differences = (np.abs(other - ours).max() for other in (theirs, again))
    n_ngrams = f"{sum(model.counts_.n_ngrams()):,}"
    return [n_ngrams, *(f"{other:.1e}" for other in differences), model]


def times(model, train, path, args):
    """How long writing and reading take, as cells."""
    make = partial(fit, train, n=model.n, smoothing=args.smoothing)
    runners = {
        "fit": Runner(make),
        "write": Runner(partial(write_arpa, model, path)),
        "kenlm": Runner(partial(load, path)),
        "read": Runner(partial(read_arpa, path)),
    }
    seconds = race(runners, args.repeats)
    return [
        short(seconds["write"]),
        f"{seconds['write'] / seconds['fit']:.2f}",
        short(seconds["read"]),
        f"{seconds['read'] / seconds['kenlm']:.2f}",
    ]


def load(path):
    """A model as KenLM reads it, which has nothing to add."""
    config = kenlm.Config()
    config.show_progress = False
    config.arpa_complain = kenlm.ARPALoadComplain.NONE
    return kenlm.Model(str(path), config)


def kenlm_scores(model, lines):
    """KenLM's log10 probability of each line, ends included.

    Its tokens are added up here: `kenlm.Model.score` does so in single precision, which
    alone is off by 1e-4 on long lines.
    """
    return np.array([sum(score[0] for score in model.full_scores(x)) for x in lines])


if __name__ == "__main__":
    main()
