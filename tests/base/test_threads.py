"""Threads that ask a model while others teach it."""

import copy
import io
import os
import pickle
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pytest
from _models import assert_same_model
from _slow import rest_slow

from sklearn_sslm import (
    NGramClassifier,
    NGramOutlierDetector,
    NGramTextGenerator,
    SurpriseFeatures,
)
from sklearn_sslm.ngrams import OnlineModel
from sklearn_sslm.ngrams.models import _updating
from sklearn_sslm.smoothing import SMOOTHINGS

RATIOS = {"never": 0, "default": _updating.REBUILD_RATIO, "always": np.inf}
TEXTS = ["o gato dorme", "a gata come", "o gato come e dorme", "é só o gato"] * 20
LESSONS = [f"o rato {j} dorme e come {j % 3}" for j in range(12)]
MANY = [f"o {a} {b} {c}" for a in ["gato", "rato"] for b in range(8) for c in "xdeo"]
ASKED = [
    "o gato dorme e come",
    "o rato 3 dorme",
    "nada disso",
    "o rato 11 dorme e come 2",
]


@pytest.fixture(params=RATIOS)
def rebuilds(request, monkeypatch):
    """When n-grams are sorted anew."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", RATIOS[request.param])


@pytest.fixture(autouse=True)
def _switch_often():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def unfitted(smoothing="kneser_ney", n=3):
    """A model that has learned nothing."""
    return NGramTextGenerator(n, smoothing=smoothing, random_state=0)


def score(model):
    """What each state of the model answers otherwise than the others."""
    with np.errstate(divide="ignore"):
        return tuple(model.score_samples(ASKED + MANY).tolist())


def predict(model):
    """Replies drawn from it."""
    return tuple(model.predict(ASKED))


def copied(model):
    """The answer of a copy."""
    return score(copy.copy(model))


def saved(model):
    """The answer of the model that was saved."""
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    return score(joblib.load(file))


def word_by_word(model):
    """The scores that a scorer adds up."""
    scorer = model.scorer()
    total = 0.0
    state = scorer.start()
    for word in ["o", "rato", "11"]:
        log_proba, state = scorer.score(state, word)
        total += log_proba
    return total


def states_of(asks, smoothing):
    """For each question what is answered before and after each of the lessons."""
    model = unfitted(smoothing).fit(TEXTS)
    answers = [[ask(model) for ask in asks]]
    for lesson in LESSONS:
        model.partial_fit([lesson])
        answers.append([ask(model) for ask in asks])
    return list(map(list, zip(*answers, strict=True)))


def ask_while_learning(model, asks, learn):
    """What each of some threads is answered, in turn, until learning has ended."""
    ended = threading.Event()

    def read(ask):
        answers = []
        while not ended.is_set():
            answers.append(ask(model))
        return answers

    with ThreadPoolExecutor(len(asks)) as threads:
        readers = [threads.submit(read, ask) for ask in asks]
        try:
            learn(model)
        finally:
            ended.set()
        return [reader.result() for reader in readers]


@pytest.mark.filterwarnings("ignore:A text has probability 0")
@pytest.mark.parametrize("smoothing", rest_slow(SMOOTHINGS, ["kneser_ney"]))
def test_readers_beside_a_learner_see_one_state_after_the_other(smoothing, rebuilds):
    """Each answer is that of one state, none older than the last, and nothing is lost."""
    asks = [score, predict, copied, saved]
    expected = states_of(asks, smoothing)

    def learn(model):
        for lesson in LESSONS:
            time.sleep(0.003)  # readers are in the middle of an answer
            model.partial_fit([lesson])

    model = unfitted(smoothing).fit(TEXTS)
    answers = ask_while_learning(model, asks, learn)
    for told, states in zip(answers, expected, strict=True):
        state = 0
        for answer in told:
            assert answer in states[state:]
            state = states.index(answer, state)
    assert_same_model(model, unfitted(smoothing).fit(TEXTS + LESSONS))


OTHERS = {
    "classifier": (NGramClassifier, "predict_proba"),
    "detector": (NGramOutlierDetector, "decision_function"),
    "features": (SurpriseFeatures, "transform"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_other_estimators_answer_of_one_state_after_the_other(case, rebuilds):
    """So do the others, and their deep copies and pickles."""
    kind, method = OTHERS[case]
    labels = ["x", "y"] * (len(TEXTS) // 2)

    def learn(model, lesson):
        of_class = ["x"] if kind is NGramClassifier else None
        model.partial_fit([lesson], of_class)

    def ask(model):
        return np.asarray(getattr(model, method)(ASKED)).tolist()

    def in_turn(model):
        for lesson in LESSONS:
            time.sleep(0.003)
            learn(model, lesson)

    model = kind(n=2).fit(TEXTS, labels)
    expected = [ask(model)]
    for lesson in LESSONS:
        learn(model, lesson)
        expected.append(ask(model))
    assert expected[0] != expected[-1]
    asks = [
        ask,
        lambda m: ask(copy.deepcopy(m)),
        lambda m: ask(pickle.loads(pickle.dumps(m))),
    ]
    told = ask_while_learning(model := kind(n=2).fit(TEXTS, labels), asks, in_turn)
    for answers in told:
        state = 0
        for answer in answers:
            assert answer in expected[state:]
            state = expected.index(answer, state)
    assert ask(model) == expected[-1]


def test_an_answer_keeps_no_lesson_waiting():
    """While a reply is being made, another thread learns, and its text is known at once."""
    begun, learned = threading.Event(), threading.Event()

    def join(words):
        begun.set()
        assert learned.wait(20)
        return " ".join(words)

    model = unfitted("mle", 2).set_params(detokenizer=join).fit(["o gato dorme"])
    with ThreadPoolExecutor(1) as thread:
        reply = thread.submit(model.predict, ["o"])
        assert begun.wait(20)
        model.partial_fit(["rato é só um rato"])
        assert np.isfinite(model.score_samples(["rato é só um rato"]))[0]
        learned.set()
        assert reply.result().tolist() == ["o gato dorme"]


def test_a_random_state_is_shared():
    """Threads take its numbers in any order, and each number once."""
    model = unfitted("kneser_ney", 1).set_params(max_length=30).fit(TEXTS)

    def sample(_):
        return model.sample(1)[0]

    model.set_params(random_state=np.random.RandomState(0))
    expected = sorted(map(sample, range(40)))
    assert len(set(expected)) > 1
    model.set_params(random_state=np.random.RandomState(0))
    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(sample, range(40))) == expected


def test_a_scorer_is_of_one_state_whatever_is_learned_meanwhile(rebuilds):
    """A scorer that was made before lessons answers as the model did then."""
    [states] = states_of([word_by_word], "kneser_ney")
    model = unfitted().fit(TEXTS)
    scorers = []
    for lesson in LESSONS:
        scorers.append(model.scorer())
        scorers[-1].score(scorers[-1].start(), "gato")
        model.partial_fit([lesson])
    for scorer, expected in zip(scorers, states, strict=False):
        state, total = scorer.start(), 0.0
        for word in ["o", "rato", "11"]:
            log_proba, state = scorer.score(state, word)
            total += log_proba
        assert total == expected


def test_a_stream_goes_on_from_the_state_it_began_with(rebuilds):
    """The words of a reply are drawn from one state, though the model learns meanwhile."""
    model = unfitted().fit(TEXTS)
    expected = list(model.stream("o gato"))
    stream = model.stream("o gato")
    words = []
    for word, lesson in zip(stream, LESSONS, strict=False):
        words.append(word)
        model.partial_fit([lesson])
    assert words == expected[: len(words)]


def test_several_learners_lose_nothing(rebuilds):
    """Texts that four threads learn, and others that they forget, are all counted."""
    model = unfitted().fit(TEXTS)

    def learn(thread):
        for j, lesson in enumerate(LESSONS):
            model.partial_fit([f"{lesson} {thread}"])
            if j % 2:
                model.partial_forget([f"{lesson} {thread}"])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(learn, range(4)))
    left = [f"{text} {thread}" for text in LESSONS[::2] for thread in range(4)]
    assert model.n_texts_seen_ == len(TEXTS) + len(left)
    whole = unfitted().fit(TEXTS + left)
    assert model.score_samples(left + ASKED).tolist() == pytest.approx(
        whole.score_samples(left + ASKED).tolist(), rel=1e-14
    )


def test_a_lesson_that_no_one_watches_copies_nothing(monkeypatch):
    """Levels are changed in place unless they are asked, and copied once if they are."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", 0)
    model = unfitted().fit(TEXTS).partial_fit(["um"])

    def levels():
        return model._fitted.language_model.levels

    first = levels()
    model.score_samples(ASKED)
    model.partial_fit(["dois"])
    assert levels() is first
    stream = model.stream("o gato")
    next(stream)
    model.partial_fit(["três"])
    second = levels()
    assert second is not first
    model.partial_fit(["quatro"])
    assert levels() is second


def test_a_reader_makes_good_what_an_interrupted_lesson_left(monkeypatch):
    """After an interruption within a lesson, answers are those of before."""
    monkeypatch.setattr(_updating, "REBUILD_RATIO", 0)
    model = unfitted().fit(TEXTS).partial_fit(["um rato"])
    before = score(model)
    taken = model._fitted.language_model._overlay.take(model._fitted.language_model, 1)
    assert taken is not None  # from now on as if an exception had been raised
    assert isinstance(model._fitted.language_model, OnlineModel)
    assert score(model) == before
    assert pickle.loads(pickle.dumps(model)).score(ASKED) == model.score(ASKED)


@pytest.mark.posix
def test_a_fork_learns_though_a_thread_was_learning(rebuilds):
    """A lock that another thread held at a fork does not keep the child from learning."""
    model = unfitted().fit(TEXTS)
    held, go = threading.Event(), threading.Event()

    def hold():
        with model._learning():
            held.set()
            go.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    child = os.fork()
    if not child:
        os._exit(0 if model.partial_fit(LESSONS).n_texts_seen_ == 92 else 1)
    go.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0
