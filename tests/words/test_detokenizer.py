"""Tests of `sklearn_sslm.words._detokenizer` and of the parameter that uses it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm import NGramTextGenerator, WordIndexTransformer
from sklearn_sslm.words._detokenizer import join_simply

ENGLISH = [
    "Hello, world!",
    'She said: "Come in (if you dare)."',
    "It costs $5, or 20%; isn't that fair?",
    "“Well,” he said, “that's it…”",
    "We're here. They'll come... won't they?",
    "The well-known e-mail (see [3]) arrived.",
    '"One", "two" and "three".',
    "Call me 'Ishmael', please.",
]
PORTUGUESE = [
    "Olá! Tudo bem?",
    "Bom dia, João: como você está?",
    'Ele disse: "não sei" (e saiu).',
    "Peço-lhe que venha; é às 10%!",
    "«Sim», respondeu ela, «já vou…»",
    "O custo é R$ 5, não é? Então... até já!",
    "“Água mole em pedra dura, tanto bate até que fura.”",
    "A d'Ávila chegou.",
]
WORDS = re.compile(r"\.\.\.|R\$|\w+(?:['-]\w+)*|[^\w\s]")
"""Words, with what is inside them, and signs."""


@pytest.mark.parametrize("text", ENGLISH + PORTUGUESE)
def test_texts_come_out_as_they_went_in(text):
    """A text that was taken apart into words and signs is put together again."""
    words = WORDS.findall(text)
    assert len(words) > 3
    assert join_simply(words) == text


@pytest.mark.parametrize("text", ENGLISH + PORTUGUESE)
def test_texts_go_through_a_model(text):
    """A model of one text says it as it was written."""
    index = WordIndexTransformer(tokenizer=WORDS.findall)
    model = NGramTextGenerator(8, word_index=index, detokenizer="simple").fit([text])
    assert model.sample()[0] == text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("", ""),
        ("a", "a"),
        ("a b", "a b"),
        ("a , b . c", "a, b. c"),
        ("! a", "! a"),
        ("( a ) [ b ] { c }", "(a) [b] {c}"),
        ("a ( ( b ) )", "a ((b))"),
        ('" a " b " c "', '"a" b "c"'),
        ("a \" b ' c ' d \"", "a \"b 'c' d\""),  # one kind inside the other
        ('a " b', 'a "b'),  # a quote that is never closed opens
        ("`` a '' b", "``a'' b"),
        ("it 's n't", "it'sn't"),
        ("is n't it ? we 'll , I 'm", "isn't it? we'll, I'm"),
        ("¿ qué ? ¡ no !", "¿qué? ¡no!"),
        ("$ 5 # 3 20 %", "$5 #3 20%"),
        ("a ... b … c", "a... b… c"),
        ("a - b – c / d", "a - b – c / d"),  # these stand alone
    ],
)
def test_words_join_as_they_are_written(words, text):
    """No blank before what closes, none after what opens, one everywhere else."""
    assert join_simply(words.split()) == text


signs = st.sampled_from(
    [*".,;:!?…%)]}»”’([{«“‘¿¡$#\"'", "...", "``", "''", "n't", "'s"]
)


@given(st.lists(signs | st.text(min_size=1, max_size=4)))
def test_only_blanks_are_added(words):
    """Whatever the words, their characters come out in their order, with blanks between."""
    text = join_simply(words)
    position = 0
    for nth, word in enumerate(words):
        if nth and text[position : position + 1 + len(word)] == " " + word:
            position += 1
        assert text[position : position + len(word)] == word
        position += len(word)
    assert position == len(text)


@given(st.lists(st.text(alphabet="abcé", min_size=1, max_size=4)))
def test_plain_words_are_joined_by_blanks(words):
    """Where there are no signs, it is the default."""
    assert join_simply(iter(words)) == " ".join(words)


@given(st.lists(st.sampled_from(["a", '"']), max_size=12))
def test_straight_quotes_are_paired(words):
    """The first of two opens and hugs the word after it, the second the word before."""
    text = join_simply(words)
    parts = text.split('"')
    for inside in parts[1::2]:
        assert inside == inside.strip()


def test_an_empty_word_is_only_a_blank():
    """A tokenizer may give empty words; joining them is no reason to fail."""
    assert join_simply(["a", "", "b"]) == "a  b"


def replies(detokenizer, **parameters):
    """Replies of a model of one text."""
    model = NGramTextGenerator(3, detokenizer=detokenizer, **parameters)
    return model.fit(['ele disse : " olá ! " .'])


def test_words_are_joined_by_blanks_unless_asked_otherwise():
    """None, "simple" or a function of one's own, for replies as for texts."""
    assert replies(None).sample()[0] == 'ele disse : " olá ! " .'
    assert replies("simple").sample()[0] == 'ele disse: "olá!".'
    assert replies("simple").predict(["ele disse"])[0] == 'ele disse: "olá!".'
    assert replies("-".join).sample()[0] == 'ele-disse-:-"-olá-!-"-.'
    joined = replies("|".join).sample(2, contains="olá")
    assert joined[0] == 'ele|disse|:|"|olá|!|"|.'


def test_what_is_echoed_is_joined_with_the_reply():
    """Punctuation that begins the new words closes up to the message."""
    model = replies("simple", echo="message")
    assert model.predict(["ele disse"])[0] == 'ele disse: "olá!".'
    model = replies("simple", echo="none")
    assert model.predict(["ele disse"])[0] == ': "olá!".'


def test_a_fallback_is_left_as_it_is():
    """It is a text already."""
    model = replies("simple", fallback_response="O quê ?")
    assert model.predict(["zebra"])[0] == "O quê ?"


def test_any_callable_will_do():
    """Also one that cannot be a key of a dictionary."""

    class Shout:
        __hash__ = None

        def __call__(self, words):
            return " ".join(words).upper()

    assert replies(Shout()).predict(["ele disse"])[0].startswith("ELE DISSE")


def test_a_stream_gives_words():
    """Word by word there is nothing to join yet."""
    words = 'ele disse : " olá ! " .'.split()
    assert list(replies("simple").stream("ele disse")) == words


@pytest.mark.parametrize("line", ["\n", "\n\n", "\r\n", "\u2028"])
def test_line_breaks_survive(line):
    """A line break that is a word stands between lines, without blanks around it."""
    assert join_simply(["A", "rose", ",", line, '"', "a", '"', line]) == (
        f'A rose,{line}"a"{line}'
    )
