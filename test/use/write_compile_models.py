"""Writes models of many kinds, with rows of real data and what scikit-learn answers to them: `python … FOLDER`."""
import json
import os
import pickle
import sys

import numpy
import pandas
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest, RandomForestClassifier
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.semi_supervised import LabelPropagation

folder = sys.argv[1]
digits, digit = load_digits(return_X_y=True)
iris, kind = load_iris(return_X_y=True)
diabetes, progress = load_diabetes(return_X_y=True)
wide = numpy.hstack([digits] * 12 + [digits[:, :16]])
random = numpy.random.RandomState(7)
people = pandas.DataFrame({
    "age": random.randint(18, 90, 600),
    "income": random.normal(40000, 9000, 600).round(2),
    "city": random.choice(["Köln", "Oslo", "Paris"], 600),
})
people_by_mail = people.assign(email=["a%d@x.org" % at for at in range(600)])
ages_by_mail = people_by_mail[["email", "age", "income"]]
buys = numpy.where(people.age * 900 + people.income + (people.city == "Oslo") * 20000 > 90000, "yes", "no")
gaps = iris.copy()
gaps[::7, 1] = numpy.nan
some_numbers = ColumnTransformer([("n", StandardScaler(), [1, 2])])
hashed = ColumnTransformer([("n", StandardScaler(), ["age"]), ("t", HashingVectorizer(n_features=8), "city")])


def shop(encoder, last):
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    return make_pipeline(ColumnTransformer([("n", numbers, ["age", "income"]), ("c", encoder, ["city"])]), last)


open(os.path.join(folder, "own_model.py"), "w").write("class Own:\n    def predict(self, rows):\n        return [1] * len(rows)\n")
sys.path.insert(0, folder)
import own_model  # noqa: E402

forest = RandomForestClassifier(100, random_state=0)
models = {
    "iris": (LogisticRegression(max_iter=500), iris, load_iris().target_names[kind]),
    "forest": (forest, wide, digit),
    "even": (RandomForestClassifier(20, random_state=1), digits, digit % 2 == 0),
    "regressor": (LinearRegression(), diabetes, progress),
    "gaps": (HistGradientBoostingClassifier(max_iter=10), gaps, kind),
    "shop": (shop(OneHotEncoder(), RandomForestClassifier(20, random_state=0)), people, buys),
    "any-city": (shop(OneHotEncoder(handle_unknown="ignore"), LogisticRegression()), people, buys),
    "email": (shop(OneHotEncoder(handle_unknown="ignore"), LogisticRegression()), people_by_mail, buys),
    "by-place": (make_pipeline(some_numbers, LogisticRegression()), ages_by_mail.values, buys),
    "hashed": (make_pipeline(hashed, LogisticRegression()), people, buys),
    "outliers": (IsolationForest(n_estimators=20, random_state=0), iris, None),
    "spread": (LabelPropagation(), iris, kind),
    "own": (None, iris, None),
}
for name, (model, rows, labels) in models.items():
    model = own_model.Own() if model is None else model.fit(rows, labels)
    os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, name, "model.pkl"), "wb") as file:
        pickle.dump(model, file)
    if name == "own":
        continue
    plain = rows.values.tolist() if hasattr(rows, "values") else [[None if v != v else v for v in row] for row in rows.tolist()]
    truth = {"rows": plain, "labels": model.predict(rows).tolist()}
    if hasattr(model, "predict_proba"):
        truth["probabilities"] = model.predict_proba(rows).tolist()
    with open(os.path.join(folder, name, "truth.json"), "w") as file:
        json.dump(truth, file)
