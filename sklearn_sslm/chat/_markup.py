"""The parts of the page as HTML, in which all texts of visitors are escaped."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable

from ..generator import NGramTextGenerator
from ._exchange import Source
from ._page_phrases import bits_of, percentage, phrase
from ._suggestions import Suggestions, can_be_typed

_SCALES = [m * 10.0**e for e in range(-8, 0) for m in (1, 2, 5)] + [1.0]
"""The possible probabilities of a full bar."""


def note(text: object) -> str:
    """A paragraph with a remark.

    >>> note("a < b")
    '<p class="sslm-note">a &lt; b</p>'
    """
    return f'<p class="sslm-note">{html.escape(str(text))}</p>'


def head(model: NGramTextGenerator, language: str) -> str:
    """The title, and the numbers of words and texts of a model."""
    n_words, n_texts = int(model.n_words_), int(model.n_texts_seen_)
    name = "knows_of" if n_texts else "knows"  # 0 if it was read from an ARPA file
    known = phrase(language, name, words=n_words, texts=n_texts)
    title = html.escape(phrase(language, "title"))
    return f'<h1 class="sslm-head">{title}</h1>{note(known)}'


def conversation(history: Iterable[str]) -> list[dict[str, str]]:
    """Messages and replies in turn as the value of Gradio's chat box."""
    # The chat box renders HTML even without Markdown.
    return [
        {"role": "assistant" if nth % 2 else "user", "content": html.escape(text)}
        for nth, text in enumerate(history)
    ]


def surprises(
    said: list[tuple[str, float]],
    replied: list[tuple[str, float]],
    n_words: int,
    language: str,
) -> str:
    """The words of a message and of its reply, coloured by their surprise.

    Parameters
    ----------
    said, replied : list of (str, float)
        The words, each with its surprise in bits.
    n_words : int
        Number of words that the model knows.
    language : str

    Returns
    -------
    str
    """
    parts = []
    for name, words in (("said", said), ("replied", replied)):
        if words:
            title = html.escape(phrase(language, name))
            parts.append(f"<b>{title}</b>{_as_spans(words, n_words, language)}")
    if not replied:
        parts.append(note(phrase(language, "no_reply")))
    return "".join(parts) + note(phrase(language, "surprise"))


def _as_spans(words, n_words, language):
    """Words with their surprise.

    The colour of a word is strongest from the surprise of a uniform distribution on.

    >>> _as_spans([("<b>", 1.0)], 2, "en")
    '<div class="sslm-words"><span style="--heat: 0.50">&lt;b&gt;<small>1.0</small></span></div>'
    """
    uniform = math.log2(n_words + 2)  # all words, the end, and an unknown word
    spans = (
        f'<span style="--heat: {min(bits / uniform, 1):.2f}">{_word(word, language)}'
        f"<small>{bits_of(bits, language)}</small></span>"
        for word, bits in words
    )
    return f'<div class="sslm-words">{"".join(spans)}</div>'


def bars(
    model: NGramTextGenerator, found: Suggestions, message: str, language: str
) -> str:
    """The likeliest next words, a bar each; a click on a bar types its word.

    Parameters
    ----------
    model : NGramTextGenerator
    found : Suggestions
    message : str
        The text in the box, to which the word is added.
    language : str

    Returns
    -------
    str
    """
    title = _bars_title(model, found, language)
    if not found.words:
        nothing = note(phrase(language, "no_next"))
        return f'<div class="sslm-bars">{title}{nothing}</div>'
    full = next(scale for scale in _SCALES if scale >= found.words[0][1] * (1 - 1e-9))
    scale = note(phrase(language, "full_bar", share=percentage(full, language)))
    typed, items = found.typed, []
    if model.has_replies_ and not typed.half:  # words of replies are typed, too
        typed = typed._replace(before=message)
    for word, p in found.words:
        to = "disabled"
        if can_be_typed(model, word):
            whole = html.escape(typed.with_word(model, word))
            to = f'data-from="{html.escape(message)}" data-to="{whole}"'
        items.append(
            f'<li><button type="button" {to}>'
            f'<span class="word">{_word(word, language)}</span>'
            f'<span class="share">{percentage(p, language)}</span>'
            f'<span class="bar" style="--share: {p / full:.4f}"></span></button></li>'
        )
    return f'<div class="sslm-bars">{title}{scale}<ol>{"".join(items)}</ol></div>'


def _bars_title(model, found, language):
    before, half = found.typed.before.strip(), found.typed.half
    name = "completes" if half else "next_after"
    if model.has_replies_:
        name = "completes_message" if half else "next_in_reply"
    elif not before:
        name = "completes_at_start" if half else "next_at_start"
    title = phrase(language, name, text=_shortened(before), half=half)
    return f"<h2>{html.escape(title)}</h2>"


def sources(
    origins: list[Source] | None, language: str, *, heard: bool, replies: bool
) -> str:
    """A table of the words of a reply and their sources.

    Parameters
    ----------
    origins : list of Source, or None
        An empty list is the fallback; None is no reply yet.
    language : str
    heard : bool
        Whether words may come from what the visitor said.
    replies : bool
        Whether the model is one of messages and replies.

    Returns
    -------
    str
    """
    if not origins:
        name = "why_nothing" if origins is None else "why_fallback"
        return note(phrase(language, name))
    names = "why_word", "why_from", "why_p"
    titles = "".join(
        f"<th>{html.escape(phrase(language, name))}</th>" for name in names
    )
    rows = (
        f"<tr><td>{_word(source.word, language)}</td>"
        f"<td>{html.escape(_came_from(source, language, heard, replies))}</td>"
        f"<td>{percentage(source.p, language)}</td></tr>"
        for source in origins
    )
    return (
        f'<table class="sslm-why"><thead><tr>{titles}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _came_from(source, language, heard, replies):
    if source.before is None:
        return phrase(language, "from_you" if heard else "from_nowhere")
    message, before = " ".join(source.message), " ".join(source.before)
    if message and not before:
        return phrase(language, "from_message", text=_shortened(message))
    if before:
        return phrase(language, "from_after", text=_shortened(before))
    if source.is_first:
        return phrase(language, "from_reply" if replies else "from_start")
    return phrase(language, "from_anywhere")


def _word(word, language):
    return html.escape(word or phrase(language, "end"))


def _shortened(text):
    """The end of a text, which holds the context.

    >>> _shortened("x" * 50)
    '…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
    """
    return text if len(text) <= 40 else "…" + text[-39:]
