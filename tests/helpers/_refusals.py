"""What is refused, how that is seen, and that it did no harm."""

import pickle
import warnings
from contextlib import contextmanager

import pytest

REFUSED = (TypeError, ValueError)
TEXTS = ["a b c", "a c b", "b a", "c c a b"]
MESSAGES = ["a", "b c", "x", "", "a b"]

ANSWERS = [
    "predict",
    "score_samples",
    "score",
    "perplexity",
    "next_word_proba",
    "next_words",
]
GENERATOR_METHODS = ["partial_fit", *ANSWERS]


@contextmanager
def refusal(*patterns):
    """Like `pytest.raises`, for a message that has to say several things."""
    with pytest.raises(REFUSED) as error:
        yield error
    for pattern in patterns:
        error.match(f"(?s){pattern}")


def state(model):
    """All of a model, as bytes that are equal only for models that are equal."""
    return pickle.dumps(model)


def answers(model, messages=MESSAGES, learned=TEXTS):
    """What a model says, over and over the same with an int as random_state."""
    return model.predict(messages).tolist(), model.score_samples(learned).tolist()


def call(estimator, method, X):
    """Call a method; a generator is read to its end, as `stream` is lazy."""
    # A sparse matrix warns of itself in some versions of SciPy; that is not ours.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return getattr(estimator, method)(X)
