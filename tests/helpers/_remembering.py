"""A memory of recent words by its definition, on lists: what ours is compared with.

Nothing here uses the package. For each token every earlier one is looked at.
"""

BLOCK = 64


def positions(texts):
    """Every token with its contexts: those of k - 1 tokens for each order k.

    A text is ``[0, w1, ..., wk, 0]``; its first 0 is told from all others.
    """
    for _, *text in texts:
        line = ["start", *text]
        for i, word in enumerate(text, start=1):
            yield (
                word,
                {
                    k: tuple(line[i - k + 1 : i]) if i >= k - 1 else None
                    for k in range(1, 9)
                },
            )


class Remembering:
    """p(w) of each token of some texts, in order.

    `levels` are pairs of order and half-life, lowest first; `bucket` tells the kinds of
    contexts apart; an escape probability is that of its level and kind.
    """

    def __init__(self, levels, start, strength, forgetting, bucket):
        self.levels = levels
        self.start, self.strength, self.forgetting = start, strength, forgetting
        self.bucket = bucket

    def score(self, texts, p, n_ids, scored=None):
        heard = list(positions(texts))
        scored = [True] * len(heard) if scored is None else scored
        learned, uses, result = {}, [], []
        for t, (word, _) in enumerate(heard):
            q = p[t] / self.n_sharing(heard, t, n_ids) if word >= n_ids else p[t]
            memories = [self.memory(heard, t, i) for i in range(len(self.levels))]
            possible = q > 0 or any(share for share, _ in memories)
            q = [q or 1e-100]
            for share, key in memories:
                e = self.escape(learned, key)
                q.append((1 - e) * share + e * q[-1])
            result.append(q[-1] if possible else 0.0)
            reached = 1.0
            for i, (_, key) in list(enumerate(memories))[::-1]:
                escaped = reached * self.escape(learned, key) * q[i] / q[i + 1]
                if key is not None and scored[t]:
                    uses.append((key, escaped, reached))
                reached = escaped
            if (t + 1) % BLOCK == 0:
                self.learn(learned, uses)
                uses = []
        return result

    def escape(self, learned, key):
        """The expected share of uses in which the word came from below."""
        if key is None:
            return 1.0
        escaped, reached = learned.get(key, (self.start * self.strength, self.strength))
        return min(max(escaped / reached, 0.001), 0.999)

    def learn(self, learned, uses):
        """Add the uses of a block to those before it, which count the less."""
        for key in {key for key, _, _ in uses}:
            of_key = [(s, r) for k, s, r in uses if k == key]
            escaped, reached = learned.get(
                key, (self.start * self.strength, self.strength)
            )
            kept = self.forgetting ** len(of_key)
            learned[key] = (
                kept * escaped + sum(s for s, _ in of_key),
                kept * reached + sum(r for _, r in of_key),
            )

    def weights(self, heard, t, level):
        """Earlier occurrences after the same context: token, weight."""
        order, half_life = self.levels[level]
        context = heard[t][1][order]
        if context is None:
            return []
        return [
            (s, heard[s][0], 2 ** (-(t - s) / half_life))
            for s in range(max(0, t - int(10 * half_life)), t)
            if heard[s][1][order] == context
        ]

    def memory(self, heard, t, level):
        """The relative frequency of a token, and the key of its context's escapes."""
        weights = self.weights(heard, t, level)
        if not weights:
            return 0.0, None
        total = sum(weight for _, _, weight in weights)
        word = sum(weight for _, w, weight in weights if w == heard[t][0])
        repeats = sum(
            weight
            for s, w, weight in weights
            if any(before == w for _, before, _ in self.weights(heard, s, level))
        )
        kind = 0 if self.levels[level][0] == 1 else self.bucket(total, repeats)
        return word / total, (level, kind)

    def n_sharing(self, heard, t, n_ids):
        """How many words share the unknown one's probability."""
        span = int(10 * max(half_life for _, half_life in self.levels))
        recent = {word for word, _ in heard[max(0, t - span) : t] if word >= n_ids}
        return len(recent) + 1
