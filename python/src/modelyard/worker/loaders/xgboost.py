"""XGBoost: its own files (JSON and UBJSON), and boosters that were pickled without an estimator around them."""
import json

from .. import rows as tables
from . import is_own_format

SUFFIXES = (".ubj", ".xgb")
_CLASSIFYING = ("binary:logistic", "multi:softprob", "multi:softmax")


def accepts(framework, path):
    return is_own_format(framework, path, "xgboost", SUFFIXES)


def load(path):
    """An object with predict of the task that the file was trained for; scikit-learn is not needed."""
    import xgboost
    return adapted(xgboost.Booster(model_file=path))


def adapted(booster):
    """The same of a booster that was pickled."""
    learner = json.loads(booster.save_config())["learner"]
    objective = learner["objective"]["name"]
    return (Classifier if objective in _CLASSIFYING else Regressor)(booster, objective)


class Regressor:
    """A booster that takes rows; it does not look at their columns' names."""

    def __init__(self, booster, objective):
        self._booster = booster
        self._objective = objective
        self.n_features_in_ = booster.num_features()

    def predict(self, rows):
        return self._booster.inplace_predict(tables.numbers(rows, self.n_features_in_), validate_features=False)


class Classifier(Regressor):
    """A booster that answers probabilities, or with multi:softmax labels; labels are 0, 1, 2, …"""

    def predict(self, rows):
        import numpy
        found = Regressor.predict(self, rows)
        if found.ndim == 2:
            return found.argmax(axis=1)
        return (found > 0.5 if self._objective == "binary:logistic" else found).astype(numpy.int64)

    def predict_proba(self, rows):
        import numpy
        if self._objective == "multi:softmax":
            raise ValueError("it was trained to answer labels only (multi:softmax)")
        found = Regressor.predict(self, rows)
        return found if found.ndim == 2 else numpy.column_stack([1 - found, found])
