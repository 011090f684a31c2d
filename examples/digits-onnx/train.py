"""Trains a classifier on scikit-learn's handwritten digits (1,797 images of 8 × 8 pixels) and writes it as ONNX.

Run it where requirements.txt is installed:  python train.py
"""
import json
import pathlib

from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

HERE = pathlib.Path(__file__).resolve().parent
SEED = 0


def write_json(name, value):
    (HERE / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def main():
    rows, labels = load_digits(return_X_y=True)
    train_rows, holdout_rows, train_labels, holdout_labels = train_test_split(
        rows, labels, test_size=0.2, random_state=SEED, stratify=labels
    )
    model = LogisticRegression(C=0.01, max_iter=1000).fit(train_rows, train_labels)
    # as skl2onnx writes it by default: the class and a list of maps of probabilities
    graph = to_onnx(model, initial_types=[("pixels", FloatTensorType([None, 64]))], target_opset=17, name="digits")

    (HERE / "model.onnx").write_bytes(graph.SerializeToString())
    write_json("holdout.json", {"data": holdout_rows.astype(int).tolist()})
    write_json("holdout-answers.json", model.predict(holdout_rows).tolist())
    write_json("sample.json", {"data": holdout_rows[:1].astype(int).tolist()})
    print("accuracy %.4f on %d rows" % (model.score(holdout_rows, holdout_labels), len(holdout_rows)))


if __name__ == "__main__":
    main()
