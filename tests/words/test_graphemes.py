"""Tests of `sklearn_sslm.words._graphemes`."""

import random
import unicodedata
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_sslm.words._graphemes import graphemes

FAMILY = "👩‍👩‍👧‍👦"
# From Unicode Standard Annex 29, tables 1a and 1c, and GraphemeBreakTest.txt.
CLUSTERS = [
    "a",
    "\r\n",
    "\n",
    "e\u0301",  # a letter and its accent
    "o\u0308\u0323",
    "🇧🇷",
    "🇵🇹",
    FAMILY,
    "❤\ufe0f\u200d🔥",
    "👋🏽",  # a hand and the colour of its skin
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
    "1\ufe0f\u20e3",  # a keycap
    "각",
    "\u1100\u1161\u11a8",  # the same syllable by its letters
    "가\u11a8",
    "नि",
    "क्ष",  # a conjunct of Devanagari
    "க்",
    "กำ",
    "\u06001",  # a sign that encloses the number after it
    "ä",
    "你",
]


@given(st.lists(st.sampled_from(CLUSTERS), max_size=8))
def test_what_users_perceive_as_one_character_is_one(clusters):
    """Accents, families, flags, syllables and CRLF are whole, and flags are told apart."""
    assert graphemes("".join(clusters)) == clusters


@given(st.text())
def test_joined_they_are_the_text(text):
    """Nothing is lost or added, and no cluster is empty."""
    clusters = graphemes(text)
    assert "".join(clusters) == text
    assert all(clusters)


def rules(regex):  # noqa: C901 - a line for each rule
    """The rules GB3 to GB999 of the annex, by the properties that `regex` knows."""
    names = (
        "CR LF Control Extend ZWJ Regional_Indicator Prepend SpacingMark L V T LV LVT"
    )

    @cache
    def kind(c):
        kinds = (n for n in names.split() if regex.match(rf"\p{{GCB={n}}}", c))
        return next(kinds, "Other")

    @cache
    def conjunct(c):
        kinds = "Consonant", "Linker", "Extend"
        return next((n for n in kinds if regex.match(rf"\p{{InCB={n}}}", c)), "None")

    @cache
    def pictographic(c):
        return bool(regex.match(r"\p{Extended_Pictographic}", c))

    def before(text, i, belongs):
        """The character before those from i downwards that belong to a run, and the run."""
        run = []
        while i >= 0 and belongs(text[i]):
            run.append(text[i])
            i -= 1
        return (text[i] if i >= 0 else ""), run

    def breaks(text, i):
        a, b = kind(text[i - 1]), kind(text[i])
        if (a, b) == ("CR", "LF"):  # GB3
            return False
        if {a, b} & {"CR", "LF", "Control"}:  # GB4, GB5
            return True
        hangul = {
            "L": {"L", "V", "LV", "LVT"},
            "LV": {"V", "T"},
            "V": {"V", "T"},
            "LVT": {"T"},
            "T": {"T"},
        }
        if b in hangul.get(a, ()):  # GB6 to GB8
            return False
        if b in {"Extend", "ZWJ", "SpacingMark"} or a == "Prepend":  # GB9, 9a, 9b
            return False
        if conjunct(text[i]) == "Consonant":  # GB9c
            first, run = before(
                text, i - 1, lambda c: conjunct(c) in {"Linker", "Extend"}
            )
            linked = any(conjunct(c) == "Linker" for c in run)
            if first and conjunct(first) == "Consonant" and linked:
                return False
        if pictographic(text[i]) and a == "ZWJ":  # GB11
            first, _ = before(text, i - 2, lambda c: kind(c) == "Extend")
            if first and pictographic(first):
                return False
        if a == b == "Regional_Indicator":  # GB12, GB13
            run = before(text, i - 1, lambda c: kind(c) == "Regional_Indicator")[1]
            return len(run) % 2 == 0
        return True

    def clusters(text):
        cuts = [i for i in range(1, len(text)) if breaks(text, i)]
        bounds = [0, *cuts, len(text)]
        return [text[i:j] for i, j in pairwise(bounds)]

    return clusters


def test_they_are_those_of_the_annex():
    """Every character that joins others does so by the rules of the annex."""
    expected = rules(pytest.importorskip("regex"))
    chance = random.Random(0)
    every = [chr(n) for n in range(0x20000) if not 0x3400 < n < 0xDFFF]
    every += [chr(n) for n in range(0xABC0, 0xAC20)]
    every.remove("\u1cf5"), every.remove("\u1cf6")  # linkers that begin clusters
    known = [c for c in every if unicodedata.category(c) not in {"Cn", "Co"}]
    marks = [c for c in known if unicodedata.category(c) in {"Mn", "Mc", "Me", "Cf"}]
    some = [*marks, *chance.sample(known, 4000)]
    for c in some:
        for text in (
            f"a{c}b",
            f"क{c}क",
            f"क\u094d{c}क",
            f"😀{c}\u200d😀",
            f"가{c}\u1160",
        ):
            if unicodedata.category(c) != "So":  # GB11 is applied broadly
                assert graphemes(text) == expected(text)
    joining = (
        "\u0903\u0301\u200d\u200c\u094dकअ😀❤\ufe0f🏽🇧🇷\r\n\u0600a\u1100\u1160\u11a8가각\u0e33"
        "\u00ad\u09be"
    )
    for _ in range(8000):
        text = "".join(chance.choices(joining, k=chance.randint(1, 10)))
        assert graphemes(text) == expected(text)


@pytest.mark.parametrize("unit", ["\u0301", "\u094d", "\u0600", "क\u094d", "\u1100"])
def test_time_is_linear(unit):
    """Half a million characters of one kind are one cluster, and split at once."""
    text = "क" + unit * 500_000
    assert "".join(graphemes(text)) == text
