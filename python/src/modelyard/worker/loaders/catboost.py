"""CatBoost's own files."""
from .. import rows as tables
from . import is_own_format

SUFFIXES = (".cbm",)
_CLASSIFYING = ("Logloss", "CrossEntropy", "MultiClass", "MultiClassOneVsAll", "MultiLogloss", "MultiCrossEntropy")


def accepts(framework, path):
    return is_own_format(framework, path, "catboost", SUFFIXES)


def load(path):
    """An estimator of the task that the file was trained for, with the labels it was trained on."""
    import catboost
    plain = catboost.CatBoost()
    plain.load_model(path)
    if plain.get_all_params().get("loss_function") not in _CLASSIFYING:
        return Regressor(plain)
    classifier = catboost.CatBoostClassifier()
    classifier.load_model(path)
    return Classifier(classifier)


class Regressor:
    """A model that refuses rows of another width as a mistake of who sends them."""

    def __init__(self, model):
        self._model = model
        self.n_features_in_ = len(model.feature_names_)

    def predict(self, rows):
        tables.check_width(rows, self.n_features_in_)
        return self._model.predict(rows)


class Classifier(Regressor):
    """Answers one label for each row, where CatBoost answers lists of one."""

    def predict(self, rows):
        found = Regressor.predict(self, rows)
        if found.ndim == 2 and found.shape[1] == 1:
            found = found[:, 0]
        # it writes truth values as text
        return found == "True" if found.dtype.kind in "OU" and set(found.tolist()) <= {"True", "False"} else found

    def predict_proba(self, rows):
        tables.check_width(rows, self.n_features_in_)
        return self._model.predict_proba(rows)
