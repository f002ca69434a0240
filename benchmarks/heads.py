"""Classifying and detecting, beside scikit-learn's own pipelines.

``python -m benchmarks.heads NEWS.csv [--normal LOG.txt --abnormal LOG.txt]``

NEWS has a class, a title and a text in each row, and may end in ".gz"; four fifths are
learned, one fifth is classified. The logs have a session a line; three fifths of the normal
ones are learned, and false alarms among the others count as many times as ``--scale`` says
how many normal sessions there are for those in abnormal. The threshold is the detector's.
"""

import csv
import gzip
import io
from pathlib import Path

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import make_pipeline

from sklearn_sslm import NGramClassifier, NGramOutlierDetector, WordIndexTransformer

from .command import add_ratio_options, parser_of, show_table
from .race import Row, Runner, race, short

BASELINE = "CountVectorizer, MultinomialNB"


def main(argv=None):
    """Print one table."""
    parser = parser_of("heads", __doc__)
    parser.add_argument("news", type=Path, help="class, title, text; maybe .gz")
    parser.add_argument("--normal", type=Path, help="normal sessions, one a line")
    parser.add_argument("--abnormal", type=Path, help="others")
    parser.add_argument("--scale", type=int, default=553_000, help="normal sessions")
    parser.add_argument("--repeats", type=int, default=3, help="to take medians of")
    add_ratio_options(parser)
    args = parser.parse_args(argv)
    show_table(rows(args), args)


def rows(args):
    """The rows of all works that there are files for."""
    texts, labels = read_news(args.news)
    yield from classifying("", classifiers_of_words(), texts, labels, args.repeats)
    yield from classifying(
        ", characters", classifiers_of_characters(), texts, labels, 1
    )
    if args.normal and args.abnormal:
        yield from detecting(args)


def classifiers_of_words():
    """What classifies by words, by name."""
    words = WordIndexTransformer(tokenizer=CountVectorizer().build_tokenizer())
    words.set_params(lowercase=True)
    ours = {
        f"NGramClassifier, words, n={n}": NGramClassifier(n, word_index=words)
        for n in (1, 2, 3)
    }
    return ours | {
        BASELINE: make_pipeline(CountVectorizer(), MultinomialNB()),
        "CountVectorizer of 1- to 3-grams, MultinomialNB": make_pipeline(
            CountVectorizer(ngram_range=(1, 3)), MultinomialNB()
        ),
        "TfidfVectorizer, ComplementNB": make_pipeline(
            TfidfVectorizer(), ComplementNB()
        ),
        "TfidfVectorizer, LogisticRegression": make_pipeline(
            TfidfVectorizer(), LogisticRegression(max_iter=1000)
        ),
    }


def classifiers_of_characters():
    """What classifies by characters, by name."""
    characters = WordIndexTransformer(analyzer="char", lowercase=True)
    return {
        "NGramClassifier, characters, n=5": NGramClassifier(5, word_index=characters),
        BASELINE: make_pipeline(
            CountVectorizer(analyzer="char", ngram_range=(1, 5)), MultinomialNB()
        ),
    }


def read_news(path):
    """Texts and labels of a file."""
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    table = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    texts = np.array([f"{title} {text}" for _, title, text in table], dtype=object)
    return texts, np.array([label for label, *_ in table])


def classifying(what, classifiers, texts, labels, repeats):
    """Accuracy and seconds of each classifier, and how its seconds to learn compare."""
    order = np.random.RandomState(0).permutation(len(texts))
    learned, asked = np.split(order, [int(0.8 * len(order))])
    runners = {
        who: Runner(lambda model=model: model.fit(texts[learned], labels[learned]))
        for who, model in classifiers.items()
    }
    seconds = race(runners, repeats)
    for who, model in classifiers.items():
        accuracy = model.score(texts[asked], labels[asked])
        figure = f"accuracy {accuracy:.3f}, learned in {short(seconds[who])}"
        ratio = None if who == BASELINE else seconds[who] / seconds[BASELINE]
        yield Row(f"classifying{what}", who, figure, ratio, (ratio and BASELINE) or "")


def detecting(args):
    """F1 and seconds of each detector."""
    normal, abnormal = (
        np.array(path.read_text(encoding="utf-8").splitlines(), dtype=object)
        for path in (args.normal, args.abnormal)
    )
    order = np.random.RandomState(0).permutation(len(normal))
    learned, asked = np.split(normal[order], [int(0.6 * len(order))])
    detectors = {
        "NGramOutlierDetector": NGramOutlierDetector(),
        "CountVectorizer, IsolationForest": make_pipeline(
            CountVectorizer(token_pattern=r"\S+"),
            IsolationForest(contamination=0.0027, random_state=0),
        ),
    }

    def detect(model):
        model.fit(learned)
        return [model.predict(texts) < 0 for texts in (asked, abnormal)]

    found = {}

    def run(who):
        found[who] = detect(detectors[who])

    seconds = race({who: Runner(lambda who=who: run(who)) for who in detectors}, 1)
    for who, (false, true) in found.items():
        n_false, n_true = false.mean() * args.scale, true.sum()
        f1 = 2 * n_true / (n_true + n_false + len(abnormal))
        yield Row("detecting", who, f"F1 {f1:.3f}, {short(seconds[who])} in all")


if __name__ == "__main__":
    main()
