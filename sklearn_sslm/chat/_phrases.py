"""The phrases of a chat at the terminal, in English and in Portuguese."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Mapping

PHRASES: dict[str, dict[str, str]] = {
    "en": {
        "fallback": "Sorry, I did not understand your message.",
        "prompt": "Write a message; Ctrl-D ends.",
        "goodbye": "Goodbye!",
        "learned": "Learned",
        "not_learned": "Not learned",
    },
    "pt": {
        "fallback": "Desculpe, não entendi sua mensagem.",
        "prompt": "Escreva uma mensagem; Ctrl-D termina.",
        "goodbye": "Até logo!",
        "learned": "Aprendido",
        "not_learned": "Não aprendido",
    },
}
"""For each language, the phrases by their names."""

_VARIABLES = "LC_ALL", "LC_MESSAGES", "LANG"
"""The variables of the language of messages in POSIX; the first one that is set counts."""


def language_of(tags: str) -> str:
    """The first language of a list that has phrases; English if there is none.

    Parameters
    ----------
    tags : str
        Locales, as in the variable LANGUAGE, or language tags, as in the header
        Accept-Language of HTTP, in the order of preference.

    Returns
    -------
    str
        A key of `PHRASES`.

    Examples
    --------
    >>> language_of("pt_BR.UTF-8"), language_of("de:pt:en"), language_of("C")
    ('pt', 'pt', 'en')
    >>> language_of("fr-CH, PT;q=0.9, en;q=0.8")
    'pt'
    """
    for tag in tags.replace(",", ":").split(":"):
        language = tag.strip().replace("-", "_").partition("_")[0]
        language = language.partition(".")[0].partition(";")[0].lower()
        if language in PHRASES:
            return language
    return "en"


def language_of_user(environ: Mapping[str, str] = os.environ) -> str:
    """The language of the user's settings, by the rules of GNU gettext.

    Parameters
    ----------
    environ : mapping of str to str, default=os.environ
        The environment. If it has none of the variables, the setting of Windows counts.

    Returns
    -------
    str
        A key of `PHRASES`.

    Examples
    --------
    >>> language_of_user({"LANG": "pt_BR.UTF-8"})
    'pt'
    >>> language_of_user({"LANG": "pt_BR.UTF-8", "LC_ALL": "C", "LANGUAGE": "pt"})
    'en'
    """
    tag = next(filter(None, map(environ.get, _VARIABLES)), "") or _of_system()
    if tag.partition(".")[0] in ("", "C", "POSIX"):  # gettext ignores LANGUAGE then
        return "en"
    return language_of(environ.get("LANGUAGE") or tag)


def _of_system():
    """The locale of the menus of Windows; "" on other systems."""
    if sys.platform != "win32":
        return ""
    import ctypes

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(number, "")
