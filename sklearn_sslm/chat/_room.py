"""The room where visitors of a chat page talk with a model and teach it."""

import copy
import functools
import threading
from typing import NamedTuple

from ..generator import explain_words
from ..utils import UserError, as_generator
from ._data_set import as_line

MAX_TEXT = 1000
"""Characters that a message or a text to learn may have."""

MAX_CHANGES = 100
"""Texts that one visitor may teach and make it forget, where each is on their own."""

_N_MODELS = 8
"""Models that are kept of those that visitors made; others are made again on demand."""


class Changes(NamedTuple):
    """What visitors changed in a model; in which order does not matter."""

    learned: tuple = ()
    forgotten: tuple = ()

    def teach(self, text):
        """These changes and one text learned.

        >>> Changes().forget("a").teach("a").teach("b")
        Changes(learned=('b',), forgotten=())
        """
        if text in self.forgotten:
            return Changes(self.learned, _without(self.forgotten, text))
        return Changes((*self.learned, text), self.forgotten)

    def forget(self, text):
        """These changes and one text forgotten.

        >>> Changes().teach("a").forget("a").forget("b")
        Changes(learned=(), forgotten=('b',))
        """
        if text in self.learned:
            return Changes(_without(self.learned, text), self.forgotten)
        return Changes(self.learned, (*self.forgotten, text))


class Room:
    """A model that visitors talk with; each teaches their own, or all the same one.

    Nothing that is taught is done to the model itself: it makes another one.

    Parameters
    ----------
    model : NGramTextGenerator
        What they talk with, of the highest order they may choose.
    n : int, default=None
        The order they begin with; None is the model's.
    shared : bool, default=False
        Whether what one visitor teaches is learned for all.
    data_set : DataSet, default=None
        Where a shared room saves what it is taught.
    """

    def __init__(self, model, *, n=None, shared=False, data_set=None):
        self.n = n or model.n
        self.shared = shared
        self.data_set = data_set
        self._lock = threading.Lock()
        # What visitors write is a text, and never the path of a file to be read.
        self._put(copy.copy(model).set_params(num_return_sequences=1, input="content"))

    def _put(self, model):
        """Let visitors talk with this model from now on."""
        self.model = model
        self._of = functools.lru_cache(_N_MODELS)(functools.partial(_made, model))

    @property
    def orders(self):
        """The orders that can be chosen, a range."""
        # Of a model that was read as probabilities there are no counts to cut.
        highest = self.model.n
        return range(1 if _counted(self.model) else highest, highest + 1)

    @property
    def teachable(self):
        """Whether the model can learn texts."""
        return _counted(self.model) and not self.model.has_replies_

    def model_of(self, changes, n, temperature=1.0):
        """The model that a visitor talks with.

        Parameters
        ----------
        changes : Changes
            What they taught it.
        n : int
            The order they chose.
        temperature : float, default=1.0
            How bold it shall be.

        Returns
        -------
        NGramTextGenerator
        """
        model = copy.copy(self._of(changes, n))  # others talk with the same one
        return model.set_params(temperature=temperature)

    def teach(self, text, changes):
        """Learn a text, for one visitor or for all.

        Parameters
        ----------
        text : str
        changes : Changes
            What this visitor changed so far.

        Returns
        -------
        text : str
            The text as it was learned.
        changes : Changes
            What this visitor changed now.

        Raises
        ------
        ValueError, UserError
            If it cannot be learned. Nothing has changed then.
        """
        text = checked(text)
        if not self.shared:
            return text, self._tried(changes.teach(text))
        with self._lock:
            model = _changed(self.model, learned=[text])
            if self.data_set is not None:
                self.data_set.add(text)
            self._put(model)
        return text, changes

    def forget(self, text, changes):
        """Forget a text, for one visitor or for all.

        As `teach`; it is an error, too, if the text was never learned.
        """
        text = checked(text)
        if not self.shared:
            return text, self._tried(changes.forget(text))
        with self._lock:
            model = _changed(self.model, forgotten=[text])
            if self.data_set is not None and not self.data_set.forget(text)[0]:
                raise UserError("It is no text of the data set, which alone can change")
            self._put(model)
        return text, changes

    def _tried(self, changes):
        """These changes, if there is such a model."""
        if sum(map(len, changes)) > MAX_CHANGES:
            raise UserError(
                f"One visitor can change up to {MAX_CHANGES} texts. Reload the page to "
                "begin anew"
            )
        self._of(changes, self.model.n)
        return changes


def checked(text):
    r"""A text of a visitor as the one line that is read of it.

    >>> checked(" um\ndois ")
    'um dois'
    """
    if len(text) > MAX_TEXT:
        raise UserError(f"A text can have up to {MAX_TEXT} characters. Got {len(text)}")
    text = as_line(text)
    if not text:
        raise UserError("There is no word in it")
    return text


class Reply(NamedTuple):
    """What a model said, and the words it said it with; None with the fallback."""

    text: str
    words: list | None


def reply_to(model, message):
    """Reply to a message, as ``model.predict([message])`` does, and tell the words.

    They cannot be told from the text: a detokenizer has joined them.

    Parameters
    ----------
    model : NGramTextGenerator
    message : str

    Returns
    -------
    Reply
    """
    messages = model._understand(model._read([message], name="message"))
    writer = model._writer()
    words = list(writer.stream(messages, as_generator(model.random_state)))
    if not len(messages.answered):
        return Reply(model.fallback_response, None)
    return Reply(writer.join(words), words)


def surprises_of_exchange(model, message, reply_words):
    """How surprising each word of a message and of its reply is.

    Parameters
    ----------
    model : NGramTextGenerator
    message : str
    reply_words : list of str, or None
        As `reply_to` tells them.

    Returns
    -------
    said, replied : list of (str, float)
        The words, each with its surprise in bits after those before it: 0 where the
        model was certain, 1 where it took it for a coin toss, inf for a word that it
        took for impossible. What a reply repeats is as surprising as it was in the
        message. ``""`` is the end of the reply. A fallback is no reply, an empty list,
        and models of messages and replies do not expect words of messages.
    """
    if model.has_replies_:
        replied = [] if reply_words is None else _bits(model, reply_words, message)
        return [], replied
    said = model.word_index_.tokenize(message)
    if reply_words is None:
        return _bits(model, said)[:-1], []
    repeated = _overlap(said, reply_words)
    scored = _bits(model, said + reply_words[repeated:])
    return scored[: len(said)], scored[len(said) - repeated :]


def _bits(model, words, message=None):
    return explain_words(model, words, message)[["word", "surprise"]].tolist()


def _overlap(said, words):
    """How many words at the end of what was said the reply begins with.

    >>> _overlap(["a", "b"], ["b", "c"]), _overlap(["a"], ["b"])
    (1, 0)
    """
    longest = min(len(said), len(words))
    return next((k for k in range(longest, 0, -1) if said[-k:] == words[:k]), 0)


def _made(model, changes, n):
    """The model that changes make of a model, of some order."""
    if any(changes):
        model = _changed(model, *changes)
    return model if n == model.n else model._up_to(n)


def _changed(model, learned=(), forgotten=()):
    """Another model, which learned and forgot texts."""
    model = copy.copy(model)
    if learned:
        model.partial_fit(list(learned))
    if forgotten:
        try:
            model.partial_forget(list(forgotten))
        except ValueError:
            newest = list(forgotten)[-1]
            raise UserError(f"It has not learned {newest!r}, or not so often") from None
        if not hasattr(model, "_model"):
            raise UserError("It would know nothing any more")
    model._settled_model()  # one that is not would hand what it is made of to the next
    return model


def _counted(model):
    """Whether a model knows counts, and not only probabilities from a file."""
    return model._model.knows_all_counts


def _without(texts, text):
    place = texts.index(text)
    return texts[:place] + texts[place + 1 :]
