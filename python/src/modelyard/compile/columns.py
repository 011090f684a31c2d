"""What is known of the columns a model takes: from its sample, from a signature, and from what it learned itself."""
from collections import namedtuple

from . import learned
from .reasons import NotCompiled

_WHOLE = ("int", "long", "short", "byte", "uint")
_TEXT = ("str", "object", "bytes")
_SCALES = (1.0, 10.0, 100.0, 1000.0)

# kind: number | text | any (nothing looks at it); guessed: nothing says that it holds numbers; whole: only integers;
# points: values it has met; categories: all it knows, or None.
Column = namedtuple("Column", "name kind guessed whole points categories")


class Known:
    """The columns of one model. `is_table`: each is an input of its own, as some hold text or are chosen by name."""

    def __init__(self, columns, is_table):
        self.columns = columns
        self.is_table = is_table
        self.width = len(columns)

    def plain_row(self):
        """A row that is nothing special."""
        return [_plain(column) for column in self.columns]

    def made_up_rows(self, count, seed):
        """Rows over the ranges of all columns and beyond, the same for the same seed."""
        import numpy
        random = numpy.random.RandomState(seed)
        scales = random.choice(_SCALES, count)
        made = [_made_up(numpy, random, column, count, scales) for column in self.columns]
        return [list(row) for row in zip(*made)]


def known_of(estimator, sample, types):
    """What is known of an estimator's columns. NotCompiled when not even their number is."""
    names = [str(name) for name in getattr(estimator, "feature_names_in_", [])]
    width = int(getattr(estimator, "n_features_in_", 0) or len(names) or (len(sample[0]) if sample else 0))
    if width == 0:
        raise NotCompiled("how many columns it takes is not known")
    facts = learned.facts_of(estimator, width)
    sample = [row for row in sample if len(row) == width]
    types = types if types and len(types) == width else [None] * width
    unused = learned.unused_columns(estimator, width)
    columns = [
        _column(names[place] if names else "c%d" % place, types[place], [row[place] for row in sample], facts[place])
        for place in range(width)
    ]
    columns = [_unused(column.name) if place in unused else column for place, column in enumerate(columns)]
    is_table = any(column.kind != "number" for column in columns) or (bool(names) and learned.chooses_columns(estimator))
    return Known(columns, is_table)


def _unused(name):
    return Column(name, kind="any", guessed=False, whole=False, points=[], categories=None)


def _column(name, told, met, fact):
    categories = fact.categories
    words = bool(categories) and all(isinstance(value, str) for value in categories)
    kind = "text" if words or any(isinstance(value, str) for value in met) or str(told).lower().startswith(_TEXT) else "number"
    if categories and not words and kind == "text":
        raise NotCompiled("column %s has both words and numbers" % name)
    whole = str(told).lower().startswith(_WHOLE)
    fits = str if kind == "text" else (int, float)
    met = [value for value in met if isinstance(value, fits) and not isinstance(value, bool)]
    points = sorted(set(met + (categories or [])) if kind == "text" else set([float(value) for value in met] + fact.points))
    return Column(name, kind, told is None and not points, whole, points, categories)


def _plain(column):
    if column.kind == "text":
        return column.points[0] if column.points else "a"
    value = (column.categories or column.points or [0.0])[0]
    return float(round(value)) if column.whole else float(value)


def _made_up(numpy, random, column, count, scales):
    if column.kind == "any":  # words, and then numbers, which alone come as float64
        return ["a word"] * (count // 2) + [1.0] * (count - count // 2)
    if column.kind == "text":
        words = column.points or ["a", "b"]
        return [words[at] for at in random.randint(0, len(words), count)]
    if column.categories:
        return [float(column.categories[at]) for at in random.randint(0, len(column.categories), count)]
    way = random.randint(0, 4, count)
    if column.points:
        lowest, highest = column.points[0], column.points[-1]
        beyond = max((highest - lowest) / 4, abs(highest) / 100, 1e-3)
        values = random.uniform(lowest - beyond, highest + beyond, count)
        exact = numpy.array(column.points)[random.randint(0, len(column.points), count)]
        values = numpy.where(way == 0, exact, values)
    else:
        values = random.standard_normal(count) * scales
    rounded = numpy.ones(count, dtype=bool) if column.whole else way == 1
    return numpy.where(rounded, numpy.round(values), values).tolist()
