"""Tests of `sklearn_sslm.inspection._drawing`, and of matplotlib being no need."""

import subprocess
import sys

import pytest
from matplotlib import font_manager

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.inspection import (
    NextWordDisplay,
    SurpriseDisplay,
    TransitionDisplay,
    VocabularyDisplay,
)
from sklearn_sslm.inspection._drawing import families_for, shown

MODEL = NGramTextGenerator(n=2).fit(["a b", "a c"])
PICTURES = {
    NextWordDisplay: ("a",),
    SurpriseDisplay: ("a b",),
    TransitionDisplay: (),
    VocabularyDisplay: (),
}


@pytest.mark.parametrize("display", PICTURES)
def test_matplotlib_is_asked_for_where_it_is_missing(display, monkeypatch):
    """Without matplotlib the message names it, the display and the extra."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    message = (
        rf"^{display.__name__}\.from_estimator needs the package matplotlib.*'plot'"
    )
    with pytest.raises(ImportError, match=message):
        display.from_estimator(MODEL, *PICTURES[display])


@pytest.mark.slow
def test_matplotlib_is_imported_late():
    """The displays are imported, and HTML is made, without loading matplotlib."""
    script = """
import sys
from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.inspection import SurpriseDisplay
model = NGramTextGenerator().fit(["a b"])
assert "<span" in SurpriseDisplay(model.explain("a b")).to_html()
print("matplotlib" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


@pytest.mark.parametrize("display", PICTURES)
def test_only_fitted_generators_are_shown(display):
    """Other estimators are named, and that of a pipeline asked for."""
    arguments = PICTURES[display]
    with pytest.raises(TypeError, match=r"'estimator' parameter of .* last step"):
        display.from_estimator(object(), *arguments)
    with pytest.raises(ValueError, match="not fitted"):
        display.from_estimator(NGramTextGenerator(), *arguments)


def test_fonts_are_looked_for_where_one_lacks_a_character(monkeypatch):
    """The families begin with the one that is set, and between them have all there is."""
    set_first = font_manager.FontProperties().get_family()
    assert families_for(["Olá! Ελλάδα Привет"]) == set_first
    fonts = font_manager.fontManager.ttflist
    # Matplotlib's own font for formulas has a character that its own text font lacks.
    own = {
        font.name: set(font_manager.get_font(font.fname).get_charmap())
        for font in fonts
    }
    missing = sorted(set().union(*own.values()) - own["DejaVu Sans"])
    assert missing
    families = families_for([chr(missing[0])])
    assert families[:-1] == set_first
    assert missing[0] in own[families[-1]]


def test_words_that_cannot_be_drawn_as_they_are():
    """Lone surrogates and control characters are written out, long words are cut."""
    assert shown("a\ud800\n") == "a\\ud800\\n"
    assert shown("日本語") == "日本語"
    assert len(shown("x" * 10_000)) == 24


def test_joiners_are_seen_where_they_join_nothing():
    """Emoji and Persian letters keep what joins them; in ASCII it would hide, and is told."""
    for word in ["\N{WOMAN}\u200d\N{GIRL}", "می\u200cخواهم"]:
        assert shown(word) == word
    assert shown("a\u200db") == "a\\u200db"
    assert shown("\u200d") == "\\u200d"
    assert shown("é\u202eé") == "é\\u202eé"
