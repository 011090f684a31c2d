"""Exceptions as the lines people read: one line for a reason, a tail of the traceback for a log."""
import importlib
import os
import traceback

_LONGEST_REASON = 500
_LONGEST_TRACEBACK = 8000
# Frames of the worker itself and of the import system say nothing about the user's code.
_OURS = (os.path.dirname(__file__), os.path.dirname(importlib.__file__), "<frozen importlib")


# All that code of the user raises, such as asyncio.CancelledError, not Exception alone. No SIGINT is among it: that ends a worker (main.py).
RAISED = BaseException

_QUIET = ": its message is left out, as columns of this service are redacted\n"
_state = {"quiet": False}


def be_quiet():
    """From here on tracebacks have no messages: these quote values, and columns of the service are redacted."""
    _state["quiet"] = True


class Failed(Exception):
    """The worker cannot get ready. `stage` is verify, load, import or init; `reason` one line; the cause, if any, has the traceback."""

    def __init__(self, stage, reason, cause=None):
        super().__init__(reason)
        self.stage = stage
        self.reason = one_line(reason)
        self.cause = cause


class Invalid(Exception):
    """The input does not fit the model; the text is one line fit for the client."""


class Lacking(Invalid):
    """The model has not the method that is asked of it: whatever the rows are, they are not what is wrong."""

    def __init__(self, method):
        super().__init__("this model has no %s" % method)
        self.method = method


def one_line(text):
    """The first line that is not empty, shortened."""
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    return lines[0][:_LONGEST_REASON] if lines else ""


def describe(error):
    """`ValueError: its first line`."""
    name, message = type(error).__name__, one_line(error)
    return name + ": " + message if message else name


def tail(error):
    """The traceback of an exception as text, from the user's first frame on, cut at the front when it is long."""
    first = error.__traceback__
    while first is not None and first.tb_frame.f_code.co_filename.startswith(_OURS):
        first = first.tb_next
    if first is None and not isinstance(error, SyntaxError):  # which names its place itself
        first = error.__traceback__
    if _state["quiet"]:
        text = "Traceback (most recent call last):\n" + "".join(traceback.format_tb(first)) + type(error).__name__ + _QUIET
    else:
        text = "".join(traceback.format_exception(type(error), error, first))
    return text if len(text) <= _LONGEST_TRACEBACK else "…\n" + text[-_LONGEST_TRACEBACK:]
