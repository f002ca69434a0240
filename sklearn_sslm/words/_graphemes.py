"""User-perceived characters: the extended grapheme clusters of Unicode."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

_BEYOND_LATIN = re.compile("[\u0300-\U0010ffff]")
_BEYOND_16_BITS = re.compile("[\U00010000-\U0010ffff]")
_ZWJ, _ZWNJ = "\u200d", "\u200c"
_REGIONAL = "\U0001f1e6-\U0001f1ff"
_PREPEND = (
    "600-605 6DD 70F 890-891 8E2 D4E 110BD 110CD 111C2-111C3 113D1 1193F 11941 "
    "11A84-11A89 11D46 11F02"
)
# What the general category of a character does not tell: spacing marks (Mc) that
# count as extending ones, marks that do neither, and others that do.
_ALSO_EXTEND = (
    "9BE 9D7 B3E B57 BBE BD7 CC0 CC2 CC7-CC8 CCA-CCB CD5-CD6 D3E D57 DCF DDF 1715 1734 "
    "1B35 1B3B 1B3D 1B43-1B44 1BAA 1BF2-1BF3 200C 302E-302F A953 A9C0 FF9E-FF9F 111C0 "
    "11235 1133E 1134D 11357 114B0 114BD 115AF 116B6 11930 1193D 16FF0-16FF1 "
    "1D165-1D166 1D16D-1D172 1F3FB-1F3FF E0020-E007F"
)
_NO_SPACING_MARK = (
    "102B-102C 1038 1062-1064 1067-106D 1083 1087-108C 108F 109A-109C 1A61 1A63-1A64 "
    "AA7B AA7D 11720-11721"
)
_ALSO_SPACING_MARK = "E33 EB3 1171E"
_ALSO_PICTOGRAPHIC = "A9 AE 203C 2049 2122 2139 2194 25FB-25FE 2934-2935 3030 303D"
_LINKER = (
    "94D 9CD ACD B4D C4D D4D 1039 17D2 1A60 1B44 1BAB A9C0 AAF6 10A3F 11133 "
    "113D0 1193E 11A47 11A99 11F42"
)
_CONSONANT = (
    "915-939 958-95F 978-97F 995-9A8 9AA-9B0 9B2 9B6-9B9 9DC-9DD 9DF 9F0-9F1 A95-AA8 "
    "AAA-AB0 AB2-AB3 AB5-AB9 AF9 B15-B28 B2A-B30 B32-B33 B35-B39 B5C-B5D B5F B71 "
    "C15-C28 C2A-C39 C58-C5A D15-D3A 1000-102A 103F 1050-1055 105A-105D 1061 1065-1066 "
    "106E-1070 1075-1081 108E 1780-17B3 1A20-1A54 1B0B-1B0C 1B13-1B33 1B45-1B4C "
    "1B83-1BA0 1BAE-1BAF 1BBB-1BBD A989-A98B A98F-A9B2 A9E0-A9E4 A9E7-A9EF A9FA-A9FE "
    "AA60-AA6F AA71-AA73 AA7A AA7E-AA7F AAE0-AAEA ABC0-ABDA 10A00 10A10-10A13 "
    "10A15-10A17 10A19-10A35 11103-11126 11144 11147 11380-11389 1138B 1138E "
    "11390-113B5 11900-11906 11909 1190C-11913 11915-11916 11918-1192F 11A00 "
    "11A0B-11A32 11A50 11A5C-11A83 11F04-11F10 11F12-11F33"
)


def graphemes(text: str) -> list[str]:
    r"""Split a text into user-perceived characters.

    A letter with its combining marks is one, and so are an emoji of several people, a
    flag, a syllable of Hangul or Devanagari, and CR with LF.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        Their concatenation is the text.

    Notes
    -----
    These are the extended grapheme clusters of Unicode's Standard Annex 29 [1]_, with
    the combining marks that this version of Python knows. Rule GB11 is read broadly:
    any two symbols that a zero-width joiner joins are one.

    References
    ----------
    .. [1] Unicode Standard Annex 29, Unicode Text Segmentation, table 1c.
       https://www.unicode.org/reports/tr29/

    Examples
    --------
    >>> list(map(ascii, graphemes("ai\u0308 \U0001f1e7\U0001f1f7")))
    ["'a'", "'i\\u0308'", "' '", "'\\U0001f1e7\\U0001f1f7'"]
    """
    if "\r\n" in text:
        return _cluster().findall(text)
    # Most texts have none of the characters that join others, which is quick to test.
    if not _BEYOND_LATIN.search(text):
        return list(text)
    is_joining = _joining(bool(_BEYOND_16_BITS.search(text)))
    return _cluster().findall(text) if is_joining.search(text) else list(text)


@cache
def _joining(beyond_16_bits: bool) -> re.Pattern[str]:
    """A pattern that matches texts with clusters of several characters.

    Without characters beyond 16 bits, the search is several times as fast.
    """
    joining = (
        f"{_extend()}{_spacing_mark()}{_ranges(_PREPEND)}{_ZWJ}{_REGIONAL}"
        "\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb"
    )
    if not beyond_16_bits:
        joining = re.sub(f"{_BEYOND_16_BITS.pattern}-?", "", joining)
    return re.compile(f"[{joining}]")


@cache
def _cluster() -> re.Pattern[str]:
    """The pattern of a cluster, as the regular expression of table 1c.

    Possessive repetition keeps the time linear in the length of a text.
    """
    extend, mark, linker = _extend(), _spacing_mark(), _ranges(_LINKER)
    leading, vowel = "\u1100-\u115f\ua960-\ua97c", "\u1160-\u11a7\ud7b0-\ud7c6"
    trailing = "\u11a8-\u11ff\ud7cb-\ud7fb"
    open_syllable = "".join(map(chr, range(0xAC00, 0xD7A4, 28)))
    hangul = (
        f"[{leading}]*+(?:[{open_syllable}][{vowel}]*+|[\uac00-\ud7a3]|[{vowel}]++)"
        f"[{trailing}]*+|[{leading}]++|[{trailing}]++"
    )
    symbol = f"[{_pictographic()}]"
    emoji = f"{symbol}(?:[{extend}]*+{_ZWJ}{symbol})*+"
    consonant = f"[{_ranges(_CONSONANT)}]"
    inside = f"(?!{_ZWNJ})[{extend}{_ZWJ}]"
    linked = f"(?=(?:(?![{linker}]){inside})*+[{linker}])(?:{inside})*+"
    conjunct = f"{consonant}(?:{linked}{consonant})*+"
    control = f"[{_control()}]"
    return re.compile(
        f"\r\n|{control}|[{_ranges(_PREPEND)}]*"
        f"(?:{hangul}|[{_REGIONAL}]{{2}}|{emoji}|{conjunct}|(?!{control})(?s:.))"
        f"[{extend}{mark}{_ZWJ}]*+"
    )


def _ranges(numbers):
    r"""Hexadecimal numbers as part of a character class.

    >>> _ranges("41-43 78")
    'A-Cx'
    """
    parts = (part.split("-") for part in numbers.split())
    return "".join("-".join(chr(int(end, 16)) for end in part) for part in parts)


def _members(numbers):
    """The numbers of hexadecimal ranges.

    >>> sorted(_members("41-43 78"))
    [65, 66, 67, 120]
    """
    parts = (part.split("-") for part in numbers.split())
    return {n for part in parts for n in range(int(part[0], 16), int(part[-1], 16) + 1)}


@cache
def _by_category() -> dict[str, list[int]]:
    """The numbers of the characters of each general category."""
    found: dict[str, list[int]] = {}
    for number in range(sys.maxunicode + 1):
        if number < 0x20000 or number >> 16 == 0xE:  # ideographs are between
            found.setdefault(unicodedata.category(chr(number)), []).append(number)
    return found


@cache
def _extend():
    kinds = _by_category()
    numbers = {*kinds["Mn"], *kinds["Me"]} | _members(_ALSO_EXTEND)
    return _class_of(numbers - _members(_ALSO_SPACING_MARK))


@cache
def _spacing_mark():
    numbers = {*_by_category()["Mc"]} - _members(_ALSO_EXTEND)
    numbers -= _members(_NO_SPACING_MARK)
    return _class_of(numbers | _members(_ALSO_SPACING_MARK))


def _pictographic():
    kinds = _by_category()
    symbols = {n for n in kinds["So"] if n >= 0x2190}
    symbols |= {n for n in kinds["Cn"] if 0x1F000 <= n <= 0x1FFFD}  # reserved for them
    symbols -= set(range(0x1F1E6, 0x1F200))  # regional indicators
    return _class_of(symbols | _members(_ALSO_PICTOGRAPHIC))


def _control():
    kinds = _by_category()
    numbers = {n for kind in ("Cc", "Cf", "Zl", "Zp") for n in kinds[kind]}
    numbers -= _members(_ALSO_EXTEND) | _members(_PREPEND) | {ord(_ZWJ)}
    return _class_of(numbers)


def _class_of(numbers):
    """Code points as part of a character class, with ranges."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if not parts or number != parts[-1][1] + 1:
            parts.append([number, number])
        parts[-1][1] = number
    return "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in parts)
