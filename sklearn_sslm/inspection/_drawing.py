"""Axes, labels, fonts and colours of all displays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from types import ModuleType
from typing import TYPE_CHECKING
from unicodedata import category

from sklearn.utils.validation import check_is_fitted

from ..generator import NGramTextGenerator
from ..utils import import_extra

if TYPE_CHECKING:
    from matplotlib.axes import Axes

END, START, OTHER = "‹end›", "‹start›", "‹other›"
"""Labels of the boundary of a text, and of all words that are left out."""

PALE_TO_DARK = ("#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404")
"""YlOrBr of ColorBrewer; its lightness is monotonic, so that it is legible in gray, too."""

_JOINER = re.compile("(?<=[^\0-\x7f])[\u200c\u200d](?=[^\0-\x7f])")
"""What joins letters or emoji, or keeps them apart; elsewhere it is not to be seen."""


def check_estimator(
    estimator: object, display: type, kinds: tuple[type, ...] = (NGramTextGenerator,)
) -> str:
    """Raise an error unless an estimator can be plotted by a display.

    Parameters
    ----------
    estimator : object
        The argument of `from_estimator`.
    display : type
        The class of the method.
    kinds : tuple of type, default=(NGramTextGenerator,)
        The classes of estimators that it can plot.

    Returns
    -------
    owner : str
        The name of the method, for messages.

    Raises
    ------
    ImportError
        If matplotlib is missing.
    TypeError
        If the estimator is of another class.
    NotFittedError
        If it is not fitted.
    """
    owner = f"{display.__name__}.from_estimator"
    pyplot(owner)
    if not isinstance(estimator, kinds):
        names = " or ".join(kind.__name__ for kind in kinds)
        msg = (
            f"The 'estimator' parameter of {owner} must be an {names}. Got "
            f"{type(estimator).__name__} instead; of a pipeline, give its last step."
        )
        raise TypeError(msg)
    if isinstance(estimator, NGramTextGenerator):
        check_is_fitted(estimator)
    return owner


def words_of_ids(
    ids: list[int], estimator: NGramTextGenerator
) -> list[str] | list[int]:
    """The words of ids; for models of plain integer rows, the ids."""
    index = estimator.word_index_
    return ids if index is None else [index.words_[word] for word in ids]


def check_option(
    value: object, options: tuple[str, ...], name: str, owner: str
) -> None:
    """Raise a ValueError unless an argument is one of its options."""
    if value not in options:
        msg = (
            f"The {name!r} parameter of {owner} must be one of {list(options)}. Got "
            f"{value!r} instead."
        )
        raise ValueError(msg)


def pyplot(owner: str) -> ModuleType:
    """The module matplotlib.pyplot, or an error that says how to install it."""
    return import_extra("matplotlib.pyplot", owner, "plot")


def axes_for(ax: Axes | None, owner: str, size: tuple[float, float]) -> Axes:
    """The axes to draw on: those given, or new ones.

    Parameters
    ----------
    ax : matplotlib Axes or None
    owner : str
        What needs them, for the message of an error.
    size : tuple of float
        Width and height of a new figure, in inches.

    Returns
    -------
    matplotlib Axes
    """
    plt = pyplot(owner)
    if ax is None:
        ax = plt.subplots(figsize=size, layout="constrained")[1]
    return ax


def inches(ax: Axes) -> tuple[float, float]:
    """Width and height of axes in their figure, in inches."""
    place = ax.get_position(original=True)
    box, dpi = ax.figure.bbox, ax.figure.dpi
    return place.width * box.width / dpi, place.height * box.height / dpi


def letters_in(row: float, size: float = 10) -> float:
    """The size of letters in rows of a height, both in points; at most the usual size.

    >>> letters_in(20), letters_in(10), letters_in(1)
    (10, 8.0, 4)
    """
    return min(max(0.8 * row, 4), size)


def shown(word: str | int, boundary: str = END, max_length: int = 24) -> str:
    r"""A word or an id as a label: printable characters, not too many of them.

    >>> shown("Olá!"), shown(""), shown(7), shown(0, START)
    ('Olá!', '‹end›', '7', '‹start›')
    >>> shown("tab\there"), shown("x" * 99, max_length=8)
    ('tab\\there', 'xxxxxxx…')
    >>> shown("a\u200db"), shown("👩\u200d👧") == "👩\u200d👧"
    ('a\\u200db', True)
    """
    if word in ("", 0):
        return boundary
    word = str(word)
    word = word if len(word) <= max_length else word[: max_length - 1] + "…"
    joined = {found.start() for found in _JOINER.finditer(word)}
    return "".join(
        sign
        if sign.isprintable() or at in joined
        else sign.encode("unicode_escape").decode("ascii")
        for at, sign in enumerate(word)
    )


def label_of(word: str | int, max_length: int = 24) -> str:
    """A word or an id as a separate label, in quotes if it is punctuation or blank.

    >>> label_of("Olá!"), label_of(","), label_of(" "), label_of("")
    ('Olá!', '“,”', '“ ”', '‹end›')
    """
    label = shown(word, max_length=max_length)
    kinds = {category(sign) for sign in str(word)}
    is_sign = word and all(kind[0] in "PZ" or kind == "Sk" for kind in kinds)
    return f"“{label}”" if is_sign else label


def families_for(labels: Iterable[str]) -> list[str]:
    """Font families that together have all characters of some labels.

    The configured family comes first. Installed fonts are searched only for characters
    that it lacks.

    Parameters
    ----------
    labels : iterable of str

    Returns
    -------
    list of str
    """
    from matplotlib import font_manager, rcParams

    families = list(rcParams["font.family"])
    missing = {ord(sign) for label in labels for sign in label}
    missing -= _characters(font_manager.findfont(font_manager.FontProperties()))
    for font in font_manager.fontManager.ttflist:
        if not missing:
            break
        if "Color" in font.name or font.style != "normal":
            continue  # not all releases of matplotlib support coloured bitmaps
        found = missing & _characters(font.fname)
        if found:
            families.append(font.name)
            missing -= found
    return families


@lru_cache(maxsize=512)
def _characters(path):
    """The characters that the font in a file has."""
    from matplotlib import font_manager

    try:
        return frozenset(font_manager.get_font(path).get_charmap())
    except (OSError, RuntimeError):  # a file that is missing or no font
        return frozenset()


def ink_on(colour: Sequence[float]) -> str:
    """Black or white, whichever has more contrast to a colour.

    Parameters
    ----------
    colour : sequence of float
        Red, green and blue, each from 0 to 1.

    Returns
    -------
    str

    Notes
    -----
    The contrast is that of WCAG 2; that of the better one is at least 4.5.

    Examples
    --------
    >>> ink_on((1, 1, 0.8)), ink_on((0, 0, 0.5))
    ('black', 'white')
    """
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "white"


def mix(
    share: float, colours: Sequence[str] = PALE_TO_DARK
) -> tuple[float, float, float]:
    """Interpolate linearly between some colours.

    Parameters
    ----------
    share : float
        From 0, the first colour, to 1, the last one.
    colours : sequence of str
        As "#rrggbb".

    Returns
    -------
    tuple of float
        Red, green and blue, each from 0 to 1.

    Examples
    --------
    >>> mix(0.25, ["#000000", "#ff0000", "#ffff00"])
    (0.5, 0.0, 0.0)
    """
    steps = [_rgb(colour) for colour in colours]
    place = share * (len(steps) - 1)
    first = min(int(place), len(steps) - 2)
    below, above = list(pairwise(steps))[first]
    part = place - first
    red, green, blue = (
        low + part * (high - low) for low, high in zip(below, above, strict=True)
    )
    return red, green, blue


def _rgb(colour):
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
