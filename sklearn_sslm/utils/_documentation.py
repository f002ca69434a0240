"""The site of this documentation, which displays of estimators link to."""

from __future__ import annotations

import functools
from importlib import metadata
from typing import Any


@functools.cache
def page_template() -> str:
    """The address of an estimator's page, with its names to be filled in.

    It follows from ``Documentation`` among the ``project.urls`` of the package that is
    installed; "" if that names no site, or is not installed.
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
"""What is ``_doc_link_template``, for scikit-learn, in an estimator."""
