"""A cache of objects that were computed from a language model."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Computed:
    """A cache of objects that were computed from a model; None if one was not yet.

    They do not refer to the model, but to a copy `without_computed`. Copies and pickles of
    the cache are empty.

    Attributes
    ----------
    scorer : Scorer
        Scores single words; with its own caches.
    known : KnownProbabilities
        Probabilities of n-grams.
    unigrams : tuple
        Probabilities of all words after the empty context, and the likeliest words.
    texts_given : tuple
        Pairs of recent constraints and what was computed for them.
    mean_length : float
        The mean length of texts, where it is not that of the texts learned.
    steps : list
        The n-grams as transitions between contexts, for completion probabilities.
    plain : LanguageModel
        The same model, `rebuilt` and `precomputed`.
    walk : BackwardWalk or False
        Draws the words before a context; False if that is not possible.
    look_ahead : LookAhead
        Survival probabilities of continuations.
    followers : dict
        The likeliest words after contexts.
    tempered : tuple
        Pairs of recent temperatures and samplers.
    word_sampler : WordSampler
        Draws single words; with its own caches.
    tables : NGramTables, ChangedTables or int
        Hash tables of n-grams, or the number of words looked up while there is none.
    counts, weights, rebuilt
        Of the levels of an `OnlineModel`.
    """

    scorer: Any = None
    known: Any = None
    unigrams: Any = None
    texts_given: Any = ()
    mean_length: Any = None
    steps: Any = None
    plain: Any = None
    walk: Any = None
    look_ahead: Any = None
    followers: Any = None
    tempered: Any = ()
    word_sampler: Any = None
    tables: Any = 0
    counts: Any = None
    weights: Any = None
    rebuilt: Any = None

    def __reduce__(self):
        return type(self), ()
