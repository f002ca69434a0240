"""How far our figures are from KenLM's.

``python -m benchmarks.parity TRAIN.txt TEST.txt REFERENCE.json [NAME]``

The reference holds, for each order, what KenLM's lmplz and query say of TRAIN and
TEST: ``{"2": {"ngrams": [...], "discounts_D1_D2_D3plus": [[...], ...],
"perplexity_including_oov": ..., "perplexity_excluding_oov": ...,
"first_five_test_lines_log10": [...]}, "3": ...}``. If it is of several corpora, NAME
says which part of it is meant.
"""

import json
from pathlib import Path

import numpy as np

from .command import parser_of, show, show_row
from .corpus import fit, read

HEAD = """\
| n | n-grams, difference | discounts | perplexity | without unknown | lines, log10 |
|---|---|---|---|---|---|"""
KENLM_EXTRA = 2  # unigrams that we have no rows for: <s> and <unk>


def main(argv=None):
    """Print a table of the differences, one row an order."""
    parser = parser_of("parity", __doc__)
    for name in ("train", "test", "reference"):
        parser.add_argument(name, type=Path)
    parser.add_argument("name", nargs="?")
    args = parser.parse_args(argv)
    reference = json.loads(args.reference.read_text(encoding="utf-8"))
    if args.name:
        reference = reference[args.name]
    train, test = read(args.train), read(args.test)
    show(HEAD)
    for n, theirs in reference.items():
        ngrams, *others = differences(fit(train, n=int(n)), test, theirs)
        cells = [n, str(ngrams), *(f"{other:.1e}" for other in others)]
        show_row(cells)


def differences(model, test, theirs):
    """How far a model's figures are from KenLM's.

    Parameters
    ----------
    model : NGramTextGenerator
    test : list of str
    theirs : dict
        KenLM's figures, of the same order.

    Returns
    -------
    ngrams : int
        Of the numbers of n-grams, the largest difference.
    discounts : float
        Of the discounts, the largest difference.
    perplexity, known_perplexity : float
        Of the perplexities with and without unknown words, the relative difference.
    lines : float
        Of the first lines' log10 probabilities, the largest difference.
    """
    ngrams = np.array(model.counts_.n_ngrams())
    ngrams[0] += KENLM_EXTRA
    lines = theirs["first_five_test_lines_log10"]
    scores = model.score_samples(test[: len(lines)]) / np.log(10)
    perplexity = model.perplexity(test) / theirs["perplexity_including_oov"]
    known = (
        model.perplexity(test, unknown="exclude") / theirs["perplexity_excluding_oov"]
    )
    return (
        int(np.abs(ngrams - theirs["ngrams"]).max()),
        np.abs(model.discounts_ - theirs["discounts_D1_D2_D3plus"]).max(),
        abs(perplexity - 1),
        abs(known - 1),
        np.abs(scores - lines).max(),
    )


if __name__ == "__main__":
    main()
