"""The columns of an uploaded file, found from its beginning and its end."""

from __future__ import annotations

import csv
import json
import re
from itertools import islice

__all__ = ["columns_of"]

_ROWS = 100
# The footer of a Parquet file that pandas wrote has the columns as JSON, which begins with this.
_PANDAS = b'{"index_columns"'
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[nN]a[nN]", re.ASCII)
_PANDAS_TYPES = {"bool": "bool", "datetime": "timestamp", "datetimetz": "timestamp"}


def columns_of(name: str, beginning: bytes, end: bytes) -> list[dict[str, str]]:
    """Return name and data type of each column.

    The types in a CSV file are guessed from its first rows. A Parquet file must have
    been written by pandas, which writes the types into it.

    Args:
        name: The file's name, for the error.
        beginning: Its first bytes.
        end: Its last bytes.

    Raises:
        ValueError: If no columns are found.
    """
    columns = _in_parquet(end) if beginning.startswith(b"PAR1") else _in_csv(beginning)
    if not columns:
        raise ValueError(f"No columns are to be found in {name!r}.")
    return [{"name": column, "data_type": data_type} for column, data_type in columns]


def _in_parquet(end: bytes) -> list[tuple[str, str]]:
    text = end[max(0, end.rfind(_PANDAS)) :].decode("utf-8", "replace")
    try:
        document, _ = json.JSONDecoder().raw_decode(text)
        columns = [(str(column["name"]), str(column["pandas_type"])) for column in document["columns"]]
    except (ValueError, RecursionError, TypeError, KeyError):
        return []
    return [(name, _type_of_pandas(kind)) for name, kind in columns]


def _type_of_pandas(name: str) -> str:
    if name.startswith(("int", "uint")):
        return "int"
    return "float" if name.startswith(("float", "decimal")) else _PANDAS_TYPES.get(name, "str")


def _in_csv(beginning: bytes) -> list[tuple[str, str]]:
    # The last line may be cut off.
    lines = beginning.decode("utf-8-sig", "replace").splitlines()[: _ROWS + 1]
    try:
        names, *rows = list(islice(csv.reader(lines), _ROWS + 1))
    except (csv.Error, ValueError):
        return []
    whole = [row for row in rows if len(row) == len(names)]
    return [(name, _type_of([row[i] for row in whole if row[i]])) for i, name in enumerate(names)]


def _type_of(values: list[str]) -> str:
    if not values:
        return "str"
    if all(_INTEGER.fullmatch(value) for value in values):
        return "int"
    return "float" if all(_NUMBER.fullmatch(value) for value in values) else "str"
