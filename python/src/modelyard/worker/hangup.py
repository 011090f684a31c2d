"""Ends the process when the host is gone, even while the model computes and nobody reads the socket."""
import os
import select
import signal
import threading


def watch(connection):
    """Start watching. Frames that arrive wake nobody here: they are read, and wake the interpreter, only once."""
    thread = threading.Thread(target=_end_with, args=(connection,), name="modelyard-hangup")
    thread.daemon = True
    thread.start()


def _end_with(connection):
    # Python handles signals on the main thread only; a blocking call there is woken only when the signal arrives there.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    poll = select.poll()
    poll.register(connection, 0)  # no event is asked for: only the hang-up, which poll always tells, ends the wait
    poll.poll()
    os._exit(0)
