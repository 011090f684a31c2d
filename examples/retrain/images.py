"""scikit-learn's handwritten digits in the order in which they come: 40 to begin with, then a thousand, then the rest."""
import numpy
from sklearn.datasets import load_digits

SEED = 0


def shuffled():
    rows, labels = load_digits(return_X_y=True)
    order = numpy.random.default_rng(SEED).permutation(len(labels))
    return rows[order], labels[order]


def first_images():
    rows, labels = shuffled()
    return rows[:40], labels[:40]


def later_images(day):
    rows, labels = shuffled()
    part = slice(40, 1040) if day == 1 else slice(1040, None)
    return rows[part], labels[part]
