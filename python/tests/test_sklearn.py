"""Real scikit-learn estimators in a real worker; skipped where scikit-learn is not installed."""
import gzip
import json
import os
import pickle
import unittest

from worker_process import Worker, data, rows

try:
    import joblib
    import numpy
    from sklearn.compose import ColumnTransformer
    from sklearn.datasets import load_digits
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from sklearn.svm import LinearSVC
except ImportError:
    numpy = None

try:
    import pandas
except ImportError:
    pandas = None


def loaded(test, model, dump=None):
    """A worker that has loaded this model from its pickle (or as `dump(model, path)` wrote it)."""
    worker = Worker()
    test.addCleanup(worker.__exit__)
    folder = os.path.join(worker.folder, "m")
    os.mkdir(folder)
    path = os.path.join(folder, "m.pkl")
    if dump:
        dump(model, path)
    else:
        with open(path, "wb") as file:
            pickle.dump(model, file)
    worker.ready = worker.start_model(folder)
    test.assertEqual(worker.ready["type"], "ready")
    return worker


def values(answer):
    item, body = answer
    assert item["status"] == "ok", item
    return json.loads(body.decode())


@unittest.skipUnless(numpy, "scikit-learn is not installed for this Python")
class Digits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.inputs, labels = load_digits(return_X_y=True)
        cls.model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200)).fit(cls.inputs, labels)

    def test_labels_and_probabilities_are_scikit_learns_own_alone_and_stacked(self):
        worker = loaded(self, self.model)
        matrix = self.inputs[:300].tolist()
        alone = values(worker.score(rows("all", matrix))[0])
        self.assertEqual(alone, self.model.predict(self.inputs[:300]).tolist())
        stacked = worker.score(*[rows(str(index), [row], method="predict_proba") for index, row in enumerate(matrix)])
        found = numpy.array([values(answer)[0] for answer in stacked])
        self.assertLess(abs(found - self.model.predict_proba(self.inputs[:300])).max(), 1e-12)

    def test_joblib_files_load_plain_compressed_and_with_arrays_whatever_their_name(self):
        forest = RandomForestClassifier(5, random_state=0).fit(self.inputs, self.inputs[:, 20] > 8)
        wanted = forest.predict(self.inputs[:20]).tolist()
        for dump in (None, joblib.dump, lambda model, path: joblib.dump(model, path, compress=3),
                     lambda model, path: joblib.dump(model, path, compress=("xz", 1)),
                     lambda model, path: gzip.open(path, "wb").write(pickle.dumps(model))):
            worker = loaded(self, forest, dump)
            self.assertEqual(values(worker.score(rows("r", self.inputs[:20].tolist()))[0]), wanted)

    def test_rows_that_do_not_fit_are_invalid_with_scikit_learns_first_line(self):
        worker = loaded(self, self.model)
        good = self.inputs[:1].tolist()
        nan = [[float("nan")] * 64]
        found = worker.score(rows("a", [[1, 2]]), rows("b", nan), rows("c", good), rows("d", [], 64), rows("e", [[], []], 0),
                             data("f", '[["x"]]'), data("g", "[]"))
        self.assertEqual([item["status"] for item, _ in found], ["invalid"] * 2 + ["ok"] + ["invalid"] * 4)
        self.assertEqual(found[0][0]["reason"], "X has 2 features, but StandardScaler is expecting 64 features as input.")
        self.assertIn("NaN", found[1][0]["reason"])
        self.assertTrue(all(item["reason"] and "\n" not in item["reason"] for item, _ in found if item["status"] == "invalid"))

    def test_an_estimator_without_probabilities_says_so(self):
        worker = loaded(self, LinearSVC().fit(self.inputs[:50], self.inputs[:50, 20] > 8))
        item, _ = worker.score(rows("r", self.inputs[:1].tolist(), method="predict_proba"))[0]
        self.assertEqual((item["status"], item["reason"]), ("invalid", "this model has no predict_proba"))

    def test_probabilities_of_several_outputs_are_one_item_per_row(self):
        labels = numpy.array([[0, 1], [1, 2], [0, 3], [1, 1]])
        forest = RandomForestClassifier(3, random_state=0).fit(self.inputs[:4], labels)
        worker = loaded(self, forest)
        found = values(worker.score(rows("r", self.inputs[:3].tolist(), method="predict_proba"))[0])
        self.assertEqual([[len(output) for output in row] for row in found], [[2, 3]] * 3)


@unittest.skipUnless(numpy, "scikit-learn is not installed for this Python")
class MixedRows(unittest.TestCase):
    def test_null_among_numbers_is_a_missing_value(self):
        inputs = numpy.array([[0.0], [1.0], [numpy.nan], [2.0]] * 20)
        model = HistGradientBoostingClassifier(min_samples_leaf=1).fit(inputs, [0, 0, 1, 0] * 20)
        self.assertEqual(values(loaded(self, model).score(data("r", "[[null],[1]]"))[0]), [1, 0])

    def test_numbers_stay_numbers_beside_text(self):
        table = numpy.array([["red", 1.0], ["blue", 2.0], ["red", 3.0], ["blue", 4.0]], dtype=object)
        columns = ColumnTransformer([("color", OneHotEncoder(), [0]), ("size", StandardScaler(), [1])])
        model = make_pipeline(columns, LogisticRegression()).fit(table, ["a", "b", "a", "b"])
        self.assertEqual(values(loaded(self, model).score(data("r", '[["red",1],["blue",9]]'))[0]), ["a", "b"])

    def test_texts_go_to_a_text_model_as_they_are(self):
        model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["good fine", "bad awful"] * 3, [1, 0] * 3)
        self.assertEqual(values(loaded(self, model).score(data("r", '["fine","awful"]'))[0]), [1, 0])

    def test_rows_of_one_text_go_to_a_model_that_begins_with_a_vectorizer_as_texts(self):
        texts, labels = ["good fine", "bad awful"] * 9, [1, 0] * 9
        pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression())
        union = make_pipeline(make_union(CountVectorizer(), TfidfVectorizer()), LogisticRegression())
        search = GridSearchCV(make_pipeline(HashingVectorizer(n_features=64), LogisticRegression()), {"logisticregression__C": [1, 2]})
        for model in (pipeline, union, search):
            worker = loaded(self, model.fit(texts, labels))
            self.assertIs(worker.ready.get("documents"), True)
            answers = worker.score(data("a", '[["fine"],["awful"]]'), data("b", '[["awful"]]', method="predict_proba"))
            self.assertEqual(values(answers[0]), [1, 0])
            self.assertEqual(values(answers[1]), model.predict_proba(["awful"]).tolist())

    def test_what_is_no_text_is_refused_by_a_model_that_begins_with_a_vectorizer(self):
        worker = loaded(self, make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["good fine", "bad awful"] * 3, [1, 0] * 3))
        for asked, row in ((rows("a", [[1]]), 1), (data("b", '[["good"],[5]]'), 2), (data("c", '[["good"],[null]]'), 2),
                           (data("d", '[["good","bad"]]'), 1), (data("e", "[null]"), 1)):
            item, _ = worker.score(asked)[0]
            self.assertEqual((item["status"], item.get("reason")), ("invalid", "Row %d is not one text, which is what the model takes" % row))

    def test_a_vectorizer_that_opens_files_is_given_no_names_of_them(self):
        files = make_pipeline(CountVectorizer(input="filename"), LogisticRegression()).fit([__file__, os.__file__], [0, 1])
        item, _ = loaded(self, files).score(data("a", '[["%s"]]' % __file__))[0]
        self.assertEqual(item["status"], "invalid", item)

    @unittest.skipUnless(pandas, "pandas is not installed for this Python")
    def test_a_model_fitted_on_named_columns_gets_its_names(self):
        table = pandas.DataFrame({"color": ["red", "blue"] * 3, "size": [1.0, 2.0] * 3})
        columns = ColumnTransformer([("color", OneHotEncoder(), ["color"]), ("size", StandardScaler(), ["size"])])
        model = make_pipeline(columns, LogisticRegression()).fit(table, ["a", "b"] * 3)
        worker = loaded(self, model)
        found = worker.score(data("list", '[["red",1],["blue",2]]'), data("records", '[{"size":2,"color":"blue"}]'),
                             data("missing", '[{"size":2}]'), data("narrow", '[["red"]]'))
        self.assertEqual([values(answer) for answer in found[:2]], [["a", "b"], ["b"]])
        self.assertEqual([item["status"] for item, _ in found[2:]], ["invalid"] * 2)
        self.assertEqual(found[2][0]["reason"], "column 'color' is missing")
        numbers = LogisticRegression().fit(table[["size"]], [0, 1] * 3)
        worker = loaded(self, numbers)
        self.assertEqual(values(worker.score(rows("r", [[1], [2]]))[0]), [0, 1])
        worker.send({"type": "stop"})
        self.assertEqual(worker.stderr.all(), [])


if __name__ == "__main__":
    unittest.main()
