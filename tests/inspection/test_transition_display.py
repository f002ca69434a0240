"""Tests of `sklearn_sslm.inspection._transition_display` and `_graph`."""

import numpy as np
import pytest

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.inspection import TransitionDisplay
from sklearn_sslm.smoothing import SMOOTHINGS

GREETINGS = load_greetings().data


@pytest.mark.parametrize("smoothing", sorted(SMOOTHINGS))
def test_the_table_is_that_of_the_model(smoothing):
    """Row by row it has the probabilities that `next_word_proba` gives after one word."""
    model = NGramTextGenerator(n=2, smoothing=smoothing).fit(GREETINGS)
    display = TransitionDisplay.from_estimator(model, max_words=12)
    known = model.word_index_.vocabulary_
    columns = [*(known[word] for word in display.words), 0]
    asked = ["", *display.words]
    np.testing.assert_array_equal(
        display.probabilities, model.next_word_proba(asked)[:, columns]
    )
    np.testing.assert_array_equal(display.im_.get_array(), display.probabilities)
    assert display.im_.get_clim() == (0, 1)
    labels = [*display.words, "‹end›"]
    assert [tick.get_text() for tick in display.ax_.get_xticklabels()] == labels
    labels = ["‹start›", *display.words]
    assert [tick.get_text() for tick in display.ax_.get_yticklabels()] == labels


def test_numbers_stand_where_they_belong():
    """Each probability that is not too small is written into its cell."""
    model = NGramTextGenerator(n=2).fit(["a b", "a c", "a c"])
    display = TransitionDisplay.from_estimator(model, words=["a", "b", "c"])
    written = {cell: text.get_text() for cell, text in display.text_.items()}
    assert written == {
        (0, 0): "1.00",
        (1, 1): ".33",
        (1, 2): ".67",
        (2, 3): "1.00",
        (3, 3): "1.00",
    }
    assert display.text_[1, 2].get_position() == (2, 1)


def test_longer_models_show_their_bigrams():
    """Of a model of order 3 the table after one word is shown, whatever stood before."""
    model = NGramTextGenerator(n=3).fit(["a b c", "x b d"])
    display = TransitionDisplay.from_estimator(model, words=["b", "c", "d"])
    np.testing.assert_allclose(display.probabilities[1], [0, 0.5, 0.5, 0])


def test_words_are_the_frequent_ones_that_texts_come_to():
    """Words are chosen by frequency, each of them a step from one that was chosen."""
    # "z" comes most often, but after "y" only, which comes after "x".
    model = NGramTextGenerator(n=2).fit(["x y z z z z", "a b", "a c", "a b"])
    frequent = TransitionDisplay.from_estimator(model, max_words=3)
    assert frequent.words == ["a", "b", "x"]
    assert TransitionDisplay.from_estimator(model, max_words=5).words[3:] == ["y", "z"]
    # With no step that likely the most frequent do.
    alone = TransitionDisplay.from_estimator(model, max_words=1, min_probability=1)
    assert alone.words == ["z"]


def test_a_graph_has_an_arrow_for_each_step():
    """Arrows are the steps of enough probability, from the start to the end."""
    model = NGramTextGenerator(n=2).fit([*["a b"] * 9, "a a c"])
    display = TransitionDisplay.from_estimator(model, kind="graph", min_probability=0.1)
    # After "a", 11 times: 9 "b", 1 "a", 1 "c", each 1/11 < 0.1.
    assert display.words == ["a", "b", "c"]
    nodes = [node.get_text() for node in display.nodes_]
    assert nodes == ["‹start›", "a", "b", "c", "‹end›"]
    assert set(display.edges_) == {(0, 0), (1, 1), (2, 3), (3, 3)}
    assert display.text_[1, 1].get_text() == ".82"
    likely, unlikely = display.edges_[0, 0], display.edges_[1, 1]
    assert likely.get_linewidth() > unlikely.get_linewidth()
    every = display.plot(kind="graph", min_probability=0)
    assert len(every.edges_) == np.count_nonzero(display.probabilities)


def test_arrows_lead_from_box_to_box():
    """Drawn, an arrow begins at the edge of its word's box and ends at that of the next."""
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    display = TransitionDisplay.from_estimator(model, kind="graph", max_words=30)
    display.figure_.canvas.draw()
    boxes = [node.get_bbox_patch().get_window_extent() for node in display.nodes_]
    for (row, column), arrow in display.edges_.items():
        path = arrow.get_connectionstyle()(None, None)
        source, target = boxes[row], boxes[column + 1]
        slack = 4  # pixels by which corners are rounded
        for box, point in [(source, path.vertices[0]), (target, path.vertices[-1])]:
            assert box.padded(slack).contains(*point)
            inner = box.padded(-slack)
            assert not (inner.width > 0 and inner.height > 0 and inner.contains(*point))


def test_loops_and_arrows_back_are_drawn():
    """A word that follows itself, and two that follow each other, have arrows of their own."""
    model = NGramTextGenerator(n=2).fit(["a a b a b"])
    display = TransitionDisplay.from_estimator(model, kind="graph")
    assert set(display.edges_) == {(0, 0), (1, 0), (1, 1), (2, 0), (2, 2)}
    display.figure_.canvas.draw()
    forth = display.edges_[1, 1].get_connectionstyle()(None, None).vertices
    back = display.edges_[2, 0].get_connectionstyle()(None, None).vertices
    assert abs(forth[0, 1] - back[-1, 1]) > 3  # pixels between the two
    b = display.nodes_[2].get_window_extent()
    assert max(forth[-1, 0], back[0, 0]) < b.x0  # both on the side that faces "a"
    loop = display.edges_[1, 0].get_connectionstyle()(None, None).vertices
    assert loop[1:3, 1].min() > loop[[0, 3], 1].max()


def test_words_and_ids_that_are_asked_for():
    """Words are shown in the order asked for, and models of ids take ids."""
    model = NGramTextGenerator(n=2).fit(["a b", "a c"])
    assert TransitionDisplay.from_estimator(model, words=["c", "a"]).words == ["c", "a"]
    model = NGramTextGenerator(n=2).fit([[1, 2, 0]])
    assert TransitionDisplay.from_estimator(model).words == [1, 2]
    display = TransitionDisplay.from_estimator(model, words=[2])
    np.testing.assert_array_equal(display.probabilities, [[0, 0], [0, 1]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"words": ["zero"]}, "'words' parameter of TransitionDisplay.*Got 'zero'"),
        ({"words": [0]}, "'words' parameter of TransitionDisplay.*Got 0"),
        ({"words": []}, "'words' parameter of TransitionDisplay.*Got none"),
        ({"max_words": 0}, "'max_words' parameter"),
        ({"kind": "table"}, "'kind' parameter of TransitionDisplay.*Got 'table'"),
        ({"min_probability": 2}, "'min_probability' parameter.*Got 2"),
    ],
)
def test_bad_arguments(arguments, message):
    """An argument outside its domain is named with what it must be."""
    model = NGramTextGenerator(n=2).fit(["a b"])
    with pytest.raises(ValueError, match=message):
        TransitionDisplay.from_estimator(model, **arguments)


def test_a_model_without_context_has_no_transitions():
    """With n=1 there is no word before."""
    with pytest.raises(ValueError, match="must have n of at least 2"):
        TransitionDisplay.from_estimator(NGramTextGenerator(n=1).fit(["a b"]))
