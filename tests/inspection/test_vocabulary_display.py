"""Tests of `sklearn_sslm.inspection._vocabulary_display`."""

import numpy as np
import pytest

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.arpa import read_arpa, write_arpa
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.inspection import VocabularyDisplay

GREETINGS = load_greetings().data


def test_words_by_frequency():
    """Words stand in the order of their counts, whatever the smoothing counts by."""
    texts = ["a b", "b", "c b b", "a"]
    display = VocabularyDisplay.from_estimator(
        NGramTextGenerator(n=3, smoothing="kneser_ney").fit(texts)
    )
    assert display.words == ["b", "a", "c"]
    assert display.frequencies.tolist() == [4, 2, 1]
    assert display.line_.get_xdata().tolist() == [1, 2, 3]
    assert display.line_.get_ydata().tolist() == [4, 2, 1]
    np.testing.assert_allclose(display.zipf_.get_ydata(), [4, 2, 4 / 3])
    assert [text.get_text() for text in display.text_] == ["b", "c"]  # ranks 1 and 3
    assert [display.axes_[0].get_xscale(), display.axes_[0].get_yscale()] == ["log"] * 2
    assert (display.coverage, display.bars_, len(display.axes_)) == (None, [], 1)


def test_forgotten_words_are_not_shown():
    """A word that does not occur any more has no place, whatever id is free."""
    model = NGramTextGenerator().fit(["a b", "x", "b c"]).partial_forget(["x"])
    assert VocabularyDisplay.from_estimator(model).words == ["b", "a", "c"]


def test_words_of_a_compact_model():
    """It does not know how often words were learned: their probabilities are shown."""
    # Kneser–Ney by left neighbours: b after the start, a and itself, c after the start.
    texts = ["a b", "b", "c b b", "a"]
    model = NGramTextGenerator(n=3, smoothing="kneser_ney").fit(texts).compact()
    display = VocabularyDisplay.from_estimator(model)
    assert display.words[0] == "b"
    assert sorted(display.words) == ["a", "b", "c"]
    assert 0 < sum(display.frequencies) < 1


def test_coverage_of_texts_that_were_learned():
    """Of what was learned, all contexts and all n-grams are known."""
    model = NGramTextGenerator(n=4).fit(GREETINGS)
    display = VocabularyDisplay.from_estimator(model, GREETINGS)
    np.testing.assert_array_equal(display.coverage, np.ones((2, 4)))


def test_coverage_of_other_texts():
    """The bars are the parts of contexts and of n-grams that were known."""
    model = NGramTextGenerator(n=3).fit(["a b c", "a b d"])
    display = VocabularyDisplay.from_estimator(model, ["a b c", "b e"])
    # Worked out in the tests of the engine: of 7 words and ends.
    expected = [[7 / 7, 6 / 7, 5 / 7], [6 / 7, 4 / 7, 4 / 7]]
    np.testing.assert_allclose(display.coverage, expected)
    drawn = [[bar.get_height() for bar in bars] for bars in display.bars_]
    np.testing.assert_allclose(drawn, expected)
    assert [bars.get_label() for bars in display.bars_] == [
        "context known",
        "n-gram known",
    ]
    assert display.axes_[1].get_xticks().tolist() == [1, 2, 3]


@pytest.mark.parametrize("size", [None, (7, 5)])
@pytest.mark.parametrize("texts", [GREETINGS, ["oi"]], ids=len)
def test_legends_are_on_nothing_else(size, texts):
    """They cover no bar, number, word, line or title, be the axes one of two or of four."""
    from matplotlib import pyplot as plt

    axes = None
    if size is not None:
        axes = plt.subplots(2, 2, figsize=size, layout="constrained")[1][0]
    model = NGramTextGenerator(n=3).fit(texts)
    display = VocabularyDisplay.from_estimator(model, texts, ax=axes)
    display.figure_.canvas.draw()
    words, coverage = (ax.get_legend().get_window_extent() for ax in display.axes_)
    ax = display.axes_[1]
    boxes = [*ax.patches, *ax.texts, ax.title, *display.text_]
    drawn = [box.get_window_extent() for box in boxes]
    assert not any(
        legend.overlaps(box) for box in drawn for legend in (words, coverage)
    )
    for line in (display.line_, display.zipf_):
        assert not any(
            words.contains(*point)
            for point in line.get_transform().transform(line.get_xydata())
        )
    assert words.x0 > display.axes_[0].bbox.x0
    assert coverage.x1 <= display.figure_.bbox.x1


def test_ids_and_replies():
    """Models of ids name ids, and models of replies look messages with replies up."""
    display = VocabularyDisplay.from_estimator(NGramTextGenerator().fit([[2, 1, 2, 0]]))
    assert display.words == [2, 1]
    model = NGramTextGenerator(n=3).fit(["hi", "bye"], ["hello", "ciao"])
    display = VocabularyDisplay.from_estimator(model, ["hi", "bye"], ["hello", "hello"])
    # Of the 2 · 2 tokens of replies only "hello" after "bye" is new, as a 3-gram.
    np.testing.assert_allclose(display.coverage, [[1, 1, 1], [1, 1, 3 / 4]])


def test_a_model_read_from_a_file_has_probabilities(tmp_path):
    """Where there are no counts, words are ranked by their probability."""
    model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "b b c"])
    write_arpa(model, tmp_path / "model.arpa")
    display = VocabularyDisplay.from_estimator(read_arpa(tmp_path / "model.arpa"))
    assert display.words[0] == "b"
    # 3 of 7 tokens in 4 types, and 4/11 of the 1/5 that each outcome has.
    assert display.frequencies[0] == pytest.approx(3 / 11 + 4 / 11 / 5, rel=1e-5)
    assert display.axes_[0].get_ylabel() == "probability"


def test_drawing_into_axes():
    """As many axes are drawn on as there are pictures; other numbers are refused."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2)
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    display = VocabularyDisplay.from_estimator(model, GREETINGS, ax=axes)
    assert display.axes_.tolist() == axes.tolist()
    assert display.figure_ is figure
    display = VocabularyDisplay.from_estimator(model, ax=axes[0])
    assert display.axes_.tolist() == [axes[0]]
    with pytest.raises(ValueError, match=r"must be 2 axes here\. Got 1"):
        VocabularyDisplay.from_estimator(model, GREETINGS, ax=axes[0])


@pytest.mark.parametrize("texts", [GREETINGS, ["a"], ["a b c"] * 30], ids=len)
def test_no_count_below_one_is_shown(texts):
    """Both axes begin at 1, and Zipf's law ends there; single words are not cut off."""
    display = VocabularyDisplay.from_estimator(NGramTextGenerator().fit(texts))
    ax = display.axes_[0]
    assert (ax.get_xlim()[0], ax.get_ylim()[0]) == (1, 1)
    assert display.zipf_.get_ydata().min() >= 1
    assert ax.get_ylim()[1] > max(display.frequencies)
    assert not display.line_.get_clip_on()
    display.figure_.canvas.draw()
    ticks = [tick.get_text() for tick in ax.get_yticklabels()]
    assert "1" in ticks
    assert not any("." in tick or "$" in tick for tick in ticks)


def test_labels_are_at_their_points():
    """Each word stands a few pixels beside a dot at its rank and frequency."""
    display = VocabularyDisplay.from_estimator(NGramTextGenerator().fit(GREETINGS))
    display.figure_.canvas.draw()
    ax = display.axes_[0]
    (dots,) = [line for line in ax.lines if line.get_marker() == "o"]
    for text, dot in zip(display.text_, dots.get_xydata(), strict=True):
        rank = round(dot[0])
        assert text.get_text() == display.words[rank - 1]
        assert dot[1] == display.frequencies[rank - 1]
        box, point = text.get_window_extent(), ax.transData.transform(dot)
        assert 0 < box.x0 - point[0] < 12
        assert 0 < box.y0 - point[1] < 12


def test_punctuation_is_in_quotes():
    """A label of nothing but punctuation could be taken for a dot of the picture."""
    display = VocabularyDisplay.from_estimator(
        NGramTextGenerator().fit([". . . a ? ?"])
    )
    assert [text.get_text() for text in display.text_] == ["“.”", "a"]
