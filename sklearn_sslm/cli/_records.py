"""Texts in fields: JSON lines, CSV with a header line, pairs with a tab between them."""

import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator

from ..utils import UserError
from ._files import name_of, no_text, read_lines
from ._output import warn

_JSON = (".jsonl", ".ndjson", ".json")
_CSV = (".csv", ".tsv")
_PACKED = (".gz", ".bz2", ".xz", ".zst")
_MAX_FIELD = 2**31 - 1  # characters; Python's 131,072 are fewer than a long text has


def read_records(
    paths: list[str], encoding: str, fields: list[str]
) -> Iterator[tuple[str, ...]]:
    """The fields of the records of all files, but of those whose first field is blank.

    If there is none, the error is raised before the first record is asked for.
    """
    records = (
        record
        for path in paths
        for record in fields_of(read_lines(path, encoding=encoding), path, fields)
        if record[0].strip()
    )
    first = next(records, None)
    if first is None:
        raise no_text(paths)
    return itertools.chain([first], records)


def fields_of(
    lines: Iterable[str], path: str, fields: list[str]
) -> Iterator[tuple[str, ...]]:
    """The fields of the records of one file, as texts.

    It is JSON lines or CSV, as its name says, with any packing after that. With another
    name it is JSON lines if it begins as JSON does.

    Parameters
    ----------
    lines : iterable of str
        Without their ends.
    path : str
        That of the file.
    fields : list of str
        Names of the fields.

    Raises
    ------
    UserError
        If a line is no record, or lacks a field; it is named.
    """
    stem, name = _unpacked(path), name_of(path)
    numbered = enumerate(lines, start=1)
    first = next(((j, line) for j, line in numbered if line.strip()), (1, ""))
    is_json = first[1].lstrip().startswith(("{", "[")) or not first[1]
    all_lines = itertools.chain([first], numbered)
    if stem.endswith(_JSON) or (is_json and not stem.endswith(_CSV)):
        yield from _of_json(all_lines, name, fields)
    else:
        # Spreadsheets write a semicolon where a comma is the decimal sign.
        delimiter = "\t" if stem.endswith(".tsv") else max(",;\t", key=first[1].count)
        texts = (f"{line}\n" for _, line in all_lines)
        yield from _of_csv(texts, first[0], name, fields, delimiter)


def pairs_of(lines: Iterable[str], path: str) -> Iterator[tuple]:
    """Messages and replies of lines with a tab between them.

    Raises
    ------
    UserError
        If a line has not one tab; it is named.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parts = line.split("\t")
        if len(parts) != 2:
            raise UserError(
                f"{name_of(path)}, line {number}: a message, a tab and the reply to it must be "
                f"there. Got {len(parts) - 1} tabs."
            )
        yield tuple(parts)


def warn_of_records(paths: list[str]) -> None:
    """Say which of the files that were read as plain text are records."""
    for path in paths:
        if hint := _hint_about(path):
            warn(hint)


def _hint_about(path):
    stem = _unpacked(path)
    if not stem.endswith((*_JSON, *_CSV)):
        return ""
    pairs = ", --pairs messages and replies" if stem.endswith(".tsv") else ""
    return f"{path} was read as plain text; --field NAME takes one field{pairs}"


def _unpacked(path):
    """The name of a file, in lower case and without the ending of its packing."""
    stem = path.lower()
    for ending in _PACKED:
        stem = stem.removesuffix(ending)
    return stem


def _of_csv(lines, number, name, fields, delimiter):
    """Records of CSV, the first line of which has a number."""
    csv.field_size_limit(_MAX_FIELD)
    reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
    start = number
    try:
        columns = reader.fieldnames or []
        for field in fields:
            if field not in columns:
                raise UserError(
                    f"{name}: no column {field!r}. There are "
                    f"{', '.join(map(repr, columns))[:200] or 'none'}; the first line of "
                    "CSV names the columns, and a line of JSON is an object."
                )
        while True:
            start = number + reader.line_num
            record = next(reader, None)
            if record is None:
                return
            if reader.restkey in record:
                raise UserError(
                    f"{name}, line {start}: more fields than the header line names. A "
                    f"field with {delimiter!r} in it must be in double quotes."
                )
            yield tuple(_as_text(record[field], name, start, field) for field in fields)
    except csv.Error as error:
        raise UserError(
            f"{name}, line {start}: no CSV ({error}). Double quotes around a field must "
            "be closed, and doubled within it."
        ) from None


def _of_json(numbered, name, fields):
    for number, line in numbered:
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise UserError(
                f"{name}, line {number}: no JSON. With --field each line must be an "
                "object, or the file be CSV."
            ) from None
        if not isinstance(record, dict):
            raise UserError(f"{name}, line {number}: must be a JSON object")
        yield tuple(_as_text(record.get(f), name, number, f) for f in fields)


def _as_text(value, name, number, field):
    if value is None:
        raise UserError(f"{name}, line {number}: no field {field!r}")
    if isinstance(value, str):
        return _without_surrogates(value)
    if isinstance(value, bool | int | float):
        return str(value)
    raise UserError(f"{name}, line {number}: the field {field!r} must be a text")


def _without_surrogates(text):
    r"""A text with U+FFFD for each half of a character, which JSON can spell.

    >>> _without_surrogates("oi \ud83d")
    'oi �'
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        halves = text.encode("utf-16-le", "surrogatepass")
        return halves.decode("utf-16-le", "replace")
    return text


def as_tsv(*columns: object) -> str:
    r"""Columns with tabs between them; tabs and line ends within are blanks.

    >>> as_tsv(1.5, "a\tb")
    '1.5\ta b'
    """
    return "\t".join(
        " ".join(str(column).splitlines()).replace("\t", " ") for column in columns
    )


def as_json(record: dict) -> str:
    """A record in one line; what is not finite is null, as JSON has no word for it.

    >>> as_json({"text": "é", "log_proba": float("-inf")})
    '{"text": "é", "log_proba": null}'
    """
    buffer = io.StringIO()
    plain = {name: _finite(value) for name, value in record.items()}
    json.dump(plain, buffer, ensure_ascii=False, allow_nan=False)
    return buffer.getvalue()


def _finite(value):
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, float) and not -1e308 < value < 1e308:
        return None
    return value
