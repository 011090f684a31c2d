"""Trains the digits classifier: on 40 images when nothing is given, else on the rows of a data set that Modelyard collected.

Run it where requirements.txt and pandas are installed:

    python train.py                    writes model.pkl and sample.json
    python train.py data.csv better.pkl    trains on the data set's input columns and its label
"""
import json
import pathlib
import pickle
import sys

from sklearn.linear_model import LogisticRegression

from images import first_images

HERE = pathlib.Path(__file__).resolve().parent


def train(rows, labels):
    return LogisticRegression(C=0.01, max_iter=1000).fit(rows, labels)


def main(data=None, output=HERE / "model.pkl"):
    if data is None:
        rows, labels = first_images()
        (HERE / "sample.json").write_text(json.dumps({"data": rows[:1].astype(int).tolist()}) + "\n")
    else:
        import pandas

        frame = pandas.read_csv(data)
        # what the model was asked: x0 to x63; the other columns begin with _ or are the prediction and the label
        rows, labels = frame[[f"x{i}" for i in range(64)]].to_numpy(), frame["label"].to_numpy()
    pathlib.Path(output).write_bytes(pickle.dumps(train(rows, labels)))
    print(f"{output}: trained on {len(labels)} images")


if __name__ == "__main__":
    main(*sys.argv[1:])
