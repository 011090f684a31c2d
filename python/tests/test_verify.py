"""Files that were changed after their image was made are found before anything of them is loaded."""
import hashlib
import os
import unittest

from worker_process import Worker

SCRIPT = """
print("loaded")
def init():
    pass
def run(raw_data):
    return raw_data
"""


def entry(path, content):
    return {"path": path, "digest": hashlib.sha256(content).hexdigest()}


class Verify(unittest.TestCase):
    def start(self, files, listed, more=None):
        """Start a worker on a folder with these files and this list of what they should be; gives the answer's head."""
        with Worker(env={"LANG": "C.UTF-8"}) as worker:  # as the host starts it
            folder = os.path.join(worker.folder, "source")
            for path, content in dict({"score.py": SCRIPT.encode()}, **files).items():
                place = os.path.join(folder, path).encode("utf-8")  # whatever locale the tests have
                os.makedirs(os.path.dirname(place), exist_ok=True)
                with open(place, "wb") as file:
                    file.write(content)
            head = worker.start(script={"folder": folder, "entry": "score.py", "files": listed})
            if head["type"] == "failed":
                self.assertEqual(worker.exit_code(), 3)
                self.assertNotIn("loaded", worker.stdout.all())
            return head

    def test_files_that_are_what_they_were_load(self):
        large = os.urandom(3 * (1 << 20) + 1)
        files = {"a/b ü.bin": large, "empty": b""}
        head = self.start(files, [entry(*item) for item in sorted(files.items())])
        self.assertEqual(head["type"], "ready")

    def test_one_changed_byte_is_found_and_the_file_named(self):
        large = bytearray(os.urandom(2 * (1 << 20)))
        listed = [entry("a/weights.bin", bytes(large))]
        large[-1] ^= 1
        head = self.start({"a/weights.bin": bytes(large)}, listed)
        self.assertEqual((head["stage"], head["traceback"]), ("verify", ""))
        self.assertRegex(head["reason"], r"^digest-mismatch: a/weights\.bin of the entry script was changed on disk \(SHA-256 \w{12}, not %s\)$" % listed[0]["digest"][:12])

    def test_a_missing_file_is_named(self):
        head = self.start({}, [entry("gone.bin", b"x")])
        self.assertEqual(head["reason"], "digest-mismatch: gone.bin of the entry script is missing on disk")

    def test_a_folder_in_the_place_of_a_file_is_named(self):
        head = self.start({"weights/x": b"x"}, [entry("weights", b"x")])
        self.assertRegex(head["reason"], "^digest-mismatch: weights of the entry script cannot be read: ")

    def test_what_the_image_does_not_name_may_lie_beside(self):
        self.assertEqual(self.start({"cache.txt": b"written by the script"}, [entry("score.py", SCRIPT.encode())])["type"], "ready")


if __name__ == "__main__":
    unittest.main()
