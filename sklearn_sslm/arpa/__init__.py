r"""Models as ARPA files, which KenLM, SRILM and other programs read and write.

An ARPA file is text. It lists the n-grams of a model with the log10 of their probability,
and the log10 of their backoff weight, as contexts of words never seen after them::

    \data\
    ngram 1=5
    ngram 2=4

    \1-grams:
    -0.9542425	<unk>	0
    0	<s>	-0.3010300
    ...

References
----------
.. [1] "ngram-format", manual page of SRILM,
   http://www.speech.sri.com/projects/srilm/manpages/ngram-format.5.html
.. [2] K. Heafield, "KenLM: Faster and Smaller Language Model Queries", WMT 2011.

Examples
--------
>>> from sklearn_sslm import NGramTextGenerator
>>> from sklearn_sslm.arpa import read_arpa, write_arpa
>>> model = NGramTextGenerator(n=2, smoothing="kneser_ney").fit(["a b", "a c"])
>>> write_arpa(model, "model.arpa.gz")
>>> read_arpa("model.arpa.gz").score_samples(["a c"]) - model.score_samples(["a c"])
array([...e-0...])
"""

from ._arpa_reader import read_arpa
from ._arpa_writer import write_arpa

__all__ = ["read_arpa", "write_arpa"]
