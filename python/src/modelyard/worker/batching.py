"""A model without an entry script: requests that wait together are answered by one call of the model."""
from . import frames, rows
from .answers import answer, attempt, ok_answer, to_json, to_texts
from .failure import Invalid, Lacking, describe, one_line


# What says that rows do not fit: besides Python's own errors those of libraries that derive from neither.
_MISFIT = ("CatBoostError", "LightGBMError")


def answer_items(model, items, parts):
    """One (item, body) for every item of a score frame, in its order."""
    answers = [None] * len(items)
    for group in groups(items):
        found = _answer_group(model, [items[index] for index in group], [parts[index] for index in group])
        for index, one in zip(group, found):
            answers[index] = one
    return answers


def answer_table(model, head, body):
    """(head, bodies) of the frame that answers a `table` frame: what one call gave for all of it, or how it went with each request."""
    ids, counts, method, columns = head["ids"], head["rows"], head["method"], head["columns"]

    def predict():
        return _predict_table(model, method, rows.from_body(body, sum(counts), columns), counts)
    outcome = attempt(ids[0] if len(ids) == 1 else None, predict)
    if outcome.status == "ok":
        texts = outcome.value
        sizes = [len(text) for text in texts]
        return {"type": "predictions", "runMs": outcome.run_ms, "sizes": sizes}, ["".join(texts).encode("ascii")]
    if len(ids) == 1 or outcome.status == "timeout":
        answers = [answer(request_id, outcome) for request_id in ids]
    else:  # one bad request must not fail the others
        items = [{"id": request_id, "kind": "rows", "size": count * columns * 8, "method": method, "shape": [count, columns]}
                 for request_id, count in zip(ids, counts)]
        answers = [_answer_one(model, item, part) for item, part in zip(items, frames.cut(items, body))]
    return {"type": "answers", "items": [item for item, _ in answers]}, [body for _, body in answers]


def groups(items):
    """Lists of the indices that one call can answer: rows of the same method, parameters and width; everything else stays alone.
    No rows at all stay alone too: many models refuse them, and that must not depend on who waits beside them."""
    together, found = {}, []
    for index, item in enumerate(items):
        if item["kind"] != "rows" or not item["shape"][0]:
            found.append([index])
            continue
        key = (item["method"], item.get("params"), item["shape"][1])
        if key not in together:
            together[key] = []
            found.append(together[key])
        together[key].append(index)
    return found


def _answer_group(model, items, parts):
    if len(items) > 1:
        outcome = attempt(None, lambda: _predict_stacked(model, items, parts))
        if outcome.status == "ok":
            return [ok_answer(item["id"], text.encode("ascii"), outcome.run_ms) for item, text in zip(items, outcome.value)]
        if outcome.status == "timeout":
            return [answer(item["id"], outcome) for item in items]
    # One by one, also when the stacked call failed: one bad item must not fail the others.
    return [_answer_one(model, item, part) for item, part in zip(items, parts)]


def _answer_one(model, item, part):
    return answer(item["id"], attempt(item["id"], lambda: _predict_one(model, item, part)))


def _predict_stacked(model, items, parts):
    counts = [item["shape"][0] for item in items]
    table = rows.from_body(bytearray().join(parts), sum(counts), items[0]["shape"][1])
    return _predict_table(model, items[0]["method"], table, counts, items[0].get("params"))


def _predict_table(model, method, table, counts, params=None):
    """The JSON texts of the answers, ASCII: one for each request, which has `counts` rows of the table."""
    texts = to_texts(rows.per_row(_call(model, method, table, params), len(table), method))
    if len(texts) == len(counts):
        return ["[" + text + "]" for text in texts]
    answers, start = [], 0
    for count in counts:
        answers.append("[" + ",".join(texts[start:start + count]) + "]")
        start += count
    return answers


def _predict_one(model, item, part):
    if item["kind"] == "rows":
        count, columns = item["shape"]
        table = rows.from_body(bytearray(part), count, columns)
    elif item["kind"] == "json":
        table = rows.from_json(part)
        count = len(table)
    else:
        raise RuntimeError("a model without an entry script cannot answer an item of kind " + item["kind"])
    return to_json(rows.per_row(_call(model, item["method"], table, item.get("params")), count, item["method"]))


def _call(model, method, table, params):
    if not hasattr(model, method):
        raise Lacking(method)
    more = () if params is None else (rows.parameters(params),)
    try:
        return getattr(model, method)(table, *more)
    except Exception as error:
        if isinstance(error, (ValueError, TypeError)) or type(error).__name__ in _MISFIT:
            raise Invalid(one_line(error) or describe(error))
        raise
