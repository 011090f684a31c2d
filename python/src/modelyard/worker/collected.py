"""What a script collects, on its way to the host: it goes out ahead of the next frame, so that no request waits for it."""
import threading

from . import frames

LARGEST = 8 << 20  # bytes of one call of collect()
ROOM = 32 << 20  # bytes that may wait here: of a request that collects much, or of threads while no request comes
_lock = threading.Lock()
_waiting = []
_bytes = 0
_dropped = {}


def add(item, body):
    """Take a table: `item` as protocol/worker.md has it, without its size. What does not fit is counted."""
    global _bytes
    with _lock:
        if len(body) > LARGEST:
            _count("collection-too-large")
        elif _bytes + len(body) > ROOM:
            _count("collection-buffer-full")
        else:
            _waiting.append((dict(item, size=len(body)), body))
            _bytes += len(body)


def drop(reason):
    """Count a table that could not even be made."""
    with _lock:
        _count(reason)


def _count(reason):
    _dropped[reason] = _dropped.get(reason, 0) + 1


def frame():
    """All that waits as one frame, which takes it away; no bytes when nothing does."""
    global _bytes
    if not _waiting and not _dropped:
        return b""
    with _lock:
        tables, dropped = list(_waiting), dict(_dropped)
        del _waiting[:]
        _dropped.clear()
        _bytes = 0
    head = {"type": "collected", "items": [item for item, _ in tables], "dropped": dropped}
    return frames.encode(head, [body for _, body in tables])
