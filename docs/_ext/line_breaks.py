"""Where long names may be broken: in titles, types, and links beside and below a page."""

import re

_NAMES = re.compile(r'<h1>.*?</h1>|<span class="classifier">.*?</span>', re.DOTALL)
_PARTS = re.compile(r"<[^>]*>|[^<]+")
_PLACES = re.compile(r"(?<=[._])(?=\w)|(?<=[a-z])(?=[A-Z])")


def breakable(html):
    """Let names be broken after dots and underscores, and before capital letters.

    >>> breakable('<a href="to_here">read_arpa</a>')
    '<a href="to_here">read_<wbr>arpa</a>'
    >>> breakable("NGramTextGenerator")
    'NGram<wbr>Text<wbr>Generator'
    """
    return _PARTS.sub(
        lambda part: part[0] if part[0][0] == "<" else _PLACES.sub("<wbr>", part[0]),
        html,
    )


def mark(_app, _page, _template, context, _doctree):
    """Mark these places in a page."""
    if "body" in context:
        context["body"] = _NAMES.sub(lambda name: breakable(name[0]), context["body"])
    if "toc" in context:
        context["toc"] = breakable(context["toc"])
    for name in ("prev", "next"):
        if context.get(name):
            title = breakable(context[name]["title"])
            context[name] = {**context[name], "title": title}


def setup(app):
    """Connect it."""
    app.connect("html-page-context", mark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
