"""What the package shows to the outside, and what its engine may know."""

import ast
import importlib
import inspect
import pickle
import re
import subprocess
import sys
from email.message import Message
from pathlib import Path

import pytest
from sklearn.base import BaseEstimator

import sklearn_sslm
from sklearn_sslm.utils import _documentation

ROOT = Path(__file__).parents[1]
PACKAGE = Path(sklearn_sslm.__file__).parent
ENGINE = sorted((PACKAGE / "ngrams").rglob("*.py"))
WINGS = ["sklearn_sslm", "sklearn_sslm.memory", "sklearn_sslm.smoothing"] + [
    ".".join(path.relative_to(PACKAGE.parent).parts[:-1])
    for path in sorted(PACKAGE.glob("*/**/__init__.py"))
]
PUBLIC = [
    "sklearn_sslm",
    "sklearn_sslm.arpa",
    "sklearn_sslm.compat.kenlm",
    "sklearn_sslm.datasets",
    "sklearn_sslm.inspection",
    "sklearn_sslm.memory",
    "sklearn_sslm.ngrams",
    "sklearn_sslm.smoothing",
]


def public_names(module):
    """The names without underscore that a module defines or collects."""
    for name in dir(module):  # some are imported when first used
        getattr(module, name)
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not inspect.ismodule(value)
        and getattr(value, "__module__", module.__name__).startswith("sklearn_sslm")
        and not getattr(value, "__module__", "").endswith("._validation")
    ]


@pytest.mark.parametrize("name", PUBLIC)
def test_all_is_complete(name):
    """``__all__`` lists exactly the public names; ruff sees to their order."""
    module = importlib.import_module(name)
    assert sorted(module.__all__) == sorted(public_names(module))


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_has_its_page(name):
    """The documentation lists every public name below its module, and no other."""
    listed, module = {}, None
    for page in ["api.md", "api_engine.md"]:
        for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
            if line.startswith(".. module:: "):
                module = listed.setdefault(line.removeprefix(".. module:: "), [])
            elif module is not None and line.startswith("   ") and ":" not in line:
                module.append(line.strip())
    assert sorted(listed) == PUBLIC
    assert sorted(listed[name]) == sorted(importlib.import_module(name).__all__)


ESTIMATORS = [
    name
    for name in sklearn_sslm.__all__
    if issubclass(getattr(sklearn_sslm, name), BaseEstimator)
]


def make(name):
    """An estimator of a name; a mixture of no models."""
    needed = {"NGramMixture": [[]]}
    return getattr(sklearn_sslm, name)(*needed.get(name, []))


@pytest.fixture
def project_urls(monkeypatch):
    """A function that lets the installed package name these addresses."""

    def put(*urls):
        found = Message()
        for url in urls:
            found["Project-URL"] = url
        monkeypatch.setattr(_documentation.metadata, "metadata", lambda _: found)

    _documentation.page_template.cache_clear()
    yield put
    _documentation.page_template.cache_clear()


@pytest.mark.parametrize("name", ESTIMATORS)
def test_estimators_link_to_their_page(name, project_urls):
    """In a notebook, an estimator links to the page that the API has of it, on the site
    that the package names.
    """
    project_urls("Source, https://source.test", "Documentation, https://pages.test/en/")
    estimator = make(name)
    link = f"https://pages.test/en/api/sklearn_sslm.{name}.html"
    assert estimator._get_doc_link() == link
    assert link in estimator._repr_html_()


@pytest.mark.parametrize("name", ESTIMATORS)
def test_without_a_site_estimators_link_to_nothing(name, project_urls):
    """No address is made up where the package names none."""
    project_urls("Source, https://source.test")
    estimator = make(name)
    assert estimator._get_doc_link() == ""
    assert not re.search(r"href=.?(https?:|#)", estimator._repr_html_())


def test_public_names_are_imported_when_first_used():
    """The package itself loads nothing large; its names and modules are there at once."""
    script = """
import sys
import sklearn_sslm
large = {"numpy", "scipy", "sklearn", "joblib"}
assert not large & set(sys.modules)
assert set(sklearn_sslm.__all__) <= set(dir(sklearn_sslm))
assert {"arpa", "compat", "datasets", "inspection", "smoothing"} <= set(dir(sklearn_sslm))
assert sklearn_sslm.smoothing.KneserNey is sklearn_sslm.smoothing.SMOOTHINGS["kneser_ney"]
from sklearn_sslm import *
assert NGramTextGenerator is sklearn_sslm.NGramTextGenerator
assert WordIndexTransformer is sklearn_sslm.WordIndexTransformer
assert WordIds is sklearn_sslm.WordIds
assert not hasattr(sklearn_sslm, "NGramTextGenerators")
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_pickles_name_the_package_alone():
    """An estimator is pickled under its public name, and found by that in a new process."""
    pickled = [pickle.dumps(make(name)) for name in ESTIMATORS]
    script = (
        f"import pickle; print(*map(type, map(pickle.loads, {pickled!r})), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True
    )
    names = [f"<class 'sklearn_sslm.{name}'>" for name in ESTIMATORS]
    assert done.stdout.splitlines() == names, done.stderr


def test_the_estimators_are_at_the_top():
    """They are imported from the package itself."""
    assert {"NGramTextGenerator", "WordIndexTransformer"} <= set(ESTIMATORS)
    assert "load_greetings" in importlib.import_module("sklearn_sslm.datasets").__all__


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_is_documented(name):
    """Public modules, classes, functions and methods have docstrings."""
    module = importlib.import_module(name)
    assert module.__doc__
    for public in module.__all__:
        thing = getattr(module, public)
        if not callable(thing):
            continue
        assert thing.__doc__, public
        for function in functions_of(thing) if inspect.isclass(thing) else ():
            method = getattr(thing, function.__name__)  # its docstring may be inherited
            if inspect.isfunction(method) and method.__name__ != "__init__":
                assert inspect.getdoc(method), method.__qualname__


def functions_of(thing):
    """What can be called of a public name: itself, or its public methods.

    Those that it inherits from classes of the package are among them.
    """
    if not inspect.isclass(thing):
        return [thing]
    members = {
        name: getattr(member, "fget", member)
        for base in reversed(thing.__mro__)
        for name, member in vars(base).items()
        if name == "__init__" or not name.startswith("_")
        if inspect.isfunction(member) or isinstance(member, property)
    }
    return [f for f in members.values() if f.__module__.startswith("sklearn_sslm")]


@pytest.mark.parametrize("name", WINGS)
def test_what_is_called_has_types(name):
    """All parameters and results of what a wing shows say their types.

    Type checkers see then what programs, and other wings, do with it.
    """
    module = importlib.import_module(name)
    for exported in (getattr(module, name) for name in module.__all__):
        if not inspect.isclass(exported) and not inspect.isfunction(exported):
            continue
        for function in functions_of(exported):
            signature = inspect.signature(function)
            told = [
                p.annotation for p in signature.parameters.values() if p.name != "self"
            ]
            told.append(signature.return_annotation)
            assert inspect.Signature.empty not in told, function.__qualname__


def test_type_checkers_are_told_that_there_are_types():
    """The marker of PEP 561 is part of the package."""
    assert (PACKAGE / "py.typed").is_file()


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_parameter_is_documented_and_checked(name):
    """The docstring and the checks know exactly the parameters of ``__init__``."""
    estimator = getattr(sklearn_sslm, name)
    parameters = list(inspect.signature(estimator).parameters)
    section = estimator.__doc__.split("Parameters\n    ----------\n")[1]
    section = section.split("\n\n")[0]
    documented = [
        line.split(" : ")[0].strip()
        for line in section.splitlines()
        if line.startswith("    ") and not line.startswith("     ") and " : " in line
    ]
    assert documented == parameters
    assert set(estimator._parameter_constraints) == set(parameters)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_parameters_are_kept_as_given(name):
    """What is given for a parameter is what `get_params` returns, whatever it is."""
    estimator = getattr(sklearn_sslm, name)
    given = {
        parameter: object() for parameter in inspect.signature(estimator).parameters
    }
    assert estimator(**given).get_params(deep=False) == given


def test_fit_and_predict_have_no_options():
    """Options stand in the constructor: methods take X, y, weights and little else."""
    for method, more in [
        ("fit", ["sample_weight"]),
        ("partial_fit", ["sample_weight"]),
        ("partial_forget", ["sample_weight"]),
        ("score", []),
    ]:
        function = getattr(sklearn_sslm.NGramTextGenerator, method)
        assert list(inspect.signature(function).parameters) == ["self", "X", "y", *more]
    for method in ["predict", "score_samples", "perplexity", "next_word_proba"]:
        function = getattr(sklearn_sslm.NGramTextGenerator, method)
        assert list(inspect.signature(function).parameters)[:2] == ["self", "X"]
    for name in ["set_predict_request", "set_score_request"]:
        assert not hasattr(sklearn_sslm.NGramTextGenerator(), name)


def test_the_version_is_told():
    """``__version__`` is a version of three numbers."""
    assert all(part.isdigit() for part in sklearn_sslm.__version__.split(".")[:2])


def test_the_citation_is_of_this_version():
    """``CITATION.cff`` names the version and the license of the package."""
    root = Path(__file__).parents[1]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {sklearn_sslm.__version__}\n" in citation
    assert "\nlicense: BSD-3-Clause\n" in citation
    assert 'license = "BSD-3-Clause"' in (root / "pyproject.toml").read_text("utf-8")


# The engine ---------------------------------------------------------------------------


def imported_names(path):
    """Names of the modules that a source file imports, relative ones with a dot."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Name):
            assert node.id != "__import__", f"hidden import in {path.name}"


def docstrings(tree):
    """The constants of a syntax tree that are docstrings or stand alone."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.name)
def test_the_engine_imports_numpy_and_itself_only(path):
    """No module of the engine imports scikit-learn or what knows words."""
    allowed = set(sys.stdlib_module_names) | {"numpy", "scipy"}
    for name in imported_names(path):
        if not name.startswith("."):  # tests/test_wings.py knows about the others
            assert name.split(".")[0] in allowed, f"{path.name} imports {name}"


STRING_METHODS = {
    "capitalize", "casefold", "decode", "encode", "endswith", "isalpha", "join",
    "lower", "lstrip", "rsplit", "rstrip", "split", "splitlines", "startswith",
    "strip", "title", "upper",
}  # fmt: skip


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.name)
def test_the_engine_handles_no_strings(path):
    """No module of the engine names str, calls a str method or makes str arrays."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            assert node.id not in {"str", "bytes"}, f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in STRING_METHODS, f"line {node.lineno}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"str_", "object_", "StringDType"}
    # Strings are there to explain: docstrings, messages, names of things to compare.
    explained = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            assert not isinstance(node.slice.value, str) or id(node) in explained


def test_the_engine_works_without_scikit_learn():
    """The engine's modules load and count where scikit-learn cannot be imported."""
    script = """
import importlib.util, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"sklearn", "sklearn_sslm", "joblib", "pandas"}:
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Blocked())
spec = importlib.util.spec_from_file_location(
    "engine", sys.argv[1], submodule_search_locations=[sys.argv[1][:-12]]
)
engine = importlib.util.module_from_spec(spec)
sys.modules["engine"] = engine
spec.loader.exec_module(engine)

import numpy as np
stream = engine.TokenStream.from_texts(np.array([1, 2, 1, 3]), np.array([2, 2]))
counts = engine.NGramCounts.from_stream(stream, 2, 4)
# The bigrams 0 1 (twice), 1 2, 1 3, 2 0 and 3 0.
assert counts.levels[1].count.tolist() == [2, 1, 1, 1, 1]
assert not any(name.split(".")[0] == "sklearn" for name in sys.modules)
print("counted")
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(PACKAGE / "ngrams" / "__init__.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == "counted\n"


def test_the_package_is_pure_python():
    """Nothing in the package is compiled, so one wheel serves everywhere."""
    kinds = {path.suffix for path in PACKAGE.rglob("*") if path.is_file()}
    assert kinds <= {".py", ".pyc", ".txt", ".rst", ".typed"}
