"""One file per framework. A loader has SUFFIXES (file name endings), accepts(framework or None, path) and
load(path), which returns an object with predict(rows) and perhaps predict_proba(rows). Frameworks are imported inside load()."""
import importlib
import pkgutil


def discover():
    """All loaders, found by looking into this folder (or this part of the zip)."""
    names = sorted(name for _, name, _ in pkgutil.iter_modules(__path__))
    return [importlib.import_module(__name__ + "." + name) for name in names]


def is_own_format(framework, path, name, suffixes):
    """Whether a file is in the format of the framework of this name, by what it was registered with or by the name of the
    file; pickles are scikit-learn's loader's."""
    lower = path.lower()
    if lower.endswith((".pkl", ".pickle", ".joblib")):
        return False
    return (framework or "").lower() == name or lower.endswith(suffixes)


class Wrapped:
    """What is put around a model, and is that model in all that it does not say itself."""

    def __init__(self, model):
        self.wrapped_estimator = model

    def __getattr__(self, name):
        return getattr(self.wrapped_estimator, name)


def bare(model):
    """The estimator itself, without what a loader put around it."""
    while hasattr(model, "wrapped_estimator"):
        model = model.wrapped_estimator
    return model
