"""Tests of `sklearn_sslm.inspection._surprise_display`."""

from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.inspection import SurpriseDisplay
from sklearn_sslm.inspection._drawing import PALE_TO_DARK, ink_on

GREETINGS = load_greetings().data
LONG = " ".join(GREETINGS)


def fitted(**parameters):
    """A smoothed model of the greetings."""
    return NGramTextGenerator(n=3, smoothing="kneser_ney", **parameters).fit(GREETINGS)


class Spans(HTMLParser):
    """Collects the words, with what their spans say of them, and any other tag."""

    def __init__(self, html):
        super().__init__()
        self.words, self.tags, self._inside = [], set(), None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self._inside = dict(attrs)

    def handle_data(self, data):
        if self._inside and "title" in self._inside:
            self.words.append((data, self._inside))

    def handle_endtag(self, tag):
        self._inside = None


def style_of(attributes, name):
    """One entry of a style."""
    entries = (entry.split(":") for entry in attributes["style"].split(";"))
    return dict(entries)[name]


def test_words_are_coloured_by_surprise():
    """Colours go from pale to dark with the bits, and ink stands out from them."""
    model = fitted()
    text = "Oi! Espero que zero"
    display = SurpriseDisplay.from_estimator(model, text)
    bits = model.explain(text)["surprise"]
    shown = [word.get_text() for word in display.text_]
    assert shown == [*text.split(), "‹end›"]
    colours = [word.get_bbox_patch().get_facecolor()[:3] for word in display.text_]
    assert colours[np.argmax(bits)] == pytest.approx(to_rgb(PALE_TO_DARK[-1]))
    light = [sum(colour) for colour in colours]
    assert np.argsort(light).tolist() == np.argsort(-bits).tolist()
    for word, colour in zip(display.text_, colours, strict=True):
        assert word.get_color() == ink_on(colour)
    assert display.colorbar_.vmax == pytest.approx(bits.max())
    scale = display.colorbar_.cmap(display.colorbar_.norm(bits))[:, :3]
    np.testing.assert_allclose(scale, colours, atol=0.01)


def test_the_same_scale_for_several_texts():
    """With `max_bits` a colour means the same everywhere, and what exceeds it is darkest."""
    model = fitted()
    display = SurpriseDisplay.from_estimator(model, "zero zero", max_bits=2.0)
    assert display.colorbar_.vmax == 2
    for word in display.text_[:2]:
        assert word.get_bbox_patch().get_facecolor()[:3] == pytest.approx(
            to_rgb(PALE_TO_DARK[-1])
        )


@pytest.mark.parametrize("bits", [0, -1.0, np.inf, "2"])
def test_the_scale_has_an_end(bits):
    """Bits that are no number over 0 are refused, in pictures and in HTML."""
    model = fitted()
    with pytest.raises(ValueError, match="'max_bits' parameter of SurpriseDisplay"):
        SurpriseDisplay.from_estimator(model, "Oi!", max_bits=bits)
    with pytest.raises(ValueError, match="'max_bits' parameter of SurpriseDisplay"):
        SurpriseDisplay(model.explain("Oi!"), max_bits=bits).to_html()


def test_impossible_words_are_black_in_a_frame():
    """Words of probability 0 are off the scale, which says so."""
    model = NGramTextGenerator(n=2).fit(["a b", "a c"])
    display = SurpriseDisplay.from_estimator(model, "a a b")
    faces = [word.get_bbox_patch().get_facecolor() for word in display.text_]
    frames = [word.get_bbox_patch().get_linewidth() for word in display.text_]
    assert [face == (0, 0, 0, 1) for face in faces] == [False, True, False, False]
    assert [frame > 0 for frame in frames] == [False, True, False, False]
    assert "impossible" in display.colorbar_.ax.get_xlabel()
    assert display.colorbar_.vmax == 1  # bits of b after a
    html = SurpriseDisplay(model.explain("a a b"))
    assert html.to_html().count("inset") == 1
    assert "impossible" in html.to_html()
    assert "impossible" not in SurpriseDisplay(model.explain("a b")).to_html()


def test_lines_are_filled_and_stay_inside():
    """Words run from left to right, line under line, without overlap."""
    display = SurpriseDisplay.from_estimator(fitted(), LONG)
    figure = display.figure_
    figure.canvas.draw()
    boxes = [word.get_bbox_patch().get_window_extent() for word in display.text_]
    page = figure.bbox
    assert len({round(word.get_position()[1], 3) for word in display.text_}) > 3
    for box in boxes:
        assert page.x0 <= box.x0 <= box.x1 <= page.x1
        assert page.y0 <= box.y0 <= box.y1 <= page.y1
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
    bar = display.colorbar_.ax.get_window_extent()
    assert not any(box.overlaps(bar) for box in boxes)


def test_words_are_no_formulas():
    """Dollar signs are characters, and what cannot be seen is written out."""
    display = SurpriseDisplay.from_estimator(fitted(), "$x^{$ \\frac{ a\x07b")
    shown = [word.get_text() for word in display.text_]
    assert shown == ["$x^{$", "\\frac{", "a\\x07b", "‹end›"]
    display.figure_.canvas.draw()


def test_axes_that_are_given_keep_their_figure():
    """Drawing into given axes changes nothing of the size of their figure."""
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots(figsize=(4, 3))
    display = SurpriseDisplay.from_estimator(fitted(), LONG, ax=ax)
    assert (display.ax_, display.figure_) == (ax, figure)
    assert figure.get_size_inches().tolist() == [4, 3]


def test_html_tells_words_and_numbers():
    """Each word is a span whose tip holds the numbers and whose colour is the picture's."""
    model = fitted()
    text = "Oi! Espero que zero"
    table = model.explain(text)
    display = SurpriseDisplay.from_estimator(model, text)
    found = Spans(display.to_html())
    assert [word for word, _ in found.words] == [*text.split(), "‹end›"]
    for (_, attributes), row, drawn in zip(
        found.words, table, display.text_, strict=True
    ):
        assert f"{row['surprise']:.2f} bits" in attributes["title"]
        order = f"{row['order']}-gram" if row["order"] else "no n-gram"
        assert order in attributes["title"]
        background = to_rgb(style_of(attributes, "background"))
        face = drawn.get_bbox_patch().get_facecolor()[:3]
        assert background == pytest.approx(face, abs=1 / 255)
        assert style_of(attributes, "color") == drawn.get_color()


@pytest.mark.parametrize(
    "word",
    [
        "<script>alert(1)</script>",
        "<img/src=x/onerror=alert(1)>",
        '"onmouseover="alert(1)',
        "'style='x",
        "&lt;b&gt;",
        "</span></div><b>",
    ],
)
def test_html_of_a_hostile_text(word):
    """Whatever a text holds is shown as text: the tags are ours alone."""
    model = fitted().partial_fit([f"a {word} b"])
    found = Spans(SurpriseDisplay(model.explain(f"a {word}"))._repr_html_())
    assert found.tags == {"div", "span"}
    assert [text for text, _ in found.words] == ["a", word, "‹end›"]
    for _, attributes in found.words:
        assert set(attributes) == {"title", "dir", "style"}


def test_a_notebook_shows_one_picture():
    """What was drawn is shown as a drawing, what was not as HTML."""
    display = SurpriseDisplay(fitted().explain("Oi!"))
    assert display._repr_html_() == display.to_html()
    assert display.plot() is display
    assert isinstance(display.figure_, Figure)
    assert display._repr_html_() is None


def test_frames_and_replies_and_ids():
    """A DataFrame, the reply to a message and rows of ids are shown alike."""
    model = fitted()
    frame = SurpriseDisplay(model.explain("Oi! Tudo", as_frame=True))
    assert frame.to_html() == SurpriseDisplay(model.explain("Oi! Tudo")).to_html()
    model = NGramTextGenerator(n=3).fit(["hi", "bye"], ["hello you", "ciao"])
    display = SurpriseDisplay.from_estimator(model, "ciao", message="bye")
    assert [word.get_text() for word in display.text_] == ["ciao", "‹end›"]
    model = NGramTextGenerator(n=2).fit([[1, 2, 0]])
    display = SurpriseDisplay.from_estimator(model, [1, 2, 0])
    assert [word.get_text() for word in display.text_] == ["1", "2", "‹end›"]


def test_contrast():
    """Ink on every colour of the scale has the contrast of 4.5 that WCAG 2 asks for."""
    from sklearn_sslm.inspection._drawing import mix

    def luminance(colour):
        part = np.asarray(colour)
        part = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        return part @ [0.2126, 0.7152, 0.0722]

    steps = [mix(share) for share in np.linspace(0, 1, 101)]
    for colour in steps:
        pair = sorted([luminance(colour), luminance(to_rgb(ink_on(colour)))])
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5
    assert (np.diff([luminance(colour) for colour in steps]) < 0).all()


def test_a_session_is_less_surprised():
    """In a session, words that were heard are paler; asking leaves no trace."""
    model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    session = model.session().observe(["a robot"] * 30)
    display = SurpriseDisplay.from_estimator(session, "a robot")
    bits = display.explanation["surprise"]
    assert (bits < model.explain("a robot")["surprise"]).all()
    log_proba = -bits.sum() * np.log(2)
    np.testing.assert_allclose(log_proba, session.score_samples(["a robot"])[0])
    pairs = NGramTextGenerator(2, smoothing="witten_bell").fit(["a b"], ["b a"])
    heard = pairs.session()
    table = heard.explain("b a", message="a b")
    assert table["word"].tolist() == ["b", "a", ""]
    assert heard.n_tokens_ == 0


def test_lines_end_with_the_axes_however_these_change():
    """In one of four axes, which get their size when they are drawn, no word leaves them."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(7, 6), layout="constrained")
    display = SurpriseDisplay.from_estimator(fitted(), LONG, ax=axes[0, 0])
    for width in (7, 4, 11):
        figure.set_size_inches(width, 6)
        figure.canvas.draw()
        room = display.ax_.get_window_extent()
        boxes = [word.get_window_extent() for word in display.text_]
        assert all(room.x0 <= box.x0 <= box.x1 <= room.x1 for box in boxes)
        assert max(box.x1 for box in boxes) > room.x0 + 0.7 * room.width
