"""Writes protocol/worker/*.json, the golden transcripts: `python python/tests/write_transcripts.py`.

Each is an array of steps:
  {"from", "head", "bodyText" or "bodyBase64", "frameHex"}   one frame, byte for byte
  {"from": "host", "signal": "SIGUSR1", "after": line}       sent once the worker has written this line to stdout
  {"from": "worker", "exit": code}                           the process ends
Paths in them are relative to protocol/worker, where the worker is started.
"""
import base64
import hashlib
import json
import os
import struct
import sys

TESTS = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(TESTS, "..", "..", "protocol", "worker")
sys.path.insert(0, os.path.join(TESTS, "..", "src"))

from modelyard.worker import frames  # noqa: E402


def files_in(folder, *names):
    """Files of a fixture folder with their digests, as a start frame has them."""
    found = []
    for name in names:
        with open(os.path.join(FOLDER, folder, name), "rb") as file:
            found.append({"path": name, "digest": hashlib.sha256(file.read()).hexdigest()})
    return found


SUMS = {"name": "sums", "version": 1, "path": "fixtures/azureml-models/sums/1"}
SUMS["files"] = files_in(SUMS["path"], "sums.pkl", "sums_model.py")
SCRIPTS = {
    "fixtures/source": files_in("fixtures/source", "helper.py", "score.py"),
    "fixtures/bad-source": files_in("fixtures/bad-source", "score.py"),
    "fixtures/stream-source": files_in("fixtures/stream-source", "score.py"),
    "fixtures/batch-source": files_in("fixtures/batch-source", "score.py"),
    "fixtures/raw-source": files_in("fixtures/raw-source", "score.py"),
    "fixtures/collect-source": files_in("fixtures/collect-source", "score.py"),
}
TEXT = {"wantsHeaders": False, "takes": "text", "batch": False}
TRACEBACK = "Traceback (most recent call last):\n  …\n"


def frame(sender, head, body=b""):
    step = {"from": sender, "head": head}
    try:
        step["bodyText"] = body.decode("ascii")
        if not step["bodyText"].isprintable():
            raise ValueError("not for reading")
    except ValueError:
        step.pop("bodyText", None)
        step["bodyBase64"] = base64.b64encode(body).decode("ascii")
    step["frameHex"] = frames.encode(head, [body]).hex()
    return step


def start(script, model=SUMS):
    head = {"type": "start", "service": "sums", "revision": 3, "models": [model], "script": None, "timeoutMs": 60000}
    if script:
        head["script"] = {"folder": script, "entry": "score.py", "files": SCRIPTS[script]}
    return frame("host", head)


def ready(script):
    head = {"type": "ready", "python": "3.11.7", "script": script}
    return frame("worker", head if script else dict(head, tables=True))


def rows(request_id, values, columns):
    body = struct.pack("<%dd" % len(values), *values)
    shape = [len(values) // columns, columns]
    return {"id": request_id, "kind": "rows", "size": len(body), "method": "predict", "shape": shape}, body


def asked_as_table(columns, *requests):
    """(request id, values) pairs, as one table."""
    head = {"type": "table", "method": "predict", "columns": columns, "ids": [one for one, _ in requests]}
    head["rows"] = [len(values) // columns for _, values in requests]
    return frame("host", head, b"".join(struct.pack("<%dd" % len(values), *values) for _, values in requests))


def predictions(*texts):
    head = {"type": "predictions", "runMs": 0.41, "sizes": [len(one) for one in texts]}
    return frame("worker", head, "".join(texts).encode("ascii"))


def text(request_id, body):
    return {"id": request_id, "kind": "text", "size": len(body.encode("utf-8"))}, body.encode("utf-8")


def score(*items):
    return frame("host", {"type": "score", "items": [item for item, _ in items]}, b"".join(body for _, body in items))


def ok(request_id, body):
    item = {"id": request_id, "status": "ok", "size": len(body), "contentType": "application/json", "runMs": 0.41}
    return item, body.encode("utf-8")


def passed(request_id, body, status, content_type, headers):
    item = {"id": request_id, "status": "ok", "size": len(body), "contentType": content_type, "httpStatus": status, "headers": headers}
    return dict(item, runMs=0.41), body


def begin(request_id, kind, **chosen):
    return frame("worker", dict({"type": "stream", "id": request_id, "kind": kind}, **chosen))


def chunk(request_id, kind, body):
    return frame("worker", {"type": "chunk", "id": request_id, "kind": kind, "size": len(body)}, body)


def ended(request_id):
    return {"id": request_id, "status": "ok", "size": 0, "contentType": "application/json", "runMs": 0.41}, b""


def raw(request_id, method, url, headers, body=b""):
    head = {"id": request_id, "kind": "http", "method": method, "url": url, "size": len(body), "headers": headers}
    return frame("host", {"type": "score", "items": [head]}, body)


def not_ok(request_id, status, reason=None, lacks=None):
    item = {"id": request_id, "status": status, "size": 0, "runMs": 0.41}
    if reason:
        item["reason"] = reason
    if lacks:
        item["lacks"] = lacks
    return item, b""


def answers(*items):
    return frame("worker", {"type": "answers", "items": [item for item, _ in items]}, b"".join(body for _, body in items))


def collected(*tables, **dropped):
    reasons = dict((name.replace("_", "-"), count) for name, count in dropped.items())
    head = {"type": "collected", "items": [item for item, _ in tables], "dropped": reasons}
    return frame("worker", head, b"".join(body for _, body in tables))


def table(request_id, model, version, collection, rows, text):
    item = {"id": request_id, "model": model, "version": version, "collection": collection, "correlation": None}
    return dict(item, at=1764000000000, rows=rows, size=len(text.encode("utf-8"))), text.encode("utf-8")


STOP = [frame("host", {"type": "stop"}), {"from": "worker", "exit": 0}]

TRANSCRIPTS = {
    "rows": [
        start(None), ready(None),
        score(rows("r-1", [1, 2, 3.5], 3), rows("r-2", [0.5, 0.25, 0, -1, -2, -3], 3)),
        answers(ok("r-1", "[6.5]"), ok("r-2", "[0.75,-6.0]")),
        score(rows("r-3", [1, 2, 3], 3), rows("r-4", [1, 2], 2)),
        answers(ok("r-3", "[6.0]"), not_ok("r-4", "invalid", "expected rows of 3 numbers, got 2")),
    ] + STOP,
    "table": [
        start(None), ready(None),
        asked_as_table(3, ("r-1", [1, 2, 3.5]), ("r-2", [0.5, 0.25, 0, -1, -2, -3])), predictions("[6.5]", "[0.75,-6.0]"),
        asked_as_table(3, ("r-3", [1, 2, 3])), predictions("[6.0]"),
        asked_as_table(2, ("r-4", [1, 2]), ("r-5", [3, 4])),
        answers(not_ok("r-4", "invalid", "expected rows of 3 numbers, got 2"), not_ok("r-5", "invalid", "expected rows of 3 numbers, got 2")),
    ] + STOP,
    "json": [
        start(None), ready(None),
        frame("host", {"type": "score", "items": [{"id": "r-1", "kind": "json", "size": 9, "method": "predict"}]}, b"[[1,2,3]]"),
        answers(ok("r-1", "[6.0]")),
        frame("host", {"type": "score", "items": [{"id": "r-2", "kind": "json", "size": 9, "method": "predict_proba"}]}, b"[[1,2,3]]"),
        answers(not_ok("r-2", "invalid", "this model has no predict_proba", "predict_proba")),
    ] + STOP,
    "script": [
        start("fixtures/source"), ready(TEXT),
        score(text("r-1", '{"data":[1,2]}')), answers(ok("r-1", '{"sum":3}')),
        score(text("r-2", "no JSON at all"), text("ä-3", '{"data":[],"note":"é"}')),
        answers(not_ok("r-2", "error"), ok("ä-3", '{"sum":0}')),
    ] + STOP,
    "timeout": [
        start("fixtures/source"), ready(TEXT),
        score(text("r-1", '{"data":[1],"sleep":30}')),
        {"from": "host", "signal": "SIGUSR1", "after": "[r-1] sleeping"},
        answers(not_ok("r-1", "timeout")),
        score(text("r-2", '{"data":[1]}')), answers(ok("r-2", '{"sum":1}')),
    ] + STOP,
    "stream": [
        start("fixtures/stream-source"), ready(TEXT),
        score(text("r-1", '{"words":["one","two é"]}')),
        begin("r-1", "text"), chunk("r-1", "text", b"one"), chunk("r-1", "text", "two é".encode("utf-8")), answers(ended("r-1")),
        score(text("r-2", '{"words":[{"a":1.0},"b"],"fail":true}')),
        begin("r-2", "json"), chunk("r-2", "json", b'{"a":1.0}'), chunk("r-2", "text", b"b"), answers(not_ok("r-2", "error")),
        score(text("r-3", '{"words":[]}')), begin("r-3", None), answers(ended("r-3")),
        score(text("r-4", '{"words":[],"fail":true}')), answers(not_ok("r-4", "error")),
        score(text("r-5", '{"page":true}')),
        begin("r-5", "bytes", contentType="text/html", httpStatus=201,
              headers={"x-ms-run-function-failed": "False", "X-Kind": ["a", "b"]}),
        chunk("r-5", "bytes", b"<p>"), chunk("r-5", "text", "é".encode("utf-8")), answers(ended("r-5")),
    ] + STOP,
    "stream-timeout": [
        start("fixtures/stream-source"), ready(TEXT),
        score(text("r-1", '{"words":["one"],"sleep":30}')),
        begin("r-1", "text"), chunk("r-1", "text", b"one"),
        {"from": "host", "signal": "SIGUSR1", "after": "[r-1] sleeping"},
        answers(not_ok("r-1", "timeout")),
        frame("host", {"type": "cancel", "id": "r-1"}),
        score(text("r-2", '{"words":[]}')), begin("r-2", None), answers(ended("r-2")),
    ] + STOP,
    "batch": [
        start("fixtures/batch-source"), ready(dict(TEXT, batch=True)),
        score(text("r-1", "count"), text("r-2", "b")), answers(ok("r-1", "2"), ok("r-2", '"B"')),
        score(text("r-3", "bad"), text("r-4", "d")), answers(not_ok("r-3", "error"), ok("r-4", '"D"')),
        score(text("r-5", "lose"), text("r-6", "f")), answers(not_ok("r-5", "error"), not_ok("r-6", "error")),
    ] + STOP,
    "raw-http": [
        start("fixtures/raw-source"), ready({"wantsHeaders": True, "takes": "http", "batch": False}),
        raw("r-1", "POST", "/score", {"content-type": "image/png"}, b"\x00\xff\x01"),
        answers(passed("r-1", b"\x01\xff\x00", 202, "image/png", {"x-ms-run-function-failed": "False", "X-Kind": ["a", "b"]})),
        raw("r-2", "GET", "/score?a=1&a=%20", {"x-kind": "x"}), answers(ok("r-2", '["/score",["1"," "],"x"]')),
    ] + STOP,
    "collect": [
        start("fixtures/collect-source"),
        collected(table(None, "sums", "1", "signals.start", 1, '{"columns":["word"],"rows":[["begun"]]}')), ready(TEXT),
        score(text("r-1", "[[1,2.5],[3,4]]")),
        collected(table("r-1", "other", "default", "predictions", 2,
                        '{"columns":["prediction.0","prediction.1"],"rows":[[1,2.5],[3,4]]}')),
        answers(ok("r-1", "2")),
        score(text("r-2", "[]")),
        collected(table("r-2", "other", "default", "predictions", 1, '{"columns":[],"rows":[[]]}'),
                  table("r-2", "other", "default", "predictions", 2,
                        '{"columns":["prediction.0","prediction.1","prediction.2","prediction.3"],'
                        '"rows":[["x",null,1e999,"{\\"a\\":1.0}"],["\\u00e9"]]}'),
                  collection_not_tabular=1),
        answers(ok("r-2", "0")),
    ] + STOP,
    "failed-init": [
        start("fixtures/bad-source"),
        frame("worker", {
            "type": "failed", "stage": "init", "reason": "init() of score.py raised RuntimeError: no such model: digits",
            "traceback": TRACEBACK + "RuntimeError: no such model: digits\n",
        }),
        {"from": "worker", "exit": 3},
    ],
    "changed-file": [
        start(None, dict(SUMS, files=[SUMS["files"][0], {"path": "sums_model.py", "digest": "0" * 64}])),
        frame("worker", {
            "type": "failed", "stage": "verify",
            "reason": "digest-mismatch: sums_model.py of model sums:1 was changed on disk (SHA-256 %s, not %s)"
                      % (SUMS["files"][1]["digest"][:12], "0" * 12),
            "traceback": "",
        }),
        {"from": "worker", "exit": 3},
    ],
    "stop": [start(None), ready(None)] + STOP,
}


def written(steps):
    """A transcript as its file has it."""
    return json.dumps(steps, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, steps in sorted(TRANSCRIPTS.items()):
        with open(os.path.join(FOLDER, name + ".json"), "w", encoding="utf-8") as file:
            file.write(written(steps))
