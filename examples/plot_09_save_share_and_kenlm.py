"""
Saving, sharing and KenLM
=========================

A fitted model can be saved, given to others, and exchanged with programs that are not
written in Python. Which format is right depends on what has to read the file.
"""

# %%
# Something worth keeping: a model of the prime factors of numbers, in rising order.
import itertools
import tempfile
from pathlib import Path

from sklearn_sslm import NGramTextGenerator

primes = [p for p in range(2, 142) if all(p % q for q in range(2, p))]


def prime_factors(number):
    """Yield the prime factors of a number below 149 * 149 in rising order."""
    for prime in primes:
        while number % prime == 0:
            yield prime
            number //= prime
    if number > 1:
        yield number


texts = [" ".join(map(str, prime_factors(number))) for number in range(2, 20000)]
model = NGramTextGenerator(n=3, smoothing="kneser_ney", random_state=0).fit(texts)
print(*itertools.islice(model.stream("2 2"), 10))
temporary = tempfile.TemporaryDirectory()
folder = Path(temporary.name)

# %%
# **For yourself: joblib**, as for any scikit-learn estimator. What comes back is the same
# model: it says the same, and learns on.
import joblib

joblib.dump(model, folder / "model.joblib")
joblib.dump(model, folder / "model.joblib.gz")  # smaller, and slower to open
again = joblib.load(folder / "model.joblib")
print(again.predict(["2 2"]) == model.predict(["2 2"]))
print(again.partial_fit(["2 2 5003"]).n_texts_seen_ - model.n_texts_seen_, "text more")

# %%
# Such a file is a pickle: to open one is to run whatever code its author put into it. So
# open your own files and those of people you trust, and no others.
#
# **For strangers: skops** writes a file of data only (``pip install skops``). Before it
# loads it names the classes in it that it does not know, and it calls no others than
# those you trust. Write down which these are; do not pass what a file asks for.
try:
    import skops.io
except ModuleNotFoundError:
    print("skops is not installed")
else:
    skops.io.dump(model, folder / "model.skops")
    trusted = [
        "sklearn_sslm.NGramTextGenerator",
        "sklearn_sslm.WordIndexTransformer",
        "sklearn_sslm.smoothing.KneserNey",
    ]
    print(*skops.io.get_untrusted_types(file=folder / "model.skops"), sep="\n")
    again = skops.io.load(folder / "model.skops", trusted=trusted)
    print(again.predict(["2 2"]) == model.predict(["2 2"]))

# %%
# **For other programs: ARPA**, a list of n-grams as text, with the logarithms of their
# probabilities to base 10 before them and of the backoff weights behind. KenLM, SRILM and
# many speech recognisers read it. You can, too:
from sklearn_sslm.arpa import read_arpa, write_arpa

write_arpa(model, folder / "model.arpa")
write_arpa(model, folder / "model.arpa.gz")
with open(folder / "model.arpa", encoding="utf-8") as file:
    print(*itertools.islice(file, 12), sep="")

# %%
# What is read back gives every text the same probability, writes and answers. It cannot
# learn on, as the counts are not in the file, and code cannot be in it either.
again = read_arpa(folder / "model.arpa.gz")
held_out = [" ".join(map(str, prime_factors(number))) for number in range(20000, 20200)]
print(f"{model.perplexity(held_out):.4f} {again.perplexity(held_out):.4f}")

# %%
# KenLM itself agrees, if it is installed (``pip install kenlm``).
try:
    import kenlm
except ModuleNotFoundError:
    print("kenlm is not installed")
else:
    theirs = kenlm.Model(str(folder / "model.arpa"))
    score = sum(theirs.score(text) for text in held_out)
    n_tokens = sum(len(text.split()) + 1 for text in held_out)
    print(f"KenLM: {10 ** (-score / n_tokens):.4f}")

# %%
# How large the files are. An n-gram takes a few bytes in any of them.
import matplotlib.pyplot as plt

n_ngrams = sum(len(level) for level in model.counts_.levels)
files = sorted(folder.iterdir(), key=lambda path: path.stat().st_size)
fig, ax = plt.subplots(figsize=(6.5, 2.5), layout="constrained")
bars = ax.barh(
    [path.name for path in files], [path.stat().st_size / n_ngrams for path in files]
)
ax.bar_label(bars, fmt=" %.1f")
ax.set(xlabel="bytes an n-gram", title=f"Files of a model of {n_ngrams:,} n-grams")
ax.spines[["top", "right"]].set_visible(False)
plt.show()
temporary.cleanup()
