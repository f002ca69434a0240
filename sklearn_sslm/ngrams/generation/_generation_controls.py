"""Generation controls, which change the probabilities of the next word.

Their names and semantics are those of Hugging Face's ``GenerationConfig``. They are
applied in the order of their definitions here: first those that ban words, then those
that warp probabilities. To add one, define its function here, and add a parameter of the
same name to the text generator.
"""

# ruff: noqa: ARG001 - all controls take the same arguments, whether they need them or not

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..counting import BOUNDARY


class Control(NamedTuple):
    """One control of generation.

    Attributes
    ----------
    apply : callable
        Takes the control's value, the ids of the candidate words in rising order, their
        probabilities and the text so far, and returns the new probabilities. They need
        not add up to 1, neither before nor after.
    off : object
        The value with which it changes nothing.
    bans : bool
        Whether it only bans words, and keeps the ratios of the other probabilities.
    warps : bool
        Whether it only affects random draws, like the "warpers" of Hugging Face. Beam
        search, which draws nothing, refuses it.
    cuts : bool, callable or None
        Whether it excludes the words below a limit that does not depend on them; if only
        for some values, a function of the value. None if it may change which words are
        likelier than others. A control that bans words cuts nothing.
    prepare : callable or None
        For values that are collections of words: takes the value, and returns the one
        that `apply` takes.
    needs_text : bool or callable
        Whether it depends on more of the text than the model's context; if only for some
        values, a function of the prepared value.
    """

    apply: Callable[[Any, NDArray, NDArray, list[int]], NDArray]
    off: Any
    bans: bool = False
    warps: bool = False
    cuts: bool | Callable[[Any], bool] | None = None
    prepare: Callable[[Any], Any] | None = None
    needs_text: bool | Callable[[Any], bool] = False


CONTROLS: dict[Any, Control] = {}
"""All controls by name, in the order in which they are applied."""


def _control(**attributes):
    """A decorator that registers a function as the control of its name."""

    def register(function):
        CONTROLS[function.__name__] = Control(function, **attributes)
        return function

    return register


def _last_words(phrases: Iterable[Any]) -> dict[int, dict[tuple[int, ...], NDArray]]:
    """The last words of phrases, by the number of words before, then by these words.

    >>> _last_words([5, (7, 8), (9,)])
    {0: {(): array([5, 9])}, 1: {(7,): array([8])}}
    """
    last: dict[int, dict[tuple[int, ...], Any]] = {}
    for phrase in phrases:
        *before, word = phrase if isinstance(phrase, tuple) else (phrase,)
        last.setdefault(len(before), {}).setdefault(tuple(before), []).append(word)
    return {
        size: {before: np.array(words) for before, words in of_size.items()}
        for size, of_size in last.items()
    }


@_control(
    off=None,
    bans=True,
    prepare=_last_words,
    needs_text=lambda last_words: any(last_words),
)
def bad_words(last_words, words, p, text):
    """Ban words, and those that would complete a phrase.

    >>> bad_words(_last_words([2]), np.array([1, 2]), np.array([0.5, 0.5]), [])
    array([0.5, 0. ])
    >>> bad_words(_last_words([(7, 1)]), np.array([1, 2]), np.array([0.5, 0.5]), [7])
    array([0. , 0.5])
    """
    for size, of_size in last_words.items():
        last = of_size.get(tuple(text[len(text) - size :]))
        if last is not None:
            p = np.where(np.isin(words, last), 0, p)
    return p


@_control(off=0, bans=True, needs_text=True)
def no_repeat_ngram_size(size, words, p, text):
    """Ban words that would complete an n-gram of some size that the text has already.

    >>> no_repeat_ngram_size(2, np.array([7, 8]), np.array([0.5, 0.5]), [9, 8, 5, 9])
    array([0.5, 0. ])
    """
    return np.where(np.isin(words, _repeats(text, size)), 0, p)


def _repeats(text: list[int], size: int) -> list[int]:
    """The words that would complete an n-gram that the text has already.

    >>> _repeats([1, 2, 3, 1, 2, 4, 1, 2], 3)
    [3, 4]
    """
    if size == 1:
        return text
    if len(text) < size:
        return []
    *before, last = text[1 - size :]
    repeats: list[int] = []
    at = -1
    while True:
        try:  # list.index is many times as fast as a loop in Python
            at = text.index(last, at + 1, -1)
        except ValueError:
            return repeats
        if text[at - len(before) : at] == before:
            repeats.append(text[at + 1])


@_control(off=1.0, warps=True, cuts=lambda value: value == 0)
def temperature(value, words, p, text):
    """Raise probabilities to 1 / temperature; 0 leaves the likeliest word alone.

    >>> temperature(0.5, np.array([1, 2]), np.array([0.6, 0.3]), [])
    array([1.  , 0.25])
    """
    if value:
        return (p / p.max()) ** (1 / value)
    likeliest = np.zeros_like(p)
    likeliest[np.argmax(p)] = 1
    return likeliest


@_control(off=None, warps=True, cuts=True)
def top_k(k, words, p, text):
    """Keep the k likeliest words, and those as likely as the last of them.

    >>> top_k(2, np.array([1, 2, 3]), np.array([0.5, 0.2, 0.3]), [])
    array([0.5, 0. , 0.3])
    """
    if k >= len(p):
        return p
    return np.where(p < np.partition(p, -k)[-k], 0, p)


@_control(off=None, warps=True, cuts=False)
def top_p(share, words, p, text):
    """Keep the fewest likeliest words that together have this share of probability.

    >>> top_p(0.7, np.array([1, 2, 3]), np.array([0.5, 0.2, 0.3]), [])
    array([0.5, 0. , 0.3])
    """
    likeliest = np.argsort(-p, kind="stable")
    reached = np.cumsum(p[likeliest]) / p.sum()
    p = p.copy()
    p[likeliest[np.searchsorted(reached, share - 1e-12) + 1 :]] = 0
    return p


@_control(off=None, warps=True, cuts=True)
def min_p(share, words, p, text):
    """Keep the words with at least this share of the likeliest one's probability.

    >>> min_p(0.5, np.array([1, 2, 3]), np.array([0.5, 0.2, 0.3]), [])
    array([0.5, 0. , 0.3])
    """
    return np.where(p < share * p.max(), 0, p)


class Controls:
    """A set of generation controls with values.

    Parameters
    ----------
    **values
        The value of each control, by its name in `CONTROLS`.

    Attributes
    ----------
    needs_text : bool
        Whether the distribution depends on more of the text than the model's context.
    values : dict
        The values by name, as they were given.
    temperature : float or None
        The temperature, 1 if none is set, if all other controls only ban words; else None.
    nucleus : tuple of (float, float) or None
        The values of `top_p` and of the temperature, if of the controls before `top_p` at
        most a temperature above 0 is set; see `among`.
    cut : bool
        Whether only some of the likeliest words are left, which can be found without the
        others; see `are_cut`.

    Examples
    --------
    >>> controls = Controls(bad_words=[2], top_k=1)
    >>> controls.distribution(np.array([1, 2, 3]), np.array([0.2, 0.5, 0.3]))
    array([0. , 0. , 0.3])
    """

    def __init__(self, **values: Any) -> None:
        if unknown := values.keys() - CONTROLS.keys():
            raise TypeError(f"there is no control {min(unknown)!r}")
        self.values = values
        is_set = {
            name: control
            for name, control in CONTROLS.items()
            if not _is_off(control, values.get(name, control.off))
        }
        self._set = [
            (control, _prepared(control, values[name]))
            for name, control in is_set.items()
        ]
        self.needs_text = any(
            _needs_text(control, value) for control, value in self._set
        )
        temperature: float = values.get("temperature", 1.0)
        warping = {name for name, control in is_set.items() if not control.bans}
        is_free = temperature > 0 and warping <= {"temperature"}
        self.temperature = temperature if is_free else None
        is_first = is_set.keys() - {"temperature", "min_p"} == {"top_p"}
        top_p: float = values.get("top_p", 1.0)
        self.nucleus = (top_p, temperature) if is_first and temperature > 0 else None
        decisive = (_cuts(control, value) for control, value in self._set)
        self.cut = bool(next((cuts for cuts in decisive if cuts is not False), False))

    def __bool__(self) -> bool:
        """Whether any control is set."""
        return bool(self._set)

    def distribution(
        self,
        words: NDArray,
        p: NDArray,
        text: list[int] | None = None,
        may_end: bool = True,
    ) -> NDArray:
        """Apply all controls to the probabilities of the next word.

        Sampling, beam search and the display of next words all use this method.

        Parameters
        ----------
        words : ndarray of shape (n_words,), int
            Ids in rising order.
        p : ndarray of shape (n_words,), float64
            Their probabilities, which need not sum to 1.
        text : list of int, default=None
            The text so far; needed only if `needs_text`.
        may_end : bool, default=True
            Whether the text may end here.

        Returns
        -------
        ndarray of shape (n_words,), float64
            Weights in proportion to the probabilities under the controls; 0 for excluded
            words, and all 0 if every word is excluded.
        """
        *_, p = self._applied(words, p, text, may_end)
        return p

    def are_cut(
        self, words: NDArray, p: NDArray, text: list[int] | None, may_end: bool
    ) -> bool:
        """Whether less likely words than these are excluded, so that they can be omitted.

        This is so if one of these words is excluded for being less likely than others.

        Parameters
        ----------
        words, p, text, may_end
            As of `distribution`; all other words are less likely, or as likely as the
            least likely of these.

        Returns
        -------
        bool
        """
        steps = pairwise(self._applied(words, p, text, may_end))
        for (control, value), (before, after) in zip(self._set, steps, strict=False):
            if _cuts(control, value):
                return bool((before[after == 0] > 0).any())
        return False

    def among(self, share: float) -> "Controls":
        """These controls for words with a share of all probability, at the temperature.

        What `top_p` keeps of all words, its value divided by the share keeps of these.

        Parameters
        ----------
        share : float
            Above `top_p`.

        Returns
        -------
        Controls
        """
        top_p: float = self.values.get("top_p", 1.0)
        return Controls(**{**self.values, "top_p": top_p / share})

    def _applied(self, words, p, text, may_end):
        """Yield the probabilities before the first control, and after each one."""
        if not may_end:
            p = np.where(words == BOUNDARY, 0, p)
        yield p
        for control, value in self._set:
            if p.any():
                p = control.apply(value, words, p, text or [])
            yield p


def _is_off(control: Control, value: Any) -> bool:
    if control.prepare:
        return value is None or not len(value)
    return value == control.off


def _prepared(control: Control, value: Any) -> Any:
    return control.prepare(value) if control.prepare else value


def _cuts(control: Control, value: Any) -> bool | None:
    """`Control.cuts` for a value; bans cut nothing."""
    if control.bans:
        return False
    return control.cuts(value) if callable(control.cuts) else control.cuts


def _needs_text(control: Control, value: Any) -> bool:
    if callable(control.needs_text):
        return control.needs_text(value)
    return control.needs_text
