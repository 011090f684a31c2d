"""Runs snippets, each in a process of its own that is forked after MLflow was imported, which takes seconds.

A line of stdin is {"id", "code", "env", "output"}; the snippet leaves what it found in `result`, which goes as JSON to the end of the file
`output`, behind all that was printed. When the process has ended, a line of stdout says so: {"id", "exit"}.
"""
import json
import os
import signal
import sys
import warnings

warnings.filterwarnings("ignore")
import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException


def refused(call, *args, **named):
    try:
        call(*args, **named)
    except MlflowException as error:
        return error.error_code
    return "not refused"


def run(ask):
    os.environ.update(ask["env"])
    output = os.open(ask["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    names = {"json": json, "mlflow": mlflow, "MlflowClient": MlflowClient, "MlflowException": MlflowException}
    names.update(refused=refused, client=MlflowClient())
    exec(ask["code"], names)
    print("\n" + json.dumps(names["result"], default=list))


def watch(ask):
    """Waits for the process of a snippet, however it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    snippet = os.fork()
    if snippet == 0:
        run(ask)
        return
    status = os.waitpid(snippet, 0)[1]
    exit_code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    os.write(1, (json.dumps({"id": ask["id"], "exit": exit_code}) + "\n").encode())
    os._exit(0)


signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    if os.fork() == 0:
        watch(json.loads(line))
        # the process of a snippet ends as any Python does
        break
