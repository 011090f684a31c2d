"""Models without a script, as far as the standard library goes: finding the file, stacking, answers."""
import contextlib
import io
import os
import pickle
import shutil
import struct
import sys
import tempfile
import unittest

from worker_process import SUMS, Worker, data, rows

from modelyard.worker import batching, failure, frames, models

SUFFIXES = (".pkl", ".joblib")


class Counting:
    """Refuses negative numbers; counts its calls."""

    def __init__(self):
        self.calls = 0

    def predict(self, table):
        self.calls += 1
        if any(value < 0 for row in table for value in row):
            raise ValueError("negative\nmore lines")
        if any(value == 13 for row in table for value in row):
            raise KeyError("unlucky")
        return [float(row[0]) for row in table]

    def predict_proba(self, table):
        return [[float("nan"), 1.0] for _ in table]


def answered(model, *pairs):
    """(id, status, body, reason) of each answer; what the worker logs meanwhile is not of interest here."""
    with contextlib.redirect_stderr(io.StringIO()):
        return _answered(model, *pairs)


def _answered(model, *pairs):
    found = batching.answer_items(model, [item for item, _ in pairs], [body for _, body in pairs])
    return [(item["id"], item["status"], body.decode(), item.get("reason")) for item, body in found]


def table_answered(model, *pairs):
    """The same when they come as a table."""
    items = [item for item, _ in pairs]
    head = {"ids": [item["id"] for item in items], "rows": [item["shape"][0] for item in items],
            "method": items[0]["method"], "columns": items[0]["shape"][1]}
    with contextlib.redirect_stderr(io.StringIO()):
        found, bodies = batching.answer_table(model, head, bytearray().join(body for _, body in pairs))
    if found["type"] == "predictions":
        found["items"] = [{"id": one, "status": "ok", "size": size} for one, size in zip(head["ids"], found["sizes"])]
    parts = frames.cut(found["items"], b"".join(bodies))
    return [(item["id"], item["status"], bytes(part).decode(), item.get("reason")) for item, part in zip(found["items"], parts)]


class Stacking(unittest.TestCase):
    def test_waiting_rows_of_one_width_and_method_are_one_call_answered_apart(self):
        model = Counting()
        found = answered(model, rows("a", [[1, 2], [3, 4]]), rows("b", [[5]]), rows("c", [[6, 7]]))
        self.assertEqual(found, [("a", "ok", "[1.0,3.0]", None), ("b", "ok", "[5.0]", None), ("c", "ok", "[6.0]", None)])
        self.assertEqual(model.calls, 2)

    def test_methods_are_not_mixed(self):
        found = answered(Counting(), rows("a", [[1, 2]]), rows("b", [[1, 2]], method="predict_proba"))
        self.assertEqual([body for _, _, body, _ in found], ["[1.0]", "[[null,1.0]]"])

    def test_one_bad_item_does_not_fail_those_it_was_stacked_with(self):
        found = answered(Counting(), rows("a", [[1]]), rows("b", [[-1]]), rows("c", [[13]]), rows("d", [[4]]))
        self.assertEqual(found, [("a", "ok", "[1.0]", None), ("b", "invalid", "", "negative"), ("c", "error", "", None),
                                 ("d", "ok", "[4.0]", None)])

    def test_no_rows_are_never_stacked(self):
        self.assertEqual(batching.groups([rows("a", [], 2)[0], rows("b", [[1, 2]])[0], rows("c", [], 2)[0]]), [[0], [1], [2]])

    def test_a_method_the_model_lacks_is_the_clients_mistake(self):
        class Plain:
            def predict(self, table):
                return [1 for _ in table]
        found = answered(Plain(), rows("a", [[1]], method="predict_proba"), rows("b", [[1]]))
        self.assertEqual(found, [("a", "invalid", "", "this model has no predict_proba"), ("b", "ok", "[1]", None)])

    def test_an_answer_of_another_length_than_the_rows_is_an_error(self):
        class Mean:
            def predict(self, table):
                return [0.5]
        self.assertEqual([found[1] for found in answered(Mean(), rows("a", [[1], [2]]), rows("b", [[1]]))], ["error", "ok"])

    def test_a_table_is_answered_as_its_requests_are_alone(self):
        class Giving:
            def __init__(self, values):
                self.values = values

            def predict(self, table):
                return [self.values[int(row[0])] for row in table]

        for values in ([1, 2.5, True], ["a\nb", 'x","y', "\u00e9"], [[1, 2], [], [3.0]], [{"a": 1, "b": 2}, None, "]\n["],
                       [float("nan"), 1e300, -0.0]):
            model = Giving(values)
            items = [rows("a", [[0]]), rows("b", [[1], [2]]), rows("c", [[2]])]
            self.assertEqual(table_answered(model, *items), answered(model, *items), values)

    def test_of_a_table_that_fails_each_request_is_tried_alone(self):
        found = table_answered(Counting(), rows("a", [[1]]), rows("b", [[-1]]), rows("c", [[13], [1]]), rows("d", [[4]]))
        self.assertEqual(found, [("a", "ok", "[1.0]", None), ("b", "invalid", "", "negative"), ("c", "error", "", None),
                                 ("d", "ok", "[4.0]", None)])

    def test_data_that_is_no_list_is_invalid(self):
        self.assertEqual(answered(Counting(), data("a", '{"x":1}'))[0][1], "invalid")


class Finding(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def touch(self, *names):
        for name in names:
            path = os.path.join(self.folder, name)
            if not os.path.isdir(os.path.dirname(path)):
                os.makedirs(os.path.dirname(path))
            open(path, "w").close()

    def found(self):
        return os.path.relpath(models.model_file(self.folder, SUFFIXES, "model m:1"), self.folder)

    def test_the_only_file_is_the_model_whatever_its_name(self):
        self.touch("weights.bin")
        self.assertEqual(self.found(), "weights.bin")

    def test_a_registered_folder_keeps_its_own_name(self):
        self.touch("model/classes.json", "model/clf.PKL", "model/.DS_Store")
        self.assertEqual(self.found(), os.path.join("model", "clf.PKL"))

    def test_several_candidates_are_named(self):
        self.touch("a.pkl", "b.joblib", "c.txt")
        with self.assertRaises(failure.Failed) as caught:
            self.found()
        self.assertIn("model m:1: which of these is the model: a.pkl, b.joblib?", caught.exception.reason)

    def test_no_candidate_is_said(self):
        self.touch("a.txt", "c.txt")
        with self.assertRaises(failure.Failed) as caught:
            self.found()
        self.assertIn("no model file (.pkl, .joblib)", caught.exception.reason)


class Loading(unittest.TestCase):
    def failed(self, content, name="m.pkl"):
        with Worker() as worker:
            folder = os.path.join(worker.folder, "m")
            os.mkdir(folder)
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
            head = worker.start_model(folder)
            self.assertEqual((head["type"], head["stage"]), ("failed", "load"))
            self.assertEqual(worker.exit_code(), 3)
            return head["reason"]

    def test_a_file_that_is_no_model_fails_with_what_is_wrong(self):
        self.assertEqual(self.failed(b""), "model m:1 did not load: EOFError: the file is empty")
        self.assertIn("UnpicklingError", self.failed(b"this is no pickle"))
        self.assertIn("No module named 'gone'", self.failed(b"cgone\nThing\n."))
        self.assertEqual(self.failed(pickle.dumps({}, 2)), "model m:1 is a dict, which has no predict(); give it an entry script")
        self.assertIn("nothing here loads m.bin", self.failed(b"x", "m.bin"))

    def test_several_models_need_a_script(self):
        with Worker() as worker:
            head = worker.start(models=[{"name": name, "version": 1, "path": SUMS} for name in "ab"])
            self.assertEqual(head["reason"], "a service of 2 models needs an entry script")

    def test_the_framework_given_at_registration_counts_whatever_the_file_name(self):
        with Worker() as worker:
            folder = os.path.join(worker.folder, "m")
            os.mkdir(folder)
            shutil.copy(os.path.join(SUMS, "sums.pkl"), os.path.join(folder, "model"))
            with open(os.path.join(folder, "model"), "rb") as file:
                self.assertIn(b"sums_model", file.read())
            self.assertIn("No module named 'sums_model'", worker.start_model(folder, "ScikitLearn")["reason"])

    def test_a_pickled_class_beside_the_model_is_found(self):
        with Worker() as worker:
            self.assertEqual(worker.start_model(SUMS), {"type": "ready", "python": "%d.%d.%d" % sys.version_info[:3], "script": None, "tables": True})
            body = struct.pack("<3d", 1, 2, 3)
            item = {"id": "r", "kind": "rows", "size": 24, "method": "predict", "shape": [1, 3]}
            self.assertEqual(worker.score((item, body))[0][1], b"[6.0]")


if __name__ == "__main__":
    unittest.main()
