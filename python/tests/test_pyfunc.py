"""Models that MLflow logged, of any flavour, in a real worker; skipped where MLflow is not installed."""
import json
import os
import sys
import unittest

from worker_process import Worker, data, rows

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    import pandas
    from mlflow import pyfunc
    from mlflow.models import infer_signature
except ImportError:
    pandas = None


if pandas is not None:
    class Prices(pyfunc.PythonModel):
        """Names its columns, and takes whole numbers where it says so."""

        def predict(self, context, model_input, params=None):
            assert str(model_input["rooms"].dtype) == "int64", model_input.dtypes
            return model_input["rooms"] * 100 + model_input["metres"] + model_input["town"].str.len()

    class Sums(pyfunc.PythonModel):
        """Has no signature: takes what comes."""

        def predict(self, context, model_input, params=None):
            return model_input.sum(axis=1)


@unittest.skipUnless(pandas is not None, "MLflow is not installed for this Python")
class Logged(unittest.TestCase):
    def served(self, model, signature=None):
        worker = Worker(env={"PYTHONPATH": os.path.dirname(os.path.abspath(__file__)), "HOME": "/nonexistent", "GIT_PYTHON_REFRESH": "quiet"})
        self.addCleanup(worker.__exit__)
        folder = os.path.join(worker.folder, "m")
        pyfunc.save_model(folder, python_model=model, signature=signature, pip_requirements=["mlflow"])
        ready = worker.start_model(folder, "python_function")
        self.assertEqual(ready["type"], "ready", ready)
        return worker

    def test_columns_get_the_names_and_types_of_the_signature(self):
        example = pandas.DataFrame({"rooms": [2], "metres": [50.5], "town": ["Oslo"]})
        worker = self.served(Prices(), infer_signature(example, [1.0]))
        item, body = worker.score(data("a", '[[3, 70.25, "Rome"], [1, 20.5, "Bonn"]]'))[0]
        self.assertEqual((item["status"], body), ("ok", b"[374.25,124.5]"), item)
        item, _ = worker.score(data("b", '[[3.5, 70.25, "Rome"]]'))[0]
        self.assertEqual(item["status"], "invalid")

    def test_without_a_signature_rows_go_in_as_they_come(self):
        worker = self.served(Sums())
        item, body = worker.score(rows("a", [[1, 2], [3, 4.5]]))[0]
        self.assertEqual((item["status"], json.loads(body.decode())), ("ok", [3.0, 7.5]), item)
        item, _ = worker.score(rows("b", [[1, 2]], method="predict_proba"))[0]
        self.assertEqual((item["status"], item["reason"]), ("invalid", "this model has no predict_proba"))


if __name__ == "__main__":
    unittest.main()
