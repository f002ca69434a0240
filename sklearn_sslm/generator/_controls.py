"""The parameters that control what a text generator writes, checked together."""

from numbers import Integral

import numpy as np

from ..ngrams import CONTROLS, Controls

_DISTORTING = (*CONTROLS, "min_length", "stop", "num_beams")
"""Controls under which texts are not drawn by the model's own probabilities."""


def controls_of(generator, fitted):
    """The controls that a generator's parameters set.

    Parameters
    ----------
    generator : NGramTextGenerator
    fitted : FittedModel
        What it has learned.

    Returns
    -------
    Controls

    Raises
    ------
    ValueError
        If its parameters contradict each other, or hold what is no word.
    """
    _check_contradictions(generator)
    values = {
        name: ids_of(generator, fitted, name)
        if control.of_words
        else getattr(generator, name)
        for name, control in CONTROLS.items()
    }
    return Controls(**values)


def check_undistorted(generator, fitted):
    """Raise a ValueError unless a generator draws by the model's own probabilities."""
    defaults = type(generator)().get_params(deep=False)
    for name in _DISTORTING:
        value = getattr(generator, name)
        if name == "stop" or (name in CONTROLS and CONTROLS[name].of_words):
            changed = len(ids_of(generator, fitted, name)) > 0
        else:
            changed = value != defaults[name]
        if changed:
            msg = (
                f"The {name!r} parameter of NGramTextGenerator must be "
                f"{defaults[name]!r} to sample under conditions, which are exact "
                f"for the model itself. Got {value!r}."
            )
            raise ValueError(msg)


def _check_contradictions(generator):
    """Whether the controls can be meant together."""
    least, most = generator.min_length, generator.max_length
    if least > most:
        msg = (
            "The 'min_length' parameter of NGramTextGenerator must be at most "
            f"'max_length'. Got {least} > {most}."
        )
        raise ValueError(msg)
    n_beams, n_replies = generator.num_beams, generator.num_return_sequences
    if n_beams == 1:
        return
    for name, control in CONTROLS.items():
        if control.warps and getattr(generator, name) != control.off:
            msg = (
                f"The {name!r} parameter of NGramTextGenerator must be {control.off} with "
                f"num_beams={n_beams}, which leaves nothing to chance. Got "
                f"{getattr(generator, name)}; set num_beams=1 to draw replies."
            )
            raise ValueError(msg)
    if n_replies > n_beams:
        msg = (
            "The 'num_return_sequences' parameter of NGramTextGenerator must be at "
            f"most 'num_beams'. Got {n_replies} > {n_beams}."
        )
        raise ValueError(msg)


def ids_of(generator, fitted, name):
    """Ids of the words of a parameter; unknown ones are left out."""
    words, index = getattr(generator, name), fitted.word_index
    if words is None:
        return np.zeros(0, dtype=np.int64)
    words = [words] if isinstance(words, str) else list(words)
    numbers = []
    for word in words:
        if index is None:
            fits = isinstance(word, Integral) and int(word) > 0
            number = word if fits and word < fitted.n_ids else None
        else:
            spelled = index.tokenize(word) if isinstance(word, str) else []
            fits = len(spelled) == 1
            number = fitted.vocabulary.get(spelled[0]) if fits else None
        if not fits:
            kind = "an id of at least 1" if index is None else "one word as a str"
            msg = (
                f"The {name!r} parameter of NGramTextGenerator must hold words, "
                f"each {kind}. Got {word!r}."
            )
            raise ValueError(msg)
        if number is not None:
            numbers.append(number)
    return np.array(numbers, dtype=np.int64)
