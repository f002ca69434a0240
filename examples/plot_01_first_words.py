"""
First words
===========

A model learns ten greetings, tells what it takes for the next word, and talks.
"""

# %%
# Learn which word follows which.
from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.datasets import load_greetings

model = NGramTextGenerator(n=2, random_state=0).fit(load_greetings().data)

# %%
# What may follow "Olá!", and how likely it is.
for word, probability in model.next_words(["Olá!"])[0]:
    print(f"{probability:.3f}  {word}")

# %%
# Replies to messages, and texts of its own.
print(*model.predict(["Olá!", "Oi! Tudo bem?", "Boa"]), sep="\n")
print(*model.sample(3), sep="\n")
