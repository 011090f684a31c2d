"""What a model is asked before its compiled form may answer in its place: its sample, made-up rows, and odd values one by one."""
import array
import json
import sys

from .reasons import NotCompiled

ROWS = 1024
_ITEM_ROWS = 64
_MOST_WORDS = 100  # columns of a wide matrix that are asked for a word
_STRANGE_WORD = "a word that no model knows"
_HUGE = 1e39  # a finite float64 that no float32 can hold
HUGE_ID = "huge-"  # what is asked with it must be refused where the model refuses it; no more is asked of an answer


def item_of(request_id, method, rows):
    """(head, body) of a score item as the host makes it: numbers as float64, anything else as JSON text."""
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for row in rows for value in row):
        values = array.array("d", [float(value) for row in rows for value in row])
        if sys.byteorder == "big":
            values.byteswap()
        body = values.tobytes()
        return {"id": request_id, "kind": "rows", "method": method, "shape": [len(rows), len(rows[0])], "size": len(body)}, body
    body = ("[%s]" % ",".join("[%s]" % ",".join(_json(value) for value in row) for row in rows)).encode("utf-8")
    return {"id": request_id, "kind": "json", "method": method, "size": len(body)}, body


def _json(value):
    """JSON has no word for NaN and infinities: null, and numbers that overflow to them."""
    if isinstance(value, float) and value - value != 0:
        return "null" if value != value else "1e999" if value > 0 else "-1e999"
    return json.dumps(value)


def taken_input(known, answers):
    """What the model takes beside plain values, found by asking: CompiledInput of src/contract/image.ts."""
    base = known.plain_row()

    def takes(place, value):
        row = list(base)
        row[place] = value
        return answers.ask("predict", [row], HUGE_ID if value == _HUGE else "odd-")[0]["status"] == "ok"

    if not known.is_table:
        return {"kind": "matrix", **_matrix_flags(known.columns, takes)}
    return {"kind": "table", "columns": [_column_flags(column, place, takes) for place, column in enumerate(known.columns)]}


def _matrix_flags(columns, takes):
    width = len(columns)
    for place in range(0, width, max(1, width // _MOST_WORDS)):
        _refuse_words(columns[place], place, takes)
    places = sorted({0, width // 2, width - 1})
    missing = {takes(place, float("nan")) for place in places}
    if len(missing) > 1:
        raise NotCompiled("it takes missing values in some columns only")
    takes(0, -float("inf"))
    takes(0, _HUGE)
    return {"missing": missing.pop(), "infinite": takes(0, float("inf")), "mixed": takes(0, "1")}


def _refuse_words(column, place, takes):
    """A column of which nothing is known may hold text: numbers made up for it would compare what nobody sends."""
    if column.guessed and takes(place, _STRANGE_WORD):
        raise NotCompiled("column %s takes text, and nothing says which: a sample request would" % column.name)


def _any_flags(column, place, takes):
    # a model that refuses the plain row too has another column that wants text, and says nothing of this one
    if takes(place, 0.0) and not all(takes(place, value) for value in (_STRANGE_WORD, 5, None, True)):
        raise NotCompiled("column %s is used by no part of it, and yet it does not take every value there" % column.name)
    return {"name": column.name, "type": "any", "missing": True, "infinite": True, "mixed": True, "only": None}


def _column_flags(column, place, takes):
    if column.kind == "any":
        return _any_flags(column, place, takes)
    flags = {"name": column.name, "type": column.kind, "missing": takes(place, None), "infinite": False, "mixed": False, "only": None}
    if column.kind == "number":
        _refuse_words(column, place, takes)
        takes(place, _HUGE)
        flags.update(infinite=takes(place, float("inf")), mixed=takes(place, "1"))
    else:
        flags.update(mixed=takes(place, 5))
    if column.categories:
        strange = _STRANGE_WORD if column.kind == "text" else max(column.categories) + 1
        if not takes(place, strange):
            flags["only"] = column.categories
    return flags


def rows_of(known, sample, taken, seed):
    """The sample and made-up rows over the ranges of all columns; with gaps, where the model takes them."""
    made = known.made_up_rows(ROWS, seed)
    if taken["kind"] == "matrix":
        gaps = [place for place in range(known.width) if taken["missing"]]
    else:
        gaps = [place for place, column in enumerate(taken["columns"]) if column["missing"]]
    empty = None if known.is_table else float("nan")
    for number, row in enumerate(made[: ROWS // 8] if gaps else []):
        for place in gaps:
            if (number * 7919 + place * 104729) % 11 == 0:
                row[place] = empty
    return [list(row) for row in sample if len(row) == known.width] + made


def ask_all(rows, known, answers):
    """Asks for every row. NotCompiled when the model itself refuses them: then nothing can be compared."""
    methods = ["predict", "predict_proba"]
    for method in methods:
        for start in range(0, len(rows), _ITEM_ROWS):
            head, _ = answers.ask(method, rows[start:start + _ITEM_ROWS])
            if head["status"] == "ok":
                continue
            if method == "predict_proba" and start == 0:
                break  # it has none: nor may its compiled form
            reason = head.get("reason") or "it raised an error"
            raise NotCompiled("it refuses rows that were made up for the comparison: %s" % reason)
