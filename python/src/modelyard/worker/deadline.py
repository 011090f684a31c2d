"""SIGUSR1 of the host: the request in hand is over its time. Between requests the signal means nothing."""
import signal

from .failure import RAISED

_running = False
_fired = False


def install():
    """From now on SIGUSR1 raises TimeoutError inside the request in hand, and does no harm elsewhere."""
    signal.signal(signal.SIGUSR1, _on_signal)


def _on_signal(_number, _frame):
    global _running, _fired
    if _running:
        _running, _fired = False, True  # once per request, so that nothing is raised while the first one is handled
        raise TimeoutError("the request is over its time limit")


def run(call):
    """Run call() as the request in hand: (value, None, late) or (None, its exception, late).

    `late` is true when the host's signal came, even if the call swallowed the TimeoutError: the host has given up on
    it. A TimeoutError of the call's own, such as a socket's, is an exception like any other.
    """
    global _running, _fired
    _fired = False
    try:
        try:
            _running = True
            value, error = call(), None
        finally:
            _running = False  # the signal may still hit just before this line, hence the outer try
    except RAISED as caught:
        value, error = None, caught
    return value, error, _fired
