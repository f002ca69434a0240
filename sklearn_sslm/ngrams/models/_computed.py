"""What was computed from a language model and is kept."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Computed:
    """What was computed from a model and is kept for the next question, or None.

    It does not refer to the model, but to another `without_computed`.

    Attributes
    ----------
    scorer : Scorer
        What scores single words, with what it has computed so far.
    unigrams : tuple
        Probabilities of all words without context, and the likeliest words in order.
    texts_given : tuple
        Recent constraints, with what draws texts given them.
    steps : list
        The n-grams as steps from context to context, for completion probabilities.
    plain : LanguageModel
        The same model `rebuilt` and `precomputed`.
    walk : BackwardWalk
        What draws the words before a context; False if that is not possible.
    look_ahead : LookAhead
        What knows how likely texts are to go on for some words.
    followers : dict
        Likeliest words after contexts.
    word_sampler : WordSampler
        What draws single words, with the children of contexts that it has visited.
    tables : NGramTables or int
        What looks up n-grams, or how many words were asked while there is none.
    counts, weights, rebuilt
        What an `OnlineModel` has made of its levels.
    """

    scorer: Any = None
    unigrams: Any = None
    texts_given: Any = ()
    steps: Any = None
    plain: Any = None
    walk: Any = None
    look_ahead: Any = None
    followers: Any = None
    word_sampler: Any = None
    tables: Any = 0
    counts: Any = None
    weights: Any = None
    rebuilt: Any = None
