"""What a chat says of its own, in English and in Portuguese."""

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
"""Each phrase by its name, by language."""

_VARIABLES = "LC_ALL", "LC_MESSAGES", "LANG"
"""Where POSIX looks for the language of messages; the first one that is set counts."""


def language_of(tags: str) -> str:
    """The first known language of a list of locales or language tags, else English.

    Parameters
    ----------
    tags : str
        As in the variable LANGUAGE, or in the header Accept-Language of HTTP, whose
        tags are taken to be in the order of their weights.

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
    """The language that the user's settings ask for, by the rules of GNU gettext.

    Parameters
    ----------
    environ : mapping of str to str, default=os.environ
        Where Windows sets none of the variables, its own setting counts.

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
    if tag.partition(".")[0] in ("", "C", "POSIX"):  # LANGUAGE is ignored then
        return "en"
    return language_of(environ.get("LANGUAGE") or tag)


def _of_system():
    """The language that Windows shows its menus in, as a locale; "" elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(number, "")
