"""Any model that MLflow logged with the flavour python_function, loaded and called by MLflow itself."""
import base64
import os

from .. import mlmodel

SUFFIXES = ()
_MISTAKES = ("BAD_REQUEST", "INVALID_PARAMETER_VALUE")  # rows that do not fit the signature
_WHOLE_BITS = {"integer": 32, "long": 64}
_FLOATS = {"float": "float32", "double": "float64"}


def accepts(_framework, path):
    """The MLmodel file stands for the folder."""
    return os.path.basename(path) == mlmodel.NAME


def load(path):
    """An object with predict: rows go in as MLflow's signature says."""
    from mlflow import pyfunc
    model = pyfunc.load_model(os.path.dirname(path))
    return Logged(model, model.metadata.get_input_schema())


class Logged:
    """A model of MLflow; its answers are those of MLflow's own server."""

    def __init__(self, model, schema):
        self._model = model
        self._schema = schema
        # MLflow before 2.6 knows none
        self.takes_params = getattr(model.metadata, "get_params_schema", lambda: None)() is not None
        if schema is not None and not schema.is_tensor_spec():
            self.n_features_in_ = len(schema.inputs)

    def predict(self, rows, params=None):
        """`params` are those of a request; what it leaves out has the value of the signature."""
        from mlflow.exceptions import MlflowException
        try:
            if self.takes_params:
                return self._model.predict(self._input(rows), params=params)
            return self._model.predict(self._input(rows))
        except MlflowException as error:
            if error.error_code in _MISTAKES:
                raise ValueError(_cause(error.message))
            raise

    def _input(self, rows):
        import numpy
        if self._schema is None:
            return rows
        if self._schema.is_tensor_spec():
            [tensor] = self._schema.inputs
            return numpy.asarray(rows).astype(tensor.type)
        from pandas import DataFrame
        rows = rows.tolist() if hasattr(rows, "tolist") else rows
        names = self._schema.input_names() if self._schema.has_input_names() else None
        frame = DataFrame(rows, columns=names)
        for column, kind in zip(frame.columns, self._schema.input_types()):
            frame[column] = _typed(frame[column], getattr(kind, "name", None))
        return frame


def _cause(message):
    """MLflow quotes the data and the whole signature before it says what is wrong."""
    return message.rpartition("Error: ")[2].rstrip(". ")


def _typed(column, kind):
    """Numbers and truth values arrive as float64, or whole beside text, and MLflow refuses both where it wants another type.
    What is no value of the type stays as it is: MLflow says of which column that is."""
    if column.dtype.kind == "O":
        return _read(column, kind)
    if column.dtype.kind not in "fiu":
        return column
    if kind in _FLOATS:
        return column.astype(_FLOATS[kind])
    if kind in _WHOLE_BITS:
        limit = 2.0 ** (_WHOLE_BITS[kind] - 1)
        fits = (column == column.round()) & (column >= -limit) & (column < limit)
        return column.astype("int%d" % _WHOLE_BITS[kind]) if fits.all() else column
    if kind == "boolean":
        return _truths(column)
    return column


def _read(column, kind):
    """Times and bytes travel as ISO 8601 and as base64, which MLflow's own server reads before it calls the model."""
    try:
        if kind == "datetime":
            return column.astype("datetime64[ns]")
        if kind == "binary":
            return column.map(base64.b64decode, na_action="ignore")
    except (ValueError, TypeError) as error:
        raise ValueError("The column %s has what is no %s: %s" % (column.name, kind, error))
    return column


def _truths(column):
    """0 and 1 as truth values; with None for what is missing, as MLflow takes it in a column of objects."""
    missing = column.isna()
    if not (missing | column.isin([0, 1])).all():
        return column
    truths = column == 1
    return truths.astype(object).where(~missing, None) if missing.any() else truths
