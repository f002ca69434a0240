"""Tests of the examples as notebooks, which the gallery offers, and of what is seen there.

They are made by sphinx-gallery, as for the site, and run by a Jupyter kernel.
"""

import ast
import json
from pathlib import Path

import nbclient
import nbformat
import pytest
from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF
from sphinx_gallery.notebook import jupyter_notebook
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

EXAMPLES = Path(__file__).parents[1] / "examples"

SHOWN = [
    # Bars appear at once, as if this work were long.
    "from sklearn_sslm import NGramTextGenerator\n"
    "from sklearn_sslm.utils import _progress\n"
    "_progress._DELAY = 0\n"
    'model = NGramTextGenerator(n=2, verbose=1).fit(["a b", "a <c>"])',
    "model.set_params(verbose=0)",
    "model.counts_",
    "from sklearn_sslm.inspection import SurpriseDisplay\n"
    'SurpriseDisplay(model.explain("a <c>"))',
    "SurpriseDisplay.from_estimator(model, 'a b')",
]
"""Cells that show a bar, an estimator, counts, and a text as HTML and as a picture."""


def notebook_of(path):
    """The notebook that sphinx-gallery makes of an example."""
    _, parts = split_code_and_text_blocks(str(path))
    written = jupyter_notebook(parts, dict(DEFAULT_GALLERY_CONF), str(path.parent))
    return nbformat.reads(json.dumps(written), as_version=4)


def run(notebook, folder, monkeypatch):
    """Execute a notebook with a kernel; returns the outputs of each code cell."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(folder / name))
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel has its own
    resources = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(notebook, timeout=300, resources=resources).execute()
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda p: p.stem)
def test_every_example_is_a_notebook(path):
    """Its cells are valid, and their code is that of the example, its prose the rest."""
    notebook = notebook_of(path)
    nbformat.validate(notebook)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    expected = ast.parse(path.read_text(encoding="utf-8")).body[1:]  # no docstring
    found = ast.parse("\n".join(cells)).body
    assert list(map(ast.dump, found)) == list(map(ast.dump, expected))
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("\n# ")


@pytest.mark.slow
@pytest.mark.posix
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the Jupyter packages
def test_what_a_notebook_shows(tmp_path, monkeypatch):
    """An example runs there; bars, estimators, counts and surprise are good to look at."""
    notebook = notebook_of(EXAMPLES / "plot_01_first_words.py")
    n_cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in SHOWN]
    outputs = run(notebook, tmp_path, monkeypatch)
    parts = [part for cell in outputs[:n_cells] for part in cell]
    printed = [part.text for part in parts if part.output_type == "stream"]
    assert "10 texts, 41 words\n- Olá!\n  Olá! " in "".join(printed)
    bar, (estimator,), (counts,), (surprise,), picture = outputs[n_cells:]
    # A bar of text on standard error or, with ipywidgets, a widget that says as much.
    assert "counting" in json.dumps(bar)
    assert all(part.get("name") != "stdout" for part in bar)
    assert "NGramTextGenerator" in estimator.data["text/html"]
    # 0, a, b, <c>; and 0 a, a b, a <c>, b 0, <c> 0.
    expected = "NGramCounts(n=2, n_texts=2, n_ngrams=[4, 5])"
    assert counts.data == {"text/plain": expected}
    assert "&lt;c&gt;</span>" in surprise.data["text/html"]
    pictures = [part.data for part in picture if "image/png" in part.get("data", {})]
    assert len(pictures) == 1
    assert not any("text/html" in part.get("data", {}) for part in picture)


@pytest.mark.slow
@pytest.mark.posix
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the Jupyter packages
def test_pictures_in_a_notebook(tmp_path, monkeypatch):
    """The example of pictures has one of each display, each seen once."""
    outputs = run(
        notebook_of(EXAMPLES / "plot_08_look_inside.py"), tmp_path, monkeypatch
    )
    shown = [part.data for cell in outputs for part in cell if "data" in part]
    assert sum("image/png" in data for data in shown) == 5
    assert sum("text/html" in data for data in shown) == 1
