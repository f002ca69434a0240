"""Records: JSON lines, CSV with a header line, and pairs separated by a tab."""

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
_MAX_FIELD = (
    2**31 - 1
)  # characters; Python's default, 131,072, is too few for long texts


def read_records(
    paths: list[str], encoding: str, fields: list[str]
) -> Iterator[tuple[str, ...]]:
    """Some fields of the records of all files; a record with a blank first one is omitted.

    If there is no record, the error is raised by this call, not by the iterator.
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
    """Some fields of the records of one file, as texts.

    The ending of its name, before that of a compressed file, says whether it is JSON lines
    or CSV. With other endings it is JSON lines if its first character is one of JSON.

    Parameters
    ----------
    lines : iterable of str
        Lines without line ends.
    path : str
        The path of the file.
    fields : list of str
        Names of the fields.

    Yields
    ------
    tuple of str
        The fields of a record.

    Raises
    ------
    UserError
        If a line is no record, or lacks a field. The message names the line.
    """
    stem, name = _unpacked(path), name_of(path)
    numbered = enumerate(lines, start=1)
    first = next(((j, line) for j, line in numbered if line.strip()), (1, ""))
    is_json = first[1].lstrip().startswith(("{", "[")) or not first[1]
    all_lines = itertools.chain([first], numbered)
    if stem.endswith(_JSON) or (is_json and not stem.endswith(_CSV)):
        yield from _of_json(all_lines, name, fields)
    else:
        # Spreadsheets write semicolons in countries with a decimal comma.
        delimiter = "\t" if stem.endswith(".tsv") else max(",;\t", key=first[1].count)
        texts = (f"{line}\n" for _, line in all_lines)
        yield from _of_csv(texts, first[0], name, fields, delimiter)


def pairs_of(lines: Iterable[str], path: str) -> Iterator[tuple]:
    """Yield the messages and replies of lines with a tab between the two.

    Raises
    ------
    UserError
        If a line has no tab or several ones. The message names the line.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parts = line.split("\t")
        if len(parts) != 2:
            raise UserError(
                f"{name_of(path)}, line {number}: must be a message, a tab and the reply. "
                f"Got {len(parts) - 1} tabs."
            )
        yield tuple(parts)


def warn_of_records(paths: list[str]) -> None:
    """Warn of files that were read as plain text, though their names are those of records."""
    for path in paths:
        stem = _unpacked(path)
        if stem.endswith((*_JSON, *_CSV)):
            pairs = ", --pairs messages and replies" if stem.endswith(".tsv") else ""
            warn(f"{path} was read as plain text; --field NAME reads one field{pairs}")


def _unpacked(path):
    """The name of a file, in lower case and without the ending of a compressed file."""
    stem = path.lower()
    for ending in _PACKED:
        stem = stem.removesuffix(ending)
    return stem


def _of_csv(lines, number, name, fields, delimiter):
    """Yield some fields of CSV, whose header line is the line `number` of the file."""
    csv.field_size_limit(_MAX_FIELD)
    reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
    start = number
    try:
        columns = reader.fieldnames or []
        for field in fields:
            if field not in columns:
                raise UserError(
                    f"{name}: no column {field!r}. The columns are "
                    f"{', '.join(map(repr, columns))[:200] or 'none'}; the first line of "
                    "CSV names them. A line of JSON would be an object."
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
            "be closed, and double quotes in it must be doubled."
        ) from None


def _of_json(numbered, name, fields):
    """Yield some fields of JSON lines, given with their numbers."""
    for number, line in numbered:
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise UserError(
                f"{name}, line {number}: no JSON. With --field each line must be a JSON "
                "object, or the file must be CSV with a name that ends in .csv."
            ) from None
        if not isinstance(record, dict):
            raise UserError(
                f"{name}, line {number}: must be a JSON object. Got {line!r:.80}."
            )
        for field in fields:
            if field not in record:
                raise UserError(
                    f"{name}, line {number}: no field {field!r}. The fields are "
                    f"{', '.join(map(repr, record))[:200] or 'none'}."
                )
        yield tuple(_as_text(record[field], name, number, field) for field in fields)


def _as_text(value, name, number, field):
    """The value of a field as a text; numbers become texts."""
    if value is None:  # null in JSON; in CSV, a line that is too short
        raise UserError(f"{name}, line {number}: the field {field!r} has no value")
    if isinstance(value, str):
        return _without_surrogates(value)
    if isinstance(value, bool | int | float):
        return str(value)
    raise UserError(
        f"{name}, line {number}: the field {field!r} must be a text. Got {value!r:.80}."
    )


def _without_surrogates(text):
    r"""A text with U+FFFD in place of each unpaired surrogate, which JSON allows.

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
    r"""A line of columns separated by tabs; tabs and line ends in them become blanks.

    >>> as_tsv(1.5, "a\tb")
    '1.5\ta b'
    """
    return "\t".join(
        " ".join(str(column).splitlines()).replace("\t", " ") for column in columns
    )


def as_json(record: dict) -> str:
    """A record in one line of JSON; infinite numbers and nan, which JSON lacks, are null.

    >>> as_json({"text": "é", "log_proba": float("-inf")})
    '{"text": "é", "log_proba": null}'
    """
    buffer = io.StringIO()
    plain = {name: _finite(value) for name, value in record.items()}
    json.dump(plain, buffer, ensure_ascii=False, allow_nan=False)
    return buffer.getvalue()


def _finite(value):
    """A value for JSON: a Python number, None if it is not finite."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, float) and not -1e308 < value < 1e308:
        return None
    return value
