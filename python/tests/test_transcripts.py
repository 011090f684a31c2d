"""Replays protocol/worker/*.json against a real worker; vitest replays the same files against the host's codec."""
import glob
import io
import json
import os
import unittest

from worker_process import TRANSCRIPTS, Worker, frames
from write_transcripts import TRANSCRIPTS as WANTED, written

VARYING = ("runMs", "python", "traceback", "at")  # differ from run to run; the transcript's value stands for any


def settled(seen, wanted):
    """`seen` with the transcript's values where they differ from run to run."""
    if isinstance(seen, list) and isinstance(wanted, list) and len(seen) == len(wanted):
        return [settled(one, other) for one, other in zip(seen, wanted)]
    if isinstance(seen, dict) and isinstance(wanted, dict):
        return dict((key, wanted[key] if key in VARYING and key in wanted else settled(value, wanted.get(key)))
                    for key, value in seen.items())
    return seen


class Transcripts(unittest.TestCase):
    maxDiff = None

    def replay(self, steps):
        with Worker(cwd=TRANSCRIPTS) as worker:
            for step in steps:
                if "exit" in step:
                    self.assertEqual(worker.exit_code(), step["exit"])
                elif "signal" in step:
                    worker.stdout.wait_for(step["after"])
                    worker.signal()
                elif step["from"] == "host":
                    worker.connection.sendall(bytes.fromhex(step["frameHex"]))
                else:
                    head, body = worker.receive()
                    head = settled(head, step["head"])
                    self.assertEqual(head, step["head"])
                    self.assertEqual(frames.encode(head, [body]).hex(), step["frameHex"])

    def test_every_golden_transcript_is_what_the_worker_says_byte_for_byte(self):
        paths = glob.glob(os.path.join(TRANSCRIPTS, "*.json"))
        self.assertEqual(len(paths), len(WANTED))
        for path in paths:
            with self.subTest(os.path.basename(path)):
                with open(path, encoding="utf-8") as file:
                    self.replay(json.load(file))

    def test_the_files_are_what_write_transcripts_writes(self):
        for name, steps in WANTED.items():
            with open(os.path.join(TRANSCRIPTS, name + ".json"), encoding="utf-8") as file:
                self.assertEqual(file.read(), written(steps), name)

    def test_a_frame_read_back_is_the_frame_written(self):
        head = {"type": "score", "items": [{"id": "\ud800 ä", "size": 2}, {"id": "b", "size": 0}]}
        read, body = frames.read(io.BytesIO(frames.encode(head, [b"xy", b""])))
        self.assertEqual((read, [bytes(part) for part in frames.cut(read["items"], body)]), (head, [b"xy", b""]))

    def test_every_proper_beginning_of_a_frame_is_an_ended_stream(self):
        frame = frames.encode({"type": "stop"}, [b"abc"])
        for length in range(len(frame)):
            self.assertIsNone(frames.read(io.BytesIO(frame[:length])))

    def test_impossible_lengths_and_heads_are_refused(self):
        for start in (b"\xff\xff\xff\xff\x00\x00\x00\x00", b"\x04\x00\x00\x00\x05\x00\x00\x00", b"\x06\x00\x00\x00\x02\x00\x00\x00[]",
                      b"\x06\x00\x00\x00\x02\x00\x00\x00\xff\xff"):
            with self.assertRaises(frames.BadFrame):
                frames.read(io.BytesIO(start))


if __name__ == "__main__":
    unittest.main()
