"""Frames of protocol/worker.md: u32 length, u32 head length, JSON head, the items' bodies one behind the other."""
import json
import struct

LIMIT = 1 << 30  # bytes after the length field
_LENGTHS = struct.Struct("<II")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BadFrame(Exception):
    """The other side does not speak the protocol; nothing after it can be read."""


def encode(head, bodies=()):
    """A frame as bytes. The head keeps its key order and is as short as JavaScript's JSON.stringify makes it."""
    text = _encode(head)
    # A lone surrogate has no UTF-8; backslashreplace writes the JSON escape of it.
    encoded = text.encode("utf-8", "backslashreplace")
    length = 4 + len(encoded) + sum(len(body) for body in bodies)
    if length > LIMIT:
        raise BadFrame("a frame of %d bytes is over the limit of %d" % (length, LIMIT))
    return b"".join([_LENGTHS.pack(length, len(encoded)), encoded] + list(bodies))


def read(stream):
    """(head, body) of the next frame of a buffered binary stream; None where the stream ends, even inside a frame."""
    start = stream.read(_LENGTHS.size)
    if len(start) < _LENGTHS.size:
        return None
    length, head_length = _LENGTHS.unpack(start)
    body_length = length - 4 - head_length
    if length > LIMIT or body_length < 0:
        raise BadFrame("impossible frame: length %d, head length %d" % (length, head_length))
    encoded = stream.read(head_length)
    body = bytearray(body_length)  # writable, as some estimators refuse read-only arrays
    if len(encoded) < head_length or not _fill(stream, body):
        return None
    try:
        head = json.loads(encoded.decode("utf-8"))
    except ValueError as error:
        raise BadFrame("the head is no JSON: %s" % error)
    if not isinstance(head, dict) or not isinstance(head.get("type"), str):
        raise BadFrame("the head is no object with a type")
    return head, body


def _fill(stream, body):
    view = memoryview(body)
    while view:
        count = stream.readinto(view)
        if not count:
            return False
        view = view[count:]
    return True


def cut(items, body):
    """The part of the body that belongs to each item, by their sizes."""
    parts, offset, view = [], 0, memoryview(body)
    for item in items:
        parts.append(view[offset:offset + item["size"]])
        offset += item["size"]
    if offset != len(body):
        raise BadFrame("the items' sizes add up to %d, the body has %d bytes" % (offset, len(body)))
    return parts
