"""Random ARPA files, as programs write them that prune n-grams."""

from _arpa import write
from hypothesis import strategies as st

START, END, UNKNOWN = "<s>", "</s>", "<unk>"
WORDS = ["a", "b"]


@st.composite
def ngrams(draw):
    """N-grams with their log10 probabilities and backoff weights, as `_arpa.write` takes them.

    Any may be missing that begins no other. Some have a weight and nothing after them, some
    of those that end others are missing, some go on and have no weight.
    """
    n = draw(st.integers(2, 4))
    small = st.floats(-3, -1.25).map(lambda p: round(p, 4))
    weight = st.one_of(st.just(0.0), st.floats(-1, 0.2).map(lambda w: round(w, 4)))
    inside = WORDS + [UNKNOWN] * draw(st.booleans())
    found = {(word,): None for word in (START, END, UNKNOWN, *WORDS)}
    contexts = [(word,) for word in (START, *inside)]
    for k in range(2, n + 1):
        possible = [(*context, word) for context in contexts for word in (*inside, END)]
        chosen = draw(
            st.lists(
                st.sampled_from(possible), unique=True, min_size=int(k == 2), max_size=6
            )
        )
        found |= dict.fromkeys(chosen)
        contexts = [gram for gram in chosen if gram[-1] != END]
        if not contexts:
            break
    longest = max(map(len, found))
    return {
        gram: (draw(small), draw(weight) if gram[-1] != END and len(gram) < longest else 0)
        for gram in found
    }  # fmt: skip


files = ngrams().map(write)
"""The texts of such files."""
