"""Tests of `sklearn_sslm.ngrams.conditions._automaton`."""

import numpy as np
import pytest
from _replies import fulfils
from hypothesis import example, given
from hypothesis import strategies as st

from sklearn_sslm.ngrams import ConstraintAutomaton

words = st.integers(1, 3)
phrases = st.lists(words, min_size=1, max_size=4).map(tuple)
endings = st.lists(words, max_size=4).map(tuple)
read = st.lists(st.integers(1, 4), max_size=12)


@given(st.lists(phrases, max_size=3), endings, read)
@example([(1, 1, 2)], (), [1, 1, 1, 2])
@example([(1, 2), (2, 3)], (), [1, 2, 3])  # phrases may share words …
@example([(1, 2, 1), (1, 2, 1)], (2, 1), [1, 2, 1])  # … also with the ending
@example([], (1, 2, 1), [1, 2, 1, 2])  # what was the ending is not any more
def test_it_accepts_what_a_search_finds(contained, ending, text):
    """A text is accepted if and only if a search finds all phrases in it."""
    automaton = ConstraintAutomaton(contained, [ending] if ending else [])
    expected = fulfils(text, ends=ending, contains=contained)
    assert automaton.accepts[automaton.read(text)] == expected


@given(st.lists(phrases, max_size=3), endings, read, read)
def test_reading_goes_on_where_it_stopped(contained, ending, first, second):
    """A text read in two parts leads to the state of the whole."""
    automaton = ConstraintAutomaton(contained, [ending] if ending else [])
    state = automaton.read(second, automaton.read(first))
    assert state == automaton.read([*first, *second])


@given(st.lists(phrases, max_size=3), endings, read)
def test_steps_by_class_are_steps_by_word(contained, ending, text):
    """Steps in the table, by the classes of words, lead where `read` leads."""
    automaton = ConstraintAutomaton(contained, [ending] if ending else [])
    classes = automaton.class_of(5)
    assert classes.shape == (5,)
    assert classes[0] == 0  # a boundary is in no phrase
    state = 0
    for word in text:
        state = automaton.next_state[state, classes[word]]
    assert state == automaton.read(text)


@given(st.lists(phrases, max_size=3), endings)
def test_every_state_can_lead_to_acceptance(contained, ending):
    """Whatever a text holds so far, all phrases after it meet the constraints."""
    automaton = ConstraintAutomaton(contained, [ending] if ending else [])
    unmet = [word for phrase in (*contained, ending) for word in phrase]
    for state in range(len(automaton.accepts)):
        assert automaton.accepts[automaton.read(unmet, state)]


@given(st.lists(phrases, max_size=3), endings, read)
def test_no_text_leads_out_of_an_absorbing_state(contained, ending, text):
    """A state is absorbing if it accepts, and no word leads to another one."""
    automaton = ConstraintAutomaton(contained, [ending] if ending else [])
    for state in range(len(automaton.accepts)):
        absorbing = automaton.is_absorbing(np.array([state]))
        if absorbing:
            assert automaton.read(text, state) == state
        assert absorbing == (automaton.accepts[state] and not ending)


def test_states_by_hand():
    """One phrase of two words has three states: nothing, its first word, all of it."""
    automaton = ConstraintAutomaton([(7, 8)])
    assert automaton.classes == {7: 1, 8: 2}
    # Another word leads back, 7 to its first word, 8 on from there; then all is said.
    assert automaton.next_state.tolist() == [[0, 1, 0], [0, 1, 2], [2, 2, 2]]
    assert automaton.accepts.tolist() == [False, False, True]


def test_an_ending_can_be_lost_again():
    """What stood at the end no longer does when the text goes on."""
    automaton = ConstraintAutomaton([], [(7, 8)])
    assert automaton.next_state.tolist() == [[0, 1, 0], [0, 1, 2], [0, 1, 0]]
    assert automaton.accepts.tolist() == [False, False, True]


def test_no_constraint_is_always_met():
    """Without constraints there is a single state, which is absorbing."""
    automaton = ConstraintAutomaton([])
    assert automaton.next_state.tolist() == [[0]]
    assert automaton.is_absorbing(np.array([0]))


@pytest.mark.parametrize("size", [1, 30])
def test_a_phrase_has_one_state_more_than_words(size):
    """A long phrase, and the same one asked for twice, cost no more than its length."""
    phrase = tuple(range(1, size + 1))
    assert len(ConstraintAutomaton([phrase]).accepts) == size + 1
    assert len(ConstraintAutomaton([phrase, phrase]).accepts) == size + 1


@given(*(st.lists(phrases, max_size=3) for _ in range(3)), read)
@example([], [(2,), (1, 2)], [], [1, 2, 3])  # neither is at the end any more
@example([], [], [(1, 1, 2), (1, 2)], [1, 3, 1, 2])
@example([(1, 2)], [], [(2, 3)], [1, 2, 3])
@example([], [(1,), (2,)], [(3,), (4,)], [3, 1])
@example([], [(1, 2, 1), (2, 3)], [], [1, 2, 3])  # from within one into the other
def test_endings_and_forbidden_phrases_are_found_too(contained, ends, forbidden, text):
    """A text is accepted if it has all, ends with one, and holds none forbidden."""
    automaton = ConstraintAutomaton(contained, ends, forbidden)
    expected = (
        fulfils(text, contains=contained)
        and (not ends or any(fulfils(text, ends=end) for end in ends))
        and not any(fulfils(text, contains=[phrase]) for phrase in forbidden)
    )
    assert automaton.accepts_text(text) == expected
    assert automaton.accepts[automaton.read(text)] == expected


def test_words_that_mean_the_same_have_one_class():
    """A thousand rhymes and a thousand bad words have three states and two classes."""
    rhymes = [(word,) for word in range(1, 1001)]
    bad = [(word,) for word in range(1001, 2001)]
    automaton = ConstraintAutomaton([], rhymes, bad)
    # Nothing, a rhyme, too late: columns other words, rhymes, bad words.
    assert automaton.next_state.tolist() == [[0, 1, 2], [0, 1, 2], [2, 2, 2]]
    assert automaton.accepts.tolist() == [False, True, False]


def test_many_phrases_are_forbidden():
    """A thousand phrases of two words have a state for each first word, and two more."""
    bad = [(word, 1000 + word) for word in range(1, 1001)]
    automaton = ConstraintAutomaton([(3000,)], forbidden=bad)
    # Each once before and once after what must occur, and too late.
    assert len(automaton.accepts) == 2 * 1001 + 1
    assert automaton.accepts_text([5, 1006, 3000, 7])
    assert not automaton.accepts_text([3000, 7, 1007])


@pytest.mark.parametrize("size", [9, 10])
def test_so_many_phrases_can_be_tracked(size):
    """K words that must occur have 2**k states: which of them did."""
    words = [(word,) for word in range(1, size + 1)]
    assert len(ConstraintAutomaton(words).accepts) == 2**size


@pytest.mark.parametrize("size", [11, 40])
def test_too_many_phrases_are_refused(size):
    """Where these were too many the error names them, how many came and may come."""
    words = [(word,) for word in range(1, size + 1)]
    with pytest.raises(ValueError, match=rf"Got {size} phrases in 'contains'.*most 10"):
        ConstraintAutomaton(words)


@pytest.mark.parametrize(
    ("contained", "forbidden"),
    [
        ([], [tuple(range(1, 4097))]),  # each of its beginnings is a state
        ([(5000,), (5001,)], [tuple(range(1, 1500))]),  # each of these with and without
    ],
)
def test_too_many_states_are_refused(contained, forbidden):
    """The error about phrases that are too many or too long names all that have some."""
    names = "'contains', 'ends_with' and 'bad_words'"
    with pytest.raises(ValueError, match=rf"more than 4096 .* {names}"):
        ConstraintAutomaton(contained, forbidden=forbidden)


def test_an_ending_that_is_forbidden_is_no_other_ending():
    """Words are interchangeable only if the same ones end texts and are forbidden."""
    automaton = ConstraintAutomaton([], endings=[(2,), (3,)], forbidden=[(3,)])
    assert automaton.accepts_text([1, 2])
    assert not automaton.accepts_text([1, 3])
    assert not automaton.accepts_text([3, 2])
