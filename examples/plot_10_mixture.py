"""
A mixture of two models
=======================

Two models, one of the documentation of NumPy and one of that of SciPy's statistics, are
interpolated. The weights come from texts of both that neither of them has learned.
"""

# %%
# Every installation has these texts: the docstrings of two modules, line by line.

import matplotlib.pyplot as plt
import numpy as np
import scipy.stats

from sklearn_sslm import NGramMixture, NGramTextGenerator


def lines_of(module):
    """The lines of a module's docstrings, each once."""
    docs = (str(getattr(module, name).__doc__) for name in sorted(module.__all__))
    lines = {line.strip(): None for doc in docs for line in doc.splitlines()}
    return [line for line in lines if len(line.split()) > 3]


parts = [lines_of(np), lines_of(scipy.stats)]
models = [
    NGramTextGenerator(n=3, smoothing="kneser_ney").fit(lines[::2]) for lines in parts
]
print([len(lines) for lines in parts])

# %%
# The text in question is three parts NumPy and one part SciPy.
# :meth:`~sklearn_sslm.NGramMixture.fit_weights` begins with equal weights, and each of its
# steps makes the held-out texts likelier.

held_out = parts[0][1:1200:4] + parts[1][1:400:4]
test = parts[0][3:1200:4] + parts[1][3:400:4]
mixture = NGramMixture(models).fit_weights(held_out)
print(mixture.weights_.round(3), "after", mixture.n_iter_, "steps")

# %%
# The likelihood has one maximum. On other texts, too, it is where the mixture is better
# than both models, which are at the two ends.

weights = np.linspace(0, 1, 21)
curves = {
    "held-out texts": [
        NGramMixture(models, [w, 1 - w]).score(held_out) for w in weights
    ],
    "other texts": [NGramMixture(models, [w, 1 - w]).score(test) for w in weights],
}
_, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for label, scores in curves.items():
    left.plot(weights, scores, label=label)
left.axvline(mixture.weights_[0], color="gray", linestyle=":", label="fit_weights")
left.set(xlabel="weight of NumPy's model", ylabel="log probability, nats a token")
left.set_title("Likelihood of mixtures")
left.legend()
right.plot(mixture.log_likelihoods_, marker=".")
right.set(xlabel="step", title="Steps of expectation maximization")
plt.show()

# %%
# What it writes is of both.

mixture.set_params(random_state=0)
for text in mixture.sample(3):
    print(text)
