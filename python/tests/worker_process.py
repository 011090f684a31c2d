"""A real worker process with the host's end of its socket, for the tests."""
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

TESTS = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.abspath(os.path.join(TESTS, "..", "src"))
TRANSCRIPTS = os.path.abspath(os.path.join(TESTS, "..", "..", "protocol", "worker"))
SUMS = os.path.join(TRANSCRIPTS, "fixtures", "azureml-models", "sums", "1")
PATIENCE = 60  # seconds until a test gives up waiting

sys.path.insert(0, SOURCE)

from modelyard.worker import frames  # noqa: E402


class Worker:
    """Starts the worker as the host does; `with Worker() as worker:` ends it whatever happens."""

    def __init__(self, program=SOURCE, cwd=None, env=None):
        self.folder = tempfile.mkdtemp()
        path = os.path.join(self.folder, "s")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(path)
            listener.listen(1)
            listener.settimeout(PATIENCE)
            environment = dict({"PATH": os.environ["PATH"]}, **(env or {}))
            self.process = subprocess.Popen(
                [sys.executable, program, "--socket", path], cwd=cwd or self.folder, env=environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.connection, _ = listener.accept()
        self.connection.settimeout(PATIENCE)
        self.stream = self.connection.makefile("rb")
        self.stdout, self.stderr = Lines(self.process.stdout), Lines(self.process.stderr)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self.process.kill()
        self.process.wait()
        for lines in (self.stdout, self.stderr):
            lines.thread.join()
            lines.stream.close()
        shutil.rmtree(self.folder)

    def close(self):
        """As when the host dies."""
        self.stream.close()
        self.connection.close()

    def send(self, head, *bodies):
        self.connection.sendall(frames.encode(head, bodies))

    def receive(self):
        return frames.read(self.stream)

    def start(self, models=(), script=None):
        """Send the start frame and return the head of what comes back."""
        self.send({"type": "start", "service": "s", "revision": 1, "models": list(models), "script": script, "timeoutMs": 1000})
        return self.receive()[0]

    def start_script(self, source):
        """Start with this text as score.py."""
        self.source = os.path.join(self.folder, "source")
        os.mkdir(self.source)
        with open(os.path.join(self.source, "score.py"), "w", encoding="utf-8") as file:
            file.write(source)
        return self.start(script={"folder": self.source, "entry": "score.py"})

    def start_model(self, path, framework=None):
        return self.start(models=[{"name": "m", "version": 1, "path": path, "framework": framework}])

    def score(self, *items):
        """Send (item, body) pairs and return the (item, body) pairs of the answer."""
        self.send({"type": "score", "items": [item for item, _ in items]}, *[body for _, body in items])
        return self.answers()

    def answers(self):
        head, body = self.receive()
        return list(zip(head["items"], [bytes(part) for part in frames.cut(head["items"], body)]))

    def signal(self):
        os.kill(self.process.pid, signal.SIGUSR1)

    def exit_code(self):
        return self.process.wait(timeout=PATIENCE)


class Lines:
    """What a process writes, line by line, read on a thread so that it never waits for us."""

    def __init__(self, stream):
        self.stream = stream
        self.seen = []
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        for line in self.stream:
            self.seen.append(line.decode("utf-8").rstrip("\n"))

    def wait_for(self, line):
        """Wait until this line has been written."""
        end = time.time() + PATIENCE
        while line not in self.seen:
            if time.time() > end:
                raise AssertionError("%r was not written, but %r" % (line, self.seen))
            time.sleep(0.01)

    def all(self):
        """All lines, once the process has ended."""
        self.thread.join(PATIENCE)
        return self.seen


def text(request_id, body, headers=None):
    """A text item and its body."""
    item = {"id": request_id, "kind": "text", "size": len(body.encode("utf-8"))}
    if headers is not None:
        item["headers"] = headers
    return item, body.encode("utf-8")


def rows(request_id, matrix, columns=None, method="predict"):
    """A rows item and its body."""
    columns = len(matrix[0]) if columns is None else columns
    values = [value for row in matrix for value in row]
    body = struct.pack("<%dd" % len(values), *values)
    return {"id": request_id, "kind": "rows", "size": len(body), "method": method, "shape": [len(matrix), columns]}, body


def data(request_id, body, method="predict"):
    """A json item and its body."""
    return {"id": request_id, "kind": "json", "size": len(body), "method": method}, body.encode("utf-8")
