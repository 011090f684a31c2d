"""Entry scripts: what they may be, how they are called, what becomes of their results, errors and output."""
import json
import os
import signal
import sys
import time
import unittest

from worker_process import Worker, text

ECHO = "import json\ndef init(): pass\ndef run(raw_data): return %s\n"


class Start(unittest.TestCase):
    def failed(self, source):
        with Worker() as worker:
            head = worker.start_script(source)
            self.assertEqual(head["type"], "failed", head)
            self.assertEqual(worker.exit_code(), 3)
            return head

    def test_a_script_without_init_or_run_fails_with_the_missing_name(self):
        head = self.failed("def run(raw_data): pass\n")
        self.assertEqual((head["stage"], head["reason"]),
                         ("import", "score.py has no function init(): an entry script needs init() and run(raw_data)"))
        self.assertIn("no function run()", self.failed("def init(): pass\nrun = 3\n")["reason"])

    def test_a_run_that_cannot_be_called_is_refused_at_start(self):
        wanted = [("*data", "must not take *data"), ("data, **more", "must not take **more"), ("", "needs a parameter"),
                  ("request_headers", "needs a parameter"), ("data, other", "takes other as well")]
        if sys.version_info >= (3, 8):
            wanted.append(("data, /", "positional-only parameter data"))
        for parameters, reason in wanted:
            head = self.failed("def init(): pass\ndef run(%s): pass\n" % parameters)
            self.assertEqual(head["stage"], "import")
            self.assertIn(reason, head["reason"])

    def test_a_script_that_does_not_import_fails_with_its_own_traceback(self):
        head = self.failed("import json\nimport no_such_package\n")
        self.assertEqual(head["stage"], "import")
        self.assertIn("No module named 'no_such_package'", head["reason"])
        self.assertIn("score.py\", line 2", head["traceback"])
        self.assertNotIn("modelyard", head["traceback"])
        self.assertIn("SyntaxError", self.failed("def init(:\n")["reason"])
        self.assertIn("SystemExit", self.failed("raise SystemExit(4)\n")["reason"])

    def test_a_raising_init_fails_with_the_tail_of_its_traceback_on_stderr_too(self):
        with Worker() as worker:
            head = worker.start_script("def init():\n    raise KeyError('digits')\ndef run(raw_data): pass\n")
            self.assertEqual((head["stage"], head["reason"]), ("init", "init() of score.py raised KeyError: 'digits'"))
            self.assertTrue(head["traceback"].endswith("KeyError: 'digits'\n"))
            self.assertEqual(worker.exit_code(), 3)
            self.assertEqual(worker.stderr.all()[-1], "KeyError: 'digits'")

    def test_a_long_traceback_keeps_its_end(self):
        head = self.failed("def init():\n    raise ValueError('x' * 100000 + 'end')\ndef run(data): pass\n")
        self.assertLess(len(head["traceback"]), 9000)
        self.assertLess(len(head["reason"]), 1000)
        self.assertTrue(head["traceback"].endswith("end\n"))

    def test_no_such_script_is_said(self):
        with Worker() as worker:
            head = worker.start(script={"folder": worker.folder, "entry": "gone.py"})
            self.assertEqual((head["stage"], head["reason"]), ("import", "there is no gone.py in the source folder"))

    def test_the_script_runs_in_its_source_folder_as_if_started_there(self):
        with Worker() as worker:
            folder = os.path.join(worker.folder, "source")
            os.makedirs(os.path.join(folder, "deep"))
            files = {"note.txt": "hello", "sibling.py": "import score\nSAME = score\n",
                     "deep/score.py": "import os, sys, cousin, sibling\ndef init():\n    global note\n    note = open('note.txt').read()\n"
                                      "def run(raw_data):\n    here = sys.modules[__name__] is sibling.SAME\n"
                                      "    return [note, os.getcwd(), sys.path[0], here, cousin.NAME]\n",
                     "deep/cousin.py": "NAME = 'cousin'\n"}
            for name, source in files.items():
                with open(os.path.join(folder, name), "w") as file:
                    file.write(source)
            self.assertEqual(worker.start(script={"folder": folder, "entry": "deep/score.py"})["type"], "ready")
            real = os.path.realpath(folder)
            note, cwd, first, same, cousin = json.loads(worker.score(text("r", ""))[0][1].decode())
            self.assertEqual((note, cwd, os.path.realpath(first), same, cousin), ("hello", real, real, True, "cousin"))
            self.assertEqual(sorted(os.listdir(folder)), ["deep", "note.txt", "sibling.py"])


class Answers(unittest.TestCase):
    def answer(self, expression, body="x"):
        with Worker() as worker:
            self.assertEqual(worker.start_script(ECHO % expression)["type"], "ready")
            return worker.score(text("r", body))[0]

    def test_results_are_encoded_as_azure_does(self):
        for expression, wanted in [("[1, 'ä']", b'[1,"\\u00e4"]'), ("json.dumps([1])", b'"[1]"'), ("None", b"{}"), ("3", b"3"),
                                   ("raw_data", b'"\\u00e9"')]:
            item, body = self.answer(expression, "é")
            self.assertEqual((item["status"], item["contentType"], body), ("ok", "application/json", wanted))

    def test_nan_and_infinity_are_answered_as_null(self):
        self.assertEqual(self.answer("{'a': [float('nan'), 1.5], 'b': float('-inf')}")[1], b'{"a":[null,1.5],"b":null}')

    def test_what_has_no_json_is_an_error(self):
        for expression in ("object()", "b'x'", "{(1, 2): 3}", "[].append or (lambda: 1)"):
            item, body = self.answer(expression)
            self.assertEqual((item["status"], body), ("error", b""))

    def test_a_body_that_is_no_text_is_invalid(self):
        with Worker() as worker:
            worker.start_script(ECHO % "1")
            item, _ = worker.score(({"id": "r", "kind": "text", "size": 2}, b"\xff\xfe"))[0]
            self.assertEqual(item["status"], "invalid")
            self.assertTrue(item["reason"].startswith("Input cannot be decoded as UTF-8: "))

    def test_headers_are_given_to_the_script_that_asks_for_them(self):
        with Worker() as worker:
            ready = worker.start_script("def init(): pass\ndef run(data, request_headers=None): return [data, request_headers]\n")
            self.assertEqual(ready["script"], {"wantsHeaders": True, "takes": "text", "batch": False})
            answers = worker.score(text("a", "x", {"x-request-id": "7", "content-type": "text/plain"}), text("b", "y"))
            self.assertEqual(answers[0][1], b'["x",{"X-Request-Id":"7","Content-Type":"text/plain"}]')
            self.assertEqual(answers[1][1], b'["y",{}]')

    def test_an_exception_is_an_error_whose_traceback_goes_to_stderr_under_the_request_id(self):
        with Worker() as worker:
            worker.start_script("def init(): pass\ndef run(raw_data):\n    raise ValueError('secret\\nlines')\n")
            item, body = worker.score(text("req-9", ""))[0]
            self.assertEqual((item["status"], body, item.get("reason")), ("error", b"", None))
            worker.send({"type": "stop"})
            lines = worker.stderr.all()
            self.assertEqual(lines[-2:], ["[req-9] ValueError: secret", "[req-9] lines"])
            self.assertTrue(all(line.startswith("[req-9] ") for line in lines), lines)
            self.assertFalse([line for line in lines if "modelyard" in line])

    def test_one_failing_item_does_not_touch_the_others_of_its_frame(self):
        with Worker() as worker:
            worker.start_script(ECHO % "json.loads(raw_data)")
            found = worker.score(text("a", "1"), text("b", "no"), text("c", "3"))
            self.assertEqual([(item["id"], item["status"], body) for item, body in found],
                             [("a", "ok", b"1"), ("b", "error", b""), ("c", "ok", b"3")])

    def test_sys_exit_in_run_is_an_error_of_that_request(self):
        with Worker() as worker:
            worker.start_script("import sys\ndef init(): pass\ndef run(raw_data): return sys.exit(1) if raw_data == 'x' else 1\n")
            self.assertEqual([item["status"] for item, _ in worker.score(text("a", "x"), text("b", ""))], ["error", "ok"])

    def test_what_no_exception_clause_catches_is_an_error_of_that_request(self):
        for raised in ("KeyboardInterrupt", "GeneratorExit", "BaseException('own')"):
            with Worker() as worker:
                worker.start_script("def init(): pass\ndef run(raw_data):\n    if raw_data == 'x': raise %s\n    return 1\n" % raised)
                answers = worker.score(text("a", "x"), text("b", "y"))
                self.assertEqual([item["status"] for item, _ in answers], ["error", "ok"])
        self.assertIn("KeyboardInterrupt", self.raised_by_init("raise KeyboardInterrupt"))

    def raised_by_init(self, statement):
        with Worker() as worker:
            return worker.start_script("def init(): %s\ndef run(raw_data): pass\n" % statement)["reason"]

    def test_an_interrupt_from_outside_ends_the_worker_in_the_middle_of_a_request(self):
        with Worker() as worker:
            worker.start_script("import time\ndef init(): pass\ndef run(data):\n    print('busy')\n    time.sleep(60)\n")
            item, body = text("a", "x")
            worker.send({"type": "score", "items": [item]}, body)
            worker.stdout.wait_for("[a] busy")
            os.kill(worker.process.pid, signal.SIGINT)
            self.assertEqual(worker.exit_code(), -signal.SIGINT)


class TimeLimit(unittest.TestCase):
    def test_a_late_request_answers_timeout_even_when_the_script_swallows_the_error(self):
        with Worker() as worker:
            worker.start_script("import time\ndef init(): pass\ndef run(data):\n    print('busy')\n    try:\n        time.sleep(60)\n"
                                "    except Exception as error:\n        return str(error)\n")
            worker.send({"type": "score", "items": [text("r", "")[0]]})
            worker.stdout.wait_for("[r] busy")
            worker.signal()
            self.assertEqual(worker.answers()[0][0]["status"], "timeout")

    def test_a_timeout_error_of_the_scripts_own_is_an_error(self):
        with Worker() as worker:
            worker.start_script("def init(): pass\ndef run(data): raise TimeoutError('of a socket')\n")
            self.assertEqual(worker.score(text("r", ""))[0][0]["status"], "error")

    def test_the_log_says_where_a_late_request_was(self):
        with Worker() as worker:
            worker.start_script("import time\ndef init(): pass\ndef run(data):\n    print('busy')\n    time.sleep(60)\n")
            worker.send({"type": "score", "items": [text("r", "")[0]]})
            worker.stdout.wait_for("[r] busy")
            time.sleep(0.1)  # until it sleeps
            worker.signal()
            worker.answers()
            worker.stderr.wait_for("[r]     time.sleep(60)")


class Output(unittest.TestCase):
    def test_each_line_of_a_request_carries_its_id_and_other_lines_none(self):
        with Worker() as worker:
            worker.start_script("import logging, sys\nprint('importing')\ndef init():\n    print('in', 'init', end='')\n"
                                "def run(data):\n    print('one\\ntwo é')\n    logging.warning('careful')\n    sys.stdout.write('half')\n    return 1\n")
            worker.score(text("a", ""), text("b", ""))
            worker.send({"type": "stop"})
            self.assertEqual(worker.exit_code(), 0)
            self.assertEqual(worker.stdout.all(), ["importing", "in init"] + ["[%s] %s" % (name, line) for name in "ab"
                                                                              for line in ("one", "two é", "half")])
            self.assertEqual(worker.stderr.all(), ["[a] WARNING:root:careful", "[b] WARNING:root:careful"])

    def test_lines_reach_the_host_while_the_request_runs(self):
        with Worker() as worker:
            worker.start_script("import time\ndef init(): pass\ndef run(data):\n    print('now')\n    time.sleep(60)\n")
            worker.send({"type": "score", "items": [text("r", "")[0]]})
            worker.stdout.wait_for("[r] now")


if __name__ == "__main__":
    unittest.main()
