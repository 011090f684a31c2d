"""Ties the worker's life to the host's where the closed socket cannot: while native code holds the interpreter lock."""
import signal
import sys

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def die_with_parent():
    """Ask Linux to kill this process when its parent ends. Best effort: elsewhere, or without ctypes, nothing happens."""
    if not sys.platform.startswith("linux"):
        return
    try:
        import ctypes
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass
