"""Tests of `sklearn_sslm.base._shards`: files counted in shares, by several workers."""

import gzip
import os
import threading
from pathlib import Path

import numpy as np
import pytest
from _models import assert_same_model, state_of
from _slow import rest_slow
from hypothesis import given, settings
from hypothesis import strategies as st
from joblib import parallel_config

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.base import _shards, fitted_model
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.words import _encoding

GREETINGS = load_greetings().data


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=[0, 1 << 27], ids=["count apart", "read apart"])
def _worth_it(request, monkeypatch):
    """Let few texts be worth a process, to count them or only to read them."""
    monkeypatch.setattr(_shards, "_MIN_PARALLEL_BYTES", 0)
    monkeypatch.setattr(_shards, "_MIN_SHARDED_BYTES", request.param)


def write(path, texts):
    """Write texts to a file, a line each, and return its name."""
    Path(path).write_bytes("".join(f"{text}\n" for text in texts).encode())
    return path


def corpus(n_texts=300):
    """Texts in which some words are frequent and new ones come up to the end."""
    rng = np.random.default_rng(0)
    return [" ".join(f"w{i}" for i in rng.zipf(1.4, 7) % 900) for _ in range(n_texts)]


def learn(X, y=None, n=3, **parameters):
    """A model of texts or of files."""
    return NGramTextGenerator(n, smoothing="kneser_ney", **parameters).fit(X, y)


def learn_files(paths, y=None, **parameters):
    """A model of files."""
    return learn(paths, y, input="filename", **parameters)


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
@pytest.mark.usefixtures("_worth_it")
def test_files_are_learned_as_the_texts_in_them(n_jobs):
    """In whatever shares files are counted, words, ids and counts are those of fit."""
    texts = corpus()
    paths = [write("a.txt", texts[:50]), Path(write("b.txt", texts[50:]))]
    with parallel_config(backend="threading"):
        assert_same_model(learn_files(paths, n_jobs=n_jobs), learn(texts))


@pytest.mark.parametrize("n_jobs", [1, 3])
@pytest.mark.usefixtures("_worth_it")
def test_pairs_of_files_are_learned_as_messages_with_replies(n_jobs):
    """Line by line of two files each message is learned with its reply."""
    messages, replies = corpus(), corpus(600)[300:]
    cuts = [slice(0, 40), slice(40, 200), slice(200, 300)]
    X = [write(f"m{j}", messages[cut]) for j, cut in enumerate(cuts)]
    y = [write(f"r{j}", replies[cut]) for j, cut in enumerate(cuts)]
    with parallel_config(backend="threading"):
        model = learn_files(X, y, n_jobs=n_jobs)
    assert_same_model(model, learn(messages, replies))


lines = st.lists(st.sampled_from("abcdefg"), max_size=5).map(" ".join)
files = st.lists(st.lists(lines, max_size=5), min_size=1, max_size=4)


@pytest.mark.slow
@settings(max_examples=50)
@given(files.filter(lambda f: any(any(texts) for texts in f)), st.integers(1, 60))
def test_shares_do_not_show(files, most):
    """However small the shares, what is learned on from them is the same."""
    paths = [write(f"{j}.txt", texts) for j, texts in enumerate(files)]
    texts = [text for texts in files for text in texts if text]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_shards, "_SHARD_BYTES", most)
        patch.setattr(_shards, "_MIN_SHARDED_BYTES", most)
        assert_same_model(learn_files(paths), learn(texts))
        model = learn(["g x a"], input="content").set_params(input="filename")
        assert_same_model(model.partial_fit(paths), learn(["g x a", *texts]))


def test_shards_meet_shards_of_their_size(monkeypatch):
    """What is in one of 64 shares is moved about log2(64) times, not 64 times."""
    moved = []
    merge = _shards.merge

    def merge_and_tell(counts, other, n_threads):
        merged = merge(counts, other, n_threads)
        moved.append(merged.n_texts)
        return merged

    texts = [f"{j:02} {j:02}" for j in range(64)]
    path = write("a.txt", texts)
    monkeypatch.setattr(_shards, "_SHARD_BYTES", os.path.getsize(path) // 64)
    monkeypatch.setattr(_shards, "_MIN_SHARDED_BYTES", 0)
    monkeypatch.setattr(_shards, "merge", merge_and_tell)
    assert_same_model(learn_files([path]), learn(texts))
    assert len(moved) == 63
    assert sum(moved) == 6 * 64


def test_few_bytes_are_counted_at_home(monkeypatch):
    """Files that are read sooner than a process starts are given to none."""
    monkeypatch.setattr(_shards, "in_parallel", None)
    path = write("a.txt", GREETINGS)
    assert_same_model(learn_files([path], n_jobs=2), learn(GREETINGS))


@pytest.mark.parametrize("y", [None, ["b.txt.gz"]])
def test_files_are_forgotten_as_the_texts_in_them(y):
    """``partial_forget`` takes back what ``partial_fit`` has learned of files."""
    write("a.txt", ["um dois", "", "três um", " ", "dois"])
    Path("b.txt.gz").write_bytes(gzip.compress(b"quatro\n\num dois\n \num\n"))
    model = learn(GREETINGS, y and GREETINGS).set_params(input="filename")
    again = model.partial_fit(["a.txt"], y).partial_forget(["a.txt"], y)
    assert_same_model(again, learn(GREETINGS, y and GREETINGS))


def test_what_was_never_learned_of_files_is_named():
    """Of files, too, the first text that cannot be forgotten is told, and none is."""
    paths = [write("a.txt", GREETINGS[:2]), write("b.txt", ["", GREETINGS[2], "um"])]
    model = learn(GREETINGS).set_params(input="filename")
    with pytest.raises(ValueError, match=r"Got text 3, 'um'; nothing was forgotten"):
        model.partial_forget(paths)
    assert_same_model(model, learn(GREETINGS))


def test_a_small_file_is_learned_in_the_time_it_takes():
    """Of a few texts in a file not all n-grams known before are sorted again."""
    model = learn(corpus(), input="content").set_params(input="filename")
    sorted_ngrams = fitted_model(model).language_model
    model.partial_fit([write("a.txt", ["w1 w2 new"])])
    assert fitted_model(model).language_model.base is sorted_ngrams
    assert_same_model(model, learn([*corpus(), "w1 w2 new"]))


def test_predict_and_score_take_texts():
    """``input`` is about what is learned; messages and test texts are texts."""
    path = write("a.txt", GREETINGS)
    model, expected = learn_files([path], random_state=0), learn(GREETINGS)
    assert model.score(GREETINGS) == expected.score(GREETINGS)
    expected.set_params(random_state=0)
    assert model.predict(["Olá!"]).tolist() == expected.predict(["Olá!"]).tolist()


@pytest.mark.parametrize(
    ("X", "y", "error", "told"),
    [
        ("a.txt", None, TypeError, r"paths .* Got 'a.txt'; put it in a list: \[path\]"),
        (Path("a.txt"), None, TypeError, r"Got PosixPath\('a.txt'\); put it"),
        (7, None, TypeError, "Got 7; put it in a list"),
        (["a.txt", 7], None, TypeError, "Got 7 among them"),
        ([["a.txt"]], None, TypeError, r"Got \['a.txt'\] among them"),
        ([], None, ValueError, "must hold at least one path"),
        (["a.txt", ""], None, ValueError, "must name a file. Got '' at index 1"),
        (["no.txt"], None, FileNotFoundError, "no.txt"),
        (["."], None, IsADirectoryError, "Is a directory"),
        (["blank.txt"], None, ValueError, "at least one word. Got files without any"),
        (["a.txt", "latin.txt"], None, ValueError, r"latin.txt, line 2: not UTF-8"),
        (["a.txt"], ["a.txt", "b.txt"], ValueError, "must have the same length"),
        (
            ["a.txt"],
            ["b.txt"],
            ValueError,
            r"a\.txt, line 2: there is no .*b\.txt\. Mess",
        ),
        (
            ["a.txt"],
            "b.txt",
            TypeError,
            "'y' of NGramTextGenerator must be an iterable",
        ),
    ],
)
def test_what_cannot_be_learned_is_named(X, y, error, told):
    """Bad paths and bad files raise errors that name them; the model stays."""
    write("a.txt", ["um dois", "três"])
    write("b.txt", ["um"])
    write("blank.txt", ["", " "])
    Path("latin.txt").write_bytes(b"um\nol\xe1\n")
    model = learn(["x"], ["y"] if y else None)
    model.set_params(input="filename")
    before = state_of(model)
    with pytest.raises(error, match=told):
        model.fit(X, y)
    with pytest.raises(error, match=told):
        model.partial_fit(X, y) if X != ["blank.txt"] else model.fit(X, y)
    assert state_of(model) == before


def test_a_path_may_be_of_any_kind():
    """What stands for a path may give it as bytes, as the system knows it."""

    class RawPath(os.PathLike):
        def __fspath__(self):
            return os.fsencode("á.txt.gz")

    Path("á.txt.gz").write_bytes(gzip.compress("\n".join(GREETINGS).encode()))
    assert_same_model(learn_files([RawPath()]), learn(GREETINGS))


def test_a_model_of_rows_learns_no_files():
    """Where ids have no words, files of words are refused."""
    path = write("a.txt", ["um"])
    model = NGramTextGenerator().fit([[1, 2, 0]]).set_params(input="filename")
    with pytest.raises(ValueError, match=r"integer rows too\. Got files of texts"):
        model.partial_fit([path])


# --- workers of several kinds -------------------------------------------------------


def learn_and_compare(X, texts, tokenizer=str.split, **parameters):
    """Learn files by two workers, and on from them, and compare with one process."""
    index = WordIndexTransformer(tokenizer=tokenizer)
    model = learn_files(X, word_index=index, n_jobs=2, **parameters)
    assert_same_model(model, learn(texts, word_index=index))
    assert_same_model(model.partial_fit(X), learn([*texts, *texts], word_index=index))


@pytest.mark.parametrize(
    "backend",
    rest_slow(["loky", "threading", "multiprocessing"], ["loky", "threading"]),
)
@pytest.mark.usefixtures("_worth_it")
def test_workers_do_not_show(backend):
    """Processes and threads learn what one process learns."""
    texts = corpus()
    with parallel_config(backend=backend):
        learn_and_compare([write("a.txt", texts)], texts)


@pytest.mark.usefixtures("_worth_it")
def test_words_at_blanks_are_read_by_threads(monkeypatch):
    """Where arrays find the words, no process is started: the threads of this one read."""
    readers, read = [], _shards.read_share

    def read_and_tell(*args):
        readers.append(threading.current_thread())  # a process would tell its own list
        return read(*args)

    monkeypatch.setattr(_shards, "read_share", read_and_tell)
    texts = corpus()
    path = write("a.txt", texts)
    assert_same_model(learn_files([path], n_jobs=2), learn(texts))
    assert len(readers) == 2
    assert threading.main_thread() not in readers


@pytest.mark.usefixtures("_worth_it")
def test_paths_are_those_of_the_caller(monkeypatch):
    """Workers that were started in another folder read the files that were meant."""
    os.mkdir("elsewhere")
    for folder in (".", "elsewhere"):
        monkeypatch.chdir(folder)
        texts = [f"{folder} {text}" for text in corpus()]
        with parallel_config(backend="loky"):
            model = learn_files([write("a.txt", texts)], n_jobs=2)
        assert_same_model(model, learn(texts))


@pytest.mark.slow
@pytest.mark.parametrize("weights", [None, [2]])
@pytest.mark.usefixtures("_worth_it")
def test_errors_name_files_as_the_caller_did(weights, monkeypatch):
    """A path that is relative stays so, and the line is counted from the file's start."""
    os.mkdir("elsewhere")
    for folder, size in ((".", 300), ("elsewhere", 290)):
        monkeypatch.chdir(folder)
        write("a.txt", corpus(size))
        with open("a.txt", "ab") as file:
            file.write(b"ol\xe1\n")
        model = NGramTextGenerator(input="filename", n_jobs=2)
        with (
            parallel_config(backend="loky"),
            pytest.raises(ValueError, match=rf"^a\.txt, line {size + 1}: not UTF-8"),
        ):
            model.fit(["a.txt"], sample_weight=weights)


@pytest.mark.slow
@pytest.mark.usefixtures("_worth_it")
def test_errors_name_both_files_of_pairs_as_the_caller_did():
    """Of messages without a reply, the paths are those that were given."""
    m, r = write("m.txt", corpus()), write("r.txt", corpus(299))
    told = r"^m\.txt, line 300: there is no such line in r\.txt"
    with parallel_config(backend="loky"), pytest.raises(ValueError, match=told):
        learn_files([m, "m.txt"], [r, "r.txt"], n_jobs=2)


@pytest.mark.slow
@pytest.mark.usefixtures("_worth_it")
def test_a_worker_that_dies_is_told():
    """A worker killed half-way is a clear error, and the model is as it was before."""
    path, parent = write("a.txt", [*corpus(), "doom"]), os.getpid()

    def tokenizer(text):
        if text == "doom" and os.getpid() != parent:
            os._exit(1)
        return text.split()

    model = learn(GREETINGS).set_params(input="filename", n_jobs=2)
    model.set_params(word_index=WordIndexTransformer(tokenizer=tokenizer))
    before = state_of(model)
    with (
        parallel_config(backend="loky"),
        pytest.raises(
            Exception, match=r"worker process .* was unexpectedly terminated"
        ),
    ):
        model.fit([path])
    assert state_of(model) == before


# --- a cluster ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def client():
    """A cluster of two worker processes on this machine."""
    distributed = pytest.importorskip(
        "distributed", reason="no dask: pip install 'sklearn-sslm[dask]'"
    )
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def cluster(client):
    """The cluster with both its workers, also after one has died."""
    client.wait_for_workers(2, timeout=60)


@pytest.mark.slow
@pytest.mark.usefixtures("_worth_it", "cluster")
def test_a_cluster_does_not_show():
    """The same call in ``parallel_config(backend="dask")`` learns the same model."""
    texts = corpus()
    path = write("a.txt", texts)
    with parallel_config(backend="dask"):
        learn_and_compare([path], texts)
        assert_same_model(learn_files([path]), learn(texts))  # all workers there are


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_texts_are_read_by_a_cluster(monkeypatch):
    """Texts in memory, too, are learned as one process learns them."""
    monkeypatch.setattr(_encoding, "_MIN_PARALLEL_LENGTH", 0)
    texts = corpus()
    with parallel_config(backend="dask"):
        assert_same_model(learn(texts, n_jobs=2), learn(texts))


@pytest.mark.slow
@pytest.mark.usefixtures("_worth_it", "cluster")
def test_a_worker_of_a_cluster_that_dies_is_replaced(tmp_path):
    """A worker killed half-way costs time and nothing else: its share is counted again."""
    texts = [*corpus(), "doom"]
    path, parent, died = write("a.txt", texts), os.getpid(), str(tmp_path / "died")

    def tokenizer(text):
        if text == "doom" and os.getpid() != parent and not os.path.exists(died):
            Path(died).touch()
            os._exit(1)
        return text.split()

    with parallel_config(backend="dask"):
        learn_and_compare([path], texts, tokenizer)
    assert os.path.exists(died)
