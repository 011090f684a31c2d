"""An entry script as Azure Machine Learning runs it: init() once per worker, run(raw_data) for each request."""
import json
import os
import pickle

model = None


def init():
    global model
    folder = os.environ.get("AZUREML_MODEL_DIR")
    if folder:
        path = os.path.join(folder, "model.pkl")
    else:
        from azureml.core.model import Model

        path = Model.get_model_path("digits")
    with open(path, "rb") as file:
        model = pickle.load(file)


def run(raw_data):
    rows = json.loads(raw_data)["data"]
    return model.predict(rows).tolist()
