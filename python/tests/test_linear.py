"""Linear models that are called directly answer as scikit-learn's own code; skipped where scikit-learn is not installed."""
import os
import pickle
import shutil
import sys
import tempfile
import unittest
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))
from modelyard.worker.linear import called_directly  # noqa: E402
from modelyard.worker.loaders import sklearn as loader  # noqa: E402

try:
    import numpy
    from sklearn import linear_model
    from sklearn.datasets import load_digits
    from sklearn.svm import LinearSVC
    from sklearn.tree import DecisionTreeClassifier
except ImportError:
    numpy = None


@unittest.skipUnless(numpy, "scikit-learn is not installed for this Python")
class Linear(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows, cls.labels = load_digits(return_X_y=True)
        cls.words = numpy.array(["odd" if label % 2 else "even" for label in cls.labels])
        warnings.simplefilter("ignore")  # they need not converge
        few = cls.rows[:600], cls.labels[:600]
        cls.models = [
            linear_model.LogisticRegression(max_iter=20).fit(*few),
            linear_model.LogisticRegression(max_iter=20).fit(cls.rows[:600], cls.words[:600]),
            linear_model.LogisticRegression(max_iter=20).fit(cls.rows[:600], cls.words[:600].astype(object)),
            linear_model.SGDClassifier(random_state=0).fit(*few), linear_model.RidgeClassifier().fit(*few),
            LinearSVC(max_iter=20).fit(*few), linear_model.Perceptron().fit(cls.rows[:600], cls.labels[:600] > 4),
            linear_model.LinearRegression().fit(*few), linear_model.Ridge(fit_intercept=False).fit(*few),
            linear_model.Lasso().fit(*few), linear_model.LinearRegression().fit(cls.rows[:600], numpy.c_[few[1], few[1]]),
        ]

    def test_labels_and_values_are_the_same_bit_for_bit(self):
        for model in self.models:
            direct = called_directly(model)
            if type(model).__name__ != "RidgeClassifier":  # which has a predict of its own
                self.assertIsNot(direct, model)
            for rows in (self.rows, self.rows[:64], self.rows[5:6], self.rows + numpy.random.RandomState(1).normal(size=64),
                         numpy.zeros((2, 64)), self.rows.astype(numpy.float32), self.rows.astype(int), numpy.full((1, 64), 1e307)):
                wanted, found = model.predict(rows), direct.predict(rows)
                self.assertEqual((wanted.dtype, wanted.shape), (found.dtype, found.shape))
                self.assertTrue(numpy.array_equal(wanted, found), type(model).__name__)

    def test_what_the_model_refuses_is_refused_with_its_words(self):
        for model in self.models:
            direct = called_directly(model)
            for rows in (self.rows[:, :3], numpy.full((1, 64), numpy.inf), numpy.full((2, 64), numpy.nan), numpy.zeros((0, 64)),
                         numpy.array([[numpy.inf, -numpy.inf] + [0.0] * 62]), [["a"] * 64], numpy.zeros(64)):
                with self.assertRaises(ValueError) as wanted:
                    model.predict(rows)
                with self.assertRaises(ValueError) as found:
                    direct.predict(rows)
                self.assertEqual(str(wanted.exception), str(found.exception))

    def test_all_else_is_the_models_own(self):
        direct = called_directly(self.models[0])
        self.assertTrue(numpy.array_equal(direct.predict_proba(self.rows), self.models[0].predict_proba(self.rows)))
        self.assertFalse(hasattr(called_directly(self.models[-1]), "predict_proba"))

    def test_what_is_in_doubt_stays_as_it_is(self):
        class Own(linear_model.LogisticRegression):
            def decision_function(self, rows):
                return -super().decision_function(rows)

        Own.__module__ = "sklearn.linear_model.own"  # its functions are of this module
        own = Own(max_iter=20).fit(self.rows, self.labels)
        sparse = linear_model.LogisticRegression(max_iter=20).fit(self.rows, self.labels).sparsify()
        changed = linear_model.LinearRegression().fit(self.rows, self.labels)
        changed.predict = lambda rows: numpy.zeros(len(rows))
        for model in (own, sparse, changed, linear_model.LinearRegression(), DecisionTreeClassifier().fit(self.rows, self.labels), "text"):
            self.assertIs(called_directly(model), model)

    def test_a_model_fitted_with_names_takes_rows_and_objects(self):
        try:
            from pandas import DataFrame
        except ImportError:
            self.skipTest("pandas is not installed")
        frame = DataFrame(self.rows[:600], columns=["x%d" % index for index in range(64)])
        model = linear_model.LinearRegression().fit(frame, self.labels[:600])
        if not hasattr(model, "feature_names_in_"):
            self.skipTest("scikit-learn keeps names since 1.0")
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        with open(os.path.join(folder, "m.pkl"), "wb") as file:
            pickle.dump(model, file)
        loaded = loader.load(os.path.join(folder, "m.pkl"))
        self.assertEqual(type(loaded).__module__, "modelyard.worker.linear")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for count in (1, 2, 5, 64, 600):
                wanted = model.predict(DataFrame(self.rows[:count].tolist(), columns=frame.columns))
                for rows in (self.rows[:count], self.rows[:count].tolist(), frame[:count].to_dict("records")):
                    self.assertTrue(numpy.array_equal(loaded.predict(rows), wanted), count)


if __name__ == "__main__":
    unittest.main()
