"""Models as MLflow lays them out: MLmodel names the file, modules stand in `code`."""
import os
import shutil
import tempfile
import unittest

from worker_process import Worker, rows

from modelyard.worker import mlmodel, models

MLMODEL = """artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
    model_path: model.pkl
    pickled_model: not-this-one.pkl
  sklearn:
    code: null
    pickled_model: %s
    serialization_format: skops
    sklearn_version: '1.7.2'
    skops_trusted_types:
    - my.Type
    - "other.Type"
mlflow_version: 3.17.2
signature: null
"""


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, path, content):
        path = os.path.join(self.folder, path)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, "wb") as file:
            file.write(content.encode("utf-8"))
        return path

    def test_the_flavour_is_read_with_its_texts_nulls_and_lists(self):
        self.write("MLmodel", MLMODEL % "model.skops")
        self.assertEqual(mlmodel.sklearn_flavor(self.folder), {
            "code": None, "pickled_model": "model.skops", "serialization_format": "skops", "sklearn_version": "1.7.2",
            "skops_trusted_types": ["my.Type", "other.Type"]})

    def test_no_file_no_flavour_and_strange_text_give_nothing(self):
        self.assertEqual(mlmodel.sklearn_flavor(self.folder), {})
        for text in ("", "flavors: {}\n", "flavors:\n  onnx:\n    a: b\n", "- a\n- b\n", "flavors:\n", "\n\n  x\n"):
            self.write("MLmodel", text)
            self.assertEqual(mlmodel.sklearn_flavor(self.folder), {})

    def test_the_file_it_names_is_the_model_among_several(self):
        for name in ("model.pkl", "other.pkl", "artifacts/third.pkl"):
            self.write(name, "x")
        self.write("MLmodel", MLMODEL % "model.pkl")
        self.assertEqual(models.model_file(self.folder, (".pkl",), "m"), os.path.join(self.folder, "model.pkl"))

    def test_modules_logged_with_the_model_are_found(self):
        self.write("code/helpers.py", "class Twice:\n    def predict(self, table):\n        return [row[0] * 2 for row in table]\n")
        self.write("model.pkl", "(ihelpers\nTwice\n.")  # protocol 0: an instance of helpers.Twice
        self.write("MLmodel", MLMODEL % "model.pkl")
        with Worker() as worker:
            self.assertEqual(worker.start_model(self.folder)["type"], "ready")
            self.assertEqual(worker.score(rows("a", [[4.0]]))[0][1], b"[8.0]")


if __name__ == "__main__":
    unittest.main()
