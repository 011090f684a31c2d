"""Answers that come piece by piece: run() returned a generator."""
from .answers import answer, attempt, to_json

_END = object()


def answer_in_pieces(request_id, outcome, channel):
    """Hand on each item as it comes, and return (item, body) of the answers head once there are no more.

    What fails before the first item is an answer like any other. `channel` has send(head, bodies) and cancelled(request_id).
    """
    reply, run_ms = outcome.value, outcome.run_ms
    begun = False
    while True:
        found = attempt(request_id, lambda: _piece(next(reply.items, _END)))
        run_ms = round(run_ms + found.run_ms, 3)
        if found.status == "ok" and found.value is _END:
            if not begun:
                channel.send(_begin(request_id, reply, None), [])
            break
        if found.status != "ok":
            break
        kind, body = found.value
        if not begun:
            channel.send(_begin(request_id, reply, kind), [])
            begun = True
        channel.send({"type": "chunk", "id": request_id, "kind": kind, "size": len(body)}, [body])
        if channel.cancelled(request_id):
            found = attempt(request_id, lambda: _close(reply.items))
            break
    value = b"" if found.status == "ok" else None
    return answer(request_id, found._replace(value=value, run_ms=run_ms))


def _begin(request_id, reply, kind):
    head = {"type": "stream", "id": request_id, "kind": kind}
    if reply.status is not None:
        head.update(contentType=reply.content_type, httpStatus=reply.status, headers=reply.headers)
    return head


def _piece(item):
    """(kind, bytes) of an item: text and bytes as they are, anything else as JSON."""
    if item is _END:
        return _END
    if isinstance(item, str):
        return "text", item.encode("utf-8", "replace")
    if isinstance(item, (bytes, bytearray, memoryview)):
        return "bytes", bytes(item)
    return "json", to_json(item)


def _close(items):
    if hasattr(items, "close"):
        items.close()
