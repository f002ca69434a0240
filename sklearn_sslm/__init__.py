"""The super small language model: n-grams as a scikit-learn estimator.

>>> from sklearn_sslm import NGramTextGenerator
>>> model = NGramTextGenerator(n=2, random_state=0)
>>> model.fit(["Olá! Como você está?", "Oi! Tudo bem com você?"]).predict(["Oi!"])
array(['Oi! Tudo bem com você?'], dtype=object)
"""

import importlib
import typing

__version__ = "0.1.0"

__all__ = [
    "MixtureScorer",
    "NGramClassifier",
    "NGramMixture",
    "NGramOutlierDetector",
    "NGramTextGenerator",
    "Session",
    "SubwordTokenizer",
    "SurpriseFeatures",
    "WordIds",
    "WordIndexTransformer",
    "WordScorer",
]

_MODULES = (
    "arpa",
    "compat",
    "datasets",
    "inspection",
    "memory",
    "ngrams",
    "smoothing",
)
_WINGS = {
    "MixtureScorer": "mixture",
    "NGramClassifier": "classifier",
    "NGramMixture": "mixture",
    "NGramOutlierDetector": "surprise",
    "NGramTextGenerator": "generator",
    "Session": "generator",
    "SubwordTokenizer": "words",
    "SurpriseFeatures": "surprise",
    "WordIds": "words",
    "WordIndexTransformer": "words",
    "WordScorer": "generator",
}

if typing.TYPE_CHECKING:
    from .classifier import NGramClassifier
    from .generator import NGramTextGenerator, Session, WordScorer
    from .mixture import MixtureScorer, NGramMixture
    from .surprise import NGramOutlierDetector, SurpriseFeatures
    from .words import SubwordTokenizer, WordIds, WordIndexTransformer
else:

    def __getattr__(name):
        # Imported when first used: `sslm --help` need not wait for scikit-learn.
        if name in _MODULES:
            return importlib.import_module(f".{name}", __name__)
        if name in _WINGS:
            wing = importlib.import_module(f".{_WINGS[name]}", __name__)
            globals()[name] = getattr(wing, name)
            return globals()[name]
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)


def __dir__():
    return sorted({*globals(), *__all__, *_MODULES})
