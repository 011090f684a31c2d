"""The rows of a request as what an estimator takes: numpy arrays where numpy is installed, else lists of lists."""
import array
import json
import sys

from .failure import Invalid

_UNKNOWN = object()
_numpy = _UNKNOWN


def _numpy_if_installed():
    """Imported when the first rows arrive, not at start: a script worker without numpy stays small."""
    global _numpy
    if _numpy is _UNKNOWN:
        try:
            import numpy
        except ImportError:
            numpy = None
        _numpy = numpy
    return _numpy


def from_body(data, count, columns):
    """Float64 little-endian, row-major, in a bytearray: the matrix of `count` rows. The bytes become its own."""
    numpy = _numpy_if_installed()
    if numpy:
        return numpy.frombuffer(data, dtype="<f8").reshape(count, columns)
    values = array.array("d", bytes(data))
    if sys.byteorder == "big":
        values.byteswap()
    flat = values.tolist()
    return [flat[row * columns:(row + 1) * columns] for row in range(count)]


def from_json(text):
    """The `data` member of a request. Numbers and nulls only: a float matrix (null is NaN); other rows of one width: an
    object matrix, as a string matrix would turn the numbers among them into text; anything else: as it came."""
    try:
        data = json.loads(bytes(text).decode("utf-8"))
    except ValueError as error:
        raise Invalid("data is no JSON: %s" % error)
    if not isinstance(data, list):
        raise Invalid("data must be an array with one item per row")
    numpy = _numpy_if_installed()
    if not numpy or not data or not all(isinstance(row, list) and len(row) == len(data[0]) for row in data):
        return data
    if all(value is None or isinstance(value, (int, float)) for row in data for value in row):
        return _float_matrix(numpy, data)
    return _object_matrix(numpy, data)


def parameters(text):
    """The parameters of a prediction, as a dictionary."""
    try:
        return json.loads(text)
    except (ValueError, RuntimeError) as error:  # nested deeper than the stack
        raise Invalid("params cannot be read: %s" % error)


def _float_matrix(numpy, data):
    try:
        return numpy.array(data, dtype=float)
    except (OverflowError, ValueError, TypeError) as error:
        raise Invalid(str(error))


def _object_matrix(numpy, data):
    matrix = numpy.empty((len(data), len(data[0])), dtype=object)
    for index, row in enumerate(data):
        for column, value in enumerate(row):
            matrix[index, column] = value  # one by one, so that a nested list stays one value
    return matrix


def numbers(table, columns):
    """The rows as a matrix of floats. ValueError for words, and for rows of another width."""
    import numpy
    matrix = numpy.asarray(table, dtype=float)
    check_width(matrix, columns)
    return matrix


def check_width(matrix, columns):
    """ValueError for rows of another width, in the words of the ONNX engine."""
    if len(matrix.shape) != 2 or matrix.shape[1] != columns:
        raise ValueError("The rows have %d values; the model takes %d" % (matrix.shape[-1], columns))


def per_row(result, count, method):
    """A prediction as a list with one plain item per row. ValueError when it has not `count` of them."""
    if method == "predict_proba" and isinstance(result, list) and all(getattr(output, "ndim", 0) == 2 for output in result):
        # scikit-learn answers one matrix per output for the probabilities of several outputs.
        result = [list(outputs) for outputs in zip(*[output.tolist() for output in result])]
    items = _as_list(result)
    if len(items) != count:
        raise ValueError("the model answered %d items for %d rows" % (len(items), count))
    return items


def _as_list(result):
    if hasattr(result, "toarray"):
        result = result.toarray()  # scipy's sparse matrices
    if not hasattr(result, "tolist") and hasattr(result, "values") and not isinstance(result, dict):
        result = result.values  # pandas' frames
    if hasattr(result, "tolist"):
        result = result.tolist()
    if isinstance(result, (list, tuple)):
        return list(result)
    raise TypeError("the model answered %s, not one item per row" % type(result).__name__)
