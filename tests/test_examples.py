"""Everything the documentation shows is run: docstrings, pages and scripts."""

import ast
import doctest
import importlib
import pkgutil
import runpy
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import sklearn_sslm

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))


def docstrings():
    """The docstrings with examples of every module of the package that is imported."""
    modules = [sklearn_sslm] + [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(sklearn_sslm.__path__, "sklearn_sslm.")
        if not module.name.endswith("__main__")
    ]
    found = {}
    for module in modules:
        for test in doctest.DocTestFinder().find(module):
            if test.examples:
                found[test.name] = test
    return list(found.values())


def page(path):
    """The examples of a page, taken as one session."""
    text = path.read_text(encoding="utf-8")
    return doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), 0)


def run(test):
    """Run the examples and fail with doctest's own report."""
    report = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append)
    if report:
        pytest.fail("".join(report), pytrace=False)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    # An example may write files; it must not find any that the checkout has.
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def _no_windows(monkeypatch):
    # What an example draws is drawn in memory, and thrown away.
    plt.switch_backend("agg")
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    yield
    plt.close("all")


@pytest.mark.parametrize("test", docstrings(), ids=lambda test: test.name)
def test_docstring(test):
    """Every example in a docstring gives what it says."""
    run(test)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page(path):
    """Every example on a page gives what it says, and every page has one."""
    test = page(path)
    assert test.examples
    run(test)


@pytest.mark.usefixtures("_no_windows")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script(path, capsys):
    """Every script in ``examples`` runs on its own, prints something and shows its
    pictures.
    """
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out.strip()
    assert not plt.get_fignums()


def test_the_tutorial_does_the_same_in_both_languages():
    """The Portuguese tutorial is the English one up to its texts."""

    def code(name):
        tree = ast.parse((ROOT / "examples" / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                node.value = ""
        return ast.unparse(tree)

    assert code("plot_00_tutorial.py") == code("plot_00_tutorial_pt.py")


def test_a_wrong_example_fails():
    """An example that gives something else is reported with what it gave."""
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    with pytest.raises(pytest.fail.Exception, match="Expected:\n    3\nGot:\n    2"):
        run(wrong)
