"""A chat room: visitors talk with a model, and teach it texts."""

import copy
import functools
import threading
from typing import NamedTuple

from ..base import fitted_model, truncated
from ..generator import NGramTextGenerator
from ._data_set import DataSet, as_line
from ._page_phrases import Refusal

MAX_TEXT = 1000
"""Characters that a message or a lesson may have."""

MAX_CHANGES = 100
"""Texts that a visitor with a model of their own may teach and make it forget."""

_N_MODELS = 8
"""Changed models in the cache; others are made again when they are used."""


class Changes(NamedTuple):
    """Texts that a visitor taught a model and made it forget, in any order."""

    learned: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()

    def teach(self, text: str) -> "Changes":
        """These changes, and one more text learned.

        >>> Changes().forget("a").teach("a").teach("b")
        Changes(learned=('b',), forgotten=())
        """
        if text in self.forgotten:
            return Changes(self.learned, _without(self.forgotten, text))
        return Changes((*self.learned, text), self.forgotten)

    def forget(self, text: str) -> "Changes":
        """These changes, and one more text forgotten.

        >>> Changes().teach("a").forget("a").forget("b")
        Changes(learned=(), forgotten=('b',))
        """
        if text in self.learned:
            return Changes(_without(self.learned, text), self.forgotten)
        return Changes(self.learned, (*self.forgotten, text))


class Room:
    """A model that visitors talk with, each with a copy of their own or all with one.

    The model itself is never changed: learning a text makes a new model.

    Parameters
    ----------
    model : NGramTextGenerator
        A fitted one, of the highest order that visitors may choose.
    n : int, default=None
        The order that visitors begin with; None is the model's.
    shared : bool, default=False
        Whether all visitors teach the same model.
    data_set : DataSet, default=None
        Where a shared room saves the texts that it is taught.
    listens : bool, default=False
        Whether what a visitor says is remembered at first; each can change it.
    """

    def __init__(
        self,
        model: NGramTextGenerator,
        *,
        n: int | None = None,
        shared: bool = False,
        data_set: DataSet | None = None,
        listens: bool = False,
    ) -> None:
        self.n = n or model.n
        self.shared = shared
        self.data_set = data_set
        self.listens = listens
        self._lock = threading.Lock()
        # With input="filename" it would open files that visitors name.
        self._use(copy.copy(model).set_params(num_return_sequences=1, input="content"))

    def _use(self, model):
        """Let visitors talk with this model from now on."""
        self.model = model
        of_order = functools.cache(functools.partial(_of_order, model))
        # What a visitor taught lies over the n-grams that all of them share.
        self._of = functools.lru_cache(_N_MODELS)(
            lambda changes, n: _changed(of_order(n), *changes)
        )

    @property
    def orders(self) -> range:
        """The orders that can be chosen."""
        # A model of stored probabilities has no counts to compute lower orders from.
        highest = self.model.n
        return range(1 if _counted(self.model) else highest, highest + 1)

    @property
    def teachable(self) -> bool:
        """Whether the model can learn texts."""
        return _counted(self.model) and not self.model.has_replies_

    @property
    def hottest(self) -> float:
        """The highest temperature that can be chosen."""
        return max(3.0, self.model.temperature)

    def model_of(
        self, changes: Changes, n: float | None, temperature: float | None = 1.0
    ) -> NGramTextGenerator:
        """The model that a visitor talks with.

        Parameters
        ----------
        changes : Changes
            What they taught it and made it forget.
        n : float or None
            The order they chose; the nearest one that there is counts. None is the one
            that visitors begin with.
        temperature : float or None, default=1.0
            Of its replies, likewise from 0 to `hottest`. None is that of the model.

        Returns
        -------
        NGramTextGenerator
        """
        n = self.n if n is None else n
        n = round(min(max(n, self.orders[0]), self.orders[-1]))
        temperature = self.model.temperature if temperature is None else temperature
        temperature = float(min(max(temperature, 0), self.hottest))
        model = copy.copy(self._of(changes, n))  # it is shared
        return model.set_params(temperature=temperature)

    def teach(self, text: str, changes: Changes) -> tuple[str, Changes]:
        """Learn a text, for one visitor or for all.

        Parameters
        ----------
        text : str
        changes : Changes
            The changes of this visitor so far.

        Returns
        -------
        text : str
            The text as it was learned.
        changes : Changes
            The changes of this visitor now.

        Raises
        ------
        ValueError, Refusal
            If it cannot be learned; nothing is changed then.
        """
        text = checked(text)
        if not self.shared:
            return text, self._tried(changes.teach(text))
        with self._lock:
            model = _changed(self.model, learned=[text])
            if self.data_set is not None:
                self.data_set.add(text)
            self._use(model)
        return text, changes

    def forget(self, text: str, changes: Changes) -> tuple[str, Changes]:
        """Forget a text, for one visitor or for all.

        As `teach`, and an error if the text was never learned.
        """
        text = checked(text)
        if not self.shared:
            return text, self._tried(changes.forget(text))
        with self._lock:
            model = _changed(self.model, forgotten=[text])
            if self.data_set is not None and not self.data_set.forget(text)[0]:
                raise Refusal("not_in_data_set")
            self._use(model)
        return text, changes

    def _tried(self, changes):
        """The changes, if a model with them can be made."""
        if sum(map(len, changes)) > MAX_CHANGES:
            raise Refusal("too_many", most=MAX_CHANGES)
        self._of(changes, self.model.n)
        return changes


def checked(text: str) -> str:
    r"""A text of a visitor as one line.

    >>> checked(" um\ndois ")
    'um dois'
    """
    if len(text) > MAX_TEXT:
        raise Refusal("too_long", most=MAX_TEXT, size=len(text))
    text = as_line(text)
    if not text:
        raise Refusal("no_word")
    return text


def _of_order(model, n):
    """A model of order n of the same texts."""
    return model if n == model.n else truncated(model, n)


def _changed(model, learned=(), forgotten=()):
    """A copy of a model that learned and forgot texts."""
    model = copy.copy(model)
    if learned:
        model.partial_fit(list(learned))
    if forgotten:
        try:
            model.partial_forget(list(forgotten))
        except ValueError:
            newest = list(forgotten)[-1]
            raise Refusal("never_learned", text=newest) from None
        if not hasattr(model, "word_index_"):
            raise Refusal("nothing_left")
    return model


def _counted(model):
    """Whether a model has counts, and not stored probabilities only."""
    return fitted_model(model).language_model.knows_all_counts


def _without(texts, text):
    place = texts.index(text)
    return texts[:place] + texts[place + 1 :]
