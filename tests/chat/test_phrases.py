"""The language that a chat speaks."""

import sys

import pytest

from sklearn_sslm.chat import PHRASES, language_of_user
from sklearn_sslm.chat._phrases import language_of


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        ({"LANG": "pt_BR.UTF-8"}, "pt"),
        ({"LANG": "pt_PT"}, "pt"),
        ({"LANG": "pt"}, "pt"),
        ({"LANG": "pt.UTF-8"}, "pt"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),  # neither: English
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": ""}, "en"),
        ({"LANG": "ptx_BR"}, "en"),
        # LC_ALL before LC_MESSAGES before LANG, as POSIX has it; empty is not set
        ({"LANG": "en_US", "LC_MESSAGES": "pt_BR"}, "pt"),
        ({"LANG": "pt_BR", "LC_MESSAGES": "pt_BR", "LC_ALL": "en_GB"}, "en"),
        ({"LANG": "pt_BR", "LC_ALL": ""}, "pt"),
        # LANGUAGE is a list, and counts unless the locale is C, as gettext has it
        ({"LANG": "en_US", "LANGUAGE": "pt_BR:en"}, "pt"),
        ({"LANG": "pt_BR", "LANGUAGE": "de:en:pt"}, "en"),
        ({"LANG": "C", "LANGUAGE": "pt"}, "en"),
        ({"LANG": "pt_BR", "LC_ALL": "POSIX", "LANGUAGE": "pt"}, "en"),
    ],
)
def test_the_language_is_that_of_the_locale(settings, language):
    """Settings are read as gettext reads them; other languages get English."""
    assert language_of_user(settings) == language


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a setting of its own")
def test_without_any_setting_the_language_is_english():
    """Where nothing is set, English is spoken."""
    assert language_of_user({}) == "en"


@pytest.mark.parametrize(
    ("tags", "language"),
    [("pt-BR,pt;q=0.9,en;q=0.8", "pt"), ("en-US,en;q=0.9,pt;q=0.1", "en"),
     ("fr;q=0.9, pt;q=0.5", "pt"), ("", "en"), ("PT", "pt"), (",;-_:", "en")],
)  # fmt: skip
def test_lists_of_languages_are_read_in_their_order(tags, language):
    """Of a list the first language that is known counts."""
    assert language_of(tags) == language


def test_all_languages_have_all_phrases():
    """No phrase is missing in any language, none is empty, and all differ."""
    names = set(PHRASES["en"])
    for phrases in PHRASES.values():
        assert set(phrases) == names
        assert all(phrases.values())
    assert all(PHRASES["en"][name] != PHRASES["pt"][name] for name in names)
