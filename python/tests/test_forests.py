"""Forests whose trees are called directly answer as scikit-learn's own code; skipped where scikit-learn is not installed."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))
from modelyard.worker.forests import called_directly  # noqa: E402

try:
    import numpy
    from sklearn.datasets import load_digits
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
except ImportError:
    numpy = None


@unittest.skipUnless(numpy, "scikit-learn is not installed for this Python")
class Forests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows, cls.labels = load_digits(return_X_y=True)
        cls.words = numpy.array(["odd" if label % 2 else "even" for label in cls.labels])

    def forests(self):
        for kind, labels in ((RandomForestClassifier, self.labels), (ExtraTreesClassifier, self.words),
                             (RandomForestRegressor, self.labels), (ExtraTreesRegressor, self.labels)):
            for settings in ({}, {"min_samples_leaf": 7}, {"max_depth": 1}):
                yield kind(n_estimators=20, random_state=3, **settings).fit(self.rows[:900], labels[:900])

    def same(self, forest, direct, rows):
        for method in ("predict", "predict_proba") if hasattr(forest, "classes_") else ("predict",):
            wanted, found = getattr(forest, method)(rows), getattr(direct, method)(rows)
            self.assertEqual((wanted.dtype, wanted.shape), (found.dtype, found.shape))
            self.assertTrue(numpy.array_equal(wanted, found), method)

    def test_labels_probabilities_and_values_are_the_same_bit_for_bit(self):
        for forest in self.forests():
            direct = called_directly(forest)
            self.assertIsNot(direct, forest)
            for rows in (self.rows, self.rows[:64], self.rows[5:6], self.rows + numpy.random.RandomState(1).normal(size=64)):
                self.same(forest, direct, rows)

    def test_what_the_forest_refuses_is_refused_with_its_words(self):
        forest = next(self.forests())
        direct = called_directly(forest)
        for rows in (self.rows[:, :3], numpy.full((1, 64), 1e39), numpy.full((1, 64), numpy.inf), numpy.zeros((0, 64))):
            with self.assertRaises(ValueError) as wanted:
                forest.predict(rows)
            with self.assertRaises(ValueError) as found:
                direct.predict(rows)
            self.assertEqual(str(wanted.exception), str(found.exception))

    def test_threads_of_its_own_give_the_same_labels(self):
        forest = RandomForestClassifier(20, n_jobs=2, random_state=0).fit(self.rows, self.labels)
        direct = called_directly(forest)
        self.assertIsNot(direct, forest)
        self.assertTrue(numpy.array_equal(forest.predict(self.rows), direct.predict(self.rows)))

    def test_what_is_in_doubt_stays_as_it_is(self):
        class Own(RandomForestClassifier):
            def predict(self, rows):
                return [7] * len(rows)

        own = Own(5).fit(self.rows, self.labels)
        several = RandomForestClassifier(5).fit(self.rows, numpy.c_[self.labels, self.labels])
        changed = RandomForestClassifier(5).fit(self.rows, self.labels)
        changed.predict_proba = lambda rows: numpy.zeros((len(rows), 10))
        for model in (own, several, changed, "text"):
            self.assertIs(called_directly(model), model)


if __name__ == "__main__":
    unittest.main()
