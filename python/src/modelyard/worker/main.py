"""The worker's life: connect, get ready, answer frames one by one, stop."""
import os
import signal
import socket
import sys
from collections import namedtuple

from . import awake, azure_monitoring, batching, collector, deadline, frames, hangup, log, models, parent, reader, script
from . import script_batch, verify, warm_up
from .channel import Channel
from .failure import Failed, be_quiet, tail

FAILED_EXIT = 3
USAGE_EXIT = 2

# How frames are answered. items: (items, parts, channel) -> answers; table: (head, body) -> (head, bodies), None for scripts.
Answering = namedtuple("Answering", "items table")


def main(argv):
    """Run as `--socket PATH`; returns the exit code."""
    if len(argv) != 2 or argv[0] != "--socket":
        sys.stderr.write("usage: worker.zip --socket PATH\n")
        return USAGE_EXIT
    sys.dont_write_bytecode = True  # the folders of models and scripts belong to images, which never change
    parent.die_with_parent()
    deadline.install()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends the process: as a KeyboardInterrupt it would look like one of the script's
    log.install()
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(argv[1])
    hangup.watch(connection)
    stream = reader.open_stream(connection)
    channel = Channel(connection, stream)
    answers = _prepare(channel, reader.next_frame(stream)[0])
    waiting = awake.Awake(connection, stream)
    while not channel.stopped:
        waiting.wait()
        head, body = reader.next_frame(stream)
        waiting.came()
        if head["type"] == "stop":
            break
        if head["type"] == "score":  # a cancel may come after the stream it means has ended
            _score(channel, answers.items, head["items"], body)
        elif head["type"] == "table":
            channel.send(*answers.table(head, body))
        waiting.answered(head["type"] == "table" and len(head["ids"]) == 1)
    azure_monitoring.finish()
    channel.send_collected()
    log.end_lines()
    return 0


def _prepare(channel, start):
    """Load what the start frame names and say so; returns the Answering. Ends the process when it fails."""
    try:
        answers, told = _load(start)
    except Failed as failed:
        traceback = tail(failed.cause) if failed.cause else ""
        sys.stderr.write(traceback or failed.reason + "\n")
        head = {"type": "failed", "stage": failed.stage, "reason": failed.reason, "traceback": traceback}
        channel.send(head, [])
        log.end_lines()
        os._exit(FAILED_EXIT)  # at once: threads the script has started must not hold it up
    log.end_lines()
    if start.get("quiet"):
        be_quiet()
    head = {"type": "ready", "python": "%d.%d.%d" % sys.version_info[:3]}
    head.update(told)
    channel.send(head, [])
    return answers


def _load(start):
    """The Answering, and what the host is told of what was loaded."""
    verify.files_of(start)
    if start["script"]:
        collector.serves(start["models"])
        loaded = script.load(start["script"]["folder"], start["script"]["entry"])
        described = script.describe_script(loaded)
        if loaded.batch:
            return Answering(lambda items, parts, _: script_batch.answer_items(loaded, items, parts), None), {"script": described}
        return Answering(lambda items, parts, channel: script.answer_items(loaded, items, parts, channel), None), {"script": described}
    if len(start["models"]) != 1:
        raise Failed("load", "a service of %d models needs an entry script" % len(start["models"]))
    model = models.load(start["models"][0])
    answers = Answering(lambda items, parts, _: batching.answer_items(model, items, parts),
                        lambda head, body: batching.answer_table(model, head, body))
    told = {"script": None, "tables": True}
    if getattr(model, "takes_params", False):
        told["params"] = True
    if getattr(model, "takes_documents", False) is True:  # not what a model answers to any name
        told["documents"] = True
    rows = warm_up.frame_rows(model)
    if rows is not None:
        told["frameRows"] = rows
    return answers, told


def _score(channel, answer_items, items, body):
    answers = answer_items(items, frames.cut(items, body), channel)
    channel.send({"type": "answers", "items": [item for item, _ in answers]}, [body for _, body in answers])
