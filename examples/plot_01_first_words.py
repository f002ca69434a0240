"""
First words
===========

A model learns ten greetings, predicts the next word, answers messages, and writes texts.
"""

# %%
# Learn which word follows which: with ``n=2`` one word predicts the next.
from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.datasets import load_greetings

model = NGramTextGenerator(n=2, random_state=0).fit(load_greetings().data)
print(model.n_texts_seen_, "texts,", model.n_words_, "words")

# %%
# What may follow "você", and how likely it is. In the texts "esteja" follows it twice,
# the others once.
import matplotlib.pyplot as plt

words, probabilities = zip(*model.next_words(["Tudo bem com você"])[0])
fig, ax = plt.subplots(figsize=(5, 2.5), layout="constrained")
ax.barh(words, probabilities)
ax.invert_yaxis()
ax.set(title="The next word after “você”", xlabel="probability")
plt.show()

# %%
# Replies continue from the last word of a message. The word "bem?" is not in the texts, so
# the model answers that it did not understand.
for message in ["Olá!", "Boa", "Oi! Tudo", "Oi! Tudo bem?"]:
    print(f"- {message}\n  {model.predict([message])[0]}")

# %%
# New texts. How all this works is explained in the
# :ref:`tutorial <sphx_glr_auto_examples_plot_00_tutorial.py>`.
print(*model.sample(3), sep="\n")
