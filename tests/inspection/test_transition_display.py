"""Tests of `sklearn_sslm.inspection._transition_display` and `_graph`."""

import pickle
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from _slow import rest_slow
from matplotlib import pyplot as plt

from sklearn_sslm import NGramTextGenerator
from sklearn_sslm.datasets import load_greetings
from sklearn_sslm.inspection import TransitionDisplay
from sklearn_sslm.smoothing import SMOOTHINGS

GREETINGS = load_greetings().data


def mean_after_others(model, words, columns):
    """p(next | other word), weighing the other words by how often the greetings have them."""
    frequency = Counter(" ".join(GREETINGS).split())
    others = sorted(set(frequency) - set(words))
    p = model.next_word_proba(others)[:, columns]
    return np.average(p, axis=0, weights=[frequency[word] for word in others])


@pytest.mark.parametrize(
    ("smoothing", "compact"),
    [*((name, False) for name in sorted(SMOOTHINGS)), ("kneser_ney", True)],
)
def test_the_table_is_that_of_the_model(smoothing, compact):
    """It has the probabilities that `next_word_proba` gives, those of other words summed."""
    model = NGramTextGenerator(n=2, smoothing=smoothing).fit(GREETINGS)
    display = TransitionDisplay.from_estimator(
        model.compact() if compact else model, max_words=12
    )
    known = model.word_index_.vocabulary_
    columns = [*(known[word] for word in display.words), 0]
    table = display.probabilities
    p = model.next_word_proba(["", *display.words])
    np.testing.assert_array_equal(table[:-1, [*range(12), -1]], p[:, columns])
    # Words that are not shown and the share of unknown ones, which has no column in p.
    others = np.delete(p, columns, axis=1).sum(axis=1)
    unknown = np.maximum(1 - p.sum(axis=1), 0)
    np.testing.assert_allclose(table[:-1, -2], others + unknown, atol=1e-12)
    if not compact:  # which knows no counts: it weighs words by their probability
        expected = mean_after_others(model, display.words, columns)
        np.testing.assert_allclose(table[-1, [*range(12), -1]], expected)
    if smoothing != "stupid_backoff":
        np.testing.assert_allclose(table.sum(axis=1), 1)
    np.testing.assert_array_equal(display.im_.get_array(), table)
    labels = [*display.words, "‹other›", "‹end›"]
    assert [tick.get_text() for tick in display.ax_.get_xticklabels()] == labels
    labels = ["‹start›", *display.words, "‹other›"]
    assert [tick.get_text() for tick in display.ax_.get_yticklabels()] == labels


def test_the_mean_after_other_words():
    """A word counts as often as it was learned among those that are not shown."""
    # Other than "a": "b" twice, both before an end; "c" once, before "b".
    model = NGramTextGenerator(n=2).fit(["a b", "a c b"])
    display = TransitionDisplay.from_estimator(model, words=["a"])
    expected = [[1, 0, 0], [0, 1, 0], [0, 1 / 3, 2 / 3]]
    np.testing.assert_allclose(display.probabilities, expected)


def test_unknown_words_are_others():
    """If all words are shown but unknown ones are possible, these are row and column."""
    model = NGramTextGenerator(n=2, smoothing="witten_bell").fit(["a b", "a c"])
    display = TransitionDisplay.from_estimator(model)
    np.testing.assert_allclose(display.probabilities.sum(axis=1), 1)
    # After "a": 2/4 of 4/10 of 1/5. After an unknown word: the unigrams of 6 tokens in 4
    # types, (2, 1, 1 and two ends) / 10, each with 4/10 of 1/5.
    np.testing.assert_allclose(display.probabilities[1, -2], 0.04)
    expected = [0.28, 0.18, 0.18, 0.08, 0.28]
    np.testing.assert_allclose(display.probabilities[-1], expected)
    assert display.ax_.get_title() == "3 of 3 words"


def test_the_title_says_how_much_is_shown():
    """How many words of how many that were learned, in tables and graphs."""
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    display = TransitionDisplay.from_estimator(model, max_words=7)
    assert display.ax_.get_title() == "7 of 41 words"
    display = TransitionDisplay.from_estimator(model, kind="graph", max_words=99)
    assert display.ax_.get_title() == "41 of 41 words"
    assert len(display.probabilities) == 42  # no others are left
    alone = TransitionDisplay(["a"], np.eye(2)).plot()
    assert alone.ax_.get_title() == ""
    of_many = TransitionDisplay(["a"], np.eye(2), n_words=46187).plot()
    assert of_many.ax_.get_title() == "1 of 46,187 words"


def test_colours_tell_rare_transitions_from_none():
    """One step in a thousand looks other than none, and the likelier is the darker."""
    p = np.array([[0, 0.001, 0.01], [0.1, 0.3, 1], [0, 0, 0]])
    display = TransitionDisplay(["a", "b"], p).plot()
    assert display.im_.get_clim() == (0, 1)
    colours = display.im_.to_rgba(p)[..., :3].sum(axis=2).ravel()[:6]
    assert (np.diff(colours) < -0.1).all()


def visible(text):
    """Boxes of the texts that are seen."""
    return [each.get_window_extent() for each in text if each.get_visible()]


@pytest.mark.parametrize("size", [(6.4, 4.8), (14, 12)])
def test_tables_in_one_of_four_axes(size):
    """Whatever the size, numbers are inside their cells and rows of labels are apart."""
    figure, axes = plt.subplots(2, 2, figsize=size, layout="constrained")
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    display = TransitionDisplay.from_estimator(model, max_words=10, ax=axes[1, 0])
    for inches in (size, (size[0] / 2, size[1] / 2)):
        figure.set_size_inches(inches)
        figure.canvas.draw()
        cell = np.ptp(display.ax_.transData.transform([[0, 0], [1, 1]]), axis=0)
        boxes = visible(display.text_.values())
        assert all(box.width <= cell[0] and box.height <= cell[1] for box in boxes)
        assert bool(boxes) == (inches[0] >= 10)
        labels = visible(display.ax_.get_yticklabels())
        if inches[0] >= 4:
            middles = sorted((box.y0 + box.y1) / 2 for box in labels)
            letters = display.ax_.get_yticklabels()[0].get_size() * figure.dpi / 72
            assert min(np.diff(middles)) >= letters


@pytest.mark.parametrize("kind", ["heatmap", "graph"])
def test_axes_that_are_given_show_what_they_have_room_for(kind):
    """In smaller axes there are fewer words, unless a number is asked for."""
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    shown = []
    for size in (2, 6, 20):
        _, ax = plt.subplots(figsize=(size, size))
        display = TransitionDisplay.from_estimator(model, kind=kind, ax=ax)
        shown.append(len(display.words))
        assert display.ax_.get_title() == f"{shown[-1]} of 41 words"
    assert 3 <= shown[0] < shown[1] <= shown[2] == 20
    _, ax = plt.subplots(figsize=(2, 2))
    display = TransitionDisplay.from_estimator(model, kind=kind, ax=ax, max_words=15)
    assert len(display.words) == 15


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
    # The last row and the last column but one are "a" and "x".
    np.testing.assert_allclose(display.probabilities[1], [0, 0.5, 0.5, 0, 0])


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
    few = display.plot(kind="graph", min_probability=0, max_edges=1)
    assert set(few.edges_) == {(0, 0), (1, 1), (2, 3), (3, 3)}


def zipfian_texts():
    """Texts of 300 words, frequent and rare ones, in any order."""
    random = np.random.default_rng(0)
    lengths = random.integers(3, 30, 400)
    return [
        " ".join(f"w{word}" * (1 + word % 3) for word in random.zipf(1.5, n) % 300)
        for n in lengths
    ]


@pytest.mark.parametrize("seed", rest_slow(range(3), [0]))
def test_a_graph_has_room_for_each_number(seed):
    """In a figure of its own, 20 words that follow one another lack no probability."""
    words = np.random.default_rng(seed).zipf(1.3, (300, 12)) % 20
    model = NGramTextGenerator(n=2).fit(words + 1)
    display = TransitionDisplay.from_estimator(model, kind="graph")
    display.figure_.canvas.draw()
    assert len(display.text_) > 60
    assert all(number.get_visible() for number in display.text_.values())


MANY = pytest.param(zipfian_texts(), marks=pytest.mark.slow)


@pytest.mark.parametrize("texts", [GREETINGS, MANY], ids=["ten", "many"])
def test_words_and_numbers_of_a_graph_do_not_overlap(texts):
    """Alone, among four and after the figure was resized, all that is seen can be read."""
    model = NGramTextGenerator(n=3, smoothing="witten_bell").fit(texts)
    alone = TransitionDisplay.from_estimator(model, kind="graph", max_words=18)
    _, axes = plt.subplots(2, 2, figsize=(11, 9), layout="constrained")
    among = TransitionDisplay.from_estimator(model, kind="graph", ax=axes[0, 1])
    for display in (alone, among):
        per_word = Counter(row for row, _ in display.edges_)
        assert max(per_word.values()) <= 3
        for share in (1, 0.6):
            figure = display.figure_
            figure.set_size_inches(figure.get_size_inches() * share)
            figure.canvas.draw()
            boxes = visible([*display.nodes_, *display.text_.values()])
            assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
            page = display.ax_.get_window_extent().padded(1)
            assert all(page.x0 <= box.x0 <= box.x1 <= page.x1 for box in boxes)
            sizes = [
                n.get_fontsize() for n in display.text_.values() if n.get_visible()
            ]
            assert min(sizes) > 5  # points


def test_figures_can_be_pickled():
    """What fits letters to the axes goes with a figure to other processes."""
    model = NGramTextGenerator(n=2).fit(["a b", "a c"])
    for kind in ("heatmap", "graph"):
        display = TransitionDisplay.from_estimator(model, kind=kind)
        pickle.loads(pickle.dumps(display.figure_)).canvas.draw()


def test_a_loop_stays_inside():
    """An arrow of the topmost word to itself does not leave the axes."""
    model = NGramTextGenerator(n=2).fit(["a a a b"])
    display = TransitionDisplay.from_estimator(model, kind="graph")
    display.figure_.canvas.draw()
    path = display.edges_[1, 0].get_connectionstyle()(None, None)
    page = display.ax_.get_window_extent()
    assert path.get_extents().y1 <= page.y1


def test_an_end_that_nothing_leads_to_is_not_seen():
    """Without an arrow to it the end is left out; with one it is there."""
    model = NGramTextGenerator(n=2).fit(["a b c d"])
    ends = [
        TransitionDisplay.from_estimator(model, kind="graph", words=words).nodes_[-1]
        for words in (["a", "b"], ["c", "d"])
    ]
    assert [end.get_visible() for end in ends] == [False, True]


def test_arrows_lead_from_box_to_box():
    """Drawn, an arrow begins at the edge of its word's box and ends at that of the next."""
    model = NGramTextGenerator(n=2).fit(GREETINGS)
    display = TransitionDisplay.from_estimator(model, kind="graph", max_words=30)
    display.figure_.canvas.draw()
    boxes = [node.get_bbox_patch().get_window_extent() for node in display.nodes_]
    for (row, column), arrow in display.edges_.items():
        path = arrow.get_connectionstyle()(None, None)
        is_end = column == display.probabilities.shape[1] - 1
        source, target = boxes[row], boxes[-1 if is_end else column + 1]
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
    np.testing.assert_array_equal(
        display.probabilities, [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"words": ["zero"]}, "'words' parameter of TransitionDisplay.*Got 'zero'"),
        ({"words": [0]}, "'words' parameter of TransitionDisplay.*Got 0"),
        ({"words": []}, "'words' parameter of TransitionDisplay.*Got none"),
        ({"max_words": 0}, "'max_words' parameter"),
        ({"kind": "table"}, "'kind' parameter of TransitionDisplay.*Got 'table'"),
        ({"min_probability": 2}, "'min_probability' parameter.*Got 2"),
        ({"max_edges": 0}, "'max_edges' parameter"),
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
