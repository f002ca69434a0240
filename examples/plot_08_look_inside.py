"""
Looking inside
==============

What does a model know, and where does a probability come from? Every number of an
n-gram model can be traced back to what was counted. Here are the pictures for it, which
need matplotlib: ``pip install matplotlib``.
"""

# %%
# The documentation of NumPy, which you have installed, is what we learn from: every
# paragraph of prose in it is a text.
import inspect
import re

import matplotlib.pyplot as plt
import numpy as np

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.inspection import (
    NextWordDisplay,
    SurpriseDisplay,
    TransitionDisplay,
    VocabularyDisplay,
)

documented = [np, np.linalg, np.fft, np.random, np.ma, np.polynomial.polynomial]
functions = {
    id(thing): thing
    for module in documented
    for name, thing in vars(module).items()
    if callable(thing) and not name.startswith("_")
}
paragraphs = {
    " ".join(paragraph.split())
    for function in functions.values()
    for paragraph in (inspect.getdoc(function) or "").split("\n\n")
    if paragraph.endswith(".") and not re.search(r">>>|--|::|\.\. ", paragraph)
}
texts = sorted(paragraphs)
held_out, learned = texts[::10], [text for i, text in enumerate(texts) if i % 10]

# %%
# Words and punctuation are words of their own here. A modified Kneser–Ney model of order
# 4 learns nine paragraphs in ten.
index = WordIndexTransformer(tokenizer=re.compile(r"\w+|[^\w\s]").findall)
model = NGramTextGenerator(n=4, smoothing="kneser_ney", word_index=index).fit(learned)
print(f"{model.n_tokens_seen_} words and ends, {model.n_words_} different words")

# %%
# What comes next? A bar is the probability of a word; its parts are what each order adds.
# The more often a context was seen, the smaller its backoff weight, and the less the
# shorter ones add.
NextWordDisplay.from_estimator(model, "Return the sum of")
plt.show()

# %%
# An unlikely word has many bits of surprise. ``explain`` gives the numbers, and where they
# come from: the length of the longest n-gram seen that ends in the word, and the product of
# the backoff weights of the longer contexts.
sentence = "Return the sum of the bananas along the given axis."
for word, probability, surprise, order, weight in model.explain(sentence):
    print(f"{word or '(end)':10}{probability:9.6f}{surprise:7.2f} {order} {weight:.3f}")

# %%
# The same as a picture: the darker, the more surprising.
fig, ax = plt.subplots(figsize=(7, 1.5), layout="constrained")
SurpriseDisplay.from_estimator(model, sentence, ax=ax)
ax.set_title("How surprising each word of a sentence is")
plt.show()

# %%
# In a notebook a display that was not drawn shows itself as HTML; hold the pointer over
# a word to see its numbers.
SurpriseDisplay(model.explain(sentence))

# %%
# A few words are frequent and most of them rare, as Zipf found. So long contexts hardly
# ever come again: how often those of held-out paragraphs were learned shows up to which
# order a model has counts to use.
VocabularyDisplay.from_estimator(model, held_out)
plt.show()

# %%
# A small model can be looked at as a table. These are bigrams of ten greetings: how likely
# each of the most frequent words, a column, is after each other, a row. All words that
# are not in the table are the row and the column "other".
greetings = NGramTextGenerator(n=2).fit(load_greetings().data)
display = TransitionDisplay.from_estimator(greetings, max_words=16)
display.ax_.set_title("The bigrams of 16 of 41 words, as a table")
plt.show()

# %%
# As a graph: every text that the model writes is a way from the start to the end.
display = TransitionDisplay.from_estimator(
    greetings, kind="graph", max_words=28, max_edges=4
)
display.ax_.set_title("The bigrams of 28 of 41 words, as a graph")
plt.show()
