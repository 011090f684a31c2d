"""The decorators of the real inference-schema: what is taken, what is refused, what is told of it."""
import json
import unittest

from worker_process import Worker, text

try:
    import inference_schema
    import pandas
except ImportError:
    inference_schema = None

HEAD = """
import datetime
import numpy as np
import pandas as pd
from inference_schema.schema_decorators import input_schema, output_schema
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
def init(): pass
"""
NUMPY = HEAD + """
@input_schema('data', NumpyParameterType(np.array([[0.5, 1.0]])))
@output_schema(NumpyParameterType(np.array([1.5])))
def run(data, scale=2):
    if scale == 0:
        raise ValueError('of the script')
    if scale == 'again':
        return NumpyParameterType(np.array([[1.0]])).deserialize_input([1])
    return (data.sum(axis=1) * scale).tolist()
"""


@unittest.skipIf(inference_schema is None, "this Python has no inference-schema")
class Decorated(unittest.TestCase):
    def answers(self, source, *bodies):
        with Worker() as worker:
            ready = worker.start_script(source)
            self.assertEqual(ready["type"], "ready", ready)
            found = worker.score(*[text(str(index), body) for index, body in enumerate(bodies)])
            return ready["script"], [body.decode() if item["status"] == "ok" else (item["status"], item.get("reason")) for item, body in found]

    def test_values_are_taken_by_the_names_of_the_parameters(self):
        _, found = self.answers(NUMPY, '{"data": [[1, 2], [3, 4]]}', '{"scale": 1, "data": [[1, 2]], "more": 1}',
                                '\ufeff{"data": [[NaN, 1]]}', '{"data": []}')
        self.assertEqual(found[:3], ["[6.0,14.0]", "[3.0]", "[null]"])
        self.assertEqual(found[3][0], "invalid")

    def test_what_is_no_such_object_is_refused_in_azures_words(self):
        _, found = self.answers(NUMPY, "", "no", "[[1, 2]]", '"x"', '{"Data": 1}')
        self.assertEqual([status for status, _ in found], ["invalid"] * 5)
        reasons = [reason for _, reason in found]
        self.assertEqual(reasons[0], "POST body is empty. Expecting a JSON dictionary.")
        self.assertTrue(reasons[1].startswith("POST body could not be decoded as JSON: "), reasons)
        self.assertEqual(reasons[2:], ["POST body should be a JSON dictionary."] * 2 +
                         ["A value is not provided for the 'data' parameter."])

    def test_values_that_do_not_fit_are_the_mistake_of_the_client(self):
        bad = ('{"data": [[1]]}', '{"data": [1, 2]}', '{"data": "x"}', '{"data": null}', '{"data": [["x", 1]]}', '{"data": [[1, 2], [3]]}')
        for body, (status, reason) in zip(bad, self.answers(NUMPY, *bad)[1]):
            self.assertEqual(status, "invalid", body)
            self.assertTrue(reason.startswith("The input does not fit the schema of run(): "), reason)

    def test_an_error_of_the_script_is_its_own_also_when_it_uses_the_package(self):
        _, found = self.answers(NUMPY, '{"data": [[1, 2]], "scale": 0}', '{"data": [[1, 2]], "scale": "again"}', '{"data": [[1, 2]]}')
        self.assertEqual([one[0] for one in found], ["error", "error", "["])

    def test_the_schemas_are_told_with_their_examples(self):
        script, _ = self.answers(NUMPY)
        self.assertEqual((script["takes"], script["batch"], script["wantsHeaders"]), ("json", False, False))
        schema = script["schema"]
        self.assertEqual(schema["input"]["properties"]["data"],
                         {"type": "array", "items": {"type": "array", "items": {"type": "number", "format": "double"}}, "format": "numpy.ndarray"})
        self.assertEqual(schema["input"]["example"]["data"], [[0.5, 1.0]])
        self.assertEqual((schema["output"]["example"], schema["required"]), ([1.5], ["data"]))
        self.assertEqual(sorted(schema["versions"]), ["2.0", "3.0", "3.1"])

    def test_fractions_that_a_sample_of_integers_cuts_off_are_told_once(self):
        source = HEAD + "@input_schema('data', NumpyParameterType(np.array([[1, 2]])))\ndef run(data): return data.tolist()\n"
        with Worker() as worker:
            worker.start_script(source)
            found = worker.score(*[text(name, '{"data": [[%s, 2]]}' % value) for name, value in (("a", "1"), ("b", "1.9"), ("c", "1.9"))])
            self.assertEqual([body for _, body in found], [b"[[1,2]]"] * 3)
            worker.send({"type": "stop"})
            said = [line for line in worker.stderr.all() if "fractions" in line]
            self.assertEqual([line[:25] for line in said], ["[b] data holds fractions,"])

    def test_frames_come_as_records_or_as_columns(self):
        source = HEAD + """
@input_schema('data', PandasParameterType(pd.DataFrame({'colour': ['red'], 'size': [1.5]})%s))
def run(data): return [list(data.columns), data['size'].tolist(), data['colour'].tolist()]
"""
        _, found = self.answers(source % "", '{"data": [{"colour": "a", "size": 2}, {"size": null, "colour": "b"}]}',
                                '{"data": {"colour": {"0": "c"}, "size": {"0": 3}}}', '{"data": [{"size": 2}]}', '{"data": 3}',
                                '{"data": [{"colour": "a", "size": "x"}]}')
        self.assertEqual(found[:2], ['[["colour","size"],[2.0,null],["a","b"]]', '[["colour","size"],[3.0],["c"]]'])
        self.assertEqual([status for status, _ in found[2:]], ["invalid"] * 3)
        script, found = self.answers(source % ", orient='split'", '{"data": {"columns": ["colour", "size"], "index": [0], "data": [["a", 1]]}}')
        self.assertEqual(found, ['[["colour","size"],[1.0],["a"]]'])
        self.assertEqual(script["schema"]["input"]["properties"]["data"]["format"], "pandas.DataFrame:split")

    def test_nested_parameters_as_power_bi_writes_them(self):
        source = HEAD + """
@input_schema('Inputs', StandardPythonParameterType({'data': NumpyParameterType(np.array([[1.0]]))}))
@input_schema('GlobalParameters', StandardPythonParameterType(1.5))
def run(Inputs, GlobalParameters, request_headers): return [Inputs['data'].shape, GlobalParameters, request_headers['X-A']]
"""
        with Worker() as worker:
            script = worker.start_script(source)["script"]
            self.assertEqual(script["wantsHeaders"], True)
            self.assertEqual(sorted(script["schema"]["input"]["example"]), ["GlobalParameters", "Inputs"])
            self.assertEqual(script["schema"]["required"], ["Inputs", "GlobalParameters"])
            found = worker.score(text("a", '{"Inputs": {"data": [[1.0], [2.0]]}, "GlobalParameters": 2}', {"x-a": "b"}),
                                 text("b", '{"Inputs": {"data": [[1.0]]}, "GlobalParameters": "x"}'))
            self.assertEqual(([body for _, body in found], found[1][0]["status"]), ([b'[[2,1],2,"b"]', b""], "invalid"))

    def test_a_generator_streams_after_its_input_was_checked(self):
        source = NUMPY.replace("    return (data.sum(axis=1) * scale).tolist()", "    yield data.sum() * scale")
        with Worker() as worker:
            worker.start_script(source)
            worker.send({"type": "score", "items": [text("a", '{"data": [[1]]}')[0]]}, b'{"data": [[1]]}')
            self.assertEqual(worker.answers()[0][0]["status"], "invalid")

    def test_only_an_output_schema_takes_parameters_by_name_too(self):
        script, found = self.answers(HEAD + "@output_schema(StandardPythonParameterType('x'))\ndef run(a, b='c'): return a + b\n",
                                     '{"a": "1"}', '{"b": "1"}')
        self.assertEqual((script["takes"], found[0], found[1][0]), ("json", '"1c"', "invalid"))

    def test_lists_of_mixed_types_have_no_swagger_2(self):
        script, _ = self.answers(HEAD + "@input_schema('a', StandardPythonParameterType([1, 'x']))\ndef run(a): return a\n")
        self.assertEqual(script["schema"]["versions"], ["3.0", "3.1"])

    def test_what_cannot_work_is_refused_at_start(self):
        from_raw = "from azureml_inference_server_http.api.aml_request import rawhttp\n"
        for source, reason in [
                (HEAD + from_raw + "@rawhttp\n@input_schema('a', StandardPythonParameterType(1))\ndef run(a): return a\n",
                 "cannot be decorated with both @rawhttp and @input_schema"),
                (HEAD + "@input_schema('dta', StandardPythonParameterType(1))\ndef run(data): return data\n",
                 "@input_schema of score.py names dta, which run() does not take"),
                (HEAD + "@input_schema('a', StandardPythonParameterType(1))\ndef run_batch(a): return a\n", "cannot be decorated"),
                (HEAD + "@input_schema('a', 3)\ndef run(a): return a\n", "importing score.py raised")]:
            with Worker() as worker:
                head = worker.start_script(source)
                self.assertEqual(head["type"], "failed", source)
                self.assertIn(reason, head["reason"])
                json.dumps(head)


if __name__ == "__main__":
    unittest.main()
