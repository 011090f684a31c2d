"""Answers as the protocol carries them, and results as JSON."""
import json
import sys
import time
from collections import namedtuple

from . import deadline, failure, log

# status: ok | invalid | error | timeout; value: what the call returned; error: an exception for the log; lacks: the method that is not there.
Outcome = namedtuple("Outcome", "status value reason error run_ms lacks")
Outcome.__new__.__defaults__ = (None,)


def attempt(request_id, call):
    """Run call() for one request (None: for several at once) and say how it went. Its output is logged under the id."""
    log.belongs_to(request_id)
    started = time.perf_counter()
    value, error, late = deadline.run(call)
    run_ms = round((time.perf_counter() - started) * 1000, 3)
    log.belongs_to(None)
    if late:
        return Outcome("timeout", None, None, error, run_ms)
    if isinstance(error, failure.Invalid):
        return Outcome("invalid", None, failure.one_line(error), None, run_ms, getattr(error, "method", None))
    if error is not None:
        return Outcome("error", None, None, error, run_ms)
    return Outcome("ok", value, None, None, run_ms)


def answer(request_id, outcome):
    """(item of the answers head, its body) of an outcome whose value is a Reply, or the bytes of JSON. An error is logged, never
    answered."""
    value = outcome.value if outcome.status == "ok" else b""
    body = getattr(value, "body", value)
    item = {"id": request_id, "status": outcome.status, "size": len(body)}
    if outcome.status == "ok":
        item["contentType"] = getattr(value, "content_type", "application/json")
        if getattr(value, "status", None) is not None:
            item.update(httpStatus=value.status, headers=value.headers)
    item["runMs"] = outcome.run_ms
    if outcome.reason:
        item["reason"] = outcome.reason
    if outcome.lacks:
        item["lacks"] = outcome.lacks
    if outcome.error is not None:
        log.belongs_to(request_id)
        sys.stderr.write(failure.tail(outcome.error))
        log.belongs_to(None)
    return item, body


def ok_answer(request_id, body, run_ms):
    """(item, body) of an answer that is JSON bytes."""
    item = {"id": request_id, "status": "ok", "size": len(body), "contentType": "application/json", "runMs": run_ms}
    return item, body


def to_json(value):
    """The JSON bytes of a result; arrays become lists. NaN and infinities become null: JSON has no other word for them,
    and a bare NaN, as Python writes it, makes the whole answer unreadable for most clients.
    TypeError or ValueError when the value has no JSON."""
    try:
        text = _encode(value)
    except ValueError:
        text = _encode(_finite(json.loads(json.dumps(value, default=_plain))))
    return text.encode("utf-8")


def to_texts(values):
    """The JSON text of each value, as `to_json` writes it. One list is written for all: its separator is a line feed, which no JSON
    text has inside, so that there are as many lines as values where none is a list or an object of several."""
    try:
        lines = _encode_lines(values)[1:-1].split("\n")
    except ValueError:
        lines = []
    if len(lines) == len(values):
        return lines
    return [to_json(value).decode("utf-8") for value in values]


def _plain(value):
    """numpy's arrays and scalars, and pandas' series, as Python's own."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError("%s is not JSON serializable" % type(value).__name__)


# Made once: json.dumps would make a new encoder for every answer, which takes longer than a row of a linear model.
_encode = json.JSONEncoder(default=_plain, allow_nan=False, separators=(",", ":")).encode
_encode_lines = json.JSONEncoder(default=_plain, allow_nan=False, separators=("\n", ":")).encode


def _finite(value):
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value
