"""Files counted in shards, by several threads, processes or machines, and added up."""

import os
from array import array
from collections.abc import Iterable
from dataclasses import replace
from itertools import compress

import numpy as np
from joblib import cpu_count, delayed, effective_n_jobs

from ..ngrams import NGramCounts, TokenStream, merge, renumber
from ..utils import in_parallel, no_progress
from ..words import (
    BatchVocabulary,
    FilePair,
    FilePart,
    NoTextError,
    check_paths,
    learn_words,
    split,
    split_pairs,
)
from ._batch import check_same_length, deinterleaved, stream_of
from ._sample_weight import check_sample_weight

_MIN_PARALLEL_BYTES = 1 << 24  # with fewer bytes, starting workers takes longer
_MIN_SHARDED_BYTES = 1 << 28  # with fewer bytes, merging counts takes longer
_SHARD_BYTES = 1 << 27  # the largest shard: counting it takes a few GB of memory


def learn_files(reader, X, y, n, sample_weight=None):
    """Read files to be learned; the result does not depend on the number of workers.

    Parameters
    ----------
    reader : Reader
        New words are added to its vocabulary, in the order of the texts.
    X, y : iterable of path, or None for y
        Files of texts, or files of messages and as many of the replies to them.
    n : int
        The highest order.
    sample_weight : array-like of shape (n_files,), int, default=None
        The multiplicity of the texts of each file, or pair of files.

    Returns
    -------
    TokenStream or NGramCounts
        The texts, or their counts where the texts are too large for memory.

    Raises
    ------
    OSError, TextFileError
        If a file cannot be read, or holds no texts.
    NoTextError
        If there is no word at all.
    """
    parts, weights = _paths(X, y, sample_weight, reader.owner)
    if reader.index is None:
        msg = (
            f"{reader.owner} was fitted on integer rows that carry no words, so 'X' "
            "must be integer rows too. Got files of texts."
        )
        raise ValueError(msg)
    n_bytes = sum(os.stat(path).st_size for part in parts for path in part)
    shares = _shares(parts, weights, n_bytes, reader.n_jobs)
    if n_bytes >= _MIN_SHARDED_BYTES and reader.choice is not None:
        words = _count_shares(reader, shares, 1)
        reader.choose_words(words.levels[0].count)
    if n_bytes < _MIN_SHARDED_BYTES:
        texts = _read_shares(reader, shares, n_bytes)
    else:
        texts = _count_shares(reader, shares, n)
    if not reader.vocabulary.n_words:
        msg = (
            f"'X' of {reader.owner} must hold at least one word. Got files without any."
        )
        raise NoTextError(msg)
    return texts


def threads_for(n_jobs):
    """Number of threads for counting: `n_jobs`, but at most the cores of this machine."""
    n_jobs = effective_n_jobs(n_jobs)
    return n_jobs if n_jobs == 1 else min(n_jobs, cpu_count())


def texts_of(X, y, sample_weight, owner):
    """All texts of files, or all messages and all replies.

    Parameters
    ----------
    X, y : iterable of path, or None for y
    sample_weight : as `learn_files` takes it
    owner : str
        What the message of an error names.

    Returns
    -------
    X, y : list of str, or None for y
    sample_weight : list of int, or None
        The multiplicity of each text.
    """
    parts, weights = _paths(X, y, sample_weight, owner)
    files: Iterable[FilePart | FilePair]
    files = map(FilePart, *parts) if y is None else map(FilePair, *parts)
    texts: list[str] = []
    times: list[int] = []
    for file, weight in zip(files, weights, strict=True):
        texts += file.texts()
        times += [weight] * (len(texts) - len(times))
    if y is None:
        return texts, None, times
    return texts[::2], texts[1::2], times[::2]


def _paths(X, y, sample_weight, owner):
    """Paths as one list, or as two of the same length, and the weight of each."""
    parts = [check_paths(X, owner)]
    if y is not None:
        parts.append(check_paths(y, owner, name="y"))
        check_same_length(parts, owner)
    checked = check_sample_weight(sample_weight, len(parts[0]), owner)
    weights = [1] * len(parts[0]) if checked is None else checked.tolist()
    parts = [list(map(os.fspath, compress(part, weights))) for part in parts]
    return parts, [weight for weight in weights if weight]


def _shares(parts, weights, n_bytes, n_jobs):
    """Files as lists of `FilePart` or `FilePair`, in their order.

    There is one for each worker, or several where one would be too large.
    """
    n_workers = effective_n_jobs(n_jobs) if n_bytes >= _MIN_PARALLEL_BYTES else 1
    n_shares = n_workers * max(1, -(-n_bytes // (n_workers * _SHARD_BYTES)))
    shares: list[list[FilePart]] | list[list[FilePair]]
    if len(parts) == 1:
        shares = split(parts[0], n_shares, weights)
    else:
        shares = split_pairs(parts[0], parts[1], n_shares, weights)
    folder = os.getcwd()  # a worker may have been started in another one
    return [
        [part._replace(folder=folder) for part in share] for share in shares if share
    ]


def _read_shares(reader, shares, n_bytes):
    """Read shares in workers, which do not count: n-grams take longer to send than ids."""
    how = reader.tokenizer, _known_to(reader)
    with reader.progress.bar("reading", "B", n_bytes or None) as on_progress:
        if len(shares) == 1:  # there is nothing to send
            results = [read_share(shares[0], *how, on_progress)]
        else:
            tasks = [delayed(read_share)(share, *how) for share in shares]
            results = in_parallel(tasks, reader.n_jobs, prefer=reader.tokenizer.workers)
            on_progress(n_bytes)  # the workers report nothing before they end
    streams = [
        stream
        if words is None
        else replace(stream, ids=_new_ids(reader, words)[stream.ids])
        for words, stream in results
    ]
    stream = TokenStream.joined(streams)
    if reader.choice is None:
        return stream
    count = np.bincount(stream.ids, stream.position_weights, reader.n_ids)
    return replace(stream, ids=reader.choose_words(count)[stream.ids])


def _known_to(reader):
    """The vocabulary for workers if it is closed; else None: each one numbers words anew."""
    return reader.vocabulary if reader.vocabulary.is_closed else None


def read_share(share, tokenizer, known=None, on_progress=no_progress):
    """Read a share of files.

    Parameters
    ----------
    share : list of FilePart or FilePair
    tokenizer : Tokenizer
    known : Vocabulary, default=None
        A closed vocabulary, whose ids are used.
    on_progress : callable, default=no_progress
        Called from time to time with the number of further bytes that were read.

    Returns
    -------
    words : list of str, or None
        The words, in the order of their ids; None if these were known.
    stream : TokenStream
        The texts, in the ids of `known`, or else in ids from 1 of this share alone.
    """
    vocabulary = BatchVocabulary(known or {}, None if known else 1)
    times = array("i")  # by text, where files have weights
    n_parts = 2 if isinstance(share[0], FilePair) else 1
    weighted = any(part.weight != 1 for part in share)
    if n_parts == 1 and tokenizer.splits_at_blanks and not weighted:
        blocks = (block for part in share for block in part.blocks(on_progress))
        ids, lengths = vocabulary.encode_lines(blocks, tokenizer)
    else:
        texts = _texts_of_share(share, times, on_progress)
        ids, lengths = vocabulary.encode(texts, tokenizer)
    stream = stream_of(*deinterleaved(ids, lengths, n_parts))
    if weighted:
        stream = stream.weighted(np.array(times, dtype=np.int32)[::n_parts])
    if known:
        stream.ids[stream.ids < 0] = known.unknown
    return None if known else vocabulary.new_words, stream


def _texts_of_share(share, times, on_progress):
    """Yield the texts, and append the multiplicity of each to `times`."""
    for part in share:
        for text in part.texts(on_progress):
            times.append(part.weight)
            yield text


def _count_shares(reader, shares, n):
    """Read and count shares in workers, and merge their counts."""
    n_threads = threads_for(reader.n_jobs)
    known = _known_to(reader)
    results = _counted(shares, n, reader.n_jobs, reader.tokenizer, known)
    runs: list[NGramCounts] = []
    for words, counts in reader.progress.each(
        results, "counting", " shares", len(shares)
    ):
        ids = np.arange(0) if words is None else _new_ids(reader, words)
        if not np.array_equal(ids, np.arange(len(ids))):
            counts = renumber(counts, ids, reader.n_ids)
        _add(runs, counts, n_threads)
        del words, counts  # the next share needs the memory
    while len(runs) > 1:
        _merge_last(runs, n_threads)
    return runs[0]


def _counted(shares, n, n_jobs, tokenizer, known):
    """Yield the words and the counts of each share, in order.

    At most the counts of one share for each worker are in memory at a time.
    """
    n_workers = min(effective_n_jobs(n_jobs), len(shares))
    for first in range(0, len(shares), n_workers):
        some = shares[first : first + n_workers]
        if len(some) == 1:  # there is nothing to send
            yield count_share(some[0], n, tokenizer, known)
        else:
            tasks = [delayed(count_share)(share, n, tokenizer, known) for share in some]
            yield from in_parallel(tasks, n_jobs, prefer=tokenizer.workers)


def count_share(share, n, tokenizer, known=None):
    """Read a share of files and count it: its words and the `NGramCounts`."""
    words, stream = read_share(share, tokenizer, known)
    n_ids = len(words) + 1 if known is None else known.n_ids
    return words, NGramCounts.from_stream(stream, n, n_ids)


def _new_ids(reader, words):
    """Learn the words of a share; returns the id in the reader of each id of the share."""
    ids, reader.vocabulary = learn_words(words, reader.vocabulary)
    return np.append(0, ids).astype(np.int32)


def _add(runs, counts, n_threads):
    """Append counts to a list of runs, and merge runs of similar size, as in a merge sort.

    Each n-gram is then copied a number of times that is logarithmic in the number of
    shards.
    """
    runs.append(counts)
    while len(runs) > 1 and runs[-2].n_tokens < 2 * runs[-1].n_tokens:
        _merge_last(runs, n_threads)


def _merge_last(runs, n_threads):
    other = runs.pop()
    runs.append(merge(runs.pop(), other, n_threads))
