"""@rawhttp: what the script sees of a request, and what becomes of its AMLResponse."""
import json
import os
import random
import unittest

from worker_process import Worker

from modelyard.worker import forms
from modelyard.worker.failure import Invalid

RAW = """
from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
def init(): pass
@rawhttp
def run(request):
    return %s
"""


def http(body=b"", url="/score", method="POST", **headers):
    head = {"id": "r", "kind": "http", "method": method, "url": url, "size": len(body)}
    return dict(head, headers={name.replace("_", "-"): value for name, value in headers.items()}), body


class Request(unittest.TestCase):
    def seen(self, expression, *request, **headers):
        with Worker() as worker:
            ready = worker.start_script(RAW % expression)
            self.assertEqual(ready.get("script"), {"wantsHeaders": True, "takes": "http", "batch": False}, ready)
            item, body = worker.score(http(*request, **headers))[0]
            return json.loads(body.decode()) if item["status"] == "ok" else item

    def test_query_and_headers_are_found_as_flask_finds_them(self):
        expression = "[request.args['a'], request.args.getlist('a', int), request.args.get('b', 7, type=int), request.args.get('c', 3), " \
                     "request.headers['X-COLOR'], 'x-color' in request.headers, request.path, request.full_path, request.url, " \
                     "request.method, request.query_string.decode(), request.values['a'], request.cookies['k']]"
        self.assertEqual(
            self.seen(expression, b"", "/sc%20ore?a=1&a=2&a=x&b=y", x_color="red", host="h:1", cookie="j=1; k=v"),
            ["1", [1, 2], 7, 3, "red", True, "/sc ore", "/sc ore?a=1&a=2&a=x&b=y", "http://h:1/sc%20ore?a=1&a=2&a=x&b=y", "POST",
             "a=1&a=2&a=x&b=y", "1", "v"])

    def test_the_body_is_had_as_bytes_text_and_json(self):
        expression = "[len(request.data), request.get_data(as_text=True), request.json, request.get_json()['a'], request.is_json, request.mimetype]"
        body = '{"a": "é"}'.encode("utf-8")
        self.assertEqual(self.seen(expression, body, content_type="application/vnd.x+json; charset=utf-8"),
                         [11, '{"a": "é"}', {"a": "é"}, "é", True, "application/vnd.x+json"])

    def test_a_body_that_is_no_json_is_the_mistake_of_the_client(self):
        for body, content_type in ((b"{", "application/json"), (b"{}", "text/plain")):
            self.assertEqual(self.seen("request.json", body, content_type=content_type)["status"], "invalid")
        self.assertEqual(self.seen("[request.get_json(silent=True)]", b"{", content_type="application/json"), [None])
        self.assertEqual(self.seen("request.get_json(force=True)", b"{}"), {})

    def test_both_kinds_of_forms_are_read(self):
        expression = "[request.form.to_dict(), request.form.getlist('a'), {n: [f.filename, f.content_type, f.read().hex()] " \
                     "for n, f in request.files.items()}]"
        self.assertEqual(self.seen(expression, b"a=1&a=%C3%A9&b=", content_type="application/x-www-form-urlencoded"),
                         [{"a": "1", "b": ""}, ["1", "é"], {}])
        body = (b"preamble\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xc3\xa9\r\n--B\r\n"
                b"content-disposition: form-data; name=f; filename=\"q\\\"; x.png\"\r\nContent-Type: image/png\r\n\r\n"
                b"\r\n\x00\r\n-\xff\r\n--B \r\nContent-Disposition: form-data; name=g; filename*=utf-8''%C3%A9.txt\r\n\r\n\r\n--B--\r\nend")
        self.assertEqual(self.seen(expression, body, content_type='multipart/form-data; boundary="B"'),
                         [{"a": "é"}, ["é"], {"f": ['q"; x.png', "image/png", "0d0a000d0a2dff"],
                                              "g": ["é.txt", "application/octet-stream", ""]}])

    def test_a_form_that_is_cut_is_the_mistake_of_the_client(self):
        for body in (b"", b"--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1", b"--B\r\nno head--B--\r\n--B--"):
            self.assertEqual(self.seen("request.form", body, content_type="multipart/form-data; boundary=B")["status"], "invalid", body)
        self.assertEqual(self.seen("request.files", b"x", content_type="multipart/form-data")["status"], "invalid")


class Forms(unittest.TestCase):
    def test_any_bytes_are_read_or_refused(self):
        chance = random.Random(7)
        parts = [b"--B", b"\r\n", b"--", b"Content-Disposition: form-data", b"; name=", b'"a"', b"; filename=x", b": ", b"\x00\xff", b"\r\n\r\n", b"\\"]
        for _ in range(3000):
            body = b"".join(chance.choice(parts) for _ in range(chance.randrange(30)))
            try:
                fields, files = forms.parse("multipart/form-data; boundary=B", body)
            except Invalid:
                continue
            self.assertTrue(all(isinstance(value, str) for _, value in fields) and all(file.read() is not None for _, file in files))


class Response(unittest.TestCase):
    def answer(self, expression):
        with Worker() as worker:
            worker.start_script(RAW % expression)
            item, body = worker.score(http())[0]
            return item["status"], item.get("httpStatus"), item.get("contentType"), item.get("headers"), body

    def test_what_the_script_says_is_passed_on(self):
        failed = {"x-ms-run-function-failed": "False"}
        html = "text/html; charset=utf-8"
        for expression, wanted in [
                ("AMLResponse('é', 200)", (200, html, failed, "é".encode("utf-8"))),
                ("AMLResponse(b'\\xff', 404, {'content-type': 'image/png'})", (404, "image/png", failed, b"\xff")),
                ("AMLResponse([1], 200, json_str=True)", (200, "application/json", failed, b"[1]")),
                ("AMLResponse('a', 200, {}, True)", (200, "application/json", failed, b'"a"')),
                ("AMLResponse(None, 200)", (200, "application/json", failed, b"{}")),
                ("AMLResponse('', 500, {'A': 'x, y', 'B': 'z'}, run_function_failed=True)",
                 (500, html, {"x-ms-run-function-failed": "True", "A": ["x", "y"], "B": "z"}, b""))]:
            self.assertEqual(self.answer(expression), ("ok",) + wanted, expression)

    def test_json_of_a_message_has_no_bare_nan(self):
        self.assertEqual(self.answer("AMLResponse([float('nan'), 1], 200, json_str=True)")[4], b"[null,1]")

    def test_a_status_that_ends_no_answer_is_the_mistake_of_the_script(self):
        for status in (99, 100, 101, 199, 600, 1000, -1):
            self.assertEqual(self.answer("AMLResponse('x', %d)" % status)[0], "error", status)

    def test_anything_else_is_encoded_as_json(self):
        self.assertEqual(self.answer("None"), ("ok", None, "application/json", None, b"{}"))

    def test_headers_may_be_changed_after_it_was_made(self):
        expression = "(lambda one: (one.headers.__setitem__('A', 'b, c'), one)[1])(AMLResponse('x', 200, {'A': 'x'}))"
        self.assertEqual(self.answer(expression)[3], {"x-ms-run-function-failed": "False", "A": "b, c"})


class Names(unittest.TestCase):
    def test_both_import_paths_give_the_same_also_through_their_packages(self):
        source = """
from azureml.contrib.services import aml_request as one, aml_response
from azureml_inference_server_http.api import aml_request as two
import azureml_inference_server_http.api.aml_response as other
from azureml.core.model import Model
assert one.rawhttp is two.rawhttp and aml_response.AMLResponse is other.AMLResponse
def init(): pass
@two.rawhttp
def run(request): return isinstance(request, one.AMLRequest)
"""
        with Worker() as worker:
            self.assertEqual(worker.start_script(source)["type"], "ready")
            self.assertEqual(worker.score(http())[0][1], b"true")

    def test_the_real_packages_do_not_get_in_between(self):
        with Worker() as probe:
            for package in ("azureml/contrib/services", "azureml_inference_server_http/api"):
                folder = os.path.join(probe.folder, *package.split("/"))
                os.makedirs(folder)
                with open(os.path.join(folder, "aml_request.py"), "w") as file:
                    file.write("import no_such_flask\n")
            with Worker(env={"PYTHONPATH": probe.folder}) as worker:
                self.assertEqual(worker.start_script(RAW % "1")["type"], "ready")

    def test_a_run_for_two_requests_is_refused(self):
        with Worker() as worker:
            head = worker.start_script((RAW % "1").replace("run(request)", "run(request, more)"))
            self.assertIn("takes more as well", head["reason"])


if __name__ == "__main__":
    unittest.main()
