"""The super small language model: n-grams as a scikit-learn estimator.

>>> from sklearn_sslm import NGramTextGenerator
>>> model = NGramTextGenerator(n=2, random_state=0)
>>> model.fit(["Olá! Como você está?", "Oi! Tudo bem com você?"]).predict(["Oi!"])
array(['Oi! Tudo bem com você?'], dtype=object)
"""

__version__ = "0.1.0"  # before the imports, since what is saved tells it

from .generator import NGramTextGenerator
from .words import WordIndexTransformer

__all__ = ["NGramTextGenerator", "WordIndexTransformer"]
