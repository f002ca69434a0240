"""
Choosing the order and the smoothing
====================================

How many words of context, and how much to hand to what was not seen: a grid search on
held-out texts tells, as with any estimator. The corpus is made by a rule, so it can be
of any size: line i holds the prime factors of i in rising order.
"""

# %%
# The prime factors of 12 are "2 2 3".
from sklearn.model_selection import GridSearchCV, KFold

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


texts = [" ".join(map(str, prime_factors(number))) for number in range(2, 3000)]
print(*texts[8:12], sep="\n")

# %%
# The score is the mean log probability of a token, so higher is better.
search = GridSearchCV(
    NGramTextGenerator(),
    {
        "n": [1, 2, 3, 4],
        "smoothing": [
            "lidstone",
            "witten_bell",
            "absolute_discounting",
            "kneser_ney",
        ],
    },
    cv=KFold(3, shuffle=True, random_state=0),
).fit(texts)

for score, parameters in sorted(
    zip(
        search.cv_results_["mean_test_score"],
        search.cv_results_["params"],
        strict=True,
    ),
    key=lambda row: -row[0],
):
    print(f"{score:7.3f}  n={parameters['n']}  {parameters['smoothing']}")

# %%
# The best model writes numbers of its own.
print(*search.best_estimator_.set_params(random_state=0).sample(5), sep="\n")
