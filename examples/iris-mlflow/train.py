"""Trains a classifier with scikit-learn and logs it with MLflow as the next version of the model `iris`.

Usage: python train.py [C]        MLFLOW_TRACKING_URI and MLFLOW_TRACKING_TOKEN name the Modelyard server
"""
import sys

import mlflow
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

strength = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
rows, labels = load_iris(return_X_y=True)
train, test, train_labels, test_labels = train_test_split(rows, labels, random_state=7, stratify=labels)

mlflow.set_experiment("iris")
with mlflow.start_run():
    model = LogisticRegression(C=strength, max_iter=500).fit(train, train_labels)
    mlflow.log_param("C", strength)
    mlflow.log_metric("accuracy", model.score(test, test_labels))
    info = mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(train, model.predict(train)),
        registered_model_name="iris",
    )

mlflow.MlflowClient().set_registered_model_alias("iris", "champion", info.registered_model_version)
print("iris version %s is champion" % info.registered_model_version)
