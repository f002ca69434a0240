"""Parameter checks, progress bars, durable files and optional packages."""

from ._durable import NotUndoneError, append, create, cut, replacing
from ._extras import import_extra
from ._progress import SILENT, Progress, no_progress
from ._validation import (
    DOC_LINK,
    HasMethods,
    Interval,
    StrOptions,
    as_generator,
    check_count,
    check_min_count,
    check_parameters,
)

__all__ = [
    "DOC_LINK",
    "SILENT",
    "HasMethods",
    "Interval",
    "NotUndoneError",
    "Progress",
    "StrOptions",
    "append",
    "as_generator",
    "check_count",
    "check_min_count",
    "check_parameters",
    "create",
    "cut",
    "import_extra",
    "no_progress",
    "replacing",
]
