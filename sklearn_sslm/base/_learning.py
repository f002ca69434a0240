"""What text generators learn, forget and add up, and when they cannot."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from sklearn.base import clone

from ..ngrams import (
    Events,
    LanguageModel,
    NeverLearnedError,
    NGramCounts,
    count,
    update,
)
from ..utils import check_min_count
from ..words import WordIndexTransformer
from ._joining import check_joinable, joined
from ._reader import looks_like_rows
from ._shards import learn_files, texts_of, threads_for
from ._smoothing_parameter import are_equal, as_smoothing


class Learned(NamedTuple):
    """All that a text generator has learned.

    Attributes
    ----------
    word_index : WordIndexTransformer or None
        The words, if texts were learned and not rows of ids.
    model : LanguageModel
    n_tokens : int
        Words and ends of texts.
    has_replies : bool
    """

    word_index: WordIndexTransformer | None
    model: LanguageModel
    n_tokens: int
    has_replies: bool


def learned(generator, X, y, fresh):
    """The one path of `fit` and `partial_fit`: read, count, add up, derive.

    Parameters
    ----------
    generator : NGramTextGenerator
    X, y : as `fit` takes them
    fresh : bool
        Whether to forget everything before.

    Returns
    -------
    Learned
    """
    smoothing, min_count = _rules(generator)
    if fresh:
        index, n_ids = clone(generator.word_index or WordIndexTransformer()), 0
    else:
        _check_continues(generator, y, "partial_fit")
        index, n_ids = generator.word_index_, generator._model.counts.n_ids
        index = index and index._copy()
    reader = generator._reader(index, n_ids)
    if generator.input == "filename":
        texts = learn_files(reader, X, y, generator.n)
    else:
        texts = reader.learn(X, y)
    n_tokens = texts.n_predictions + (0 if fresh else generator.n_tokens_seen_)
    _check_room(generator, n_tokens)
    n_threads = threads_for(generator.n_jobs)
    n_ids, events = _words_of(reader.index, reader.n_ids)
    track = generator._track
    if fresh:
        counts = count(texts, generator.n, n_ids, n_threads, track("counting"))
        model = LanguageModel.of_counts(
            counts, smoothing, events, min_count=min_count, track=track("smoothing")
        )
    else:
        model = _model_by(generator, smoothing, min_count)
        model = update(model, texts, 1, n_ids, events, n_threads=n_threads, track=track)
    return Learned(reader.index, model, n_tokens, y is not None)


def forgotten(generator, X, y):
    """What a generator has learned without some texts; None where that is nothing."""
    _check_continues(generator, y, "partial_forget")
    if generator.input == "filename":
        X, y = texts_of(X, y, type(generator).__name__)
    if isinstance(X, Iterator):
        X = list(X)  # an error names one of them
    n_ids = generator._model.counts.n_ids
    stream = generator._reader(generator.word_index_, n_ids).read_samples(X, y)
    index, words = _words_without(generator, stream)
    try:
        model = update(_model_by(generator, *_rules(generator)), stream, -1, *words)
    except NeverLearnedError as error:
        raise ValueError(_never_learned(X, error.text)) from None
    if not model.counts.n_texts:
        return None
    n_tokens = generator.n_tokens_seen_ - stream.n_predictions
    return Learned(index, model, n_tokens, generator.has_replies_)


def merged(generator, other):
    """What two generators have learned together, by the rules of the first."""
    for which, one in {"This": generator, "The other": other}.items():
        check_knows_counts(one, "merge", which)
    check_joinable(generator, other)
    smoothing, min_count = _rules(generator)
    n_tokens = generator.n_tokens_seen_ + other.n_tokens_seen_
    _check_room(generator, n_tokens)
    index, counts = joined(generator, other)
    _, events = _words_of(index, counts.n_ids)
    model = LanguageModel.of_counts(counts, smoothing, events, min_count=min_count)
    return Learned(index, model, n_tokens, generator.has_replies_)


def up_to(generator, n):
    """What the same texts teach a generator with a smaller n."""
    check_knows_counts(generator, f"a model with n={n}")
    model = generator._settled_model()
    model = LanguageModel.of_counts(
        model.counts.up_to(n), model.smoothing, model.events, min_count=model.min_count
    )
    rest = generator.n_tokens_seen_, generator.has_replies_
    return Learned(generator.word_index_, model, *rest)


def check_knows_counts(generator, purpose, which="This", error=ValueError):
    """Raise an error if a fitted generator lacks the counts of its n-grams.

    Parameters
    ----------
    generator : NGramTextGenerator
    purpose : str
        What the counts are needed for.
    which : str, default="This"
        Which generator it is.
    error : type, default=ValueError
        What is raised.
    """
    model, name = generator._model, type(generator).__name__
    if model.knows_all_counts:
        return
    is_compact = not model.is_stored
    origin = "is a compact copy" if is_compact else "was read from probabilities"
    advice = "use the one it was made of" if is_compact else "fit it on texts"
    msg = (
        f"{which} {name} {origin}, without the counts of all n-grams that {purpose} "
        f"needs; {advice}, or call fit to begin anew."
    )
    raise error(msg)


def check_leaves_none_out(generator):
    """Raise an error if a fitted generator cannot be compact, as it leaves n-grams out.

    To tell which, it needs counts that a compact copy does not have.
    """
    if generator._model.min_count[-1] > 1:
        msg = (
            f"The 'min_count' parameter of {type(generator).__name__} must have been 1 "
            f"for compact. Got {list(generator._model.min_count)}; write_arpa leaves "
            "out of a file what the model leaves out, and read_arpa reads that."
        )
        raise ValueError(msg)


def _check_continues(generator, y, method):
    """Whether what is to be learned or forgotten fits to what was learned."""
    check_knows_counts(generator, method)
    name, n, has_replies = type(generator).__name__, generator.n, generator.has_replies_
    if n != generator._model.n:
        msg = (
            f"The 'n' parameter of {name} must stay as it was fitted "
            f"({generator._model.n}) for {method}. Got {n}; call fit instead."
        )
        raise ValueError(msg)
    if has_replies != (y is not None):
        was, now = ("with", "without") if has_replies else ("without", "with")
        msg = (
            f"{name} was fitted {was} replies 'y' and must be continued so. Got 'X' "
            f"{now} 'y'; call fit to begin anew."
        )
        raise ValueError(msg)


def _check_room(generator, n_tokens):
    """Whether so many words and ends of texts can be counted."""
    if n_tokens > NGramCounts.most:
        msg = (
            f"{type(generator).__name__} counts at most {NGramCounts.most} words and ends "
            f"of texts. Got {n_tokens} in all; the model stays as it was."
        )
        raise ValueError(msg)


def _rules(generator):
    """The smoothing, and how often n-grams of each order must have been seen."""
    smoothing = as_smoothing(generator.smoothing)
    owner = type(generator).__name__
    return smoothing, check_min_count(generator.min_count, smoothing, owner)


def _model_by(generator, smoothing, min_count):
    """The model by rules that may have been chosen since it was fitted."""
    model = generator._model
    if min_count == model.min_count and are_equal(smoothing, generator.smoothing_):
        return model
    counts = generator._settled_model().counts
    return LanguageModel.of_counts(counts, smoothing, model.events, min_count=min_count)


def _words_of(index, n_ids):
    """The ids in use and the words known, as models take them."""
    if index is None:
        return n_ids, Events(n_ids - 1)
    return n_ids, Events(index.n_words_, index._vocabulary.holes)


def _words_without(generator, stream):
    """The index, and the words known, when some texts will be forgotten."""
    index, model = generator.word_index_, generator._model
    n_ids = model.counts.n_ids
    times = np.bincount(stream.ids, minlength=n_ids)[:n_ids]
    if index is None:
        while n_ids > 1 and model.occurrences(n_ids - 1) == times[n_ids - 1]:
            n_ids -= 1
        return None, _words_of(None, n_ids)
    gone = [
        word
        for word in np.flatnonzero(times[1:]) + 1
        if model.occurrences(word) == times[word]
    ]
    index = index._copy()
    index._know(index._vocabulary.without(gone))
    return index, _words_of(index, index._vocabulary.n_ids)


def _never_learned(X, sample):
    """The error about a text that cannot be forgotten."""
    what = f"row {sample}"
    if not looks_like_rows(X):
        what = f"text {sample}, {list(X)[sample]!r}"
    return (
        "'X' of NGramTextGenerator.partial_forget must hold what was learned, not more "
        f"often than it was. Got {what}; nothing was forgotten."
    )
