"""Links from the displays of estimators to the documentation."""

from __future__ import annotations

import functools
from importlib import metadata
from typing import Any


@functools.cache
def page_template() -> str:
    """The URL of an estimator's page, with fields for its names.

    Its site is ``Documentation`` in the ``project.urls`` of the installed package; "" if
    there is no such URL, or the package is not installed.
    """
    try:
        urls = metadata.metadata("sklearn-sslm").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    for label, _, address in (url.partition(",") for url in urls):
        if label.strip().lower() == "documentation":
            site = address.strip().rstrip("/")
            return f"{site}/api/{{estimator_module}}.{{estimator_name}}.html"
    return ""


def _page_template_of(_: Any) -> str:
    return page_template()


DOC_LINK: Any = property(_page_template_of)
"""The property ``_doc_link_template`` of estimators, which scikit-learn reads."""
