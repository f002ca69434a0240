"""A chat room: a model that visitors talk with, and teach texts."""

import copy
import functools
import threading
from typing import NamedTuple

from ..base import fitted_model, truncated
from ..generator import NGramTextGenerator
from ._data_set import DataSet, as_line
from ._page_phrases import Refusal

MAX_TEXT = 1000
"""Maximum number of characters of a message or a lesson."""

MAX_CHANGES = 100
"""Maximum number of texts that a visitor's own model has learned or forgotten."""

_N_MODELS = 8
"""Number of changed models in the cache; others are made again when they are used."""


class Changes(NamedTuple):
    """The texts that a visitor's model has learned and forgotten; order does not matter."""

    learned: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()

    def teach(self, text: str) -> "Changes":
        """The changes after one more text was learned.

        >>> Changes().forget("a").teach("a").teach("b")
        Changes(learned=('b',), forgotten=())
        """
        if text in self.forgotten:
            return Changes(self.learned, _without(self.forgotten, text))
        return Changes((*self.learned, text), self.forgotten)

    def forget(self, text: str) -> "Changes":
        """The changes after one more text was forgotten.

        >>> Changes().teach("a").forget("a").forget("b")
        Changes(learned=(), forgotten=('b',))
        """
        if text in self.learned:
            return Changes(_without(self.learned, text), self.forgotten)
        return Changes(self.learned, (*self.forgotten, text))


class Room:
    """A model that visitors talk with: a copy for each of them, or one for all.

    The given model is not changed: learning a text makes a new model.

    Parameters
    ----------
    model : NGramTextGenerator
        A fitted one. Its order is the highest that visitors can choose.
    n : int, default=None
        The order at the beginning of a visit; None is the order of the model.
    shared : bool, default=False
        Whether all visitors teach the same model.
    data_set : DataSet, default=None
        The data set to which a shared room adds the texts that it learns.
    listens : bool, default=False
        Whether a page remembers what is said at the beginning of a visit.
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
        # With input="filename" messages would be paths of files to open.
        self._use(copy.copy(model).set_params(num_return_sequences=1, input="content"))

    def _use(self, model):
        """Let visitors talk with this model from now on."""
        self.model = model
        of_order = functools.cache(functools.partial(_of_order, model))
        # Changed models share the n-grams of the model that they were made from.
        self._of = functools.lru_cache(_N_MODELS)(
            lambda changes, n: _changed(of_order(n), *changes)
        )

    @property
    def orders(self) -> range:
        """The orders that visitors can choose."""
        # Without counts, as from an ARPA file, there are no models of lower orders.
        highest = self.model.n
        return range(1 if _has_counts(self.model) else highest, highest + 1)

    @property
    def teachable(self) -> bool:
        """Whether the model can learn texts."""
        return _has_counts(self.model) and not self.model.has_replies_

    @property
    def max_temperature(self) -> float:
        """The highest temperature that visitors can choose."""
        return max(3.0, self.model.temperature)

    def model_of(
        self, changes: Changes, n: float | None, temperature: float | None = 1.0
    ) -> NGramTextGenerator:
        """The model that a visitor talks with.

        Parameters
        ----------
        changes : Changes
            The texts that their model has learned and forgotten.
        n : float or None
            The order that they chose, clipped to `orders`. None is the order at the
            beginning of a visit.
        temperature : float or None, default=1.0
            The temperature that they chose, clipped to 0 and `max_temperature`. None is
            that of the model.

        Returns
        -------
        NGramTextGenerator
        """
        n = self.n if n is None else n
        n = round(min(max(n, self.orders[0]), self.orders[-1]))
        temperature = self.model.temperature if temperature is None else temperature
        temperature = float(min(max(temperature, 0), self.max_temperature))
        model = copy.copy(self._of(changes, n))  # the cached one stays as it is
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
            The text as one line, as it was learned.
        changes : Changes
            The changes of this visitor now; the same if all visitors share a model.

        Raises
        ------
        ValueError, Refusal
            If the text cannot be learned. Then nothing is changed.
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

        Parameters
        ----------
        text : str
        changes : Changes
            The changes of this visitor so far.

        Returns
        -------
        text : str
            The text as one line, as it was forgotten.
        changes : Changes
            The changes of this visitor now; the same if all visitors share a model.

        Raises
        ------
        ValueError, Refusal
            If the text was never learned. Then nothing is changed.
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

    def close(self) -> None:
        """Wait for the text that is being saved, and let no other change what all share."""
        self._lock.acquire()

    def _tried(self, changes):
        """The changes, after a model with them was made; raises if this fails."""
        if sum(map(len, changes)) > MAX_CHANGES:
            raise Refusal("too_many", most=MAX_CHANGES)
        self._of(changes, self.model.n)
        return changes


def checked(text: str) -> str:
    r"""A text of a visitor as one line.

    Raises
    ------
    Refusal
        If it is too long, or blank.

    Examples
    --------
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
    """The model of order n that the same texts make."""
    return model if n == model.n else truncated(model, n)


def _changed(model, learned=(), forgotten=()):
    """A copy of a model after it has learned and forgotten texts."""
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


def _has_counts(model):
    """Whether a model has counts, as one that was read from an ARPA file has not."""
    return fitted_model(model).language_model.knows_all_counts


def _without(texts, text):
    place = texts.index(text)
    return texts[:place] + texts[place + 1 :]
