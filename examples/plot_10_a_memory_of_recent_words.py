"""
A memory of recent words
========================

An n-gram model forgets everything before its last n − 1 words, so that it says the same
after ten pages about a robot as before them. With ``memory="recent"`` it counts what it
reads, and mixes these counts, which halve with time, with its probabilities. Nothing is
learned by that: a memory is as long as a call, or a conversation.
"""

# %%
# The documentation of SciPy, paragraph by paragraph in its order. Learn one part of it, and
# read another one, of which the model knows the language but not the subject.
import inspect
import re

import matplotlib.pyplot as plt
import numpy as np
import scipy.interpolate
import scipy.optimize
import scipy.signal
import scipy.spatial
import scipy.stats

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.inspection import NextWordDisplay


def paragraphs(module):
    """The paragraphs of all docstrings of a module that are sentences."""
    for name in module.__all__:
        text = inspect.getdoc(getattr(module, name)) or ""
        for paragraph in text.split("\n\n"):
            words = re.findall(r"[A-Za-z]+|[.,;:]", paragraph)
            if len(words) > 8 and words[-1] == "." and "API" not in words:
                yield " ".join(words)


modules = [scipy.interpolate, scipy.optimize, scipy.stats, scipy.spatial]
learned = list(dict.fromkeys(text for module in modules for text in paragraphs(module)))
read = [t for t in dict.fromkeys(paragraphs(scipy.signal)) if t not in set(learned)]
print(f"{len(learned)} paragraphs to learn, {len(read)} to read")

# %%
# Words that the model has not learned are left out of what it reads: to a model that does
# not know them they are all the same word, and the perplexities could not be compared.
model = NGramTextGenerator(n=4, smoothing="kneser_ney").fit(learned)
known = set(model.word_index_.words_)
read = [" ".join(word for word in text.split() if word in known) for text in read]
read = list(dict.fromkeys(read))
static = model.score_tokens(read)
remembered = model.set_params(memory="recent").score_tokens(read)
for name, table in (("static", static), ("with memory", remembered)):
    print(f"perplexity {name:11}: {np.exp(-table['log_proba'].mean()):.0f}")

# %%
# Along the text the memory gains more and more: it gets to know the subject.
window = 1500
fig, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
for name, table in (("static", static), ("with memory", remembered)):
    mean = np.convolve(table["log_proba"], np.full(window, 1 / window), "valid")
    ax.plot(np.arange(len(mean)) + window, np.exp(-mean), label=name)
ax.set(xlabel="tokens read", ylabel=f"perplexity of the last {window} tokens", ylim=0)
ax.set_title("Perplexity along a text, with and without a memory")
ax.spines[["top", "right"]].set_visible(False)
ax.legend()
plt.show()

# %%
# How surprising are the words of the same sentence, where it comes first and where it comes
# again? The second time most of its words are remembered.
sentence = read[300]
first, again = model.score_samples([sentence, sentence]) / (len(sentence.split()) + 1)
print(f"{-first / np.log(2):.1f} bits a token, then {-again / np.log(2):.1f}")

# %%
# In a conversation, a *session* remembers what it hears, and what it says. What would come
# after "My", which the documentation hardly ever says?
session = model.session()
NextWordDisplay.from_estimator(session, "My", k=6)
plt.show()

# %%
# Tell it about a robot, whose words it does not know. They can be suggested all the same.
for text in [
    "My robot is called Zorp .",
    "My robot can sing .",
    "Zorp can sing a song in the morning .",
    "My robot has a song of its own .",
    "When it rains , Zorp is in the house .",
    "My robot is happy .",
]:
    session.observe(text)
display = NextWordDisplay.from_estimator(session, "My", k=6)
display.ax_.set_title("Next word after “My”, once the robot was mentioned", loc="left")
plt.show()

# %%
# The model itself has learned nothing, and neither has the session of another visitor.
# ``forget`` forgets all that this one was told.
print(session)
print(session.forget())
