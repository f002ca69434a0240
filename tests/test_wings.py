"""The wings of the package: which may import which, and that they do so by the front door."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import sklearn_sslm

PACKAGE = Path(sklearn_sslm.__file__).parent

# Top floor first; a wing imports from those below it only.
WINGS = [
    {"cli"},
    {"compat"},
    {"chat", "arpa", "inspection", "mixture"},
    {"generator", "classifier", "surprise"},
    {"base"},
    {"words"},
    {"saving", "smoothing", "memory"},
    {"ngrams"},
    {"utils", "datasets"},
]
ENGINE = [
    {"conditions", "memory"},
    {"generation"},
    {"classes"},
    {"scoring"},
    {"models"},
    {"counting"},
]

MODULES = [PACKAGE / "memory.py", PACKAGE / "smoothing.py"]  # wings of one file
FILES = sorted([*PACKAGE.glob("*/**/*.py"), *MODULES])

# What scikit-learn gives a meaning.
PROTOCOL = {"_parameter_constraints", "_doc_link_module", "_doc_link_template"}


def wing_of(path):
    """The folder below the package that a file is in, or the module that it is."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree_of(path):
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path):
    """Names, below the package, of the modules that a file imports, or imports from."""
    return list(imported(path))


def imported(path):
    """Yield them."""
    package = ["sklearn_sslm", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree_of(path)):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            modules = [module]
            if module == "sklearn_sslm":  # what is imported from it are wings
                modules = [f"{module}.{alias.name}" for alias in node.names]
        for module in modules:
            if module.split(".")[0] == "sklearn_sslm":
                yield module.split(".")[1:]


def floor_of(wing, floors):
    """How far down a wing is, 0 being the top."""
    return next(i for i, wings in enumerate(floors) if wing in wings)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_run_down(path):
    """A module imports from its own wing and from those on lower floors only."""
    parts = path.relative_to(PACKAGE).parts
    for names in imports(path):
        if names == ["__version__"]:
            continue
        if names[0] != wing_of(path):
            assert floor_of(names[0], WINGS) > floor_of(wing_of(path), WINGS), names
        elif names[0] == "ngrams" and len(parts) > 2 and names[1] != parts[1]:
            assert floor_of(names[1], ENGINE) > floor_of(parts[1], ENGINE), names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_wings_are_entered_by_the_front_door(path):
    """What another wing shows of itself is what may be used of it."""
    here = list(path.relative_to(PACKAGE).parts[:-1])
    for names in imports(path):
        private = [i for i, name in enumerate(names) if name.startswith("_")]
        if private and names != ["__version__"]:
            assert names[: private[0]] == here, names


def private_names(path):
    """Private attributes that a file uses, by line, and all names that it defines."""
    used, defined = [], set()
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                defined.add(node.name)
            case ast.Name(ctx=ast.Store()):
                defined.add(node.id)
            case ast.Attribute(ctx=ast.Store()):
                defined.add(node.attr)
            case ast.Attribute() if node.attr[:1] == "_" != node.attr[1:2]:
                used.append((node.lineno, node.attr))
    return used, defined


def test_no_wing_uses_private_attributes_of_another():
    """An attribute that begins with an underscore is used in the wing that defines it.

    Those that no wing defines are of other packages: `_replace` of named tuples.
    """
    names = {path: private_names(path) for path in FILES}
    defined = {}
    for path, (_, of_file) in names.items():
        defined.setdefault(wing_of(path), set()).update(of_file)
    defined = {wing: of_wing - PROTOCOL for wing, of_wing in defined.items()}
    for path, (used, _) in names.items():
        own = defined[wing_of(path)]
        others = set().union(*defined.values()) - own
        foreign = [(line, name) for line, name in used if name in others]
        assert not foreign, path


def test_the_picture_shows_every_wing():
    """CONTRIBUTING names each wing in the picture of the arrows and in the reading order."""
    page = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    _, order, picture = re.split(
        r"^1\. |^```text\n", page, maxsplit=2, flags=re.MULTILINE
    )
    picture = picture.partition("```")[0]
    for wing in set().union(*WINGS, *ENGINE):
        assert re.search(rf"\b{wing}\b", picture), wing
        assert re.search(rf"\b{wing}(/|\.py)", order), wing


def test_every_wing_stands_on_a_floor():
    """No folder of the package is outside of the order, and the root holds no module."""
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders | {"smoothing", "memory"} == set().union(*WINGS)
    modules = {path.name for path in PACKAGE.glob("*.py")}
    assert modules == {"__init__.py", "__main__.py", "memory.py", "smoothing.py"}


def test_a_file_name_stands_for_one_thing():
    """No name of a file is used twice."""
    names = [path.name for path in FILES if path.name != "__init__.py"]
    assert sorted(names) == sorted(set(names))
