"""The state of a text: the words on which the scores of the next words depend."""

from __future__ import annotations

from functools import total_ordering


@total_ordering
class State:
    """The context of the next word.

    The methods of a `Model` set it. A new object is the state without context. States
    after which all words have equal scores are equal and have the same hash. States are
    ordered, though the order has no meaning. The states of a model have no meaning for
    another one.

    Attributes
    ----------
    context : tuple of (int, int)
        The words so far, as far as the model knows them; not in KenLM.

    Examples
    --------
    >>> from sklearn_sslm import NGramTextGenerator
    >>> from sklearn_sslm.compat import kenlm
    >>> model = kenlm.Model(NGramTextGenerator(n=2, smoothing="kneser_ney").fit(["a b"]))
    >>> state, after = kenlm.State(), kenlm.State()
    >>> model.BeginSentenceWrite(state)
    >>> log10_p = model.BaseScore(state, "zero", after)
    >>> after == kenlm.State()  # nothing is known of what follows an unknown word
    True
    """

    __slots__ = ("context",)

    def __init__(self) -> None:
        self.context = (0, 0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return self.context == other.context

    def __lt__(self, other: State) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return self.context < other.context

    def __hash__(self) -> int:
        return hash(self.context)
