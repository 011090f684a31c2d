"""stdout and stderr as the worker's log: whole lines, and `[<request id>] ` before each that belongs to a request."""
import io
import sys
import threading

_LONGEST_LINE = 1 << 16  # characters kept back while waiting for the end of a line (progress bars never write one)
_streams = []
_prefix = ""
_request_id = None


class LogStream(io.TextIOBase):
    """A text stream that hands on whole lines, with the prefix of the request in hand."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, buffer):
        super().__init__()
        self.buffer = buffer
        self._pending = ""
        self._lock = threading.RLock()

    def writable(self):
        return True

    def isatty(self):
        return False

    def fileno(self):
        return self.buffer.fileno()

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        with self._lock:
            lines = (self._pending + text).split("\n")
            self._pending = lines.pop()
            if len(self._pending) > _LONGEST_LINE:
                lines.append(self._pending)
                self._pending = ""
            if lines:
                whole = "".join(_prefix + line + "\n" for line in lines)
                self.buffer.write(whole.encode(self.encoding, self.errors))
                self.buffer.flush()
        return len(text)

    def end_line(self):
        """Complete a line begun with `print(…, end="")`, so that it stays with its request."""
        if self._pending:
            self.write("\n")

    def flush(self):
        self.buffer.flush()


def install():
    """Put the log in place of sys.stdout and sys.stderr. UTF-8 whatever the locale says: the host reads UTF-8."""
    sys.stdout, sys.stderr = LogStream(sys.__stdout__.buffer), LogStream(sys.__stderr__.buffer)
    _streams.extend([sys.stdout, sys.stderr])


def belongs_to(request_id):
    """From here on lines belong to this request; None: to none."""
    global _prefix, _request_id
    end_lines()
    _request_id = request_id
    _prefix = "" if request_id is None else "[%s] " % request_id


def request_in_hand():
    """The request that lines belong to; None between requests, and while several are answered by one call."""
    return _request_id


def end_lines():
    """Write out what waits for the end of its line."""
    for stream in _streams:
        stream.end_line()
