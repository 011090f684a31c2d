"""ModelDataCollector as entry scripts of Azure ML use it, inside a real worker."""
import datetime
import json
import unittest

from worker_process import Worker, frames, text

try:
    import numpy
    import pandas
except ImportError:
    numpy = pandas = None

HEAD = "import json\nfrom azureml.monitoring import ModelDataCollector\ndef init():\n    pass\n"
CORRELATIONS = ["$aml_dc_correlation_id", "$aml_dc_scoring_timestamp", "$aml_dc_boundary", "$aml_workspace", "$aml_service_name",
                "$aml_model_name", "$aml_model_version", "$aml_request_id"]


class Collector(unittest.TestCase):
    def run_script(self, body, env=None, request="1"):
        """The (item, table) pairs that one request collects, the counts of what was dropped, and the answer."""
        with Worker(env=env) as worker:
            ready = worker.start_script(HEAD + "def run(raw_data):\n    " + body.strip().replace("\n", "\n    ") + "\n")
            self.assertEqual(ready["type"], "ready", ready)
            item, sent = text("r-1", request)
            worker.send({"type": "score", "items": [item]}, sent)
            tables, dropped = [], {}
            head, frame = worker.receive()
            if head["type"] == "collected":
                tables = [(one, json.loads(bytes(part).decode())) for one, part in zip(head["items"], frames.cut(head["items"], frame))]
                dropped = head["dropped"]
                head, frame = worker.receive()
            self.assertEqual([head["type"], head["items"][0]["status"]], ["answers", "ok"], worker.stderr.seen)
            return tables, dropped, json.loads(bytes(frame).decode())

    def test_inputs_carry_the_correlations_and_predictions_get_the_same(self):
        tables, dropped, answer = self.run_script("""
inputs = ModelDataCollector("m", designation="inputs", feature_names=["a", "b"])
predictions = ModelDataCollector("m", designation="predictions", feature_names=["p"])
found = inputs.collect([1, 2], "mine")
predictions.collect(predictions.add_correlations([0.5], found))
return found
""", env={"SERVICE_NAME": "shop"})
        (first, inputs), (second, predictions) = tables
        self.assertEqual(dropped, {})
        self.assertEqual(inputs["columns"], ["a", "b"] + CORRELATIONS)
        self.assertEqual(predictions["columns"], ["p"] + CORRELATIONS)
        self.assertEqual(inputs["rows"][0][2:], [answer[name] for name in CORRELATIONS])
        self.assertEqual(predictions["rows"][0][1:], inputs["rows"][0][2:])
        self.assertRegex(answer["$aml_dc_correlation_id"], "^mine-[0-9a-f-]{36}$")
        self.assertEqual([answer[name] for name in CORRELATIONS[2:]], [1440, "default/default/default", "shop", "m", "default", "r-1"])
        self.assertEqual([first["collection"], second["collection"]], ["inputs", "predictions"])
        self.assertEqual([second["at"], second["correlation"]], [first["at"], answer["$aml_dc_correlation_id"]])

    def test_predictions_are_filed_under_the_time_and_model_of_their_inputs(self):
        tables, _, _ = self.run_script("""
dc = ModelDataCollector("m", "predictions")
names = %r
dc.collect(dc.add_correlations([1], dict(zip(names, ["c", "2020-01-02T03:04:05.678000", 60, "w", "s", "older", "7", "r"]))))
return 0
""" % CORRELATIONS)
        at = datetime.datetime(2020, 1, 2, 3, 4, 5, 678000, datetime.timezone.utc).timestamp() * 1000
        item = tables[0][0]
        self.assertEqual([item["model"], item["version"], item["correlation"], item["at"]], ["older", "7", "c", at])

    def test_the_argument_of_2019_and_a_free_text_are_designations_too(self):
        tables, _, _ = self.run_script("""
ModelDataCollector("m", identifier="inputs").collect([1])
ModelDataCollector("m", "my imagedata", ["x"]).collect([1])
ModelDataCollector("m", "general", collection_name="faults").collect([[1], [2]])
ModelDataCollector("m", collection_name="faults").collect([1])
return 0
""")
        self.assertEqual([item["collection"] for item, _ in tables], ["inputs", "my imagedata", "general.faults", "general.faults"])
        self.assertEqual([item["rows"] for item, _ in tables], [1, 1, 2, 1])

    def test_the_version_is_that_of_the_model_the_service_runs(self):
        with Worker() as worker:
            worker.source = worker.folder
            with open(worker.folder + "/score.py", "w") as file:
                file.write(HEAD + "def run(raw_data):\n    return ModelDataCollector('m').model_version\n")
            models = [{"name": "m", "version": version, "path": worker.folder, "files": []} for version in (9, 10)]
            self.assertEqual(worker.start(models, {"folder": worker.folder, "entry": "score.py", "files": []})["type"], "ready")
            self.assertEqual(worker.score(text("r", ""))[0][1], b'"10"')

    def test_what_is_no_table_is_counted_and_never_fails_the_request(self):
        tables, dropped, answer = self.run_script("""
dc = ModelDataCollector("m", "inputs")
found = dc.collect("text")
dc.collect(None)
return "$aml_request_id" in found
""")
        self.assertEqual([tables, dropped, answer], [[], {"collection-not-tabular": 2}, True])

    def test_one_call_and_one_request_are_bounded_and_what_is_over_is_counted(self):
        tables, dropped, _ = self.run_script("""
dc = ModelDataCollector("m", "general")
dc.collect(["x" * (9 << 20)])
for _ in range(5):
    dc.collect(["x" * (7 << 20)])
return 0
""")
        self.assertEqual([len(tables), dropped], [4, {"collection-too-large": 1, "collection-buffer-full": 1}])

    def test_switched_off_by_the_variable_of_azure_nothing_is_collected(self):
        tables, dropped, answer = self.run_script("return ModelDataCollector('m', 'inputs').collect([1])",
                                                  env={"AML_MODEL_DC_STORAGE_ENABLED": "false"})
        self.assertEqual([tables, dropped, answer], [[], {}, {}])

    def test_in_debug_mode_it_is_printed_as_csv(self):
        with Worker(env={"AML_MODEL_DC_DEBUG": "true", "AML_MODEL_DC_STORAGE_ENABLED": "false"}) as worker:
            worker.start_script(HEAD + "def run(raw_data):\n    ModelDataCollector('m', feature_names=['a']).collect([1])\n    return 0\n")
            worker.score(text("r", ""))
            worker.stdout.wait_for("[r] 1\r")

    def test_an_azureml_that_hides_others_hides_no_standin(self):
        import os
        with Worker() as probe:
            os.makedirs(os.path.join(probe.folder, "azureml", "ai"))
            open(os.path.join(probe.folder, "azureml", "__init__.py"), "w").close()
            with Worker(env={"PYTHONPATH": probe.folder}) as worker:
                source = "import azureml.ai\nfrom azureml.core.model import Model\n" + HEAD + "def run(raw_data):\n    return Model.__name__\n"
                self.assertEqual(worker.start_script(source)["type"], "ready")
                self.assertEqual(worker.score(text("r", ""))[0][1], b'"Model"')

    @unittest.skipIf(pandas is None, "numpy and pandas are not installed")
    def test_arrays_and_frames_keep_their_rows_names_and_kinds(self):
        tables, dropped, _ = self.run_script("""
import numpy, pandas
inputs = ModelDataCollector("m", "inputs", feature_names=["a", "b"])
found = inputs.collect(numpy.array([[1.5, 2], [3, float("inf")]]))
inputs.collect(numpy.array([1, 2]))
frame = pandas.DataFrame({"n": [1, 2], "f": [0.5, None], "t": pandas.to_datetime(["2020-01-02", None]), "s": ["x", None]})
inputs.collect(frame)
predictions = ModelDataCollector("m", "predictions")
predictions.collect(predictions.add_correlations(numpy.array([[7], [8]]), found))
predictions.collect(predictions.add_correlations(frame, found))
assert list(frame.columns) == ["n", "f", "t", "s"]
return 0
""")
        self.assertEqual(dropped, {})
        found = [[row[:len(row) - 8] for row in table["rows"]] for _, table in tables]
        frame = [[1, 0.5, "2020-01-02T00:00:00", "x"], [2, None, None, None]]
        self.assertEqual(found, [[[1.5, 2], [3, float("inf")]], [[1, 2]], frame, [[7], [8]], frame])
        self.assertEqual([table["columns"][:-8] for _, table in tables],
                         [["a", "b"], ["a", "b"], ["n", "f", "t", "s"], ["prediction"], ["n", "f", "t", "s"]])
        self.assertEqual(tables[3][1]["rows"][0][1:], tables[0][1]["rows"][0][2:])


if __name__ == "__main__":
    unittest.main()
