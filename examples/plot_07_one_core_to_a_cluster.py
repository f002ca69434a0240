"""
From one core to a cluster
==========================

Counts can be added. So a corpus can be counted in shares, each by a worker that reads its
own files, and the results are merged into the model that one process would have learned:
the same words, the same ids, the same counts.
"""

# %%
# Some files to learn. Here a model of greetings makes up one megabyte of them, and the
# same file twenty times stands for twenty files.
import pickle
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from joblib import parallel_config

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.datasets import load_greetings

folder = tempfile.TemporaryDirectory()
path = Path(folder.name, "greetings.txt")
writer = NGramTextGenerator(n=2, random_state=0).fit(load_greetings().data)
path.write_text("\n".join(writer.sample(25_000)) + "\n", encoding="utf-8")
files = [path] * 20
print(f"{len(files)} files, {len(files) * path.stat().st_size / 1e6:.0f} MB")

# %%
# With ``input="filename"`` the paths are what is passed on; each worker reads its share.
# One worker, then two. What is gained depends on the cores there are, and on what else
# they are doing; and a process has to start, once.
model = NGramTextGenerator(n=3, smoothing="kneser_ney", input="filename")
seconds = {}
for n_jobs in (1, 2, 2):
    model.set_params(n_jobs=n_jobs)
    start = perf_counter()
    model.fit(files)
    seconds[n_jobs] = perf_counter() - start
    print(
        f"n_jobs={n_jobs}: {seconds[n_jobs]:.2f} s for {model.n_tokens_seen_:,} tokens"
    )
print(f"two workers took {seconds[2] / seconds[1]:.2f} of the time of one")

# %%
# The model is the same, to the last count.
alone = NGramTextGenerator(n=3).fit(path.read_text(encoding="utf-8").splitlines() * 20)
assert model.word_index_.words_ == alone.word_index_.words_
for mine, theirs in zip(model.counts_.levels, alone.counts_.levels, strict=True):
    assert np.array_equal(mine.key, theirs.key)
    assert np.array_equal(mine.count, theirs.count)

# %%
# What goes over the wire are numbers, not texts. As long as all files together have less
# than 256 MB a worker sends the words of its share, each once, and an id for each token,
# to be counted here. Of more than that it sends counts: some 20 bytes for each
# *different* n-gram. In texts that repeat themselves as much as these that is next to
# nothing. In a newspaper long n-grams hardly ever come up twice, and their counts can
# take more room than the texts; the larger a share, the more repetitions it holds.
print(f"the share of one of two workers: {path.stat().st_size * 10:,} bytes of text")
print(f"its ids: {4 * model.n_tokens_seen_ // 2:,} bytes")
print(f"its counts: {len(pickle.dumps(model.counts_)):,} bytes")

# %%
# On a cluster it is the same call. ``dask.distributed`` takes the place of the processes
# of this machine; all that is needed is ``pip install 'sklearn-sslm[dask]'`` and the
# address of a scheduler in ``Client("tcp://...")``. The workers must find the files under
# the same paths. Here the cluster is one inside this process.
try:
    from distributed import Client
except ImportError:
    print("dask is not installed, so no cluster was tried")
else:
    with Client(
        processes=False, n_workers=2, threads_per_worker=1, dashboard_address=None
    ):
        with parallel_config(backend="dask"):
            start = perf_counter()
            model.set_params(n_jobs=None).fit(files)  # None: all workers there are
        print(f"dask: {perf_counter() - start:.2f} s")
    assert np.array_equal(model.counts_.levels[2].key, alone.counts_.levels[2].key)

# %%
# Models that were fitted apart, on different days or by different people, are merged in
# the same way.
first = NGramTextGenerator(n=3, input="filename").fit(files[:10])
second = NGramTextGenerator(n=3, input="filename").fit(files[10:])
start = perf_counter()
first.merge(second)
took = perf_counter() - start
assert np.array_equal(first.counts_.levels[2].count, alone.counts_.levels[2].count)
n_ngrams = sum(map(len, first.counts_.levels))
print(f"merging {n_ngrams:,} n-grams took {1e3 * took:.1f} ms")

# %%
# What would a thousand workers cost? Counts are merged in pairs, then pairs of pairs, so
# that each n-gram is moved at most log2(1000) = 10 times. Large counts were merged at
# some 50 ns an n-gram and move, and renumbered at 80 ns, once. So for 1,000 workers with
# 10 million different n-grams each, of which no two share any:
n_workers, n_each = 1_000, 10_000_000
print(f"received: {n_workers * n_each * 20 / 1e9:.0f} GB")
print(f"renumbered: {n_workers * n_each * 80e-9 / 60:.0f} minutes")
print(f"merged: at most {10 * n_workers * n_each * 50e-9 / 60:.0f} minutes")

# %%
# That is the worst case: what shares have in common, in a language most of what is
# frequent, is merged early and moved as one. Still it shows the limits. The one process
# that merges needs the time, and the memory for what one round of workers sends; a
# smaller ``n_jobs`` makes the rounds smaller. The counting itself, done by all at the
# same time, would take one process 1,000 times as long as its share.
folder.cleanup()
