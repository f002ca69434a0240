"""A model that is only read: from a memory-mapped file, or from few bits."""

from typing import NamedTuple

from ..counting import NGramCounts
from ._compact_level import CompactLevel
from ._count_model import NO_IDS
from ._on_demand_level import OnDemandLevel
from ._on_demand_model import OnDemandModel
from ._smoothed_counts import SmoothedCounts


class StoredCounts(NamedTuple):
    """Sorted n-grams and the counts of them that a smoothing works on.

    Attributes
    ----------
    counts : NGramCounts
        Its levels may be `CompactLevel`; then they know the adjusted counts alone.
    adjusted : list of ndarray or PackedIntegers
        What `adjusted_counts` gave for each order.
    counts_of_counts : list of ndarray of shape (5,), int
        How many n-grams of each order have an adjusted count of 0, 1, 2, 3 and 4.
    """

    counts: NGramCounts
    adjusted: list
    counts_of_counts: list

    @property
    def is_compact(self):
        """Whether only the adjusted counts are known."""
        return isinstance(self.counts.levels[0], CompactLevel)


class FrozenModel(OnDemandModel):
    """Sorted n-grams of which nothing is worked out in advance.

    Nothing of what it was given is copied, so that several processes can share it.

    Parameters
    ----------
    stored : StoredCounts
    smoothing, n_words, holes, min_count
        As `CountModel` takes them. What is compact leaves no n-gram out.

    Attributes
    ----------
    levels : list of OnDemandLevel
        ``levels[k - 1]`` holds order k.
    """

    def __init__(self, stored, smoothing, n_words, holes=NO_IDS, min_count=(1,)):
        super().__init__(stored.counts.n, smoothing, n_words, holes, min_count)
        self.counts, self.adjusted, self.counts_of_counts = stored
        self.levels = list(map(OnDemandLevel, self.counts.levels, self.adjusted))
        self.knows_all_counts = not stored.is_compact

    @classmethod
    def compact(cls, model):
        """A model in as few bits as can be searched, with the very same answers.

        Parameters
        ----------
        model : SmoothedCounts
            It leaves no n-gram out.

        Returns
        -------
        FrozenModel
            It knows the adjusted counts alone, so nothing can be learned on.

        Examples
        --------
        >>> import numpy as np
        >>> from sklearn_sslm.ngrams import NGramCounts, SmoothedCounts, TokenStream
        >>> from sklearn_sslm.smoothing import WittenBell
        >>> texts = np.array([1, 2, 1, 3]), np.array([2, 2])
        >>> counts = NGramCounts.from_stream(TokenStream.from_texts(*texts), 2, 4)
        >>> model = SmoothedCounts(counts, WittenBell(), n_words=3)
        >>> root, words = np.zeros(4, dtype=int), np.arange(4)
        >>> model.discounted(1, root, words)
        array([0.2, 0.2, 0.1, 0.1])
        >>> FrozenModel.compact(model).discounted(1, root, words)
        array([0.2, 0.2, 0.1, 0.1])
        """
        levels = tuple(
            CompactLevel.of(level, smoothed.count, is_lowest=k == 0)
            for k, (level, smoothed) in enumerate(
                zip(model.counts.levels, model.levels, strict=True)
            )
        )
        counts = NGramCounts(model.n, levels, model.counts.n_texts)
        adjusted = [level.count for level in levels]
        stored = StoredCounts(counts, adjusted, model.counts_of_counts)
        return cls(stored, model.smoothing, model.n_outcomes - 2, model.holes)

    def settled(self):
        """The same model with everything worked out in advance, in memory.

        Returns
        -------
        SmoothedCounts
        """
        counts = self.counts.plain()
        adjusted = None
        if not self.knows_all_counts:
            adjusted = [level.count for level in counts.levels]
        model = SmoothedCounts(
            counts,
            self.smoothing,
            self.n_outcomes - 2,
            self.holes,
            min_count=self.min_count,
            adjusted=adjusted,
        )
        model.knows_all_counts = self.knows_all_counts
        return model
