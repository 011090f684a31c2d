"""The worker's end of the socket while it answers: frames out, and word that nobody wants the rest of a stream."""
import os

from . import collected, frames, reader


class Channel:
    """`stopped` is true once the host asked for the end while a stream was going on."""

    def __init__(self, connection, stream):
        self._connection = connection
        self._stream = stream
        self.stopped = False

    def send(self, head, bodies):
        """Send a frame, and ahead of it what was collected since the last one."""
        self._write(collected.frame() + frames.encode(head, bodies))

    def send_collected(self):
        """Send what was collected since the last frame."""
        self._write(collected.frame())

    def _write(self, data):
        try:
            self._connection.sendall(data)
        except OSError:
            os._exit(0)  # the host is gone

    def cancelled(self, request_id):
        """Whether the host gave up on this stream."""
        while self._has_more():
            head, _ = reader.next_frame(self._stream)
            if head["type"] == "stop":
                self.stopped = True
                return False
            if head["type"] == "cancel" and head["id"] == request_id:
                return True
        return False

    def _has_more(self):
        """Whether a frame has begun to come: bytes in the buffer, or in the socket."""
        self._connection.setblocking(False)
        try:
            return bool(self._stream.peek(1))
        finally:
            self._connection.setblocking(True)
