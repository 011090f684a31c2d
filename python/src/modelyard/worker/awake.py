"""Stays awake for the next request of a lone client that asks again and again: falling asleep and being woken takes longer than many
a model. It costs at most 0.4 ms of a core for a request, only while requests come one by one and that quickly, and only where there
is another core for whoever sends them."""
import os
import time

_SOON = 0.0004  # seconds from an answer to the next request


class Awake:
    """Told of frames that come and are answered; `wait` returns when the next has begun to come, or when it is not to be had soon."""

    def __init__(self, connection, stream):
        self._connection = connection
        self._stream = stream
        self._able = hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
        self._soon = False
        self._answered = 0.0

    def wait(self):
        """Look for a frame without sleeping, if the last one came soon."""
        if not self._soon:
            return
        end = self._answered + _SOON
        self._connection.setblocking(False)
        try:
            while not self._stream.peek(1) and time.perf_counter() < end:
                os.sched_yield()
        except OSError:
            pass  # reading will find the same
        finally:
            self._connection.setblocking(True)

    def came(self):
        """A frame is there."""
        self._soon = self._able and time.perf_counter() - self._answered < _SOON

    def answered(self, alone):
        """It was answered; `alone`: it was one request for a model."""
        self._soon = self._soon and alone
        self._answered = time.perf_counter() if alone else 0.0
