"""
A small dialogue
================

A model learns messages with their replies, and then answers at the counter of a
bookshop. The reply is a text of its own: it begins in the context of the end of the
message, so that each message gets the replies that people gave to it.
"""

# %%
# The dialogues: messages of customers, and the replies. In a file they would be two
# columns.
from sklearn_sslm import NGramTextGenerator

dialogues = """
good morning | good morning , can I help you ?
good morning | hello , what are you looking for ?
hello | hello , can I help you ?
do you have novels ? | yes , novels are on the left .
do you have novels ? | yes , which author do you like ?
do you have maps ? | yes , maps are upstairs .
do you have maps ? | sorry , we sold the last one today .
do you have comics ? | yes , comics are on the right .
where are the maps ? | upstairs , next to the window .
where are the novels ? | on the left , next to the door .
how much is this book ? | it is ten euros .
how much is this book ? | ten euros , it is on sale .
how much is the map ? | it is five euros .
can I pay by card ? | yes , of course .
can I pay by card ? | sorry , only in cash today .
thank you | you are welcome !
thank you | you are welcome , have a nice day !
thank you very much | it was a pleasure .
goodbye | goodbye , have a nice day !
goodbye | see you soon !
"""
pairs = [line.split(" | ") for line in dialogues.strip().splitlines()]
messages, replies = zip(*pairs, strict=True)

# %%
# Learn them. With ``n=7`` a reply begins after the last five words of the message, and
# ``detokenizer="simple"`` puts the punctuation back where it belongs.
model = NGramTextGenerator(n=7, detokenizer="simple", random_state=0)
model.fit(messages, replies)
for message in ["good morning", "do you have maps ?", "how much is this book ?"]:
    print(f"- {message}\n  {model.predict([message])[0]}")

# %%
# A message was answered in several ways. Here are some of the replies, drawn by chance,
# and how likely their first words are.
model.set_params(num_return_sequences=4, random_state=3)
for reply in model.predict(["do you have maps ?"])[0]:
    print(reply)
for word, probability in model.next_words(["do you have maps ?"])[0]:
    print(f"{probability:.2f}  {word}")

# %%
# The first word of the reply, across, to each message, down. Replies about the prices of
# books and of maps begin alike.
import matplotlib.pyplot as plt
import numpy as np

asked = [*dict.fromkeys(messages)]
proba = model.next_word_proba(asked)
columns = np.flatnonzero(proba.any(axis=0))
fig, ax = plt.subplots(figsize=(8, 4.5), layout="constrained")
image = ax.imshow(proba[:, columns], cmap="Blues", vmin=0, vmax=1, aspect="auto")
words = [model.word_index_.words_[column] for column in columns]
ax.set_xticks(range(len(columns)), words, rotation=45)
ax.set_yticks(range(len(asked)), asked)
fig.colorbar(image, label="probability")
ax.set_title("The first word of the reply to each message")
plt.show()

# %%
# The likeliest reply in place of one drawn by chance: a beam search.
model.set_params(num_return_sequences=1, num_beams=5)
print(model.predict(["goodbye"])[0])

# %%
# Nobody asked for posters. By default such a message gets a fixed answer; with
# ``unknown="backoff"`` the known words after the unknown one decide, and without any the
# reply begins as texts do.
model.set_params(num_beams=1, fallback_response="I beg your pardon?")
print(model.predict(["do you have posters ?"])[0])
model.set_params(unknown="backoff")
print(model.predict(["do you have posters ?"])[0])

# %%
# The shop goes on learning.
model.partial_fit(["do you have posters ?"], ["yes , posters are upstairs ."])
print(model.predict(["do you have posters ?"])[0])
