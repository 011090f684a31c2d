"""scikit-learn estimators, and any other pickled object with a predict method."""
import importlib
import os
import pickle

from .. import documents, forests, linear, mlmodel

SUFFIXES = (".pkl", ".pickle", ".joblib", ".skops")
_FRAMEWORKS = ("sklearn", "scikitlearn")
# zlib, gzip, bzip2, xz, lzma, lz4: what joblib.dump(compress=…) writes.
_COMPRESSED = (b"\x78", b"\x1f\x8b", b"BZ", b"\xfd7zXZ", b"\x5d\x00", b"\x04\x22\x4d\x18")


def accepts(framework, path):
    """By the framework it was registered with, else by the name of the file."""
    if os.path.basename(path) == mlmodel.NAME:
        return False
    if framework and framework.lower().replace("-", "").replace("_", "") in _FRAMEWORKS:
        return True
    return path.lower().endswith(SUFFIXES)


def load(path):
    """The estimator of a pickle, or of a file of skops."""
    if path.lower().endswith(".skops"):
        estimator = _load_skops(path)
    else:
        estimator = _joblib().load(path) if _needs_joblib(path) else _unpickle(path)
    estimator = _with_rows(estimator)
    names = getattr(estimator, "feature_names_in_", None)
    direct = forests.called_directly(estimator)
    return linear.called_directly(documents.taken(direct) if names is None else _with_column_names(direct, list(names)))


def _with_rows(model):
    """Boosters take matrices of their own and answer probabilities; a loader of theirs lets them answer as estimators do."""
    if type(model).__name__ == "Booster" and type(model).__module__.split(".")[0] in ("xgboost", "lightgbm"):
        loader = importlib.import_module(__package__ + "." + type(model).__module__.split(".")[0])
        return loader.adapted(model)
    return model


def _load_skops(path):
    """skops loads no type that nobody trusts; what the one who logged the model trusts stands in its MLmodel."""
    from skops import io
    trusted = mlmodel.sklearn_flavor(os.path.dirname(path)).get("skops_trusted_types")
    return io.load(path, trusted=trusted or [])


def _unpickle(path):
    with open(path, "rb") as file:
        return pickle.load(file)


def _needs_joblib(path):
    """joblib writes arrays raw between the opcodes, which pickle must never try to read; its unpickler reads plain
    pickles too, but far slower than pickle's own."""
    import mmap
    with open(path, "rb") as file:
        start = file.read(6)
        if not start:
            raise EOFError("the file is empty")
        if start.startswith(_COMPRESSED):
            return True
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(b"joblib.numpy_pickle") >= 0


def _joblib():
    try:
        import joblib
    except ImportError:
        from sklearn.externals import joblib  # scikit-learn up to 0.22 brought its own
    return joblib


def _with_column_names(estimator, names):
    try:
        from pandas import DataFrame
    except ImportError:
        return estimator
    return NamedColumns(estimator, names, DataFrame)


class NamedColumns:
    """An estimator fitted on a DataFrame may choose its columns by name: rows get the names it was fitted with."""

    def __init__(self, estimator, names, frame):
        self.wrapped_estimator = estimator
        self._names = names
        self._frame = frame

    def __getattr__(self, method):
        function = getattr(self.wrapped_estimator, method)
        return lambda rows: function(self._named(rows))

    def _named(self, rows):
        rows = rows.tolist() if hasattr(rows, "tolist") else rows
        if all(isinstance(row, dict) for row in rows):
            missing = [name for name in self._names for row in rows if name not in row]
            if missing:
                raise ValueError("column %r is missing" % missing[0])
            return self._frame(rows, columns=self._names)
        if all(isinstance(row, list) and len(row) == len(self._names) for row in rows):
            return self._frame(rows, columns=self._names)
        return rows  # the estimator itself says best what is wrong with them
