"""``--memory``: what was just read or said is likelier, and forgotten at the end."""

import joblib
import numpy as np
import pytest
from _commands import pipe_in, write

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.cli._main import main
from sklearn_sslm.memory import RecentWords

HEARD = ["um robô canta", "um robô canta", "dois"]


@pytest.fixture
def model(in_an_empty_folder):
    """A saved model."""
    model = NGramTextGenerator(n=2, smoothing="kneser_ney", echo="none", temperature=0)
    model.fit(["um dois três", "dois três"])
    joblib.dump(model, "m.joblib")
    return model


def test_score_remembers_each_text(model, capsys):
    """Scores are those of a generator with a memory, and without the option those without."""
    write("texts.txt", "\n".join(HEARD))
    for options, memory in (([], None), (["--memory"], "recent")):
        assert main(["score", "--model", "m.joblib", *options, "texts.txt"]) == 0
        printed = capsys.readouterr().out.splitlines()
        expected = model.set_params(memory=memory).score_samples(HEARD)
        np.testing.assert_allclose(list(map(float, printed)), expected, atol=1e-6)


def test_a_model_with_a_memory_keeps_its_own(model, capsys):
    """``--memory`` changes nothing where the model has a memory already."""
    own = RecentWords(half_life=3)
    joblib.dump(model.set_params(memory=own), "m.joblib")
    write("texts.txt", "\n".join(HEARD))
    assert main(["score", "--model", "m.joblib", "--memory", "texts.txt"]) == 0
    printed = list(map(float, capsys.readouterr().out.splitlines()))
    np.testing.assert_allclose(printed, model.score_samples(HEARD), atol=1e-6)
    assert not np.allclose(
        printed, model.set_params(memory="recent").score_samples(HEARD), atol=1e-6
    )


def test_chat_remembers_what_is_said(model, capsys, monkeypatch):
    """A word that the model does not know is answered once it was said often."""
    said = "um robô canta\n" * 40 + "um\n"
    replies = {}
    for options in ([], ["--memory"]):
        pipe_in(monkeypatch, said.encode())
        assert main(["chat", "--model", "m.joblib", *options]) == 0
        replies[bool(options)] = capsys.readouterr().out.splitlines()[-1]
    assert replies[False].split()[0] == "dois"
    assert replies[True].split()[0] == "robô"


def test_chat_either_remembers_or_learns(model, capsys):
    """What is learned for good need not be remembered."""
    assert main(["chat", "--memory", "--learn", "data.txt"]) == 2
    assert "argument --memory" in capsys.readouterr().err
