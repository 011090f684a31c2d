"""`Model.get_model_path`, the way entry scripts of 2019 find their model."""
import os

from azureml.exceptions import ModelNotFoundException

_ROOT = "azureml-models"


class Model:
    """A registered model, as far as an entry script needs it."""

    @staticmethod
    def get_model_path(model_name, version=None, _workspace=None):
        """The path of a model of this service: its only file or folder, or its folder when it holds several.
        Without a version the highest. Else ./<name>; else ModelNotFoundException."""
        versions = os.path.join(_models_root(), model_name)
        chosen = version if version is not None else _highest(versions)
        folder = os.path.join(versions, str(chosen))
        entries = os.listdir(folder) if os.path.isdir(folder) else []
        if entries:
            return os.path.join(folder, entries[0]) if len(entries) == 1 else folder
        beside = os.path.join(".", model_name)
        if os.path.exists(beside):
            return beside
        raise ModelNotFoundException("Model not found in cache or in root at ./" + model_name)


def _models_root():
    """AZUREML_MODEL_DIR is this root, or <root>/<name>/<version> when the service has one model."""
    given = os.path.normpath(os.environ.get("AZUREML_MODEL_DIR") or _ROOT)
    above = os.path.dirname(os.path.dirname(given))
    return above if os.path.basename(above) == _ROOT else given


def _highest(versions):
    names = os.listdir(versions) if os.path.isdir(versions) else []
    return max((int(name) for name in names if name.isdigit()), default=0)
