"""Generators and run_batch(), beyond the golden transcripts."""
import unittest

from worker_process import Worker, frames, text


class Streams(unittest.TestCase):
    def start(self, worker, body):
        source = "import time\ndef init(): pass\ndef run(data):\n%s\n" % body
        self.assertEqual(worker.start_script(source)["type"], "ready")

    def until_answers(self, worker):
        """The heads of the frames before the answers, and the item of these."""
        heads = []
        while True:
            head, _ = worker.receive()
            if head["type"] == "answers":
                return heads, head["items"][0]
            heads.append(head)

    def test_a_cancelled_stream_closes_its_generator_and_the_worker_goes_on(self):
        with Worker() as worker:
            self.start(worker, "    try:\n        while True:\n            yield data\n    finally:\n        print('closed')")
            for request_id in ("r-1", "r-2"):
                worker.send({"type": "score", "items": [text(request_id, "x")[0]]}, b"x")
                self.assertEqual(worker.receive()[0]["type"], "stream")
                worker.send({"type": "cancel", "id": "other"})
                worker.send({"type": "cancel", "id": request_id})
                self.assertEqual(self.until_answers(worker)[1]["status"], "ok")
                worker.stdout.wait_for("[%s] closed" % request_id)

    def test_a_generator_that_will_not_close_is_an_error(self):
        with Worker() as worker:
            self.start(worker, "    while True:\n        try:\n            yield 1\n        except GeneratorExit:\n            pass")
            worker.send({"type": "score", "items": [text("r", "")[0]]})
            worker.receive()
            worker.send({"type": "cancel", "id": "r"})
            self.assertEqual(self.until_answers(worker)[1]["status"], "error")

    def test_stop_lets_a_stream_end_and_then_the_worker(self):
        with Worker() as worker:
            self.start(worker, "    yield 'a'\n    time.sleep(0.2)\n    yield 'b'")
            worker.send({"type": "score", "items": [text("r", "")[0]]})
            worker.receive()
            worker.send({"type": "stop"})
            heads, item = self.until_answers(worker)
            self.assertEqual(([head["type"] for head in heads], item["status"]), (["chunk", "chunk"], "ok"))
            self.assertEqual(worker.exit_code(), 0)

    def test_an_item_without_json_ends_the_stream_with_an_error(self):
        with Worker() as worker:
            self.start(worker, "    yield 1\n    yield object()")
            worker.send({"type": "score", "items": [text("r", "")[0]]})
            heads, item = self.until_answers(worker)
            self.assertEqual((len(heads), item["status"]), (2, "error"))

    def test_output_between_the_pieces_carries_the_id(self):
        with Worker() as worker:
            self.start(worker, "    print('one')\n    yield 1\n    print('two')\n    yield 2")
            worker.send({"type": "score", "items": [text("r", "")[0]]})
            self.until_answers(worker)
            worker.stdout.wait_for("[r] two")
            self.assertEqual(worker.stdout.seen, ["[r] one", "[r] two"])

    def test_an_async_run_is_refused_at_start(self):
        with Worker() as worker:
            head = worker.start_script("def init(): pass\nasync def run(data): return 1\n")
            self.assertEqual((head["stage"], head["reason"]), ("import", "run() of score.py is async; write `def run`"))


class Batches(unittest.TestCase):
    def start(self, worker, body, parameters="texts"):
        head = worker.start_script("def init(): pass\ndef run_batch(%s):\n%s\n" % (parameters, body))
        self.assertEqual(head.get("script", {}).get("batch"), True, head)

    def test_each_input_gets_its_own_answer_and_bad_text_only_fails_itself(self):
        with Worker() as worker:
            self.start(worker, "    return [text + '!' for text in texts]")
            found = worker.score(text("a", "1"), ({"id": "b", "kind": "text", "size": 1}, b"\xff"), text("c", "3"))
            self.assertEqual([(item["status"], body) for item, body in found],
                             [("ok", b'"1!"'), ("invalid", b""), ("ok", b'"3!"')])

    def test_an_exception_in_the_list_fails_its_own_request(self):
        with Worker() as worker:
            self.start(worker, "    return [ValueError('no') if text == 'x' else 1 for text in texts]")
            self.assertEqual([item["status"] for item, _ in worker.score(text("a", ""), text("b", "x"))], ["ok", "error"])
            worker.stderr.wait_for("[b] ValueError: no")

    def test_no_list_or_one_of_another_length_fails_all_with_a_line_for_each(self):
        for result, reason in (("texts[1:]", "answered 1 items for 2 inputs"), ("'ab'", "answered str for 2 inputs, not a list")):
            with Worker() as worker:
                self.start(worker, "    return " + result)
                self.assertEqual([item["status"] for item, _ in worker.score(text("a", ""), text("b", ""))], ["error", "error"])
                worker.send({"type": "stop"})
                self.assertEqual(worker.stderr.all(), ["[%s] run_batch() %s: the whole list fails" % (one, reason) for one in "ab"])

    def test_headers_come_as_a_list_too(self):
        with Worker() as worker:
            self.start(worker, "    return [one['X-A'] for one in request_headers]", "texts, request_headers")
            found = worker.score(text("a", "", {"x-a": "1"}), text("b", "", {"x-a": "2"}))
            self.assertEqual([body for _, body in found], [b'"1"', b'"2"'])

    def test_run_is_not_needed_beside_it_and_decorators_are_refused(self):
        with Worker() as worker:
            head = worker.start_script("from azureml.contrib.services.aml_request import rawhttp\ndef init(): pass\n"
                                       "@rawhttp\ndef run_batch(texts): pass\n")
            self.assertIn("run_batch() of score.py cannot be decorated", head["reason"])


class Frames(unittest.TestCase):
    def test_a_piece_may_be_as_long_as_a_frame(self):
        with Worker() as worker:
            worker.start_script("def init(): pass\ndef run(data):\n    yield b'x' * 5000000\n")
            worker.send({"type": "score", "items": [text("r", "")[0]]})
            self.assertEqual(worker.receive()[0]["type"], "stream")
            head, body = frames.read(worker.stream)
            self.assertEqual((head["size"], len(body)), (5000000, 5000000))


if __name__ == "__main__":
    unittest.main()
