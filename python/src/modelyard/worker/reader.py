"""Reads frames on a thread of its own, so that the end of the host is noticed even while the model computes."""
import os
import queue
import signal
import sys
import threading

from . import frames

BAD_FRAME_EXIT = 70


def start(connection):
    """Start reading the socket; returns the queue of its (head, body) frames. After `stop` nothing more is read."""
    received = getattr(queue, "SimpleQueue", queue.Queue)()
    thread = threading.Thread(target=_read_all, args=(connection, received), name="modelyard-reader")
    thread.daemon = True
    thread.start()
    return received


def _read_all(connection, received):
    # Python handles signals on the main thread only; a blocking call there is woken only when the signal arrives there.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    stream = connection.makefile("rb", 1 << 16)
    while True:
        frame = _next(stream)
        received.put(frame)
        if frame[0]["type"] == "stop":
            return


def _next(stream):
    """The next frame; where there is none the process ends here and now, whatever its main thread does."""
    try:
        frame = frames.read(stream)
    except OSError:
        frame = None
    except Exception as error:
        sys.__stderr__.write("the host sent a bad frame: %s\n" % error)
        sys.__stderr__.flush()
        os._exit(BAD_FRAME_EXIT)
    if frame is None:
        os._exit(0)
    return frame
