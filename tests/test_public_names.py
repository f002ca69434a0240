"""Public names: one name stands for one thing, wherever it is imported from."""

import importlib
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def public_modules():
    """The modules that the pages of the API list, but those with names of other packages."""
    for page in ("api.md", "api_engine.md"):
        for line in (DOCS / page).read_text(encoding="utf-8").splitlines():
            module = line.removeprefix(".. module:: ")
            if module != line and not module.startswith("sklearn_sslm.compat."):
                yield module


def is_as_elsewhere(path):
    """Whether a module has the names of another package, for programs that use it."""
    return path.startswith("sklearn_sslm.compat.")


def test_no_public_name_stands_for_two_things():
    """Modules that share a name share what it stands for."""
    meaning = {}
    for path in public_modules():
        if is_as_elsewhere(path):
            continue
        module = importlib.import_module(path)
        for name in module.__all__:
            thing = getattr(module, name)
            assert meaning.setdefault(name, thing) is thing, f"{path}.{name}"
    assert "NGramTextGenerator" in meaning
