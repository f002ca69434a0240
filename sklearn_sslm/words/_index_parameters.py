"""The parameters of a word index: checks, and the objects made of them."""

from __future__ import annotations

import re
import warnings
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from ..saving import StateError
from ..utils import check_parameters
from ._subword import SubwordTokenizer, is_subword_tokenizer
from ._tokenizer import Tokenizer
from ._word_choice import WordChoice

if TYPE_CHECKING:
    from ._word_index import WordIndexTransformer

_TOKENIZER = [field.name for field in fields(Tokenizer)]  # parameters of the index, too
_SPLITTERS = ("analyzer", "tokenizer")


def check_index(index: WordIndexTransformer) -> None:
    """Raise a ValueError if the parameters of an index contradict each other."""
    check_parameters(index)
    if index.unknown_value == index.padding_value:
        msg = (
            "The 'unknown_value' parameter of WordIndexTransformer must differ "
            f"from 'padding_value'. Got {index.unknown_value} for both."
        )
        raise ValueError(msg)
    limited = index.max_features is not None or index.unk_min_count > 1
    if index.vocabulary is not None and limited:
        msg = (
            "The 'vocabulary' parameter of WordIndexTransformer must be None where "
            "'max_features' or 'unk_min_count' choose the words. Got "
            f"max_features={index.max_features!r} and "
            f"unk_min_count={index.unk_min_count!r} beside it; leave one out."
        )
        raise ValueError(msg)
    if index.tokenizer is not None and index.analyzer != "word":
        warnings.warn(
            "The 'tokenizer' parameter of WordIndexTransformer is used with "
            f"analyzer='word' only. Got analyzer={index.analyzer!r}; leave one out.",
            stacklevel=3,
        )


def tokenizer_of(index: WordIndexTransformer) -> Tokenizer:
    """The tokenizer of an index."""
    tokenizer = Tokenizer(*map(index.__getattribute__, _TOKENIZER))
    split = tokenizer.tokenizer
    if split is None or not is_subword_tokenizer(split):
        return tokenizer
    return replace(tokenizer, tokenizer=SubwordTokenizer(split))


def choice_of(index: WordIndexTransformer) -> WordChoice | None:
    """The choice of the words of the first fit; None if all words are learned, always."""
    limited = index.max_features is not None or index.unk_min_count > 1
    if not (limited or index.frozen):
        return None
    return WordChoice(index.max_features, index.unk_min_count)


def pack_patterns(state: dict[str, Any]) -> None:
    r"""Replace methods of compiled regular expressions by their patterns, in place.

    skops does not save methods of compiled expressions.

    >>> state = {"tokenizer": re.compile(r"\w+").findall, "analyzer": "word"}
    >>> pack_patterns(state)
    >>> state
    {'tokenizer': {'findall': '\\w+', 'flags': 0}, 'analyzer': 'word'}
    """
    for name in _SPLITTERS:
        pattern = getattr(state.get(name), "__self__", None)
        if not isinstance(pattern, re.Pattern) or isinstance(pattern.pattern, bytes):
            continue
        if state[name] == pattern.findall:
            flags = int(pattern.flags & ~re.UNICODE)  # which all patterns of str have
            state[name] = {"findall": pattern.pattern, "flags": flags}


def unpack_patterns(state: dict[str, Any]) -> None:
    """The inverse of `pack_patterns`, in place.

    Raises
    ------
    StateError
        If a pattern is no regular expression.
    """
    for name in _SPLITTERS:
        packed = state.get(name)
        if not isinstance(packed, dict):
            continue
        try:
            flags = int(packed["flags"]) & ~re.DEBUG  # which prints
            # Equal patterns compile to the same object, which `merge` requires.
            state[name] = re.compile(str.__add__(packed["findall"], ""), flags).findall
        except (LookupError, TypeError, ValueError, re.error, ArithmeticError) as error:
            msg = f"damaged: {name!r} is no regular expression ({error})"
            raise StateError(msg) from None
        except RecursionError:
            raise StateError(f"damaged: {name!r} is nested too deeply") from None
