"""`--compile FOLDER`: makes ONNX of the model that FOLDER/ask.json names, and writes what a comparison with it takes.

ask.json: {"model": as in a start frame, "rows": [[…], …] (the sample), "types": [text, …] or null (of a signature), "seed": n}.
Written: asks.frame and answers.frame (score frames of protocol/worker.md and what the worker answers to them), one file for
each way to convert, and result.json: {"input", "rows", "files": [{"path", "reason"}]} or {"reason"}.
"""
import json
import os
import warnings

from modelyard.worker import batching, frames, loaders, models, verify
from modelyard.worker.failure import Failed, describe, one_line

from . import asks, columns, convert
from .reasons import NotCompiled


def main(folder):
    """Always ends with a result.json; only what crashes the process leaves none."""
    warnings.simplefilter("ignore")
    with open(os.path.join(folder, "ask.json"), encoding="utf-8") as file:
        ask = json.load(file)
    try:
        result = _compile(folder, ask)
    except NotCompiled as reason:
        result = {"reason": one_line(reason)}
    except Failed as failed:
        result = {"reason": failed.reason}
    except (Exception, SystemExit) as error:
        result = {"reason": describe(error)}
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        json.dump(result, file)
    return 0


def _compile(folder, ask):
    verify.files_of({"models": [ask["model"]], "script": None})
    model = models.load(ask["model"])
    estimator = loaders.bare(model)
    convert.refuse_strangers(estimator)
    known = columns.known_of(estimator, ask["rows"], ask["types"])
    answers = _Answers(model)
    taken = asks.taken_input(known, answers)
    rows = asks.rows_of(known, ask["rows"], taken, ask["seed"])
    asks.ask_all(rows, known, answers)
    files = list(convert.write_all(estimator, known, folder))
    if all(reason for _, reason in files):
        raise NotCompiled(files[0][1])
    answers.write(folder)
    return {
        "input": taken,
        "rows": len(rows),
        "files": [{"path": path, "reason": reason} for path, reason in files],
    }


class _Answers:
    """What the worker answers to each item, kept for the comparison."""

    def __init__(self, model):
        self._model = model
        self._items, self._parts, self._answered = [], [], []

    def ask(self, method, rows, kind="rows-"):
        """The answer's head and body for rows (lists of equal length), as a request with them would get it."""
        item, part = asks.item_of("%s%d" % (kind, len(self._items)), method, rows)
        answered = batching.answer_items(self._model, [item], [memoryview(bytearray(part))])[0]
        self._items.append(item)
        self._parts.append(part)
        self._answered.append(answered)
        return answered

    def write(self, folder):
        self._frame(folder, "asks.frame", {"type": "score", "items": self._items}, self._parts)
        heads, bodies = [head for head, _ in self._answered], [body for _, body in self._answered]
        self._frame(folder, "answers.frame", {"type": "answers", "items": heads}, bodies)

    @staticmethod
    def _frame(folder, name, head, bodies):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(frames.encode(head, bodies))
