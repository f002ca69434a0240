"""Models of stored probabilities, as they are read from files."""

import numpy as np

from sklearn_sslm.arpa._backoff_form import backoff_forms, unknown_probability
from sklearn_sslm.arpa._building import StoredNGrams, backoff_model


def stored(words, p, backoff=None):
    """N-grams given as tuples of ids."""
    columns = [np.array(column, dtype=np.int32) for column in zip(*words, strict=True)]
    backoff = np.ones(len(p)) if backoff is None else np.array(backoff, dtype=float)
    return StoredNGrams(columns, np.array(p, dtype=float), backoff)


def stored_like(model, rng=None):
    """The n-grams of a model, shuffled if there is a source of chance."""
    orders, grams = [], [()]
    for form in backoff_forms(model):
        pairs = zip(form.context.tolist(), form.word.tolist(), strict=True)
        grams = [(*grams[context], word) for context, word in pairs]
        order = np.arange(len(grams))
        if rng is not None and orders:
            order = rng.permutation(order)
        words = [grams[row] for row in order]
        orders.append(stored(words, form.p[order], form.backoff_weight[order]))
    return orders


def stored_model(model, rng=None):
    """A model that stores what another works out."""
    return model_of_ngrams(stored_like(model, rng), unknown_probability(model))


def model_of_ngrams(orders, p_unknown):
    """The model of stored n-grams alone, without what is odd about it."""
    return backoff_model(orders, p_unknown).language_model
