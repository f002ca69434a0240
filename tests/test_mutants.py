"""The script that plants faults: what it says of them, and that its plan is up to date."""

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "mutants", Path(__file__).with_name("mutants.py")
)
mutants = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(mutants)

PLAN = mutants.read_plan()
with_source = pytest.mark.skipif(
    not (mutants.ROOT / "sklearn_sslm").is_dir(), reason="tests of an installed wheel"
)


@pytest.fixture
def checkout(tmp_path):
    """A package of one function, and a test that takes it for an addition."""
    (tmp_path / "sklearn_sslm").mkdir()
    source = "def add(a, b):\n    return a + b\n"
    (tmp_path / "sklearn_sslm" / "__init__.py").write_text(source)
    test = "import sklearn_sslm\n\ndef test_add():\n    assert sklearn_sslm.add(2, 2) == 4\n"
    (tmp_path / "test_add.py").write_text(test)
    return tmp_path


@pytest.mark.parametrize(
    ("new", "verdict"), [("a - b", "seen"), ("a * b", "SURVIVES"), ("a +", "STALE")]
)
def test_a_fault_is_planted_and_taken_out(checkout, new, verdict, monkeypatch):
    """It is seen if a test fails, and the source is what it was before."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # which take a second
    path = checkout / "sklearn_sslm" / "__init__.py"
    before = path.read_bytes()
    fault = mutants.Fault("__init__.py", "adding", "a + b", new, ["test_add.py"])
    assert mutants.verdict_on(fault, checkout).startswith(verdict)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        {"file": "gone.py"},
        {"old": "c"},
        {"old": "a"},
        {"new": "("},
        {"tests": ["gone.py"]},
        {"tests": []},
    ],
)
def test_what_cannot_be_planted_is_stale(checkout, change):
    """A fault needs a piece of source that is there once, and tests that are there."""
    fault = mutants.Fault("__init__.py", "adding", "a + b", "a", ["test_add.py"])
    assert mutants.why_stale(fault, checkout) == ""
    assert mutants.why_stale(fault._replace(**change), checkout)


@with_source
@pytest.mark.parametrize(
    "fault", PLAN, ids=lambda fault: f"{fault.file}: {fault.breaks}"
)
def test_no_fault_is_stale(fault):
    """Who changes a piece of source that has a fault changes the fault with it."""
    assert mutants.why_stale(fault, mutants.ROOT) == ""


@with_source
def test_every_wing_has_faults():
    """No wing with code of its own is left out, and no fault stands there twice."""
    package = mutants.ROOT / "sklearn_sslm"
    wings = {path.name for path in package.iterdir() if (path / "__init__.py").exists()}
    wings |= {"smoothing.py"}
    planted = {Path(fault.file).parts[0] for fault in PLAN}
    assert planted == wings
    assert len({fault[:1] + fault[2:4] for fault in PLAN}) == len(PLAN)


def test_what_no_fault_is_planned_for_is_an_error(capsys):
    """A path that is misspelled does not run all tests, and pass."""
    with pytest.raises(SystemExit):
        mutants.main(["--only", "ngrams/scoring/_scorers.py"])
    assert "no fault is planned for" in capsys.readouterr().err
