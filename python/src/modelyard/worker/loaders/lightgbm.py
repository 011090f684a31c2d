"""LightGBM: its own text files, and boosters that were pickled without an estimator around them."""
from .. import rows as tables
from . import is_own_format

SUFFIXES = (".lgb", ".lgbm")


def accepts(framework, path):
    return is_own_format(framework, path, "lightgbm", SUFFIXES)


def load(path):
    """An object with predict of the task that the file was trained for."""
    import lightgbm
    return adapted(lightgbm.Booster(model_file=path))


def adapted(booster):
    """The same of a booster that was pickled."""
    objective = _objective(booster)
    return Classifier(booster) if objective.startswith(("binary", "multiclass", "cross_entropy")) else Regressor(booster)


def _objective(booster):
    """The line `objective=binary sigmoid:1` at the beginning of a model's text."""
    lines = booster.model_to_string(num_iteration=1).splitlines()
    return next((line[len("objective="):] for line in lines[:50] if line.startswith("objective=")), "")


class Regressor:
    """A booster that takes rows; it does not look at their columns' names."""

    def __init__(self, booster):
        self._booster = booster
        self.n_features_in_ = booster.num_feature()

    def predict(self, rows):
        return self._booster.predict(tables.numbers(rows, self.n_features_in_))


class Classifier(Regressor):
    """A booster that answers a probability for each row, or one for each class; labels are 0, 1, 2, …"""

    def predict_proba(self, rows):
        import numpy
        found = self._booster.predict(tables.numbers(rows, self.n_features_in_))
        return found if found.ndim == 2 else numpy.column_stack([1 - found, found])

    def predict(self, rows):
        import numpy
        found = self._booster.predict(tables.numbers(rows, self.n_features_in_))
        return found.argmax(axis=1) if found.ndim == 2 else (found > 0.5).astype(numpy.int64)
