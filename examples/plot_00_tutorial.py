"""
The tutorial: a language model in eight steps
=============================================

*Em português:* :ref:`sphx_glr_auto_examples_plot_00_tutorial_pt.py`.

A language model is asked one question over and over: *given the words so far, which word
comes next?* Whoever can answer it can write: pick a word, put it at the end, ask again.
The famous models answer with billions of numbers that nobody can read. Ours answers with
a table that you could fill in with a pencil, and we look at every array on the way.

You need to know a little Python. No mathematics beyond fractions is assumed.

1. Scope: what the model is to do.
2. Data: what it learns from.
3. Architecture: how words become numbers.
4. Training: counting, and fractions of counts.
5. Tests: a reply, drawn word by word.
6. Refinement: longer contexts, and what was never seen.
7. Learning: a new message changes the table.
8. Your own chat, which remembers what was said.
"""

# %%
# 1. Scope
# --------
#
# Some models tell cats from dogs, others paint or transcribe speech. Decide first, as
# everything else follows from it. Our scope is **writing short texts**: a message comes
# in, a text goes out. Our ambition is small on purpose: to understand all of it.
#
# 2. Data
# -------
#
# A model knows what is in its texts and nothing else. Large models read a good part of
# the internet; ours reads ten greetings in Brazilian Portuguese. You need not know the
# language, and that is instructive: neither does the model.
from sklearn_sslm.datasets import load_greetings

texts = load_greetings().data
print(*texts, sep="\n")

# %%
# A few words to find your way: *olá* and *oi* are hello and hi, *bom dia*, *boa tarde*,
# *boa noite* wish a good morning, afternoon, evening, *você* is you, *como* is how, *que*
# is that, *um* is a, *espero* is I hope.
#
# 3. Architecture
# ---------------
#
# Computers count with numbers, so each word gets one, its *id*: the first word that turns
# up is 1, the next new word is 2, and so on. A text is split at its blanks, so that
# ``Olá!`` with its exclamation mark is one word.
from sklearn_sslm import WordIndexTransformer

index = WordIndexTransformer()
rows = index.fit_transform(texts)
words = index.words_
print({word: words.index(word) for word in ["Olá!", "Como", "você", "está?", "Oi!"]})
print(len(words) - 1, "different words")

# %%
# Texts differ in length, but an array has straight edges. So the shorter rows are filled
# up with an id that is no word, the **padding** 0.
print(rows)

# %%
# The same array, with each word above its id. Wherever a word comes back, so does its
# number: look for 3, *você*.
import matplotlib.pyplot as plt
import numpy as np

fig, ax = plt.subplots(figsize=(10, 4.5), layout="constrained")
ax.imshow(rows > 0, cmap="Blues", vmin=0, vmax=4, aspect="auto")
for (i, j), word_id in np.ndenumerate(rows):
    ax.text(j, i, f"{words[word_id]}\n{word_id}", ha="center", va="center", fontsize=9)
ax.set(xticks=[], yticks=range(10), yticklabels=range(1, 11), ylabel="text")
ax.set_title("Ten texts as ids, padded with 0")
plt.show()

# %%
# The 0 is more than filling. It says **here the text ends**, and that is worth learning:
# a model that does not know where sentences stop never stops. Every row ends with at
# least one 0 for that reason. The same 0 stands, unwritten, before the first word: it
# says **here a text starts**, and what follows it are the words that texts begin with.
# This is why 0 is also called the *boundary*.
#
# Rows can be cut to a given length as well. What is cut off is lost, the end included,
# so we do not do it:
print(WordIndexTransformer(max_length=4).fit_transform(texts)[:3])

# %%
# 4. Training
# -----------
#
# Training is counting. Walk through each text, from its boundary to its boundary, and
# note for every pair of neighbours: after *this* word came *that* one.
from itertools import pairwise

counts = np.zeros((len(words), len(words)), dtype=int)
for row in rows:
    for word, following in pairwise([0, *row[row > 0], 0]):
        counts[word, following] += 1
print(counts.shape, "cells with", counts.sum(), "pairs of neighbours")

# %%
# That is the whole training. Now from counts to chances. In our texts *você* comes five
# times. Twice *esteja* follows it, and once each *está?*, *tenha* and *hoje?* do. So if
# all you know is that the last word was *você*, a fair guess for *esteja* is 2 in 5:
#
# .. code-block:: text
#
#                        times that "esteja" followed "você"     2
#    p(esteja | você) = ------------------------------------- = ---
#                            times that any word did             5
#
# Read ``|`` as "given": this is a **conditional probability**. The words given are the
# *context*. To get all of them at once, divide each row of the table by its sum.
proba = counts / counts.sum(axis=1, keepdims=True)

# %%
# Five rows of the table, as counts and as probabilities. An empty cell is a zero, and
# each row of probabilities adds up to 1.
shown = ["Olá!", "Oi!", "que", "você", "um"]
picked = [words.index(word) for word in shown]
columns = np.flatnonzero(counts[picked].any(axis=0))

titles = ["How often a word came after another", "The probability that it does"]
fig, axes = plt.subplots(2, figsize=(9, 5), sharex=True, layout="constrained")
for ax, table, title in zip(axes, [counts, proba], titles):
    part = table[np.ix_(picked, columns)]
    ax.imshow(part / part.max(), cmap="Blues", vmax=1.6, aspect="auto")
    for (i, j), value in np.ndenumerate(part):
        if value:
            ax.text(j, i, f"{value:.3g}", ha="center", va="center")
    ax.set(title=title, ylabel="after", yticks=range(len(shown)), yticklabels=shown)
ax.set_xticks(range(len(columns)), [words[column] for column in columns], rotation=45)
ax.set_xlabel("comes")
plt.show()

# %%
# And this is the entire model: 42 contexts by 42 words that may come next. The row of
# the boundary, at the top, holds the beginnings of texts; its column, at the left, the
# ends. The dark diagonal lines are the texts themselves, whose words were numbered in
# order.
names = ["(boundary)", *words[1:]]
fig, ax = plt.subplots(figsize=(9, 8.5), layout="constrained")
cells = np.where(proba > 0, proba, np.nan)
image = ax.imshow(cells, cmap="viridis_r", vmin=0, vmax=1, zorder=2)
ax.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
ax.set_yticks(range(len(names)), names, fontsize=8)
ax.set(xlabel="comes", ylabel="after", title="Probabilities after each word")
ax.grid(color="0.9", linewidth=0.5)
fig.colorbar(image, label="probability", shrink=0.6)
plt.show()

# %%
# The library does the same in one line. ``n=2`` says that it looks at pairs of words;
# the model is then called a *bigram* model.
from sklearn_sslm import NGramTextGenerator

model = NGramTextGenerator(n=2, random_state=0).fit(texts)
print("same table:", np.allclose(model.next_word_proba(words), proba))
print(model.next_words(["Tudo bem com você"])[0])

# %%
# Nearly all cells of our table are empty, and with a real vocabulary there would be
# billions of them. So the library keeps only the others, in sorted order, each pair with
# its count. Here are the first of them: beginnings of texts, then what follows *Olá!*.
pairs = model.counts_.levels[1]
print(len(pairs), "pairs in place of", counts.size, "cells")
for word, following, count in zip(pairs.context, pairs.word, pairs.count[:8]):
    print(f"{count} x  {names[word]} {names[following]}")

# %%
# 5. Tests
# --------
#
# A message comes in. Its last word is the context; from then on it is all chance, but
# loaded: cut a bar of length 1 into a piece for each possible next word, as long as that
# word is likely, throw a dart at it, and take the word that it hits. Repeat until the
# dart hits the boundary.
rng = np.random.default_rng(12)
word = words.index("Olá!")
steps = []
while word != 0:
    dart = rng.random()
    steps.append((word, dart))
    word = np.searchsorted(proba[word].cumsum(), dart)
print(*[words[word] for word, _ in steps])

# %%
# The throws that wrote this reply, from top to bottom. Where there is one piece only,
# chance has no say.
fig, ax = plt.subplots(figsize=(9, 0.5 * len(steps) + 0.6), layout="constrained")
for step, (word, dart) in enumerate(steps):
    left = 0
    for following in np.flatnonzero(proba[word]):
        right = left + proba[word, following]
        color = "skyblue" if left <= dart < right else "0.9"
        ax.barh(step, right - left, left=left, color=color, edgecolor="white")
        ax.text((left + right) / 2, step, names[following], ha="center", va="center")
        left = right
    ax.plot(dart, step - 0.4, "v", color="black", clip_on=False)
ax.set_yticks(range(len(steps)), [f"after {words[word]}" for word, _ in steps])
ax.set(xlim=(0, 1), xlabel="where the dart hits", title="A reply, dart by dart")
ax.invert_yaxis()
ax.spines[:].set_visible(False)
plt.show()

# %%
# How likely was that reply? One step after the other, so the probabilities multiply.
# (Text books call this the *chain rule*.)
chances = [proba[a, b] for a, b in pairwise([*[word for word, _ in steps], 0])]
print(" * ".join(f"{chance:.3g}" for chance in chances), f"= {np.prod(chances):.4f}")

# %%
# ``predict`` throws the darts for us. Let it answer the same message 10,000 times, and
# count what it says: the replies come as often as the products tell.
from collections import Counter

replies = Counter(model.predict(["Olá!"] * 10_000)).most_common(8)
expected = [
    np.prod([proba[a, b] for a, b in pairwise(index.transform([reply])[0])])
    for reply, _ in replies
]
fig, ax = plt.subplots(figsize=(9, 3.5), layout="constrained")
ax.barh(range(8), [times / 10_000 for _, times in replies], label="how often it came")
ax.plot(expected, range(8), "|", color="black", ms=22, mew=2, label="the product")
ax.set_yticks(range(8), [reply for reply, _ in replies])
ax.set(xlabel="share of the replies", title="The likeliest replies to “Olá!”")
ax.invert_yaxis()
ax.legend()
plt.show()

# %%
# Some of these were never said by anyone, which makes this a *generator* and not a
# parrot. What can it not do? A word that it never read has no row in the table. Then it
# apologises: *sorry, I did not understand your message*. Nor does it know that ``olá``
# could be ``Olá!``: to a computer, two words are the same or they are not.
for message in ["Oi! Tudo", "Boa noite! Tudo", "olá", ""]:
    print(f"{message!r:18} -> {model.predict([message])[0]}")

# %%
# The first two answers have the same chances, as only the last word counts. And that is
# the flaw of this model, as its longer texts show. They begin with one greeting and end in
# another:
print(*model.set_params(random_state=4).sample(4), sep="\n")

# %%
# 6. Refinement
# -------------
#
# **A longer memory.** With ``n=3`` the context are the last two words, with ``n=4`` the
# last three: an *n-gram* model. Longer contexts mix up less.
for n in range(1, 6):
    model = NGramTextGenerator(n=n, random_state=28).fit(texts)
    print(f"n={n}:  {model.sample(1)[0]}")

# %%
# So is more always better? Compare two things as ``n`` grows. On the left, how much of
# what the model writes it has only learned by heart. On the right, its **perplexity**:
# among how many equally likely words would it be as hard to guess the next one? On the
# texts it has learned the perplexity falls and falls, but that is memory. The test is a
# text that it has *not* seen: hide one of the ten, learn the other nine, and measure on
# the hidden one, for each in turn.
from sklearn.model_selection import LeaveOneOut, cross_val_score

orders = range(1, 6)
parrots, learned, hidden = [], [], []
for n in orders:
    model = NGramTextGenerator(n=n, random_state=0).fit(texts)
    parrots.append(np.isin(model.sample(2000), texts).mean())
    model = NGramTextGenerator(n=n, smoothing="witten_bell").fit(texts)
    learned.append(model.perplexity(texts))
    hidden.append(np.exp(-cross_val_score(model, texts, cv=LeaveOneOut()).mean()))

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
left.bar(orders, parrots)
left.set(xlabel="n", ylabel="share of its texts", title="Copies of learned texts")
right.plot(orders, hidden, "o-", label="texts it has not seen")
right.plot(orders, learned, "o-", label="texts it has learned")
right.set(xlabel="n", xticks=orders, title="Perplexity (lower is better)", ylim=0)
right.legend()
plt.show()

# %%
# With ten texts nothing is gained after ``n=2``: contexts of three words hardly ever come
# twice, so there is nothing to learn about what follows them. With a million words
# ``n=3`` to ``n=5`` is usual. That is how such numbers are chosen: by texts that were
# held back.
#
# **What was never seen.** You have just met the word ``smoothing``. Here is what it is
# for. *Oi! Como você está?* is perfectly good Portuguese, but in our ten texts no *Como*
# follows an *Oi!*, so one factor of the product is 0, and with it all of it: impossible,
# says the model, about a sentence that is merely new. A count of 0 in a small sample is
# not a proof.
oi, como = words.index("Oi!"), words.index("Como")
print("p(Como | Oi!) =", proba[oi, como])

# %%
# **Smoothing** takes a little from what was seen and gives it to what was not. The way of
# Witten and Bell: four texts go on after *Oi!*, each time with a word that had not
# followed it before. So new words are to be expected there, as often as not: 4 parts for
# what was seen, 4 for the new.
#
# .. code-block:: text
#
#                   times that w followed        4
#    p(w | Oi!)  =  ---------------------  +  -------  p(w)
#                           4 + 4              4 + 4
#
#                        discounted             backoff
#                        probability            weight
#
# And how are the 4 parts for the new shared out? By p(w), the probabilities without the
# context: words that are frequent everywhere, such as *você*, get more.
smooth = NGramTextGenerator(n=2, smoothing="witten_bell").fit(texts)
after_oi = smooth.next_word_proba(["Oi!"])[0]
discounted = counts[oi] / (counts[oi].sum() + np.count_nonzero(counts[oi]))
likeliest = np.argsort(-after_oi, kind="stable")[:16]

fig, ax = plt.subplots(figsize=(9, 3.5), layout="constrained")
before = proba[oi, likeliest]
ax.bar(range(16), before, fill=False, edgecolor="0.6", label="not smoothed")
discounted, rest = discounted[likeliest], (after_oi - discounted)[likeliest]
ax.bar(range(16), discounted, color="tab:blue", label="discounted")
label = "from p(w)"
ax.bar(range(16), rest, bottom=discounted, color="tab:orange", label=label)
ax.set_xticks(range(16), [names[word] for word in likeliest], rotation=45)
ax.set(ylabel="probability", title="The next word after “Oi!”, smoothed")
ax.legend()
plt.show()
print(f"p(Como | Oi!) = {after_oi[como]:.4f}")

# %%
# Now a new sentence is unlikely but not impossible, and less unlikely than its words in
# a wrong order. ``score_samples`` gives the logarithm of the product, as products of many
# small numbers get too small for a computer. There are better ways than Witten and
# Bell's, above all ``"kneser_ney"``; the user guide compares them.
for text in ["Oi! Como você está?", "está? você Como Oi!"]:
    print(f"{np.exp(smooth.score_samples([text])[0]):.1e}  {text}")

# %%
# 7. Learning
# -----------
#
# A model that talks to people can learn from them. There is no need to count everything
# again: a new message adds to the counts that it touches, and ``partial_fit`` does just
# that. The message says that capybaras are rodents that swim very well.
model = NGramTextGenerator(n=2, random_state=0).fit(texts)
print("before:", model.predict(["O que são capivaras"])[0])
print("       ", model.next_words(["que"])[0])

model.partial_fit(["capivaras são roedores que nadam muito bem"])
print("after: ", model.predict(["O que são capivaras"])[0])
print("       ", model.next_words(["que"])[0])

# %%
# New words get the next ids, and the old ones keep theirs. Of the rows that the table had
# before, look at that of *que*: it stood 3 : 1 for *você* and *posso*, and now stands
# 3 : 1 : 1. Only such rows are touched; *Olá!* goes on as it did.
print({word: j for j, word in enumerate(model.word_index_.words_) if j > 41})

# %%
# But ask it properly, with a question mark, and it fails: the word ``capivaras?`` is not
# ``capivaras``. That comes from splitting at blanks. A *tokenizer* that separates words
# from punctuation repairs it, and a *detokenizer* writes texts without the blanks. And with
# ``unknown="backoff"`` unknown words are passed over.
import re

split = WordIndexTransformer(tokenizer=re.compile(r"\w+|[^\w\s]").findall)
model = NGramTextGenerator(
    n=3, word_index=split, detokenizer="simple", unknown="backoff", random_state=2
)
model.fit(texts).partial_fit(
    ["O que são capivaras? capivaras são roedores que nadam muito bem."]
)
print(split.tokenize("O que são capivaras?"))
print(model.set_params(echo="none").predict(["O que são capivaras?"])[0])

# %%
# 8. Your own chat
# ----------------
#
# All the pieces are there, and now it is your turn: put sentences of your own into
# ``mine``, in any language, and the model talks as you do. A *session* is one conversation.
# It hears each message and each reply, and remembers them: what was just said becomes
# likelier, words included that the model has never learned.
mine = [
    "Eu sou a Bia.",
    "Gosto de música e de gatos.",
    "Você gosta de gatos? Eu gosto.",
]
model = NGramTextGenerator(
    n=3,
    smoothing="witten_bell",
    temperature=0.6,
    word_index=split,
    detokenizer="simple",
    unknown="backoff",
    echo="none",
    min_length=1,
    random_state=4,
)
model.fit([*texts, *mine])
session = model.session()


def chat(messages):
    """Answer messages, one after the other."""
    for message in messages:
        print(">", message)
        print(" ", session.predict([message])[0])


chat(["Olá!", "Gosto de chocolate, e você?", "Você gosta de gatos?", "Gosto de"])

# %%
# *Chocolate*: the model has never read that word, but it has just heard it. Ask both what
# may follow *Gosto de*, I like: the model, and the chat. The model itself has not changed.
# The next visitor gets a session of their own, which knows nothing of this one.
before = dict(model.next_words(["Gosto de"], k=50)[0])
after = dict(session.next_words(["Gosto de"], k=50)[0])
shown = list(after)[:4]

fig, ax = plt.subplots(figsize=(9, 3), layout="constrained")
for shift, chances, label in [(-0.2, before, "the model"), (0.2, after, "this chat")]:
    heights = [chances.get(word, 0) for word in shown]
    ax.bar(np.arange(len(shown)) + shift, heights, width=0.4, label=label)
ax.set_xticks(range(len(shown)), [word or "(end)" for word in shown])
ax.set(ylabel="probability", title="The next word after “Gosto de”")
ax.legend()
plt.show()

# %%
# In a notebook or at a terminal you can type your messages; an empty one ends the chat:
#
# .. code-block:: python
#
#    chat(iter(lambda: input("> "), ""))
#
# To keep your model, ``joblib.dump(model, "mine.joblib")``; then ``sslm chat --memory -m
# mine.joblib`` talks without Python, and ``sslm chat --web --memory -m mine.joblib`` on a
# page for your friends. What a session remembers ends with it; what the model should know
# for good it learns, as in step 7, by ``partial_fit``.

# %%
# What about the large ones?
# --------------------------
#
# You now know how a language model works, and not only a small one. The large ones, too,
# turn words (or parts of words) into ids, know a boundary, are trained on the question
# which word comes next, measure perplexity on texts that were held back, and write by
# throwing darts. The difference is the table: in its place they have a neural network
# that computes the row for *any* context, thousands of words long, and notices that
# ``olá`` and ``Olá!`` are nearly the same. Ours does not, but it learns a million words a
# second, every one of its numbers can be traced to the texts, and a message can really be
# forgotten: see
# :ref:`sphx_glr_auto_examples_plot_04_online_learning_and_forgetting.py`.
#
# Go on with
#
# - :ref:`sphx_glr_auto_examples_plot_02_choose_n_and_smoothing.py`, where held-back texts
#   choose for us,
# - :ref:`sphx_glr_auto_examples_plot_03_write_like_your_documentation.py`, which does all
#   this with a million words,
# - :ref:`sphx_glr_auto_examples_plot_06_dialogue.py`, where messages have replies.

# sphinx_gallery_thumbnail_number = 4
