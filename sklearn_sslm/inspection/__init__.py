"""Plots of a model, and of the probabilities of a text.

The classes follow the display API of scikit-learn: ``from_estimator`` computes the data
and plots them; the display stores the data, the axes and the artists; ``plot`` plots them
again. Plotting needs matplotlib (extra ``[plot]``), which is imported only then.

Examples
--------
>>> from sklearn_sslm import NGramTextGenerator
>>> from sklearn_sslm.datasets import load_greetings
>>> from sklearn_sslm.inspection import NextWordDisplay
>>> model = NGramTextGenerator(n=3, smoothing="witten_bell").fit(load_greetings().data)
>>> display = NextWordDisplay.from_estimator(model, "Boa noite! Espero", k=3)
>>> display.words
['que', '', 'você']
>>> display.ax_
<Axes: ...>
"""

from ._next_word_display import NextWordDisplay
from ._surprise_display import SurpriseDisplay
from ._transition_display import TransitionDisplay
from ._vocabulary_display import VocabularyDisplay

__all__ = [
    "NextWordDisplay",
    "SurpriseDisplay",
    "TransitionDisplay",
    "VocabularyDisplay",
]
