"""The generation controls of a text generator, checked against each other."""

from collections.abc import Iterable
from numbers import Integral

import numpy as np

from ..ngrams import CONTROLS, Controls
from ..words import UNKNOWN

_DISTORTING = (*CONTROLS, "min_length", "stop", "num_beams")
"""Controls that change the distribution of texts."""

_NO_CONTROLS = Controls()
_NO_WORDS = np.zeros(0, dtype=np.int64)


def controls_of(generator, fitted):
    """The controls that a generator's parameters set.

    Parameters
    ----------
    generator : NGramTextGenerator
    fitted : FittedModel
        The model that the generator has learned.

    Returns
    -------
    Controls

    Raises
    ------
    ValueError
        If parameters contradict each other, or `bad_words` holds something else than
        words.
    """
    _check_contradictions(generator)
    names = [name for name, each in CONTROLS.items() if _is_set(generator, name, each)]
    if not names:
        return _NO_CONTROLS
    return Controls(**{name: _value_of(generator, fitted, name) for name in names})


def _is_set(generator, name, control):
    """Whether a control has another value than that with which it changes nothing."""
    value, off = getattr(generator, name), control.off
    return value is not off and (off is None or value != off)


def _value_of(generator, fitted, name):
    """The value of a control, as `Controls` takes it."""
    if CONTROLS[name].prepare:
        return phrases_of(generator, fitted, name)
    value = getattr(generator, name)
    # Unsigned integers of NumPy have no negatives.
    return value.item() if isinstance(value, np.generic) else value


def check_undistorted(generator, fitted, when, except_for=None):
    """Raise a ValueError if a control changes the distribution of texts.

    `bad_words` is no such control here: it becomes a condition.

    Parameters
    ----------
    generator : NGramTextGenerator
    fitted : FittedModel
    when : str
        When no control may be set, for the message of the error.
    except_for : str, default=None
        A control that may be set.
    """
    defaults = type(generator)().get_params(deep=False)
    for name in _DISTORTING:
        value = getattr(generator, name)
        if name in ("bad_words", except_for):
            continue
        if name == "stop":
            changed = len(ids_of(generator, fitted, name)) > 0
        else:
            changed = value != defaults[name]
        if changed:
            msg = (
                f"The {name!r} parameter of NGramTextGenerator must be "
                f"{defaults[name]!r} {when} exact for the model itself. Got {value!r}."
            )
            raise ValueError(msg)


def _check_contradictions(generator):
    """Raise a ValueError if controls exclude each other."""
    least, most = generator.min_length, generator.max_length
    if least > most:
        msg = (
            "The 'min_length' parameter of NGramTextGenerator must be at most "
            f"max_length={most}. Got {least}."
        )
        raise ValueError(msg)
    n_beams, n_replies = generator.num_beams, generator.num_return_sequences
    if n_beams == 1:
        return
    for name, control in CONTROLS.items():
        if control.warps and getattr(generator, name) != control.off:
            msg = (
                f"The {name!r} parameter of NGramTextGenerator must be {control.off} with "
                f"num_beams={n_beams}, with which nothing is random. Got "
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
    """Ids of the words of a parameter; unknown words are omitted."""
    if getattr(generator, name) is None:
        return _NO_WORDS
    ids = [word for (word,) in phrases_of(generator, fitted, name, longest=1)]
    return np.array(ids, dtype=np.int64)


def phrases_of(generator, fitted, name, longest=None):
    """The phrases of a parameter, as tuples of ids, without those with unknown words."""
    phrases = getattr(generator, name)
    if phrases is None:
        return []
    phrases = [phrases] if isinstance(phrases, str) else list(phrases)
    read = _ids_of_row if fitted.word_index is None else _ids_of_text
    known = []
    for phrase in phrases:
        ids = read(fitted, phrase)
        if not ids or (longest and len(ids) > longest):
            kind = "id of at least 1" if read is _ids_of_row else "word as a str"
            article = "an" if read is _ids_of_row else "one"
            more = "" if longest else ", or several in a row"
            msg = (
                f"The {name!r} parameter of NGramTextGenerator must hold words, each "
                f"{article} {kind}{more}. Got {phrase!r}."
            )
            raise ValueError(msg)
        if UNKNOWN not in ids:
            known.append(ids)
    return known


def _ids_of_text(fitted, phrase):
    """The ids of the words of a phrase; () if it is no str."""
    words = fitted.word_index.tokenize(phrase) if isinstance(phrase, str) else []
    return tuple(fitted.vocabulary.get(word, UNKNOWN) for word in words)


def _ids_of_row(fitted, phrase):
    """The ids of a phrase of ids, or of a single id; () if they are no ids."""
    ids = list(phrase) if isinstance(phrase, Iterable) else [phrase]
    if not all(isinstance(word, Integral) and int(word) > 0 for word in ids):
        return ()
    return tuple(int(word) if word < fitted.n_ids else UNKNOWN for word in ids)
