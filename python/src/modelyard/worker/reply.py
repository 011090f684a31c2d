"""What run() returned, as an answer."""
from collections import namedtuple
from collections.abc import Iterator

from .answers import to_json

# body: bytes; headers: {name: value, or a list of values}; items: the iterator of an answer that comes piece by piece, else None.
Reply = namedtuple("Reply", "body content_type status headers items")


def of(result):
    """The reply of a result; TypeError or ValueError when it has no JSON. Responses are passed through, also Flask's own."""
    if hasattr(result, "status_code") and hasattr(result, "headers") and hasattr(result, "get_data"):
        return _passed(result)
    if isinstance(result, Iterator):
        return Reply(b"", None, None, None, result)
    return Reply(to_json({} if result is None else result), "application/json", None, None, None)


def _passed(response):
    if not 200 <= response.status_code <= 599:
        # 1xx is no end of an answer, and a client cannot read the rest
        raise ValueError("an answer has a status from 200 to 599, not %s" % response.status_code)
    headers, content_type = {}, "text/html; charset=utf-8"
    for name, value in response.headers.items():
        if name.lower() == "content-type":
            content_type = value
        elif name in headers:
            before = headers[name]
            headers[name] = (before if isinstance(before, list) else [before]) + [value]
        else:
            headers[name] = value
    message = getattr(response, "message", None)
    if isinstance(message, Iterator):
        return Reply(b"", content_type, response.status_code, headers, message)
    data = response.get_data()
    return Reply(data.encode("utf-8") if isinstance(data, str) else bytes(data), content_type, response.status_code, headers, None)
