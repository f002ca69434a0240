"""N-gram models by the book, on tuples and dictionaries: what ours are compared with.

Nothing here uses the package. A text is ``(0, w1, …, wk, 0)``; 0 before it is a context
only, 0 behind it is predicted like a word. A message with its reply is
``(0, m1, …, mj, REPLY, r1, …, rk, 0)``, of which all up to ``REPLY`` is context only.
"""

from abc import ABC, abstractmethod
from collections import Counter

UNKNOWN = -1
REPLY = -2
"""The symbol for the start of a reply."""


def marked(texts, closed=None):
    """Put boundaries around texts: ``[[1, 2]] -> [(0, 1, 2, 0)]``."""
    closed = [True] * len(texts) if closed is None else closed
    return [
        (0, *text, 0) if ends else (0, *text)
        for text, ends in zip(texts, closed, strict=True)
    ]


def windows(text, k):
    """Every k neighbours of a text: ``(0, 1, 2, 0), 3 -> [(0, 1, 2), (1, 2, 0)]``."""
    return [tuple(text[i : i + k]) for i in range(len(text) - k + 1)]


def paired(messages, replies):
    """Messages with their replies: ``[[1]], [[2]] -> [(0, 1, REPLY, 2, 0)]``."""
    return [
        (0, *message, REPLY, *reply, 0)
        for message, reply in zip(messages, replies, strict=True)
    ]


def count_ngrams(texts, n):
    """A Counter of the n-grams of each order whose last word is predicted."""
    counts = [Counter() for _ in range(n)]
    for text in texts:
        first = text.index(REPLY) + 1 if REPLY in text else 1
        for at in range(first, len(text)):
            for k in range(1, min(n, at + 1) + 1):
                counts[k - 1][text[at + 1 - k : at + 1]] += 1
    return counts


def continuation_counts(counts):
    """Below the highest order: how many words stand before an n-gram.

    N-grams that start a text keep their counts (Heafield et al. 2013, section 3.2).
    """
    adjusted = [Counter() for _ in counts[:-1]]
    for k in range(1, len(counts)):
        adjusted[k - 1].update(gram[1:] for gram in counts[k])
        for gram, count in counts[k - 1].items():
            if k > 1 and gram[0] == 0:
                adjusted[k - 1][gram] = count
    return [*adjusted, counts[-1]]


def chen_goodman_discounts(counter):
    """D1, D2, D3+ of one order by equation 26, or 0.5, 1 and 1.5 if that is undefined."""
    n = Counter(counter.values())
    if not (n[1] and n[2] and n[3]):
        return 0.5, 1, 1.5
    y = n[1] / (n[1] + 2 * n[2])
    discounts = tuple(i - (i + 1) * y * n[i + 1] / n[i] for i in (1, 2, 3))
    if all(0 <= d <= i for i, d in enumerate(discounts, start=1)):
        return discounts
    return 0.5, 1, 1.5


class Model(ABC):
    """p(w | h) from the longest context down, by recursion.

    What a smoothing has to say is its `rule`.
    """

    def __init__(self, texts, n, n_words):
        self.n = n
        self.n_events = n_words + 2
        self.counts = self.adjust(count_ngrams(texts, n))
        self.followers = [{} for _ in self.counts]
        for k, counter in enumerate(self.counts):
            for gram, count in counter.items():
                self.followers[k].setdefault(gram[:-1], {})[gram[-1]] = count

    def adjust(self, counts):
        return counts

    @abstractmethod
    def rule(self, count, followers, lower, order):
        """p(w | h) of a word seen so many times after a context.

        It comes from the counts of all that follow the context, and from p(w | shorter
        context), which is `lower`; `order` is the length of the context and the word.
        """

    def p(self, word, context):
        """p(word | context), of which the last n − 1 words count."""
        context = tuple(context[-(self.n - 1) :]) if self.n > 1 else ()
        return self._p(word, context)

    def _p(self, word, context):
        lower = self._p(word, context[1:]) if context else 1 / self.n_events
        followers = self.followers[len(context)].get(context)
        if not followers:
            return lower
        return self.rule(followers.get(word, 0), followers, lower, len(context) + 1)

    def ps(self, text):
        """Probability of each word of a text after what stands before it."""
        return [self.p(text[i], text[:i]) for i in range(1, len(text))]


class MaximumLikelihood(Model):
    def rule(self, count, followers, lower, order):
        return count / sum(followers.values())


class Lidstone(Model):
    alpha = 1

    def rule(self, count, followers, lower, order):
        total = sum(followers.values()) + self.alpha * self.n_events
        return (count + self.alpha) / total


class WittenBell(Model):
    def rule(self, count, followers, lower, order):
        types = len(followers)
        return (count + types * lower) / (sum(followers.values()) + types)


class AbsoluteDiscounting(Model):
    def __init__(self, texts, n, n_words):
        super().__init__(texts, n, n_words)
        self.discounts = []
        for counter in self.counts:
            n1, n2 = (list(counter.values()).count(i) for i in (1, 2))
            self.discounts.append(n1 / (n1 + 2 * n2) if n1 else 0.5)

    def rule(self, count, followers, lower, order):
        discount = self.discounts[order - 1]
        kept = max(count - discount, 0) + discount * len(followers) * lower
        return kept / sum(followers.values())


class KneserNey(Model):
    """Modified and interpolated (Chen & Goodman 1998, equations 20 to 26)."""

    def __init__(self, texts, n, n_words):
        super().__init__(texts, n, n_words)
        self.discounts = [(0, *chen_goodman_discounts(c)) for c in self.counts]

    def adjust(self, counts):
        return continuation_counts(counts)

    def rule(self, count, followers, lower, order):
        discount = self.discounts[order - 1]
        taken = sum(discount[min(c, 3)] for c in followers.values())
        kept = count - discount[min(count, 3)]
        return (kept + taken * lower) / sum(followers.values())


class StupidBackoff(Model):
    alpha = 0.4

    def rule(self, count, followers, lower, order):
        return count / sum(followers.values()) if count else self.alpha * lower


MODELS = {
    "mle": MaximumLikelihood,
    "lidstone": Lidstone,
    "witten_bell": WittenBell,
    "absolute_discounting": AbsoluteDiscounting,
    "kneser_ney": KneserNey,
    "stupid_backoff": StupidBackoff,
}
