"""Texts in, log probabilities out: one word, one text, many; beside the kenlm module.

``python -m benchmarks.scoring TRAIN.txt [TEST.txt]`` fits a model of TRAIN and writes it as
an ARPA file, which read_arpa, the kenlm module and sklearn_sslm.compat.kenlm read. The
buckets of cc_net are the thirds of a corpus by perplexity that it keeps or drops.
"""

import tempfile
import warnings
from pathlib import Path

import numpy as np

from . import rivals
from .command import add_ratio_options, parser_of, show, show_row, show_table
from .corpus import N, fit_file, lines_to_score, n_words, read
from .race import Runner, race, speed_rows, time_rows

COPIES = 10
FEW = 1000
PERCENTILES = 30, 60  # head, middle and tail


def rows(args):
    """Words a second, on TEST and on ten copies of it."""
    lines = lines_to_score(args)
    scorers = {"sklearn_sslm": fit_file(args.train, args.jobs).score_samples}
    if rivals.module("kenlm") and args.arpa:
        kenlm = rivals.module("kenlm").Model(args.arpa)
        scorers["kenlm"] = lambda texts: [kenlm.score(text) for text in texts]
    for work, texts in {
        f"scoring texts, n={N}": lines,
        f"scoring ten copies of them, n={N}": lines * COPIES,
    }.items():
        yield from _speeds(work, scorers, texts, args.repeats)
    if rivals.module("nltk"):
        nltk = rivals.nltk_model(read(args.train), N)
        slow = {"nltk.lm": lambda texts: [rivals.nltk_score(nltk, t, N) for t in texts]}
        # It sums over the vocabulary for each word: one text has to do.
        yield from _speeds(f"scoring one text, n={N}", slow, lines[:1], args.repeats)


def _speeds(work, scorers, texts, repeats):
    words = n_words(texts)
    runners = {
        who: Runner(lambda score=score: score(texts), lambda _: words)
        for who, score in scorers.items()
    }
    return speed_rows(work, race(runners, repeats), "kenlm")


def main(argv=None):
    """Measure, and print the tables."""
    args = parse(argv)
    with tempfile.TemporaryDirectory() as folder:
        readers = Readers(args, Path(folder, "model.arpa"))
        show_table(readers.rows(), args)
        if readers.kenlm:
            show("")
            show_buckets(readers)
    if args.files:
        show("")
        show_files(sorted(args.files.glob("*.arpa*")), lines_to_score(args)[0])


class Readers:
    """A model in memory, and what has read the ARPA file that it was written to."""

    def __init__(self, args, path):
        from sklearn_sslm.arpa import read_arpa, write_arpa
        from sklearn_sslm.compat import kenlm as compat

        self.repeats = args.repeats
        self.model = fit_file(args.train, args.jobs)
        write_arpa(self.model, path)
        self.read = read_arpa(path)
        self.compat = compat.Model(path)
        self.module = rivals.module("kenlm")
        self.kenlm = self.module and self.module.Model(str(path))
        self.lines = [line for line in lines_to_score(args) if line.split()]
        made_up = self.model.set_params(random_state=0).sample(args.lines)
        self.different = list(dict.fromkeys(made_up))

    def rows(self):
        """Seconds a word, seconds a text, and words a second of many texts."""
        yield from self._one_word()
        few = self.lines[:FEW]
        yield from self._texts(f"one text of {n_words(few) / len(few):.0f} words", few)
        for texts in (few, self.different):
            yield from self._many(f"{len(texts):,} different texts", texts)

    def _one_word(self):
        words = " ".join(self.lines[:FEW]).split()
        runners = {"score, a word after a state": chain(self.model.scorer(), words)}
        runners["the same, after read_arpa"] = chain(self.read.scorer(), words)
        runners["compat.kenlm"] = chain_as_kenlm(_compat_states(), self.compat, words)
        if self.kenlm:
            states = self.module.State(), self.module.State()
            runners["kenlm"] = chain_as_kenlm(states, self.kenlm, words)
        yield from time_rows("one word", race(runners, self.repeats), "kenlm")

    def _texts(self, work, texts):
        """Texts one by one, as programs that know of one at a time ask."""
        scorers = {
            "score_samples": lambda text: self.model.score_samples([text]),
            "score_samples, after read_arpa": lambda text: self.read.score_samples(
                [text]
            ),
            "compat.kenlm": self.compat.score,
        }
        if self.kenlm:
            scorers["kenlm"] = self.kenlm.score
        runners = {
            who: Runner(lambda score=score: list(map(score, texts)), len)
            for who, score in scorers.items()
        }
        yield from time_rows(work, race(runners, self.repeats), "kenlm")

    def _many(self, work, texts):
        scorers = {
            "score_samples": self.model.score_samples,
            "score_texts": self.model.score_texts,
            "score_tokens": self.model.score_tokens,
            "score_samples, after read_arpa": self.read.score_samples,
        }
        for who, model in {"compat.kenlm": self.compat, "kenlm": self.kenlm}.items():
            if model:
                scorers[who] = lambda texts, model=model: list(map(model.score, texts))
        return _speeds(work, scorers, texts, self.repeats)


def chain(scorer, words):
    """Score words one after the other."""

    def run():
        state = scorer.start()
        for word in words:
            _, state = scorer.score(state, word)

    return Runner(run, lambda _: len(words))


def chain_as_kenlm(states, model, words):
    """The same with the calls of the kenlm module."""

    def run():
        state, after = states
        model.BeginSentenceWrite(state)
        for word in words:
            model.BaseScore(state, word, after)
            state, after = after, state

    return Runner(run, lambda _: len(words))


def _compat_states():
    from sklearn_sslm.compat import kenlm as compat

    return compat.State(), compat.State()


def show_buckets(readers):
    """Which texts cc_net would keep, by both: how many are in the same bucket."""
    texts = readers.different
    by_both = [list(map(m.perplexity, texts)) for m in (readers.kenlm, readers.compat)]
    by_both.append(readers.read.score_texts(texts)["perplexity"])
    buckets = [_buckets(np.round(of_one, 1)) for of_one in by_both]
    show_row([f"cc_net's buckets of {len(texts):,} texts", "head", "middle", "tail"])
    show("|---|---|---|---|")
    for who, of_one in zip(
        ("kenlm", "compat.kenlm", "score_texts"), buckets, strict=True
    ):
        show_row([who, *map(str, np.bincount(of_one, minlength=3))])
    for who, of_one in zip(("compat.kenlm", "score_texts"), buckets[1:], strict=True):
        n_other = np.count_nonzero(of_one != buckets[0])
        show_row([f"in another bucket by {who}", str(n_other), "", ""])


def _buckets(perplexity):
    return np.searchsorted(np.percentile(perplexity, PERCENTILES), perplexity, "right")


def show_files(paths, text):
    """What ARPA files of other programs give to a text, by read_arpa and by kenlm."""
    from sklearn_sslm.arpa import read_arpa

    def ours(path):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            log_proba = read_arpa(path).score_samples([text])[0]
        return log_proba / np.log(10)

    def theirs(path):
        return rivals.module("kenlm").Model(str(path)).score(text)

    show_row(["file", "read_arpa", "kenlm"])
    show("|---|---|---|")
    for path in paths:
        answers = [ours, theirs] if rivals.module("kenlm") else [ours]
        show_row([path.name, *(_answer(answer, path) for answer in answers)])


def _answer(answer, path):
    try:
        return f"{answer(path):.4f}"
    except (OSError, ValueError) as error:
        return f"refused ({type(error).__name__})"


def parse(argv):
    """The arguments."""
    parser = parser_of("scoring", __doc__)
    parser.add_argument("train", type=Path, help="a text file, one sentence a line")
    parser.add_argument("test", type=Path, nargs="?", help="another, to score")
    parser.add_argument("--files", type=Path, help="a folder of ARPA files to read")
    parser.add_argument(
        "--lines", type=int, default=100_000, help="texts made up (default: 100,000)"
    )
    parser.add_argument(
        "--repeats", type=int, default=3, help="rounds of a race (default: 3)"
    )
    parser.add_argument(
        "--jobs", type=int, default=1, help="processes that fit may use (default: 1)"
    )
    add_ratio_options(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
