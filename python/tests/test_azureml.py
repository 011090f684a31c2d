"""The stand-in for azureml.core.model, inside a real worker."""
import json
import os
import unittest

from worker_process import Worker, text

SCRIPT = """
import json
from azureml.core import Model as Other
from azureml.core.model import Model
from azureml.exceptions import ModelNotFoundException
def init():
    assert Other is Model
def run(raw_data):
    try:
        return Model.get_model_path(**json.loads(raw_data))
    except ModelNotFoundException as error:
        return "! " + str(error)
"""


class GetModelPath(unittest.TestCase):
    def paths(self, files, model_dir, *arguments):
        """What get_model_path returns for each of the keyword arguments, relative to the folder of models."""
        with Worker() as probe:
            root = os.path.join(probe.folder, "azureml-models")
            for name in files:
                path = os.path.join(root, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                open(path, "w").close()
            with Worker(env={"AZUREML_MODEL_DIR": os.path.join(root, model_dir)}) as worker:
                self.assertEqual(worker.start_script(SCRIPT)["type"], "ready")
                open(os.path.join(worker.source, "beside"), "w").close()
                found = worker.score(*[text(str(index), json.dumps(one)) for index, one in enumerate(arguments)])
                return [json.loads(body.decode()).replace(root + os.sep, "") for _, body in found]

    def test_one_model_is_found_from_its_own_folder(self):
        self.assertEqual(self.paths(["digits/2/m.pkl"], "digits/2", {"model_name": "digits"}, {"model_name": "digits", "version": 2}),
                         ["digits/2/m.pkl"] * 2)

    def test_among_several_the_highest_version_by_number_is_taken(self):
        files = ["a/9/m.pkl", "a/10/m.pkl", "b/1/x", "b/1/y", "c/1/model/z"]
        found = self.paths(files, "", {"model_name": "a"}, {"model_name": "a", "version": "9", "_workspace": None},
                           {"model_name": "b"}, {"model_name": "c"})
        self.assertEqual(found, ["a/10/m.pkl", "a/9/m.pkl", "b/1", "c/1/model"])

    def test_else_a_file_beside_the_script_else_azures_own_words(self):
        self.assertEqual(self.paths(["a/1/m"], "a/1", {"model_name": "beside"}, {"model_name": "gone"}, {"model_name": "a", "version": 2}),
                         ["./beside", "! Model not found in cache or in root at ./gone", "! Model not found in cache or in root at ./a"])

    def test_an_installed_azureml_wins(self):
        with Worker() as probe:
            os.makedirs(os.path.join(probe.folder, "azureml", "core"))
            for name, source in (("", ""), ("core", "REAL = 1")):
                with open(os.path.join(probe.folder, "azureml", name, "__init__.py"), "w") as file:
                    file.write(source)
            with Worker(env={"PYTHONPATH": probe.folder}) as worker:
                worker.start_script("import azureml.core\ndef init(): pass\ndef run(data): return azureml.core.REAL\n")
                self.assertEqual(worker.score(text("r", ""))[0][1], b"1")


if __name__ == "__main__":
    unittest.main()
