"""ARPA files by the book, on dictionaries: what ours are compared with.

Nothing here uses the package. Words stand as they do in the file.
"""

import math
import re

FOREVER = -99.0


def parse(text):
    """The n-grams of a file: ``{("a", "b"): (log10 p, log10 backoff)}``."""
    ngrams = {}
    for order, section in re.findall(r"\\(\d+)-grams:\n(.*?)\n\n", text, re.DOTALL):
        for line in section.split("\n"):
            p, *words = line.replace("\t", " ").split(" ")
            backoff = float(words.pop()) if len(words) > int(order) else 0.0
            ngrams[tuple(words)] = float(p), backoff
    return ngrams


def write(ngrams):
    """A file of n-grams, as `parse` gives them; the highest order has no backoffs."""
    n = max(map(len, ngrams))
    orders = [[g for g in ngrams if len(g) == k] for k in range(1, n + 1)]
    lines = ["\\data\\"]
    lines += [f"ngram {k}={len(grams)}" for k, grams in enumerate(orders, start=1)]
    for k, grams in enumerate(orders, start=1):
        lines += ["", f"\\{k}-grams:"]
        for gram in grams:
            p, backoff = ngrams[gram]
            line = f"{p}\t{' '.join(gram)}"
            lines.append(line if k == n else f"{line}\t{backoff}")
    return "\n".join([*lines, "", "\\end\\", ""])


def log10_p(ngrams, word, context):
    """log10 p(word | context), by the definition of backing off."""
    gram = (*context, word)
    if gram in ngrams:
        p, _ = ngrams[gram]
        return p if p > FOREVER else -math.inf
    if not context:
        return -math.inf  # no <unk>
    backoff = ngrams.get(context, (0, 0.0))[1]
    backoff = backoff if backoff > FOREVER else -math.inf
    return backoff + log10_p(ngrams, word, context[1:])


def score(ngrams, text):
    """log10 of a text, its end included."""
    n = max(map(len, ngrams))
    known = {gram[0] for gram in ngrams if len(gram) == 1} - {"<s>", "</s>"}
    words = [w if w in known else "<unk>" for w in text.split()]
    words = ["<s>", *words, "</s>"]
    return sum(
        log10_p(ngrams, words[i], tuple(words[max(0, i - n + 1) : i]))
        for i in range(1, len(words))
    )
