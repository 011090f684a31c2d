"""Trains a classifier on scikit-learn's handwritten digits (1,797 images of 8 × 8 pixels) and writes what Modelyard needs.

Run it where requirements.txt is installed:  python train.py
"""
import json
import pathlib
import pickle

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split

HERE = pathlib.Path(__file__).resolve().parent
SEED = 0


def write_json(name, value, **style):
    (HERE / name).write_text(json.dumps(value, **(style or {"separators": (",", ":")})) + "\n")


def main():
    rows, labels = load_digits(return_X_y=True)
    train_rows, holdout_rows, train_labels, holdout_labels = train_test_split(
        rows, labels, test_size=0.2, random_state=SEED, stratify=labels
    )
    model = LogisticRegression(C=0.01, max_iter=1000).fit(train_rows, train_labels)
    if model.n_iter_.max() >= model.max_iter:
        raise SystemExit("the training did not converge: raise max_iter")

    (HERE / "model.pkl").write_bytes(pickle.dumps(model))
    metrics = {
        "accuracy": round(accuracy_score(holdout_labels, model.predict(holdout_rows)), 4),
        "logLoss": round(log_loss(holdout_labels, model.predict_proba(holdout_rows)), 4),
        "trainRows": len(train_rows),
        "holdoutRows": len(holdout_rows),
    }
    write_json("metrics.json", metrics, indent=2)
    write_json("holdout.json", {"data": holdout_rows.astype(int).tolist()})
    write_json("holdout-labels.json", holdout_labels.tolist())
    write_json("sample.json", {"data": holdout_rows[:1].astype(int).tolist()})
    print(json.dumps(metrics))


if __name__ == "__main__":
    main()
