"""Files counted in shards, by several processes or machines, and added up."""

import os
from collections.abc import Iterable

import numpy as np
from joblib import Parallel, cpu_count, delayed, effective_n_jobs

from ..ngrams import NGramCounts, TokenStream, merge, renumber
from ..utils import no_progress
from ..words import (
    BatchVocabulary,
    FilePair,
    FilePart,
    NoTextError,
    Vocabulary,
    check_paths,
    split,
    split_pairs,
)
from ._reader import check_same_length, stream_of, unmixed

_WORTH_A_PROCESS = 1 << 24  # bytes: fewer are read sooner than a process starts
_WORTH_APART = 1 << 27  # bytes: fewer are counted sooner than counts are merged
_MOST_BYTES = 1 << 27  # of a share: counting one takes a few GB of memory


def learn_files(reader, X, y, n):
    """Read files to be learned; what is learned does not depend on who reads which.

    Parameters
    ----------
    reader : Reader
        The words known; new ones are added in the order of the texts.
    X, y : iterable of path, or None for y
        Files of texts, or files of messages and as many of the replies to them.
    n : int
        The highest order.

    Returns
    -------
    TokenStream or NGramCounts
        The texts, or their counts where they are too large to be in memory.

    Raises
    ------
    OSError, TextFileError
        If a file cannot be read, or holds no texts.
    NoTextError
        If there is no word at all.
    """
    parts = _paths(X, y, reader.owner)
    index = reader.index
    if index is None:
        msg = (
            f"{reader.owner} was fitted on integer rows that carry no words, so 'X' "
            "must be integer rows too. Got files of texts."
        )
        raise ValueError(msg)
    if not reader.n_ids:
        index._know(Vocabulary([""]))
    n_bytes = sum(os.stat(path).st_size for part in parts for path in part)
    shares = _shares(parts, n_bytes, reader.n_jobs)
    if n_bytes < _WORTH_APART:
        texts = _read_apart(reader, shares, n_bytes)
    else:
        texts = _count_apart(reader, shares, n)
    if not index.n_words_:
        msg = (
            f"'X' of {reader.owner} must hold at least one word. Got files without any."
        )
        raise NoTextError(msg)
    reader.n_ids = index._vocabulary.n_ids
    return texts


def threads_for(n_jobs):
    """Threads that count here: a cluster may have more workers than there are cores."""
    n_jobs = effective_n_jobs(n_jobs)
    return n_jobs if n_jobs == 1 else min(n_jobs, cpu_count())


def texts_of(X, y, owner):
    """All texts of files, or all messages and all replies.

    Parameters
    ----------
    X, y : iterable of path, or None for y
    owner : str
        What the message of an error names.

    Returns
    -------
    X, y : list of str, or None for y
    """
    parts = _paths(X, y, owner)
    files: Iterable[FilePart | FilePair]
    files = map(FilePart, *parts) if y is None else map(FilePair, *parts)
    texts = [text for file in files for text in file.texts()]
    return (texts, None) if y is None else (texts[::2], texts[1::2])


def _paths(X, y, owner):
    """Paths as one list, or as two of the same length."""
    parts = [check_paths(X, owner)]
    if y is not None:
        parts.append(check_paths(y, owner, name="y"))
        check_same_length(parts, owner)
    # A worker may have been started in another folder.
    return [list(map(os.path.abspath, part)) for part in parts]


def _shares(parts, n_bytes, n_jobs):
    """Files as lists of `FilePart` or `FilePair`, in their order.

    There are as many as workers, or a few times as many where one would be too large.
    """
    n_workers = effective_n_jobs(n_jobs) if n_bytes >= _WORTH_A_PROCESS else 1
    n_shares = n_workers * max(1, -(-n_bytes // (n_workers * _MOST_BYTES)))
    shares: list[list[FilePart]] | list[list[FilePair]]
    if len(parts) == 1:
        shares = split(parts[0], n_shares)
    else:
        shares = split_pairs(parts[0], parts[1], n_shares)
    return [share for share in shares if share]


def _read_apart(reader, shares, n_bytes):
    """Let workers read: where they also counted, long n-grams would be more to send."""
    tokenizing = reader.index.tokenizer, reader.index.lowercase
    with reader.progress.bar("reading", "B", n_bytes or None) as on_progress:
        if len(shares) == 1:  # who reads alone sends nothing
            results = [read_share(shares[0], *tokenizing, on_progress)]
        else:
            tasks = [delayed(read_share)(share, *tokenizing) for share in shares]
            results = Parallel(n_jobs=reader.n_jobs)(tasks)
            on_progress(n_bytes)  # what the workers are at is not known sooner
    streams = [
        TokenStream(_new_ids(reader.index, words)[stream.ids], stream.lengths)
        for words, stream in results
    ]
    return TokenStream.joined(streams)


def read_share(share, tokenizer, lowercase, on_progress=no_progress):
    """Read a share of files.

    Returns
    -------
    words : list of str
        The words in the order they came up.
    stream : TokenStream
        The texts, in ids of which the first word has 1.
    """
    vocabulary = BatchVocabulary({}, next_id=1)
    texts = (text for part in share for text in part.texts(on_progress))
    ids, lengths = vocabulary.encode(texts, tokenizer, lowercase)
    n_parts = 2 if isinstance(share[0], FilePair) else 1
    stream = stream_of(*unmixed(ids, lengths, n_parts))
    return vocabulary.new_words, stream


def _count_apart(reader, shares, n):
    """Let workers read and count, and add up here what they have counted."""
    index, n_jobs = reader.index, reader.n_jobs
    n_threads = threads_for(n_jobs)
    tokenizing = index.tokenizer, index.lowercase
    counted = _counted(shares, n, n_jobs, *tokenizing)
    watched = reader.progress.each(counted, "counting", " shares", len(shares))
    runs: list[NGramCounts] = []
    for words, counts in watched:
        ids = _new_ids(index, words)
        if not np.array_equal(ids, np.arange(len(ids))):
            counts = renumber(counts, ids, index._vocabulary.n_ids)
        _add(runs, counts, n_threads)
        del words, counts  # the next share needs the room
    while len(runs) > 1:
        _merge_last(runs, n_threads)
    return runs[0]


def _counted(shares, n, n_jobs, tokenizer, lowercase):
    """Words and counts of each share, in their order.

    There are never more at a time than are counted at a time: they are large.
    """
    n_workers = min(effective_n_jobs(n_jobs), len(shares))
    for first in range(0, len(shares), n_workers):
        some = shares[first : first + n_workers]
        if len(some) == 1:  # who counts alone sends nothing
            yield count_share(some[0], n, tokenizer, lowercase)
        else:
            tasks = [delayed(count_share)(s, n, tokenizer, lowercase) for s in some]
            yield from Parallel(n_jobs=n_jobs)(tasks)


def count_share(share, n, tokenizer, lowercase):
    """Read a share of files and count it: its words and the `NGramCounts`."""
    words, stream = read_share(share, tokenizer, lowercase)
    return words, NGramCounts.from_stream(stream, n, len(words) + 1)


def _new_ids(index, words):
    """The ids here of the ids of a share, whose words are learned."""
    return np.append(0, index._give_ids(words)).astype(np.int32)


def _add(runs, counts, n_threads):
    """Put counts behind others, which are merged while they are not much longer.

    So counts meet counts of about their size, as in a tree, and each n-gram is moved a
    number of times that grows with the logarithm of the number of shards.
    """
    runs.append(counts)
    while len(runs) > 1 and runs[-2].n_predictions < 2 * runs[-1].n_predictions:
        _merge_last(runs, n_threads)


def _merge_last(runs, n_threads):
    other = runs.pop()
    runs.append(merge(runs.pop(), other, n_threads))
