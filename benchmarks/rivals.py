"""What sklearn_sslm is compared with, each as a few calls of its own interface.

Rivals that are not installed are left out of the table.
"""

import importlib
import shutil
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

MODULES = ("nltk", "markovify", "kenlm")
PROGRAMS = ("lmplz", "build_binary")


def missing(args):
    """Names of the rivals that are not at hand."""
    left_out = [name for name in MODULES if not module(name)]
    left_out += [name for name in PROGRAMS if not shutil.which(name)]
    if "kenlm" not in left_out and not args.arpa:
        left_out.append("kenlm, which needs --arpa")
    return left_out


def module(name):
    """An installed module, or None."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def tutorial(path, n):
    """The counting of the notebook this library grew from, for one order.

    Words become numbers, first seen first; each sentence ends in 0; a dictionary of
    dictionaries counts what follows each n − 1 numbers, and is then normalised.
    """
    with path.open(encoding="utf-8") as lines:
        sentences = [line.split() for line in lines]
    index = {}
    for words in sentences:
        for word in words:
            index.setdefault(word, len(index) + 1)
    counts = defaultdict(lambda: defaultdict(int))
    for words in sentences:
        ids = [index[word] for word in words] + [0]
        for start in range(len(ids) - n + 1):
            counts[tuple(ids[start : start + n - 1])][ids[start + n - 1]] += 1
    probabilities = {}
    for context, followers in counts.items():
        total = sum(followers.values())
        probabilities[context] = {word: c / total for word, c in followers.items()}
    return probabilities


def nltk_model(lines, n):
    """A model of nltk.lm with its interpolated Kneser–Ney smoothing."""
    from nltk.lm import KneserNeyInterpolated
    from nltk.lm.preprocessing import padded_everygram_pipeline

    model = KneserNeyInterpolated(n)
    model.fit(*padded_everygram_pipeline(n, [line.split() for line in lines]))
    return model


def nltk_score(model, line, n):
    """Log probability of one line."""
    from nltk.lm.preprocessing import pad_both_ends
    from nltk.util import ngrams

    tokens = list(pad_both_ends(line.split(), n=n))
    scores = [model.logscore(gram[-1], gram[:-1]) for gram in ngrams(tokens, n)]
    return sum(scores)


def markovify_chain(lines, n):
    """The compiled chain of markovify, with states of n − 1 words."""
    markovify = module("markovify")
    text = markovify.NewlineText(
        "\n".join(lines), state_size=n - 1, retain_original=False
    )
    return text.compile()


def lmplz(path, n, *, converts=True):
    """KenLM's estimation and, if it is there, its conversion to a binary model."""
    with tempfile.TemporaryDirectory() as folder:
        arpa, binary = Path(folder, "model.arpa"), Path(folder, "model.binary")
        with path.open("rb") as text, arpa.open("wb") as model:
            command = ["lmplz", "-o", str(n), "--discount_fallback"]
            subprocess.run(
                command, stdin=text, stdout=model, stderr=subprocess.DEVNULL, check=True
            )
        if converts and shutil.which("build_binary"):
            subprocess.run(
                ["build_binary", arpa, binary], capture_output=True, check=True
            )
