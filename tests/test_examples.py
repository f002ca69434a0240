"""Everything the documentation shows is run: docstrings, pages and scripts."""

import ast
import codeop
import doctest
import importlib
import inspect
import os
import pkgutil
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import pytest
from _console import folder_of_command
from _slow import rest_slow

import sklearn_sslm
from sklearn_sslm.cli._commands import _COMMANDS as COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
SLOW_SCRIPTS = {
    "plot_00_tutorial_pt",
    "plot_02_choose_n_and_smoothing",
    "plot_03_write_like_your_documentation",
    "plot_05_anomaly_detection",
    "plot_07_one_core_to_a_cluster",
}
FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<kind>.*)\n"
    r"(?P<options>(?::[a-z]+:.*\n)*)"
    r"(?P<text>(?:.*\n)*?)"
    r"(?P=fence)$",
    re.MULTILINE,
)
NOT_PYTHON = {"bash", "console", "text"}
DIRECTIVES = {"{eval-rst}", "{glossary}", "{include}", "{options}", "{toctree}"}


class Block(NamedTuple):
    """A fenced block of a page."""

    kind: str  # "python", "console", …
    package: str  # whose code it is, "" for ours
    text: str
    line: int  # of the text, from 0


def blocks(page):
    """The fenced blocks of a page."""
    for match in FENCE.finditer(page):
        package = re.search(r"needs-(\w+)", match["options"])
        yield Block(
            kind=match["kind"].strip().removeprefix("{code-block} "),
            package=package[1] if package else "",
            text=match["text"],
            line=page.count("\n", 0, match.start("text")),
        )


def blocks_of(path, kind):
    """The blocks of one kind in a file."""
    page = path.read_text(encoding="utf-8")
    return [block for block in blocks(page) if block.kind == kind]


def name_of(path):
    """Where a file is, from the root."""
    return str(path.relative_to(ROOT))


SESSIONS = [path for path in PAGES if blocks_of(path, "python")]
SHELLS = [path for path in PAGES if blocks_of(path, "console")]
OTHERS = [
    (path, package)
    for path in SESSIONS
    for package in sorted({block.package for block in blocks_of(path, "python")} - {""})
]


class Finder(doctest.DocTestFinder):
    """Finds the examples of a class in the module that defines it, whatever that is called.

    A public class says in ``__module__`` where users import it from.
    """

    def _from_module(self, module, object):  # noqa: A002 - as doctest calls it
        if not inspect.isclass(object):
            return super()._from_module(module, object)
        functions = filter(inspect.isfunction, vars(object).values())
        modules = {f.__module__ for f in functions} & sys.modules.keys()
        modules -= {"collections"}  # where methods of named tuples come from
        return module.__name__ in (modules or {object.__module__})


def docstrings():
    """The docstrings with examples of every module of the package that is imported."""
    modules = [sklearn_sslm] + [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(sklearn_sslm.__path__, "sklearn_sslm.")
        if not module.name.endswith("__main__")
    ]
    found = {}
    for module in modules:
        for test in Finder().find(module):
            if test.examples:
                found[test.name] = test
    return list(found.values())


def written(path):
    """How many docstrings of a source file have examples."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    texts = (ast.get_docstring(node) for node in nodes if isinstance(node, kinds))
    return sum(">>> " in (text or "") for text in texts)


def session(path, package=""):
    """The examples of a page, one session: ours and those of one other package."""
    examples = []
    for block in blocks_of(path, "python"):
        if block.package in ("", package):
            for example in doctest.DocTestParser().get_examples(block.text):
                example.lineno += block.line
                examples.append(example)
    return doctest.DocTest(examples, {}, path.name, str(path), 0, None)


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


def throw_away():
    """Close the figures; their titles are the alternative texts of the gallery's pictures."""
    for figure in map(plt.figure, plt.get_fignums()):
        titles = [ax.get_title(loc) for ax in figure.axes for loc in ("left", "center")]
        assert any(titles)
    plt.close("all")


@pytest.fixture
def _no_windows(monkeypatch):
    # What an example draws is drawn in memory, and thrown away.
    plt.switch_backend("agg")
    monkeypatch.setattr(plt, "show", throw_away)
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def _with_sslm():
    # The command, also where the package is not installed.
    with folder_of_command() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", folder, prepend=os.pathsep)
        yield


@pytest.mark.parametrize("test", docstrings(), ids=lambda test: test.name)
def test_docstring(test):
    """Every example in a docstring gives what it says."""
    run(test)


def test_no_docstring_is_left_out():
    """As many docstrings are run as have examples in the source."""
    files = Path(sklearn_sslm.__file__).parent.rglob("*.py")
    assert len(docstrings()) == sum(map(written, files))


@pytest.mark.parametrize("path", SESSIONS, ids=name_of)
def test_page(path):
    """Every example on a page gives what it says."""
    run(session(path))


@pytest.mark.parametrize(("path", "package"), OTHERS)
def test_code_of_another_package(path, package):
    """What is shown of another package beside ours gives what it says, too."""
    pytest.importorskip(package)
    test = session(path, package)
    assert len(test.examples) > len(session(path).examples)
    run(test)


@pytest.mark.slow  # each command is a process; tests/cli/ runs them within one
@pytest.mark.posix
@pytest.mark.parametrize("path", SHELLS, ids=name_of)
@pytest.mark.usefixtures("_with_sslm")
def test_console(path):
    """Every command on a page prints what it says."""
    for block in blocks_of(path, "console"):
        for step in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, _, expected = step.partition("\n")
            done = subprocess.run(["bash", "-c", command], capture_output=True)
            assert done.stderr.decode() == ""
            assert done.stdout.decode() == expected


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_code_escapes(path):
    """All Python on a page is in a block that is run, and is an example as a whole."""
    page = path.read_text(encoding="utf-8")
    for block in blocks(page):
        if block.kind == "python":
            pieces = doctest.DocTestParser().parse(block.text)
            assert any(isinstance(piece, doctest.Example) for piece in pieces)
            rest = "".join(piece for piece in pieces if isinstance(piece, str))
            assert not rest.strip(), f"not run: {rest}"
        else:
            assert block.kind.split()[0] in NOT_PYTHON | DIRECTIVES
            assert ">>>" not in block.text
        if block.kind == "console":
            assert block.text.startswith("$ ")
    outside = FENCE.sub("", page)
    assert not re.search(r"^ *(>>>|`{3})", outside, flags=re.MULTILINE)


def pasted(text):
    """What the copy button copies of an example: lines with prompts, without these."""
    settings = (ROOT / "docs" / "conf.py").read_text(encoding="utf-8")
    [prompt] = re.findall(r'^copybutton_prompt_text = r"(.*)"$', settings, re.MULTILINE)
    lines = (re.match(f"(?:{prompt})(.*)", line.strip()) for line in text.splitlines())
    return [found[1] for found in lines if found]


def refused(lines):
    """The first statement of some lines that the console of Python refuses, or None."""
    statement = []
    for line in lines:
        statement.append(line)
        try:
            if codeop.compile_command("\n".join(statement)):
                statement = []
        except SyntaxError:
            return statement
    return None


@pytest.mark.parametrize("path", SESSIONS, ids=name_of)
def test_examples_of_pages_can_be_pasted(path):
    """In a console, where a blank line ends a block, and nothing else does."""
    for block in blocks_of(path, "python"):
        assert refused(pasted(block.text)) is None


def test_examples_of_docstrings_can_be_pasted():
    """As those of pages can, from the pages of the API."""
    found = {test.name: refused(pasted(test.docstring)) for test in docstrings()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_all_pages_are_markdown():
    """There is no page of another kind, which this module would not read."""
    pages = {path.suffix for path in (ROOT / "docs").glob("*.*") if path.is_file()}
    pages |= {path.suffix for path in (ROOT / "docs" / "user_guide").iterdir()}
    assert pages <= {".md", ".py"}


@pytest.mark.usefixtures("_no_windows")
@pytest.mark.parametrize(
    "path",
    # The tutorial in Portuguese has the code of the English one, says another test.
    rest_slow(SCRIPTS, [path for path in SCRIPTS if not SLOW_SCRIPTS & {path.stem}]),
    ids=lambda path: path.name,
)
def test_script(path, capsys):
    """Every script in ``examples`` runs on its own, prints something and shows its
    pictures, which have titles.
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


def test_the_first_model_has_twelve_lines():
    """The page that says so shows 12 lines of code, results and ends of loops left out."""
    page = ROOT / "docs" / "learn" / "first_model.md"
    first, *_ = blocks_of(page, "python")
    lines = [line for line in first.text.splitlines() if line[:4] in (">>> ", "... ")]
    assert f"in {len(lines)} lines" in page.read_text(encoding="utf-8").splitlines()[0]


def test_every_command_has_a_page():
    """It shows the command in use, and its options; no page is of another one."""
    pages = {path.stem: path for path in (ROOT / "docs" / "commands").glob("*.md")}
    assert sorted(pages) == sorted(COMMANDS)
    for name, path in pages.items():
        used = "".join(block.text for block in blocks_of(path, "console"))
        assert re.search(rf"(^\$|\|) .*\bsslm {name} ", used, flags=re.MULTILINE)
        page = path.read_text(encoding="utf-8")
        assert page.startswith(f"# sslm {name}\n")
        assert f"```{{options}} {name}\n```" in page


def test_a_wrong_example_fails():
    """An example that gives something else is reported with what it gave."""
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    with pytest.raises(pytest.fail.Exception, match="Expected:\n    3\nGot:\n    2"):
        run(wrong)
