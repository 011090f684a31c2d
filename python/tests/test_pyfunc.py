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

    class Seen(pyfunc.PythonModel):
        """Says of each row what it was given."""

        def predict(self, context, model_input, params=None):
            types = [str(model_input[name].dtype) for name in model_input.columns]
            return [[repr(value) for value in row] + types for row in model_input.astype(object).values.tolist()]

    class Scaled(pyfunc.PythonModel):
        """Has parameters; says how many rows it was given."""

        def predict(self, context, model_input, params=None):
            return [[value * params["factor"], params["unit"], len(model_input)] for value in model_input.iloc[:, 0]]


@unittest.skipUnless(pandas is not None, "MLflow is not installed for this Python")
class Logged(unittest.TestCase):
    def served(self, model, signature=None):
        worker = Worker(env={"PYTHONPATH": os.path.dirname(os.path.abspath(__file__)), "HOME": "/nonexistent", "GIT_PYTHON_REFRESH": "quiet"})
        self.addCleanup(worker.__exit__)
        folder = os.path.join(worker.folder, "m")
        pyfunc.save_model(folder, python_model=model, signature=signature, pip_requirements=["mlflow"])
        worker.ready = worker.start_model(folder, "python_function")
        self.assertEqual(worker.ready["type"], "ready", worker.ready)
        return worker

    def test_columns_get_the_names_and_types_of_the_signature(self):
        example = pandas.DataFrame({"rooms": [2], "metres": [50.5], "town": ["Oslo"]})
        worker = self.served(Prices(), infer_signature(example, [1.0]))
        item, body = worker.score(data("a", '[[3, 70.25, "Rome"], [1, 20.5, "Bonn"]]'))[0]
        self.assertEqual((item["status"], body), ("ok", b"[374.25,124.5]"), item)
        item, _ = worker.score(data("b", '[[3.5, 70.25, "Rome"]]'))[0]
        self.assertEqual(item["status"], "invalid")

    def typed(self):
        example = pandas.DataFrame({"a": [1.5], "b": [2], "c": [True]})
        example["d"] = example["a"].astype("float32")
        example["e"] = example["b"].astype("int32")
        return self.served(Seen(), infer_signature(example, [1.0]))

    def test_numbers_get_the_type_of_their_column_alone_and_beside_truth_values(self):
        types = ["float64", "int64", "bool", "float32", "int32"]
        worker = self.typed()
        for asked in (rows("a", [[1, 2, 1, 0.5, 4]]), data("b", "[[1, 2, true, 0.5, 4]]")):
            item, body = worker.score(asked)[0]
            self.assertEqual((item["status"], json.loads(body.decode())), ("ok", [["1.0", "2", "True", "0.5", "4"] + types]), item)
        example = pandas.DataFrame({"a": [1.5], "c": [True], "t": ["x"]})
        item, body = self.served(Seen(), infer_signature(example, [1.0])).score(data("c", '[[1, false, "Oslo"]]'))[0]
        self.assertEqual(json.loads(body.decode())[0][:4], ["1.0", "False", "'Oslo'", "float64"], item)

    def test_a_missing_truth_value_is_none(self):
        item, body = self.typed().score(data("a", "[[1, 2, null, 0.5, 4], [1, 2, true, 0.5, 4]]"))[0]
        self.assertEqual([row[2] for row in json.loads(body.decode())], ["None", "True"], item)

    def test_a_value_of_another_type_is_refused_with_its_column(self):
        worker = self.typed()
        good = [1, 2, 1, 0.5, 4]
        for column, values in ((1, [2.5, 2.0 ** 63, float("nan")]), (2, [2, 0.5]), (4, [2.0 ** 31, -2.0 ** 31 - 1])):
            for value in values:
                item, _ = worker.score(rows("a", [good[:column] + [value] + good[column + 1:]]))[0]
                self.assertEqual(item["status"], "invalid", item)
                self.assertRegex(item["reason"], "^Incompatible input types for column %s\\. Can not safely .*[^.]$" % "abcde"[column])
        item, _ = worker.score(data("b", '[[1, "two", true, 0.5, 4]]'))[0]
        self.assertRegex(item["reason"], "^Incompatible input types for column b")

    def test_times_and_bytes_are_read_from_text(self):
        example = pandas.DataFrame({"at": pandas.to_datetime(["2024-01-02"]), "raw": [b"abc"]})
        worker = self.served(Seen(), infer_signature(example, [1.0]))
        item, body = worker.score(data("a", '[["2024-05-06T07:08:09", "YWJj\\n"], [null, null]]'))[0]
        self.assertEqual(item["status"], "ok", item)
        [[at, raw, kind, _], missing] = json.loads(body.decode())
        self.assertEqual((at, raw, kind), ("Timestamp('2024-05-06 07:08:09')", "b'abc'", "datetime64[ns]"))
        self.assertEqual(missing[0], "NaT")
        for row, column in (('["soon", "YWJj"]', "at"), ('["2024-05-06", "a"]', "raw"), ('["2024-05-06", true]', "raw")):
            item, _ = worker.score(data("b", "[%s]" % row))[0]
            self.assertEqual(item["status"], "invalid", item)
            self.assertRegex(item["reason"], "column %s[ .]" % column)

    def test_without_a_signature_rows_go_in_as_they_come(self):
        worker = self.served(Sums())
        item, body = worker.score(rows("a", [[1, 2], [3, 4.5]]))[0]
        self.assertEqual((item["status"], json.loads(body.decode())), ("ok", [3.0, 7.5]), item)
        item, _ = worker.score(rows("b", [[1, 2]], method="predict_proba"))[0]
        self.assertEqual((item["status"], item["reason"]), ("invalid", "this model has no predict_proba"))

    def scaled(self):
        example = pandas.DataFrame({"metres": [50.5]})
        return self.served(Scaled(), infer_signature(example, [1.0], params={"factor": 1.0, "unit": "m"}))

    def test_parameters_reach_a_model_whose_signature_has_them(self):
        worker = self.scaled()
        for sent, got in ((None, [2.0, "m", 1]), ('{"factor":3}', [6.0, "m", 1]), ('{"unit":"ft","odd":[1]}', [2.0, "ft", 1])):
            item, body = worker.score(with_params(rows("a", [[2.0]]), sent))[0]
            self.assertEqual((item["status"], json.loads(body.decode())), ("ok", [got]), item)
        item, body = worker.score(with_params(data("a", "[[2.0]]"), '{"factor":0.5}'))[0]
        self.assertEqual((item["status"], json.loads(body.decode())), ("ok", [[1.0, "m", 1]]), item)

    def test_parameters_of_another_type_are_refused_with_their_name(self):
        worker = self.scaled()
        for sent in ('{"factor":"much"}', '{"factor":[1]}', '{"unit":5}', "[" * 60000):
            item, _ = worker.score(with_params(rows("a", [[2.0]]), sent))[0]
            self.assertEqual(item["status"], "invalid", item)
            self.assertRegex(item["reason"], "factor|unit|params")
        self.assertEqual(worker.score(rows("b", [[2.0]]))[0][0]["status"], "ok")

    def test_one_call_has_only_requests_of_the_same_parameters(self):
        sent = [None, '{"factor":3}', None, '{"factor":3}', '{"factor":4}']
        answers = self.scaled().score(*[with_params(rows(str(at), [[1.0]]), one) for at, one in enumerate(sent)])
        self.assertEqual([json.loads(body.decode()) for _, body in answers],
                         [[[1.0, "m", 2]], [[3.0, "m", 2]], [[1.0, "m", 2]], [[3.0, "m", 2]], [[4.0, "m", 1]]])

    def test_the_host_is_told_of_models_with_parameters_alone(self):
        example = pandas.DataFrame({"metres": [50.5]})
        plain, scaled = infer_signature(example, [1.0]), infer_signature(example, [1.0], params={"factor": 1.0, "unit": "m"})
        self.assertNotIn("params", self.served(Sums(), plain).ready)
        self.assertIs(self.served(Scaled(), scaled).ready["params"], True)


def with_params(asked, params):
    item, body = asked
    return (item if params is None else dict(item, params=params)), body


if __name__ == "__main__":
    unittest.main()
