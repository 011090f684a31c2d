"""Reads frames where they are answered: a thread in between would cost each request two switches between threads."""
import os
import sys

from . import frames

BAD_FRAME_EXIT = 70


def open_stream(connection):
    """The socket as the buffered stream that `next_frame` reads."""
    return connection.makefile("rb", 1 << 16)


def next_frame(stream):
    """The next (head, body); where there is none the process ends here and now."""
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
