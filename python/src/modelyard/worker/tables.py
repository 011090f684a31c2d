"""Data of a script as a table of plain values: lists, numpy's arrays, frames of pandas and of Spark."""
import json

from .answers import to_json


def table_of(data):
    """(names of the columns or None, list of rows, each a list of cells) of tabular data; TypeError for anything else.
    A list or an array of one dimension is one row."""
    if hasattr(data, "toPandas"):
        data = data.toPandas()
    if hasattr(data, "iloc") and hasattr(data, "columns"):
        # As objects: else the values of a whole frame have one type, which makes floats of integers and numbers of times.
        return [str(name) for name in data.columns], data.astype(object).values.tolist()
    if hasattr(data, "tolist"):
        data = data.tolist()
    if not isinstance(data, (list, tuple)):
        raise TypeError("input data must be a list, a numpy array, a pandas or a Spark data frame, not " + type(data).__name__)
    return None, [list(row) for row in data] if is_rows(data) else [list(data)]


def is_rows(data):
    """Whether a list is one of rows; else it is a row."""
    return len(data) > 0 and all(isinstance(row, (list, tuple)) or getattr(row, "ndim", 0) > 0 for row in data)


def rows_to_json(columns, rows):
    """`{"columns":[…],"rows":[[…]]}` as bytes. Missing values are null; infinities are ±1e999, which JSON has and every
    parser reads as infinite; times are ISO 8601; what is no single value is its JSON, or its text."""
    head = b'{"columns":' + to_json(columns) + b',"rows":'
    try:
        body = _encode(rows)
    except (TypeError, ValueError):
        body = "[" + ",".join("[" + ",".join(_cell(value) for value in row) + "]" for row in rows) + "]"
    return head + body.encode("utf-8", "backslashreplace") + b"}"


def _only_plain(value):
    raise TypeError("not plain")


# Quick, for rows of numbers and text; anything else is written cell by cell.
_encode = json.JSONEncoder(default=_only_plain, allow_nan=False, separators=(",", ":")).encode


def _cell(value):
    if hasattr(value, "tolist"):  # numpy
        value = value.tolist()
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return "null"
    if isinstance(value, float):
        if value - value == 0:
            return float.__repr__(value)
        return "null" if value != value else "1e999" if value > 0 else "-1e999"
    if isinstance(value, (bool, int, str)):
        return _encode(value)
    if hasattr(value, "isoformat"):
        return _encode(value.isoformat())
    if isinstance(value, (list, tuple, dict)):
        try:
            return _encode(to_json(value).decode("utf-8"))
        except (TypeError, ValueError):
            pass
    return _encode(str(value))
