"""A worker that stays awake for a lone client answers, stops and ends as one that sleeps."""
import struct
import time
import unittest

from worker_process import SUMS, Worker


def table(*ids):
    return {"type": "table", "method": "predict", "columns": 3, "ids": list(ids), "rows": [1] * len(ids)}


class LoneClient(unittest.TestCase):
    def ask(self, worker, count, pause=0.0):
        for number in range(count):
            worker.send(table("r-%d" % number), struct.pack("<3d", number, 1, 1))
            head, body = worker.receive()
            self.assertEqual((head["type"], bytes(body)), ("predictions", b"[%d.0]" % (number + 2)))
            time.sleep(pause)

    def test_requests_one_by_one_quick_and_slow_and_several_at_once_are_answered(self):
        with Worker() as worker:
            worker.start_model(SUMS)
            self.ask(worker, 200)
            self.ask(worker, 5, 0.01)
            self.ask(worker, 50)
            frame = struct.pack("<3d", 1, 2, 3)
            for _ in range(3):  # more frames than it has answered
                worker.send(table("a", "b"), frame, frame)
                worker.send(table("c"), frame)
            self.assertEqual([bytes(worker.receive()[1]) for _ in range(6)], [b"[6.0][6.0]", b"[6.0]"] * 3)

    def test_it_stops_and_ends_while_it_is_awake(self):
        with Worker() as worker:
            worker.start_model(SUMS)
            self.ask(worker, 50)
            worker.send({"type": "stop"})
            self.assertEqual(worker.exit_code(), 0)
        with Worker() as worker:
            worker.start_model(SUMS)
            self.ask(worker, 50)
            worker.close()
            self.assertEqual(worker.exit_code(), 0)

    def test_it_sleeps_when_nothing_comes(self):
        with Worker() as worker:
            worker.start_model(SUMS)
            self.ask(worker, 50)
            before = self.processor_ticks(worker)
            time.sleep(0.5)
            self.assertLessEqual(self.processor_ticks(worker) - before, 10)  # of 50

    def processor_ticks(self, worker):
        try:
            with open("/proc/%d/stat" % worker.process.pid) as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            self.skipTest("no /proc")
        return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    unittest.main()
