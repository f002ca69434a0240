"""Streams of ids that are heard, memories for them, and what these are compared with."""

import numpy as np
from _remembering import Remembering
from hypothesis import strategies as st

from sklearn_sslm.ngrams import MemoryRules, TokenStream
from sklearn_sslm.ngrams.memory._escapes import bucket_of

N_IDS = 4
"""Ids that the language model knows; from there on they are new words."""

half_lives = st.lists(
    st.sampled_from([1, 1.5, 2, 3, 7, 100]), min_size=1, max_size=3, unique=True
).map(lambda some: tuple(sorted(some, reverse=True)))

memories = st.builds(
    lambda half_lives, orders, *escapes: MemoryRules(
        half_lives, max(orders), min(orders), *escapes
    ),
    half_lives,
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.floats(0, 1),
    st.floats(0.1, 20),
    st.sampled_from([0.5, 0.99, 1]),
)


@st.composite
def streams(draw, max_texts=14):
    """Some texts, of which some may be cut off."""
    word = st.integers(-1, N_IDS + 2).filter(bool)
    texts = draw(st.lists(st.lists(word, max_size=12), min_size=1, max_size=max_texts))
    closed = draw(
        st.one_of(
            st.none(),
            st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)),
        )
    )
    words = np.array([word for text in texts for word in text], dtype=np.int64)
    lengths = np.array([len(text) for text in texts])
    return TokenStream.from_texts(
        words, lengths, None if closed is None else np.array(closed)
    )


def chances(data, stream):
    """A probability for each position, 1 at opening boundaries, now and then 0."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    p = rng.random(len(stream.ids)) * (rng.random(len(stream.ids)) > 0.1)
    p[stream.starts] = 1
    return p


def remembering(rules):
    """The definition, by the rules of the engine."""
    levels = [tuple(level) for level in rules.levels]
    return Remembering(levels, rules.start, rules.strength, rules.forgetting, bucket_of)
