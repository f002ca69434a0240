"""The interface of the ``kenlm`` module, on ARPA files and on fitted generators.

Programs that call the module by K. Heafield [1]_ need another import only::

    from sklearn_sslm.compat import kenlm

Its classes have the same methods, arguments, units (log10) and exceptions. What differs:

- `Model` takes a fitted generator, too. It does not read KenLM's binary files.
- Scores are of double precision, where KenLM's are of single precision.
- As a word that is predicted, ``<s>`` has the probability 1 that lmplz gives it, whatever
  a file says. KenLM's own documentation says that it should never be one.
- States are equal wherever no later score can differ: where nothing is known of what
  follows the start, the end or an unknown word, they equal the state of no context.
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
