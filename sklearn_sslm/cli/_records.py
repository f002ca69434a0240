"""Texts in fields: JSON lines, CSV with a header line, pairs with a tab between them."""

import csv
import io
import json
from collections.abc import Iterator

from ..utils import UserError

_CSV = (".csv", ".tsv")


def fields_of(lines: Iterator[str], name: str, fields: list[str]) -> Iterator[tuple]:
    """The fields of the records of one file, as texts.

    It is CSV if its name says so, with any packing after it, or else JSON lines.

    Parameters
    ----------
    lines : iterator of str
        Without their ends.
    name : str
        Of the file.
    fields : list of str
        Names of the fields.

    Raises
    ------
    UserError
        If a line is no record, or lacks a field; it is named.
    """
    stem = name.removesuffix(".gz").removesuffix(".bz2").removesuffix(".xz")
    stem = stem.removesuffix(".zst").lower()
    if stem.endswith(_CSV):
        return _of_csv(lines, name, fields, "\t" if stem.endswith(".tsv") else ",")
    return _of_json(lines, name, fields)


def pairs_of(lines: Iterator[str], name: str) -> Iterator[tuple]:
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
                f"{name}, line {number}: a message, a tab and the reply to it must be "
                f"there. Got {len(parts) - 1} tabs."
            )
        yield tuple(parts)


def hint_about(name: str) -> str:
    """What is said where a file of records is learned as plain text; "" if it is none."""
    if name.lower().endswith((".jsonl", ".ndjson", ".json", *_CSV)):
        return (
            f"{name} was learned as plain text, line by line, with all that is between "
            "the texts; --field NAME learns one field of its records"
        )
    return ""


def _of_csv(lines, name, fields, delimiter):
    reader = csv.DictReader((f"{line}\n" for line in lines), delimiter=delimiter)
    try:
        for name_of_field in fields:
            if name_of_field not in (reader.fieldnames or []):
                raise UserError(
                    f"{name}: no column {name_of_field!r}. There are "
                    f"{', '.join(map(repr, reader.fieldnames or []))[:200] or 'none'}."
                )
        for record in reader:
            yield tuple(
                _as_text(record[field], name, reader.line_num, field)
                for field in fields
            )
    except csv.Error as error:
        raise UserError(f"{name}, line {reader.line_num}: {error}") from None


def _of_json(lines, name, fields):
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise UserError(
                f"{name}, line {number}: no JSON. With --field each line must be an "
                "object, or the name of the file end in .csv."
            ) from None
        if not isinstance(record, dict):
            raise UserError(f"{name}, line {number}: must be a JSON object")
        yield tuple(_as_text(record.get(f), name, number, f) for f in fields)


def _as_text(value, name, number, field):
    if value is None:
        raise UserError(f"{name}, line {number}: no field {field!r}")
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    raise UserError(f"{name}, line {number}: the field {field!r} must be a text")


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
