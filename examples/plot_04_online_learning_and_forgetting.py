"""
Learning on and forgetting
==========================

The world changes, and people change their minds about what they wrote. ``partial_fit``
adds texts to those that a model has learned, and ``partial_forget`` removes texts again,
exactly: the model is then the one that never saw them.
"""

# %%
# A diary, twenty entries a week, in which the season changes twice. The words stay the
# same all along, but which of them are likely does not.
import numpy as np

rng = np.random.default_rng(0)
seasons = [
    (["hot", "sunny"], ["swimming", "sailing"], ["lemonade", "melons"]),
    (["windy", "wet"], ["hiking", "dancing"], ["mushrooms", "chestnuts"]),
    (["cold", "snowy"], ["skiing", "skating"], ["soup", "tea"]),
]


def entry(season):
    """Write about a day of a season; each word may be untypical of it."""
    words = [
        rng.choice(seasons[season if rng.random() < 0.85 else rng.integers(3)][topic])
        for topic in range(3)
    ]
    return "it was {} so we went {} and had {}".format(*words)


weeks = [[entry(week // 20) for _ in range(20)] for week in range(60)]
print(weeks[0][0], weeks[25][0], weeks[50][0], sep="\n")

# %%
# Each week, first measure how well the model predicts the new entries, and only then learn
# them: so every text is a test before it is learned. Three models start alike.
#
# - The first stops learning after ten weeks.
# - The second learns on. After a while it has learned all seasons, and adapts slowly to a
#   new one, as the old entries outnumber those of the last few weeks.
# - The third learns on as well and forgets what is older than eight weeks.
from sklearn_sslm import NGramTextGenerator

names = ["learns for ten weeks", "learns on", "learns on and forgets"]
models = [NGramTextGenerator(n=3, smoothing="kneser_ney") for _ in names]
perplexities = np.zeros((60, 3))
for week, texts in enumerate(weeks):
    if week:
        perplexities[week] = [model.perplexity(texts) for model in models]
    if week < 10:
        models[0].partial_fit(texts)
    models[1].partial_fit(texts)
    models[2].partial_fit(texts)
    if week >= 8:
        models[2].partial_forget(weeks[week - 8])

# %%
# At each change of the season all perplexities jump. The model that forgets recovers in a
# few weeks; the one that only learns has all the old entries in its counts.
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(8, 3.5), layout="constrained")
for name, values in zip(names, perplexities.T):
    ax.plot(range(1, 60), values[1:], label=name)
for week, season in [(0, "summer"), (20, "autumn"), (40, "winter")]:
    ax.axvline(week, color="0.8", zorder=0)
    ax.text(week + 0.5, 0.98, season, transform=ax.get_xaxis_transform(), va="top")
ax.set(xlabel="week", ylabel="perplexity", xlim=(0, 59))
ax.set_title("Perplexity of new diary entries, week by week")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
# **Forgetting on request.** A language model repeats what it has learned, even what it
# should never have been given. Ana writes her telephone number into the diary.
model = models[1].set_params(random_state=0)
before = model.score_samples(weeks[0])
secret = "my number is 555 0199"
model.partial_fit([secret])
print(model.set_params(temperature=0).predict(["my number is"])[0])

# %%
# She asks for it to be taken out. There is no need to train anew, and no trace is left:
# the words that only she used are unknown again (so the answer is that the model did not
# understand), and all probabilities are what they were.
model.partial_forget([secret])
print(model.predict(["my number is"])[0])
print("as before:", np.allclose(model.score_samples(weeks[0]), before, rtol=1e-12))
print("knows her number:", "0199" in model.word_index_.vocabulary_)

# %%
# Only what was learned can be forgotten. Otherwise counts would fall below zero, so it is
# an error that names the text, and the model stays as it is.
try:
    model.partial_forget([secret])
except ValueError as error:
    print(error)
