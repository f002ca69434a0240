"""
Writing like the documentation you have installed
=================================================

A model needs texts, and you have some: the docstrings of NumPy, SciPy and scikit-learn
hold hundreds of thousands of words of fluent technical English. In a few seconds a model
learns to write more of it, most of which is not true.
"""

# %%
# Collect the sentences: whatever is between triple quotes, begins with a capital letter
# and ends in a period. Each is taken once, or the model would mostly write "Returns the
# instance itself."
import re
from pathlib import Path

import numpy as np
import scipy
import sklearn

DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)
SENTENCE = re.compile(r"[A-Z][^>|:=]{20,}\.")


def sentences(path):
    """Yield the sentences in the docstrings of a file."""
    source = path.read_text(encoding="utf-8")
    for docstring in DOCSTRING.findall(source):
        for paragraph in docstring.split("\n\n"):
            if "---" not in paragraph:  # which underlines a heading
                text = " ".join(paragraph.split())
                candidates = re.split(r"(?<=\.) (?=[A-Z])", text)
                yield from filter(SENTENCE.fullmatch, candidates)


files = [
    folder / path
    for folder in [Path(library.__file__).parent for library in [np, scipy, sklearn]]
    for path in sorted(path.relative_to(folder) for path in folder.rglob("*.py"))
    if "tests" not in path.parts
]
texts = list(dict.fromkeys(sentence for path in files for sentence in sentences(path)))
print(len(texts), "sentences, such as:")
print(*texts[::4000], sep="\n")

# %%
# The tokenizer separates words from punctuation, but leaves quoted code whole; the
# detokenizer joins everything again.
from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

words = re.compile(r"``.+?``|`.+?`|'\w+'|\"\w+\"|\w+(?:[-'./]\w+)*|[^\w\s]").findall
model = NGramTextGenerator(
    n=4,
    smoothing="kneser_ney",
    word_index=WordIndexTransformer(tokenizer=words),
    detokenizer="simple",
    random_state=1,
)
print(words("The sum of ``a`` and 'b' (see `numpy.add`), if any."))

# %%
# How many words of context? Hold out every tenth sentence and measure how much longer
# contexts help to predict it. Each step of ``n`` helps less than the one before; compare
# :ref:`sphx_glr_auto_examples_plot_02_choose_n_and_smoothing.py`, where the corpus is too
# small for more than pairs.
import matplotlib.pyplot as plt

held_out = texts[::10]
learned = [text for i, text in enumerate(texts) if i % 10]
perplexities = [
    model.set_params(n=n).fit(learned).perplexity(held_out) for n in range(1, 6)
]
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
bars = ax.bar(range(1, 6), perplexities)
ax.bar_label(bars, fmt="%.0f")
ax.set(xlabel="n", ylabel="perplexity", title="Perplexity of new sentences, by order")
ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# Learn everything, and write. The grammar is right for a few words at a time, which is as
# far as three words of context can see.
model.set_params(n=4).fit(texts)
print(model.n_tokens_seen_, "tokens,", model.n_words_, "different words")
print(*model.sample(6), sep="\n")

# %%
# With smoothing a word can follow where it never did: needed to score new sentences, but
# in a written one each such step is likely to be nonsense. Two controls help against it.
# A ``temperature`` below 1 makes likely words likelier still, and ``top_p`` leaves out
# the many unlikely ones that share the last few percent. Here is what both do to the
# next word after "The number of": how much probability the likeliest one, two, ... words
# share among them.
proba = np.sort(model.next_word_proba(["The number of"])[0])[::-1]
cautious = proba**2 / np.sum(proba**2)  # temperature 1/2
nucleus = np.where(proba.cumsum() - proba < 0.6, proba, 0)  # top_p=0.6
nucleus /= nucleus.sum()

fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
for changed, label in [
    (proba, "temperature=1"),
    (cautious, "temperature=0.5"),
    (nucleus, "top_p=0.6"),
]:
    ax.plot(np.arange(1, 201), changed[:200].cumsum(), label=label)
ax.set(xscale="log", ylim=(0, 1.03), ylabel="probability of these")
ax.set(
    xlabel="the likeliest so many words", title="The next word after “The number of”"
)
ax.legend()
plt.show()

# %%
# The same model, from careful to reckless.
for controls in [
    {"temperature": 0.5, "top_p": None},
    {"temperature": 1, "top_p": 0.6},
    {"temperature": 1.2, "top_p": None},
]:
    print(controls)
    model.set_params(**controls, min_length=8, max_length=40)
    print(*(f"    {text}" for text in model.sample(3)), sep="\n")

# %%
# Conditions on what it writes. These texts are drawn by the model's own probabilities,
# given that they meet the conditions; none is drawn in vain.
model.set_params(temperature=1, top_p=None, min_length=0)
for conditions in [
    {"contains": ["sparse", "eigenvalues"]},
    {"starts_with": "Please do not", "ends_with": "array."},
]:
    print(conditions)
    texts_about_it = model.sample(4, **conditions, max_length=12)
    print(*(f"    {text}" for text in texts_about_it), sep="\n")

# %%
# Without smoothing all n-grams are those of real sentences. That reads best, and is what
# ``smoothing="mle"``, the default, is for. But some sentences are now copies: fluency is
# not knowledge.
model.set_params(smoothing="mle").fit(texts)
known = set(texts)
for text in model.sample(8):
    print("copied" if text in known else "new   ", text)
