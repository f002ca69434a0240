"""
Choosing the order and the smoothing
====================================

How many words of context, and which smoothing? Both are chosen on texts that were held
out, as for any estimator, with scikit-learn's own tools.
"""

# %%
# The corpus is made by a rule, so that it needs no download and can be of any size: line
# i holds the prime factors of i in rising order. 12 is "2 2 3".
from sklearn_sslm import NGramTextGenerator


def prime_factors(number):
    """Yield the prime factors of a number in rising order."""
    factor = 2
    while factor * factor <= number:
        while number % factor == 0:
            yield factor
            number //= factor
        factor += 1
    if number > 1:
        yield number


texts = [" ".join(map(str, prime_factors(number))) for number in range(2, 5000)]
print(*texts[58:63], sep="\n")

# %%
# One parameter at a time: a validation curve. The score is the mean log probability of a
# word or an end, so higher is better. On the texts that the model has learned it rises
# with every word of context. On texts that were held out it does not: longer contexts
# were seen too seldom for reliable counts. The gap between the two is *overfitting*.
import matplotlib.pyplot as plt
from sklearn.model_selection import KFold, ValidationCurveDisplay

cv = KFold(5, shuffle=True, random_state=0)
curve = ValidationCurveDisplay.from_estimator(
    NGramTextGenerator(smoothing="kneser_ney"),
    texts,
    None,
    param_name="n",
    param_range=[1, 2, 3, 4, 5],
    cv=cv,
    score_name="log probability per token",
)
curve.ax_.set(xticks=[1, 2, 3, 4, 5], title="Learned and held-out texts, by order")
plt.show()

# %%
# Both at once: a grid search. ``"mle"`` is not among the candidates, as without smoothing
# one pair of words that was never seen makes a text impossible, and the score −∞.
from sklearn.model_selection import GridSearchCV

orders = [1, 2, 3, 4, 5]
smoothings = ["lidstone", "witten_bell", "absolute_discounting", "kneser_ney"]
search = GridSearchCV(
    NGramTextGenerator(random_state=0),
    {"smoothing": smoothings, "n": orders},
    cv=cv,
).fit(texts)
print(search.best_params_)

# %%
# All results of the search as perplexities, the effective numbers of equally likely next
# words. (The grid is searched in alphabetical order of the parameters, so that the scores
# come row by row for each ``n``.)
import numpy as np

scores = search.cv_results_["mean_test_score"].reshape(len(orders), len(smoothings))
perplexities = np.exp(-scores.T)
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.imshow(perplexities, cmap="Blues", norm="log", vmax=200, aspect="auto")
for (i, j), perplexity in np.ndenumerate(perplexities):
    weight = "bold" if perplexity == perplexities.min() else "normal"
    ax.text(j, i, f"{perplexity:.1f}", ha="center", va="center", weight=weight)
ax.set(xticks=range(5), xticklabels=orders, xlabel="n", title="Held-out perplexity")
ax.set_yticks(range(4), smoothings)
plt.show()

# %%
# The longer the contexts, the more the smoothing matters. A smoothing may have parameters
# of its own, which are searched in the same way; here, how much Lidstone's adds to each
# count. The default of 1 is far too much.
from sklearn_sslm.smoothing import Lidstone

alphas = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]
curve = ValidationCurveDisplay.from_estimator(
    NGramTextGenerator(n=2, smoothing=Lidstone()),
    texts,
    None,
    param_name="smoothing__alpha",
    param_range=alphas,
    cv=cv,
    score_name="log probability per token",
)
curve.ax_.set_title("Learned and held-out texts, by what is added to counts")
plt.show()

# %%
# The best model writes numbers of its own. It has found out that factors rise.
print(*search.best_estimator_.sample(5), sep="\n")
