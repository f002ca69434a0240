"""Parameter checks, progress, parallel work, durable files, extras, users' errors."""

from ._documentation import DOC_LINK
from ._durable import NotUndoneError, append, create, cut, replacing
from ._extras import import_extra
from ._frames import as_frame_of
from ._packing import damages, packing_of, unpacked, zstd
from ._parallel import in_parallel
from ._platform import possible_jobs
from ._progress import SILENT, Progress, no_progress
from ._user_errors import UserError, as_user_error, message_of
from ._validation import (
    MAX_INT,
    HasMethods,
    Interval,
    StrOptions,
    as_generator,
    check_count,
    check_flag,
    check_min_count,
    check_parameters,
    int_from,
)

__all__ = [
    "DOC_LINK",
    "MAX_INT",
    "SILENT",
    "HasMethods",
    "Interval",
    "NotUndoneError",
    "Progress",
    "StrOptions",
    "UserError",
    "append",
    "as_frame_of",
    "as_generator",
    "as_user_error",
    "check_count",
    "check_flag",
    "check_min_count",
    "check_parameters",
    "create",
    "cut",
    "damages",
    "import_extra",
    "in_parallel",
    "int_from",
    "message_of",
    "no_progress",
    "packing_of",
    "possible_jobs",
    "replacing",
    "unpacked",
    "zstd",
]
