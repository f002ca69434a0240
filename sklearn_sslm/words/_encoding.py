"""Words of many texts become the ids of a vocabulary, known or learned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, pairwise

import numpy as np
from joblib import delayed, effective_n_jobs
from numpy.typing import NDArray

from ..utils import in_parallel, no_progress
from ._batch_vocabulary import UNKNOWN, BatchVocabulary, are_short
from ._text_files import NoTextError
from ._tokenizer import Tokenizer
from ._vocabulary import Vocabulary

_FIRST_UNKNOWN = -2
"""Unknown words are numbered −2, −3, …, so that they can be told apart."""

_MIN_PARALLEL_LENGTH = 1 << 24  # characters: fewer are not worth starting workers


def encode(
    texts: Iterable[str],
    vocabulary: Vocabulary,
    tokenizer: Tokenizer = Tokenizer(),  # noqa: B008 - it cannot be changed
    on_progress: Callable[[int], object] = no_progress,
) -> tuple[NDArray[np.int32], NDArray[np.int64], list[str]]:
    """Encode texts by a vocabulary.

    Parameters
    ----------
    texts : iterable of str
    vocabulary : Vocabulary
    tokenizer : Tokenizer
    on_progress : callable, default=no_progress
        Called with the number of texts of each chunk.

    Returns
    -------
    ids : ndarray of shape (n_tokens,), int32
        The ids of the words of all texts, concatenated; −1 is an unknown word.
    lengths : ndarray of shape (n_texts,), int64
        Number of words of each text.
    unknown : list of str
        The unknown words, in order.

    Examples
    --------
    >>> encode(["a b", "c b a"], Vocabulary(["", "a"]))
    (array([ 1, -1, -1, -1,  1], dtype=int32), array([2, 3]), ['b', 'c', 'b'])
    """
    if isinstance(texts, list) and tokenizer.split is None and are_short(texts):
        on_progress(len(texts))
        return _encode_few(texts, vocabulary, tokenizer)
    first = _FIRST_UNKNOWN
    words = BatchVocabulary(vocabulary, next_id=first, step=-1)
    ids, lengths = words.encode(texts, tokenizer, on_progress)
    if not words:
        return ids, lengths, []
    unknown = np.flatnonzero(ids <= first)
    new_words = words.new_words
    spelled = [new_words[first - number] for number in ids[unknown].tolist()]
    ids[unknown] = UNKNOWN
    return ids, lengths, spelled


def _encode_few(texts, vocabulary, tokenizer):
    """`encode` of short texts, for which the preparations of arrays take longer."""
    words = list(map(tokenizer, texts))
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    words = list(chain.from_iterable(words))
    ids = vocabulary.ids_of(words)
    numbered = zip(words, ids.tolist(), strict=True)
    return ids, lengths, [word for word, number in numbered if number < 0]


def learn_words(
    words: list[str], vocabulary: Vocabulary
) -> tuple[NDArray[np.int32], Vocabulary]:
    """Learn words; returns their ids, and the new vocabulary.

    Parameters
    ----------
    words : list of str
        All different.
    vocabulary : Vocabulary
        New words get its `next_ids`, in order; if it is closed, they are unknown, −1.

    Returns
    -------
    ids : ndarray of shape (n_words,), int32
    vocabulary : Vocabulary

    Examples
    --------
    >>> ids, more = learn_words(["b", "a", "c"], Vocabulary(["", "a"]))
    >>> ids, more.words
    (array([2, 1, 3], dtype=int32), ['', 'a', 'b', 'c'])
    """
    ids = vocabulary.ids_of(words)
    new = np.flatnonzero(ids < 0)
    if vocabulary.is_closed or not len(new):
        return ids, vocabulary
    ids[new] = vocabulary.next_ids(len(new))
    return ids, vocabulary.with_words([words[j] for j in new.tolist()])


def _with_new_words(vocabulary, new_words, ids):
    """Add new words to a vocabulary; replaces their provisional ids by its `next_ids`."""
    if len(vocabulary.unused_ids) and new_words:
        numbers = vocabulary.next_ids(len(new_words))
        is_new = ids >= vocabulary.n_ids
        ids[is_new] = numbers[ids[is_new] - vocabulary.n_ids]
    return vocabulary.with_words(new_words)


def learn_texts(
    texts: list[str],
    vocabulary: Vocabulary,
    tokenizer: Tokenizer,
    owner: str,
    *,
    n_jobs: int | None = None,
    on_progress: Callable[[int], object] = no_progress,
) -> tuple[NDArray[np.int32], NDArray[np.int64], Vocabulary]:
    """Learn the words of texts; returns their ids, and the new vocabulary.

    Parameters
    ----------
    texts : list of str
    vocabulary : Vocabulary
        New words get its `next_ids`, in order; if it is closed, they are unknown, −1.
    tokenizer : Tokenizer
    owner : str
        Class that the message of an error names.
    n_jobs : int, default=None
        Number of workers that split long texts.
    on_progress : callable, default=no_progress
        Called with the number of texts that were read since the last call.

    Returns
    -------
    ids : ndarray of shape (n_tokens,), int32
    lengths : ndarray of shape (n_texts,), int64
    vocabulary : Vocabulary

    Raises
    ------
    NoTextError
        If the new vocabulary is empty.
    """
    next_id = None if vocabulary.is_closed else vocabulary.n_ids
    batch = BatchVocabulary(vocabulary, next_id)
    n_parts = effective_n_jobs(n_jobs)
    if n_parts == 1 or sum(map(len, texts)) < _MIN_PARALLEL_LENGTH:
        ids, lengths = batch.encode(texts, tokenizer, on_progress)
    else:
        ids, lengths = _encode_in_parallel(texts, batch, tokenizer, n_jobs, n_parts)
        on_progress(len(texts))  # the workers report nothing before they end
    new_words = batch.new_words
    batch.clear()  # its ids take as much memory as those of the next vocabulary
    vocabulary = _with_new_words(vocabulary, new_words, ids)
    if not vocabulary.n_words:
        msg = (
            f"'X' of {owner} must hold at least one word. Got {len(texts)} texts "
            "without any."
        )
        raise NoTextError(msg)
    return ids, lengths, vocabulary


def _encode_in_parallel(texts, batch, tokenizer, n_jobs, n_parts):
    """As `BatchVocabulary.encode`; each worker numbers the words of its part."""
    bounds = np.linspace(0, len(texts), n_parts + 1).astype(int).tolist()
    tasks = [
        delayed(_encode_part)(texts[low:high], tokenizer)
        for low, high in pairwise(bounds)
    ]
    parts = in_parallel(tasks, n_jobs, prefer=tokenizer.workers)
    # Part ids [0, 1, 0] of words ["b", "a"] -> ids [2, 1, 2]
    ids = [batch.look_up(words)[part_ids] for part_ids, _, words in parts]
    return np.concatenate(ids), np.concatenate([lengths for _, lengths, _ in parts])


def _encode_part(texts, tokenizer):
    vocabulary = BatchVocabulary({}, next_id=0)
    ids, lengths = vocabulary.encode(texts, tokenizer)
    return ids, lengths, vocabulary.new_words
