"""Small models under controls, and what they may say by brute force."""

from _replies import BANS, WARPS, all_replies, next_of

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.smoothing import Lidstone

# After each word something may follow, but for "d".
TEXTS = "a b a c|b c b|c a b c|a|b a a|c c a c b|a b d".split("|")

SMOOTHINGS = ["mle", "kneser_ney", "stupid_backoff", Lidstone(0.2)]

CONTROLS = [
    {},
    {"temperature": 0},
    {"temperature": 0.5},
    {"temperature": 3.0},
    {"top_k": 2},
    {"top_p": 0.6},
    {"min_p": 0.4},
    {"no_repeat_ngram_size": 1},
    {"no_repeat_ngram_size": 2},
    {"min_length": 2},
    {"bad_words": ["b"]},
    {"bad_words": ("a", "b", "c", "d")},
    {"stop": "c"},
    {"stop": {"b", "c"}},
    {"temperature": 0.7, "top_k": 3, "top_p": 0.9, "min_p": 0.1},
    {"bad_words": {"b", "d"}, "min_length": 3, "temperature": 2},
    {"no_repeat_ngram_size": 2, "min_length": 2, "top_p": 0.8, "stop": ["b"]},
    {"top_k": 1, "bad_words": ["c"], "no_repeat_ngram_size": 3},
]


def names(controls):
    """A name for a test with some controls, the same in every process."""
    return str({k: sorted(v) if isinstance(v, set) else v for k, v in controls.items()})


def fit(smoothing="mle", n=2, texts=TEXTS, **parameters):
    """A model of few short texts, whose replies are short too."""
    parameters = {"random_state": 0, "max_length": 4, **parameters}
    return NGramTextGenerator(n, smoothing=smoothing, **parameters).fit(texts)


def ids(model, words):
    """Ids of words: ``"a b" -> (1, 2)``."""
    words = words.split() if isinstance(words, str) else words
    return tuple(model.word_index_.vocabulary_[word] for word in words)


def by_hand(model, echo=()):
    """Every reply that the parameters of a model allow, by brute force."""
    names = [*BANS, *WARPS, "min_length", "max_length"]
    controls = {name: getattr(model, name) for name in names}
    for name in ("bad_words", "stop"):
        controls[name] = ids(model, getattr(model, name) or ())
    return all_replies(next_of(model), echo, **controls)
