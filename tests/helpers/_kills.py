"""Commands killed at random moments; a script, which prints what became of them.

``python _kills.py chat FOLDER ROUNDS`` or ``python _kills.py fit FOLDER ROUNDS``

To start a process takes a second, to fork one that has everything imported takes
milliseconds: each round forks the command line, lets it run and sends it a SIGKILL.
"""

import contextlib
import io
import json
import os
import random
import signal
import sys
import time
import warnings
from pathlib import Path

import joblib

from sklearn_sslm.chat._data_set import DataSet
from sklearn_sslm.cli._main import main

# A process with threads, as those of linear algebra, is better not forked: here none of
# them is at work meanwhile.
warnings.filterwarnings("ignore", category=DeprecationWarning)


def chat(folder, n_rounds):
    """Chats that learn, each killed; the law is that of ``test_durable.py``."""
    path = folder / "dataset.txt"
    aside = folder / "dataset.txt.torn"
    chance = random.Random(0)
    expected, torn, n_confirmed = [], [], 0
    for number in range(n_rounds):
        sent = [f"mensagem {number}.{j}: olá, 世界 😀 até já" for j in range(300)]
        slowly = chance.random() < 0.7  # so that it is killed inside of lines, too
        n_awaited = chance.choice([0, 0, 1, 2, 5])
        longest = 0.03 if slowly else 0.006
        seconds = chance.uniform(0, longest if n_awaited else 0.1)
        confirmed = _killed_chat(path, sent, n_awaited, seconds, slowly)
        assert confirmed >= n_awaited, f"round {number} ended too early"
        whole, end = _halves(path)
        new = whole[len(expected) :]
        assert whole[: len(expected)] == expected, f"round {number} lost what was there"
        assert new == sent[: len(new)], f"round {number}: {new}"
        # One more may be on disk, that could not be confirmed any more.
        assert confirmed <= len(new) <= confirmed + 1, (number, confirmed, new)
        assert end in torn or sent[len(new)].encode().startswith(end)
        expected, torn = whole, torn + [end] * bool(end)
        n_confirmed += confirmed
    with DataSet(str(path), notify=str).locked() as texts:
        assert texts == expected
    assert _halves(path) == (expected, b"")
    # What was killed while it was set aside is there twice, at first in part.
    saved = aside.read_bytes()
    assert all(end in saved for end in torn)
    return {"confirmed": n_confirmed, "texts": len(expected), "torn": len(torn)}


def fit(folder, n_rounds):
    """Trainings, each killed: the model file is always the old or the new one, whole."""
    chance = random.Random(0)
    for n in (1, 2):
        texts = (f"texto {n} {j} {chance.random()}\n" for j in range(4000))
        (folder / f"{n}.txt").write_text("".join(texts), encoding="utf-8")
    model = str(folder / "model.joblib")

    def fit_it(texts):
        return ["fit", texts, "-o", model]

    with contextlib.redirect_stdout(io.StringIO()):
        main([*fit_it(str(folder / "1.txt")), "-n", "1"])
    old, n_new, n_stray, duration = 1, 0, 0, 0.05
    for number in range(n_rounds):
        new = 1 + number % 2
        texts = str(folder / f"{new}.txt")
        pid = _fork(lambda texts=texts, n=str(new): main([*fit_it(texts), "-n", n]))
        if number % 5:  # else it may end
            time.sleep(chance.uniform(0, duration))
            os.kill(pid, signal.SIGKILL)
            was_killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
            duration *= 1.2 if was_killed else 0.7  # to kill most, at all moments
        else:
            os.waitpid(pid, 0)
        found = joblib.load(model)  # fails where it is only half a model
        assert found.n_texts_seen_ == 4000
        assert found.n in (old, new)
        n_new += old != found.n
        old = found.n
        for stray in folder.glob(".*.tmp"):
            stray.unlink()
            n_stray += 1
    return {"new": n_new, "stray": n_stray}


def _halves(path):
    """The whole lines of a file, as texts, and what stands after them."""
    content = path.read_bytes() if path.exists() else b""
    *lines, end = content.split(b"\n")
    return [line.decode() for line in lines], end


def _killed_chat(path, messages, n_awaited, seconds, slowly):
    """How many messages a chat confirmed.

    It is killed some seconds after the confirmation that was awaited, or the start.
    """
    to_chat, from_chat = os.pipe(), os.pipe()

    def talk():
        os.dup2(to_chat[0], 0)
        os.dup2(from_chat[1], 1)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - it stays open to the end
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
        if slowly:
            os.write = _one_byte_at_a_time
        return main(["chat", "--learn", str(path)])

    pid = _fork(talk)
    os.close(to_chat[0])
    os.close(from_chat[1])
    with open(to_chat[1], "wb") as pipe, open(from_chat[0], "rb") as out:
        pipe.write("\n".join([*messages, ""]).encode())  # less than a pipe takes
        pipe.flush()
        lines = [out.readline() for _ in range(2 * n_awaited)]
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return [*lines, *out].count(b"Learned\n")


def _one_byte_at_a_time(file, data, write=os.write):
    """A write on a disk that is slow and takes less than it is given, as it may."""
    time.sleep(0.0002)
    return write(file, data[:1])


def _fork(work):
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        code = work()
    finally:
        os._exit(code)


if __name__ == "__main__":
    command, folder, n_rounds = sys.argv[1:]
    commands = {"chat": chat, "fit": fit}
    json.dump(commands[command](Path(folder), int(n_rounds)), sys.stdout)
