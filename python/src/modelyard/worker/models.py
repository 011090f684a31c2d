"""Which file of a version's folder is the model, and which loader loads it."""
import os
import sys

from . import loaders, mlmodel
from .failure import RAISED, Failed, describe


def load(model):
    """The estimator of a version ({"name","version","path","files"?,"framework"?}). Failed with stage load when it cannot."""
    title = "model %s:%s" % (model["name"], model["version"])
    known = loaders.discover()
    path = model_file(model["path"], tuple(suffix for loader in known for suffix in loader.SUFFIXES), title)
    loader = next((loader for loader in known if loader.accepts(model.get("framework"), path)), None)
    if loader is None:
        raise Failed("load", "%s: nothing here loads %s; give it an entry script" % (title, os.path.basename(path)))
    # A pickle finds the classes that were registered beside it; last, so that they hide nothing.
    sys.path.append(os.path.dirname(path))
    code = os.path.join(os.path.abspath(model["path"]), "code")
    if os.path.isdir(code):  # where MLflow puts the modules that were logged with a model
        sys.path.append(code)
    try:
        estimator = loader.load(path)
    except ImportError as error:
        reason = "%s did not load: %s; name its package in requirements.txt" % (title, describe(error))
        raise Failed("load", reason, error)
    except RAISED as error:
        raise Failed("load", "%s did not load: %s" % (title, describe(error)), error)
    if not hasattr(estimator, "predict"):
        kind = type(estimator).__name__
        raise Failed("load", "%s is a %s, which has no predict(); give it an entry script" % (title, kind))
    return estimator


def model_file(folder, suffixes, title):
    """The file that MLflow's MLmodel names; else the only file of a folder, or the only one whose name ends like a model's."""
    named = mlmodel.sklearn_flavor(folder).get("pickled_model")
    if named is not None:
        return os.path.join(os.path.abspath(folder), named)
    if mlmodel.has_pyfunc(folder):
        return os.path.join(os.path.abspath(folder), mlmodel.NAME)
    files = sorted(_files(os.path.abspath(folder)))
    candidates = files if len(files) == 1 else [path for path in files if path.lower().endswith(suffixes)]
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise Failed("load", "%s: no model file (%s) in its folder" % (title, ", ".join(suffixes)))
    names = ", ".join(os.path.relpath(path, folder) for path in candidates)
    raise Failed("load", "%s: which of these is the model: %s? Register one file, or give it an entry script" % (title, names))


def _files(folder):
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                yield os.path.join(parent, name)
