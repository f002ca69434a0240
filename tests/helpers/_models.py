"""Whether two fitted generators are the same to the last bit."""

from _counts import assert_same_counts

_FIGURES = ("n_words_", "n_texts_seen_", "n_tokens_seen_", "has_replies_")


def assert_same_model(model, other):
    """All that was learned is equal: words, ids, counts, figures."""
    for name in _FIGURES:
        assert getattr(model, name) == getattr(other, name), name
    words = [m.word_index_ and m.word_index_.words_ for m in (model, other)]
    assert words[0] == words[1]
    if words[0]:
        assert model.word_index_.vocabulary_ == other.word_index_.vocabulary_
    assert_same_counts(model.counts_, other.counts_)


def state_of(model):
    """What a generator has learned, to tell later whether it has changed."""
    state = {name: id(value) for name, value in vars(model).items()}
    state.pop("_validated", None)  # which parameters were checked is not learned
    return state
