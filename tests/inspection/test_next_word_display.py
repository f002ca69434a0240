"""Tests of `sklearn_sslm.inspection._next_word_display`."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.inspection import NextWordDisplay
from sklearn_sslm.smoothing import SMOOTHINGS

GREETINGS = load_greetings().data


@pytest.mark.parametrize("smoothing", sorted(SMOOTHINGS))
@pytest.mark.parametrize("text", ["", "Boa noite! Espero que você", "zero"])
def test_bars_are_the_next_words(smoothing, text):
    """Words and probabilities are those of `next_words`, of which each order has a part."""
    model = NGramTextGenerator(n=3, smoothing=smoothing).fit(GREETINGS)
    display = NextWordDisplay.from_estimator(model, text, k=6)
    expected = model.next_words([text], k=6)[0]
    assert display.words == [word for word, _ in expected]
    np.testing.assert_allclose(display.probabilities, [p for _, p in expected])
    drawn = np.zeros(len(expected))
    for bars in display.bars_:
        # Each part begins where the longer order's ended.
        np.testing.assert_allclose([bar.get_x() for bar in bars], drawn, atol=1e-12)
        drawn = drawn + [bar.get_width() for bar in bars]
    np.testing.assert_allclose(drawn, display.probabilities, atol=1e-12)


def test_parts_are_those_of_the_orders():
    """The legend names the orders that gave something, and a bar's parts are what they gave."""
    model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    display = NextWordDisplay.from_estimator(model, "a", k=3)
    # 2 followers in 2 counts keep 1/4 each. The other half: of 6 tokens in 4 types an end
    # is two, "b" one, "a" two: 2/10, 1/10; and 4/10 of 1/5. "a" was learned after none.
    legend = [text.get_text() for text in display.ax_.get_legend().get_texts()]
    assert legend == ["2-grams", "1-grams", "uniform share"]
    widths = [[bar.get_width() for bar in bars] for bars in display.bars_]
    np.testing.assert_allclose(widths[0], [0.25, 0.25, 0])
    np.testing.assert_allclose(widths[1], [0.05, 0.05, 0.1])
    np.testing.assert_allclose(widths[2], [0.04, 0.04, 0.04])
    assert [text.get_text() for text in display.text_] == ["0.340", "0.340", "0.140"]
    assert display.words == ["b", "c", ""]
    ticks = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert ticks == ["b", "c", "‹end›"]
    assert display.ax_.get_title(loc="left") == "Next word after “a”"
    assert display.ax_.yaxis.get_inverted()  # the likeliest on top


def test_orders_that_gave_nothing_are_not_in_the_legend():
    """Relative frequencies come from one order alone."""
    display = NextWordDisplay.from_estimator(NGramTextGenerator(n=3).fit(["a b"]), "a")
    assert [bars.get_label() for bars in display.bars_] == ["3-grams"]


@pytest.mark.parametrize("k", [1, 2, 5])
def test_the_legend_is_on_nothing_else(k):
    """It covers neither bars that are all equally long nor their numbers, and is inside."""
    texts = ["a b", "a c", "a d", "a e", "a f"]
    model = NGramTextGenerator(n=4, smoothing="witten_bell").fit(texts)
    display = NextWordDisplay.from_estimator(model, "a", k=k)
    display.figure_.canvas.draw()
    legend = display.ax_.get_legend().get_window_extent()
    drawn = [bar for bars in display.bars_ for bar in bars] + display.text_
    assert not any(legend.overlaps(each.get_window_extent()) for each in drawn)
    assert display.figure_.bbox.containsx(legend.x1)
    assert display.figure_.bbox.containsy(legend.y0)


def test_small_axes_have_no_overlaps():
    """In a 2 × 2 figure neither legend and numbers overlap nor words, whatever the shares."""
    figure, axes = plt.subplots(2, 2, layout="constrained")
    shares = np.tile([1e-9, 0.01, 0.04], (16, 1))  # the first part is all but invisible
    for ax in axes.flat:
        display = NextWordDisplay(["Word"] * 16, shares, text="a").plot(ax)
    figure.canvas.draw()
    legend = display.ax_.get_legend().get_window_extent()
    assert not any(legend.overlaps(text.get_window_extent()) for text in display.text_)
    words = [text.get_window_extent() for text in display.ax_.get_yticklabels()]
    assert not any(one.overlaps(other) for one, other in pairwise(words))


def test_messages_and_rows_of_ids():
    """Models of replies show how a reply begins, models of ids show ids."""
    model = NGramTextGenerator(n=3).fit(["hi", "bye"], ["hello", "ciao"])
    assert NextWordDisplay.from_estimator(model, "bye").words == ["ciao"]
    model = NGramTextGenerator(n=2).fit([[1, 2, 0], [1, 3, 0]])
    display = NextWordDisplay.from_estimator(model, [1])
    assert display.words == [2, 3]
    assert display.text == "1"
    assert NextWordDisplay.from_estimator(model, [2]).words == [0]


def test_words_are_no_formulas():
    """What looks like a formula is shown as it is, in ticks and title."""
    model = NGramTextGenerator(n=2).fit(["$x^{$ $y_{$"])
    display = NextWordDisplay.from_estimator(model, "$x^{$")
    (tick,) = display.ax_.get_yticklabels()
    assert tick.get_text() == "$y_{$"
    assert display.ax_.get_title(loc="left") == "Next word after “$x^{$”"
    display.figure_.canvas.draw()  # a broken formula would raise here


def test_drawing_into_axes_and_again():
    """Axes that are given are drawn on, and `plot` draws the same data anew."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    model = NGramTextGenerator(n=2).fit(["a b", "a c"])
    display = NextWordDisplay.from_estimator(model, "a", ax=left, cmap="cividis")
    assert (display.ax_, display.figure_) == (left, figure)
    assert display.plot(right) is display
    assert display.ax_ is right
    assert len(left.patches) == len(right.patches) == 2


def test_bad_arguments():
    """What is no fitted generator, no text and no number is named."""
    model = NGramTextGenerator(n=2).fit(["a b"])
    with pytest.raises(TypeError, match=r"'estimator' parameter of NextWordDisplay\."):
        NextWordDisplay.from_estimator("model", "a")
    with pytest.raises(ValueError, match="not fitted"):
        NextWordDisplay.from_estimator(NGramTextGenerator(), "a")
    with pytest.raises(TypeError, match="'text' of NextWordDisplay"):
        NextWordDisplay.from_estimator(model, ["a", "b"])
    with pytest.raises(ValueError, match="'k' parameter"):
        NextWordDisplay.from_estimator(model, "a", k=0)


def test_a_session_shows_what_it_remembers():
    """The memory is the first part of a bar; all parts add up to the probability."""
    model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    session = model.session().observe(["a robot"] * 30)
    display = NextWordDisplay.from_estimator(session, "a", k=4)
    expected = session.next_words(["a"], k=4)[0]
    assert display.words == [word for word, _ in expected]
    assert display.words[0] == "robot"
    np.testing.assert_allclose(display.probabilities, [p for _, p in expected])
    assert display.bars_[0].get_label() == "memory"
    np.testing.assert_allclose(
        [bar.get_width() for bar in display.bars_[0]], display.memory
    )
    assert session.n_tokens_ == 90
