"""The interface of the ``kenlm`` module for ARPA files and fitted generators.

Programs that use the ``kenlm`` module by K. Heafield [1]_ only need another import::

    from sklearn_sslm.compat import kenlm

The classes have the same methods, arguments, units (log10) and exceptions. Differences:

- `Model` also takes a fitted generator. It does not read KenLM's binary files.
- Scores have double precision; KenLM's have single precision.
- ``<s>`` as a predicted word has probability 1, as lmplz writes it, whatever the file
  says. KenLM's documentation advises never to score it as a word.
- States are equal if no later score can differ: if no n-gram begins with the start of a
  text, its end or an unknown word, the state after it equals the state without context.
- `State` objects can be copied by `copy.deepcopy`, and pickled.

References
----------
.. [1] K. Heafield, "KenLM: Faster and Smaller Language Model Queries", WMT 2011.

Examples
--------
>>> from sklearn_sslm import NGramTextGenerator
>>> from sklearn_sslm.arpa import write_arpa
>>> from sklearn_sslm.compat import kenlm
>>> texts = ["um dois três", "um dois quatro"]
>>> write_arpa(NGramTextGenerator(n=3, smoothing="kneser_ney").fit(texts), "small.arpa")
>>> model = kenlm.Model("small.arpa")
>>> round(model.score("um dois três"), 4), round(model.perplexity("um dois três"), 4)
(-0.8059, 1.5903)
"""

from ._config import ARPALoadComplain, Config, LoadMethod
from ._kenlm_state import State
from ._model import FullScoreReturn, LanguageModel, Model

__all__ = [
    "ARPALoadComplain",
    "Config",
    "FullScoreReturn",
    "LanguageModel",
    "LoadMethod",
    "Model",
    "State",
]
