"""Pictures of what a model knows, and of what it makes of a text.

They have the habits of scikit-learn's displays: ``from_estimator`` works out what there
is to show and draws it; the display then holds the data, the axes and the artists, and
``plot`` draws it again. Drawing needs matplotlib, or the extra ``[plot]``, which is
imported only then.

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
