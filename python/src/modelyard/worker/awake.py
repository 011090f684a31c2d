"""Stays awake for the next request of a lone client that asks again and again: falling asleep and being woken takes longer than many
a model. It costs at most 0.4 ms of a core for a request, only while requests come one by one and that quickly, and only where there
is another core for whoever sends them. It rests as soon as waits in vain have cost more than the others saved, each time twice as
long until it pays again: where others want the cores, who is awake keeps them from whoever is waited for."""
import os
import time

_SOON = 0.0004  # seconds from an answer to the next request
_SAVED = 0.00015  # what it saves to be awake when the request comes
_MOST_SAVED = 0.003  # what is saved can be lost by waits in vain, but no more than this: it is of the past
_FIRST_REST = 0.01
_LONGEST_REST = 0.3


class Awake:
    """Told of frames that come and are answered; `wait` returns when the next has begun to come, or when it is not to be had soon."""

    def __init__(self, connection, stream):
        self._connection = connection
        self._stream = stream
        self._able = hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
        self._soon = False
        self._answered = 0.0
        self._saved = 0.0
        self._rest = _FIRST_REST
        self._rest_until = 0.0

    def wait(self):
        """Look for a frame without sleeping, if the last one came soon."""
        if not self._soon or self._answered < self._rest_until:
            return
        end = self._answered + _SOON
        self._connection.setblocking(False)
        try:
            now = time.perf_counter()
            while now < end and not self._stream.peek(1):
                os.sched_yield()
                now = time.perf_counter()
            self._count(_SAVED if now < end else self._answered - now, now)
        except OSError:
            pass  # reading will find the same
        finally:
            self._connection.setblocking(True)

    def _count(self, gain, now):
        self._saved = min(_MOST_SAVED, self._saved + gain)
        if self._saved == _MOST_SAVED:
            self._rest = _FIRST_REST
        if self._saved < 0:
            self._saved = 0.0
            self._rest_until = now + self._rest
            self._rest = min(_LONGEST_REST, 2 * self._rest)

    def came(self):
        """A frame is there."""
        self._soon = self._able and time.perf_counter() - self._answered < _SOON

    def answered(self, alone):
        """It was answered; `alone`: it was one request for a model."""
        self._soon = self._soon and alone
        self._answered = time.perf_counter() if alone else 0.0
