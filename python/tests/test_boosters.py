"""Files of XGBoost, LightGBM and CatBoost in a real worker; skipped where one of them is not installed."""
import os
import pickle
import unittest

from worker_process import Worker, data, rows

try:
    import catboost
    import lightgbm
    import numpy
    import xgboost
    from sklearn.datasets import load_diabetes, load_iris
except ImportError:
    catboost = None


def values(worker, method, inputs):
    import json
    item, body = worker.score(rows(method, inputs.tolist(), method=method))[0]
    return json.loads(body.decode()) if item["status"] == "ok" else item["reason"]


@unittest.skipUnless(catboost, "XGBoost, LightGBM or CatBoost is not installed for this Python")
class Boosters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.iris, cls.kind = load_iris(return_X_y=True)
        cls.diabetes, cls.progress = load_diabetes(return_X_y=True)

    def served(self, save, file, framework=None):
        worker = Worker()
        self.addCleanup(worker.__exit__)
        folder = os.path.join(worker.folder, "m")
        os.mkdir(folder)
        save(os.path.join(folder, file))
        ready = worker.start_model(folder, framework)
        self.assertEqual(ready["type"], "ready", ready)
        return worker

    def same(self, worker, inputs, labels, probabilities=None):
        found = values(worker, "predict", inputs)
        self.assertEqual([type(value) for value in found], [type(value) for value in labels.tolist()])
        self.assertIn("The rows have 3 values; the model takes", values(worker, "predict", inputs[:2, :3]))
        if labels.dtype.kind == "f":
            numpy.testing.assert_allclose(found, labels, rtol=1e-6)
        else:
            self.assertEqual(found, labels.tolist())
        if probabilities is None:
            self.assertIn("has no predict_proba", values(worker, "predict_proba", inputs))
        else:
            numpy.testing.assert_allclose(values(worker, "predict_proba", inputs), probabilities, rtol=1e-6)

    def test_xgboost(self):
        model = xgboost.XGBClassifier(n_estimators=5).fit(self.iris, self.kind)
        chances = model.predict_proba(self.iris)
        for file, framework in (("m.ubj", None), ("m.json", "XGBoost")):
            self.same(self.served(model.save_model, file, framework), self.iris, model.predict(self.iris), chances)
        self.same(self.served(dumped(model.get_booster()), "m.pkl"), self.iris, model.predict(self.iris), chances)
        values_of = xgboost.XGBRegressor(n_estimators=5).fit(self.diabetes, self.progress)
        for worker in (self.served(values_of.save_model, "m.ubj"), self.served(dumped(values_of.get_booster()), "m.pkl")):
            self.same(worker, self.diabetes, values_of.predict(self.diabetes))

    def test_a_booster_of_xgboost_with_two_classes(self):
        two = (self.kind == 1).astype(int)
        booster = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(self.iris, two), 5)
        chance = booster.predict(xgboost.DMatrix(self.iris))
        for worker in (self.served(booster.save_model, "m.ubj"), self.served(dumped(booster), "m.pkl")):
            self.same(worker, self.iris, (chance > 0.5).astype(int), numpy.column_stack([1 - chance, chance]))

    def test_lightgbm(self):
        for labels in (self.kind, (self.kind == 1).astype(int)):
            model = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(self.iris, labels)
            chances = model.predict_proba(self.iris)
            for worker in (self.served(model.booster_.save_model, "m.txt", "LightGBM"),
                           self.served(dumped(model.booster_), "m.pkl")):
                self.same(worker, self.iris, model.predict(self.iris), chances)
        values_of = lightgbm.LGBMRegressor(n_estimators=5, verbose=-1).fit(self.diabetes, self.progress)
        self.same(self.served(values_of.booster_.save_model, "m.lgb"), self.diabetes, values_of.predict(self.diabetes))

    def test_pickled_estimators(self):
        for model in (xgboost.XGBClassifier(n_estimators=5), lightgbm.LGBMClassifier(n_estimators=5, verbose=-1)):
            worker = self.served(dumped(model.fit(self.iris, self.kind)), "m.pkl")
            self.assertEqual(values(worker, "predict", self.iris), model.predict(self.iris).tolist())
            numpy.testing.assert_allclose(values(worker, "predict_proba", self.iris), model.predict_proba(self.iris), rtol=1e-6)

    def test_catboost(self):
        names = load_iris().target_names[self.kind]
        for labels in (self.kind, names, self.kind == 1):
            model = catboost.CatBoostClassifier(n_estimators=5, verbose=0, allow_writing_files=False).fit(self.iris, labels)
            wanted = model.predict(self.iris).ravel()
            wanted = numpy.array([str(value) == "True" for value in wanted]) if labels.dtype == bool else wanted
            self.same(self.served(model.save_model, "m.cbm"), self.iris, wanted, model.predict_proba(self.iris))
        values_of = catboost.CatBoostRegressor(n_estimators=5, verbose=0, allow_writing_files=False)
        values_of.fit(self.diabetes, self.progress)
        self.same(self.served(values_of.save_model, "m.cbm"), self.diabetes, values_of.predict(self.diabetes))

    def test_rows_that_do_not_fit_are_the_clients_mistake(self):
        cat = catboost.CatBoostClassifier(n_estimators=5, verbose=0, allow_writing_files=False).fit(self.iris, self.kind)
        light = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(self.iris, self.kind)
        boost = xgboost.XGBClassifier(n_estimators=5).fit(self.iris, self.kind)
        for save, file in ((cat.save_model, "m.cbm"), (dumped(cat), "m.pkl"), (light.booster_.save_model, "m.lgb"),
                           (dumped(light), "m.pkl"), (boost.save_model, "m.ubj"), (dumped(boost), "m.pkl")):
            worker = self.served(save, file)
            for ask in (data("r", '[["x", "x", "x", "x"]]'), data("r", '[[{}, {}, {}, {}]]'), rows("r", [[1, 2, 3]])):
                [(item, _)] = worker.score(ask)
                self.assertEqual(item["status"], "invalid", (file, ask, item))


class Missing(unittest.TestCase):
    def test_a_package_that_is_not_there_is_named(self):
        if catboost is not None:
            self.skipTest("CatBoost is installed for this Python")
        with Worker() as worker:
            folder = os.path.join(worker.folder, "m")
            os.mkdir(folder)
            with open(os.path.join(folder, "m.cbm"), "wb") as file:
                file.write(b"CBM1")
            reason = worker.start_model(folder)["reason"]
        self.assertIn("No module named 'catboost'; name its package in requirements.txt", reason)


def dumped(model):
    def save(path):
        with open(path, "wb") as file:
            pickle.dump(model, file)
    return save


if __name__ == "__main__":
    unittest.main()
