"""What packages of this project say of it, where they have to say it again."""

import re
import tomllib
from pathlib import Path

import pytest

import sklearn_sslm

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project():
    """The table ``project`` of ``pyproject.toml``."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]


def test_the_conda_package_is_that_of_pip(project):
    """The recipe has the version, requirements, command and license of the project."""
    yaml = pytest.importorskip("yaml")
    recipe = yaml.safe_load((ROOT / "conda" / "recipe.yaml").read_text("utf-8"))
    least = project["requires-python"].removeprefix(">=")
    assert recipe["package"]["name"] == project["name"]
    assert recipe["context"] == {
        "version": sklearn_sslm.__version__,
        "python_min": least,
    }
    python, *others = recipe["requirements"]["run"]
    assert python == "python >=${{ python_min }}"
    needed = [re.sub("(>=)", r" \1", name) for name in project["dependencies"]]
    assert sorted(others) == sorted(needed)
    commands = [f"{name} = {place}" for name, place in project["scripts"].items()]
    assert recipe["build"]["python"]["entry_points"] == commands
    assert recipe["about"]["license"] == project["license"]


def test_there_is_a_classifier_for_each_python_that_is_tested(project):
    """From the lowest that is required to the highest of the workflow, one after the other."""
    named = re.findall(r"Python :: 3\.(\d+)", " ".join(project["classifiers"]))
    workflow = ROOT / ".github" / "workflows" / "ci.yml"
    if not workflow.exists():
        pytest.skip("the sdist has no workflow")
    tested = list(map(int, re.findall(r'"3\.(\d+)"', workflow.read_text("utf-8"))))
    assert project["requires-python"] == f">=3.{min(tested)}"
    assert list(map(int, named)) == list(range(min(tested), max(tested) + 1))
