"""What the scores of the next words depend on."""

from __future__ import annotations

from functools import total_ordering


@total_ordering
class State:
    """The words before the next one, as far as they matter.

    It is filled in by the methods of a `Model`. A new one is the state of no context.
    States with equal futures are equal, have the same hash, and are in an order of
    their own. States of different models must not be mixed.

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
