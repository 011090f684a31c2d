"""A worker that stays awake for a lone client answers, stops and ends as one that sleeps."""
import struct
import time
import unittest
from unittest import mock

from worker_process import SUMS, Worker

from modelyard.worker import awake


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


class Rests(unittest.TestCase):
    """With a clock that the test moves, by what each look takes."""

    def setUp(self):
        self.now, self.looks, self.each = 1.0, 0, 0.0
        for module, name, change in ((awake.time, "perf_counter", lambda: self.now), (awake.os, "sched_yield", self.pause)):
            patch = mock.patch.object(module, name, change, create=True)
            patch.start()
            self.addCleanup(patch.stop)
        self.awake = awake.Awake(mock.Mock(), mock.Mock(peek=self.peek))
        self.awake._able = True

    def peek(self, _):
        self.looks += 1
        return b"x" if self.looks == 3 else b""

    def pause(self):
        self.now += self.each

    def looks_of(self, each):
        """How often it looks for a request that comes with the third look, when each takes so many seconds."""
        self.awake.answered(True)
        self.awake.came()
        self.awake.answered(True)
        self.looks, self.each = 0, each
        self.awake.wait()
        return self.looks

    def good(self, count):
        self.assertEqual([self.looks_of(0.00001) for _ in range(count)], [3] * count)

    def test_it_rests_after_a_wait_in_vain_twice_as_long_as_the_last_time_up_to_a_limit(self):
        for rest in (0.01, 0.02, 0.04, 0.08, 0.16, 0.3, 0.3):
            self.assertEqual(self.looks_of(0.003), 1)
            self.now += rest - 0.001
            self.assertEqual(self.looks_of(0.00001), 0)
            self.now += 0.002

    def test_what_was_saved_pays_for_waits_in_vain_and_makes_the_next_rest_short(self):
        self.looks_of(0.003)
        self.looks_of(0.003)
        self.now += 0.05
        self.good(100)
        self.assertEqual([self.looks_of(0.00041) for _ in range(8)], [1] * 8)  # 3.28 ms
        self.assertEqual(self.looks_of(0.00001), 0)
        self.now += 0.011
        self.good(1)


if __name__ == "__main__":
    unittest.main()
