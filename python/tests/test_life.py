"""How a worker lives and ends, whatever it runs."""
import os
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

from worker_process import SOURCE, SUMS, TESTS, Worker, rows, text

SLOW = """
import threading, time
def init():
    pass
def run(raw_data):
    print("busy")
    time.sleep(float(raw_data))
    return "done"
"""
SPIN = SLOW.replace("time.sleep(float(raw_data))", "while True: pass")
HOLDS_THE_LOCK = SLOW.replace("time.sleep(float(raw_data))", "sum(iter(int, 1))")  # never leaves C
HOST = """
import sys
sys.path.insert(0, %r)
from worker_process import Worker, text
worker = Worker()
worker.start_script(%r)
worker.send({"type": "score", "items": [text("r", "60")[0]]}, b"60")
worker.stdout.wait_for("[r] busy")
print(worker.process.pid, flush=True)
"""


def zip_of_source(path):
    with zipfile.ZipFile(path, "w") as archive:
        for parent, _, names in os.walk(SOURCE):
            for name in names:
                if name.endswith(".py"):
                    archive.write(os.path.join(parent, name), os.path.relpath(os.path.join(parent, name), SOURCE))


def running(pid):
    """Whether the process runs; one that has ended and waits to be collected does not."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


class Life(unittest.TestCase):
    def test_a_closed_socket_ends_an_idle_worker(self):
        with Worker() as worker:
            worker.start_script(SLOW)
            worker.close()
            self.assertEqual(worker.exit_code(), 0)

    def test_a_closed_socket_ends_a_worker_whose_main_thread_is_busy(self):
        for source in (SLOW, SPIN):
            with Worker() as worker:
                worker.start_script(source)
                worker.send({"type": "score", "items": [text("r", "60")[0]]}, b"60")
                worker.stdout.wait_for("[r] busy")
                started = time.time()
                worker.close()
                self.assertEqual(worker.exit_code(), 0)
                self.assertLess(time.time() - started, 5)

    def test_a_closed_socket_ends_a_busy_worker_that_has_unread_frames(self):
        with Worker() as worker:
            worker.start_script(SLOW)
            for name in "abc":
                worker.send({"type": "score", "items": [text(name, "60")[0]]}, b"60")
            worker.stdout.wait_for("[a] busy")
            worker.close()
            self.assertEqual(worker.exit_code(), 0)

    def test_frames_that_arrive_while_a_request_runs_do_not_end_the_worker(self):
        with Worker() as worker:
            worker.start_script(SLOW)
            worker.send({"type": "score", "items": [text("a", "0.3")[0]]}, b"0.3")
            worker.stdout.wait_for("[a] busy")
            worker.send({"type": "score", "items": [text("b", "0")[0]]}, b"0")
            self.assertEqual([worker.answers()[0][0]["id"] for _ in range(2)], ["a", "b"])

    @unittest.skipUnless(sys.platform.startswith("linux"), "only Linux tells a process that its parent has died")
    def test_a_killed_host_ends_a_worker_that_native_code_has_locked_up(self):
        host = subprocess.Popen([sys.executable, "-c", HOST % (TESTS, HOLDS_THE_LOCK)], stdout=subprocess.PIPE)
        pid = int(host.stdout.readline())
        host.kill()
        host.wait()
        host.stdout.close()
        end = time.time() + 5
        while running(pid) and time.time() < end:
            time.sleep(0.01)
        self.assertFalse(running(pid))

    def test_stop_lets_the_running_request_finish_and_answers_it(self):
        with Worker() as worker:
            worker.start_script(SLOW)
            worker.send({"type": "score", "items": [text("r", "0.5")[0]]}, b"0.5")
            worker.send({"type": "stop"})
            self.assertEqual(worker.answers()[0][1], b'"done"')
            self.assertEqual(worker.exit_code(), 0)

    def test_frames_sent_ahead_are_answered_in_their_order(self):
        with Worker() as worker:
            worker.start_script(SLOW)
            for name in "abc":
                worker.send({"type": "score", "items": [text(name, "0.05")[0]]}, b"0.05")
            self.assertEqual([worker.answers()[0][0]["id"] for _ in range(3)], ["a", "b", "c"])

    def test_the_signal_between_requests_does_no_harm(self):
        with Worker() as worker:
            worker.start_script(SLOW)
            for _ in range(20):
                worker.signal()
                time.sleep(0.005)
            self.assertEqual(worker.score(text("r", "0"))[0][0]["status"], "ok")

    def test_signals_around_the_ends_of_short_requests_never_break_the_worker(self):
        with Worker() as worker:
            worker.start_script(SLOW)
            for turn in range(200):
                worker.send({"type": "score", "items": [text(str(turn), "0")[0]]}, b"0")
                time.sleep(turn * 0.000005)
                worker.signal()
                self.assertIn(worker.answers()[0][0]["status"], ("ok", "timeout"))

    def test_a_frame_that_is_none_ends_the_worker_with_a_word(self):
        with Worker() as worker:
            worker.start_script(SLOW)
            worker.connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            self.assertEqual(worker.exit_code(), 70)
            self.assertIn("bad frame", worker.stderr.all()[-1])

    def test_the_zip_works_like_the_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "worker.zip")
            zip_of_source(path)
            with Worker(program=path) as worker:
                self.assertEqual(worker.start_model(SUMS)["type"], "ready")
                self.assertEqual(worker.score(rows("r", [[1, 2, 3]]))[0][1], b"[6.0]")
            with Worker(program=path) as worker:
                ready = worker.start_script("from azureml.core.model import Model\ndef init(): 1 / 0\ndef run(data): pass\n")
                self.assertEqual(ready["stage"], "init")
                self.assertNotIn("worker.zip", ready["traceback"])

    def test_a_model_folder_stays_as_it_is(self):
        before = sorted(os.listdir(SUMS))
        with Worker() as worker:
            worker.start_model(SUMS)
        self.assertEqual(sorted(os.listdir(SUMS)), before)


if __name__ == "__main__":
    unittest.main()
