"""ModelDataCollector of azureml.monitoring, without that package, which no current system can load."""
import copy
import csv
import datetime
import io
import os
import sys
import time
import uuid
import warnings

from . import collected, log, tables

_CORRELATIONS = ["$aml_dc_correlation_id", "$aml_dc_scoring_timestamp", "$aml_dc_boundary", "$aml_workspace", "$aml_service_name",
                 "$aml_model_name", "$aml_model_version", "$aml_request_id"]
_ID, _TIME, _BOUNDARY, _WORKSPACE, _SERVICE, _MODEL, _VERSION, _REQUEST = _CORRELATIONS
_NO_REQUEST = "00000000-0000-0000-0000-000000000000"
_MINUTES = {"hour": 60}
_versions = {}


def serves(models):
    """Tell collectors the versions of the models, as the start frame has them."""
    for model in models:
        _versions[model["name"]] = max(model["version"], _versions.get(model["name"], 0))


class ModelDataCollector:
    """Files tables as collections of the service, under a designation: inputs, predictions, labels, signals, general, or a
    free text, as before 0.1.0a15, where the argument was `identifier`."""

    AML_DC_CORRELATION_HEADER = _ID
    AML_DC_SCORING_TIMESTAMP_HEADER = _TIME
    AML_DC_BOUNDARY_HEADER = _BOUNDARY
    AML_WORKSPACE_HEADER = _WORKSPACE
    AML_SERVICE_NAME_HEADER = _SERVICE
    AML_MODEL_NAME_HEADER = _MODEL
    AML_MODEL_VERSION_HEADER = _VERSION
    AML_REQUEST_ID_HEADER = _REQUEST

    def __init__(self, model_name, designation="default", feature_names=None, workspace="default/default/default",
                 webservice_name="default", model_version="default", collection_name="default", identifier=None):
        designation = str(designation if identifier is None else identifier)
        self._designation = "general" if designation == "default" else designation
        self._feature_names = None if feature_names is None else [str(name) for name in feature_names]
        self._stored = os.environ.get("AML_MODEL_DC_STORAGE_ENABLED", "true").lower() == "true"
        self._printed = os.environ.get("AML_MODEL_DC_DEBUG", "").lower() == "true"
        self._collection = self._designation
        if collection_name != "default" and self._designation in ("signals", "general"):
            self._collection += "." + str(collection_name)
        self.workspace = str(workspace).lower()
        self.model_name = str(model_name)
        self.model_version = str(_versions.get(self.model_name, "default") if model_version == "default" else model_version)
        self.service_name = os.environ.get("SERVICE_NAME", "default") if webservice_name == "default" else str(webservice_name)

    def collect(self, input_data, user_correlation_id=""):
        """Collect rows. Of inputs the correlations to put on predictions come back. Never fails: what is not tabular is a warning."""
        if not self._stored and not self._printed:
            return None
        correlations = self._correlations(user_correlation_id) if self._designation == "inputs" else None
        try:
            names, rows = tables.table_of(input_data)
            if correlations is not None:  # to the rows: a frame takes a hundred times as long
                values = [correlations[name] for name in _CORRELATIONS]
                names, rows = names and names + _CORRELATIONS, [row + values for row in rows]
            columns = names or self._columns_of(rows)
            if self._stored:
                collected.add(self._item(columns, rows), tables.rows_to_json(columns, rows))
            if self._printed:
                _print(columns, rows)
        except TimeoutError:  # the request is over its time
            raise
        except Exception as error:
            collected.drop("collection-not-tabular")
            warnings.warn("collect failed: %s" % error)
        return correlations

    def add_correlations(self, input_data, correlations):
        """The same data with the correlations as its last columns; data of another kind as it is, with a warning."""
        if correlations is None:
            return input_data
        values = [correlations[name] for name in _CORRELATIONS]
        if hasattr(input_data, "toPandas"):
            input_data = input_data.toPandas()
        if hasattr(input_data, "iloc") and hasattr(input_data, "columns"):
            frame = copy.copy(input_data)
            for name, value in zip(_CORRELATIONS, values):
                frame[name] = value
            return frame
        if hasattr(input_data, "tolist") and getattr(input_data, "ndim", 0) > 0:
            numpy = sys.modules["numpy"]
            matrix = numpy.asarray(input_data)
            matrix = matrix.reshape(1, -1) if matrix.ndim == 1 else matrix
            added = numpy.empty((len(matrix), len(values)), dtype=object)
            added[:] = values
            return numpy.append(matrix.astype(object), added, axis=1)
        if isinstance(input_data, (list, tuple)):
            if tables.is_rows(input_data):
                return [list(row) + values for row in input_data]
            return list(input_data) + values
        warnings.warn("add_correlations failed: the data is no list, array or frame, but " + type(input_data).__name__)
        return input_data

    def _correlations(self, user_id):
        own = str(uuid.uuid4())
        return {
            _TIME: datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None).isoformat(),
            _REQUEST: log.request_in_hand() or _NO_REQUEST,
            _ID: "%s-%s" % (user_id, own) if user_id else own,
            _BOUNDARY: _MINUTES.get(os.environ.get("AML_MODEL_DC_BOUNDARY"), 24 * 60),
            _WORKSPACE: self.workspace,
            _SERVICE: self.service_name,
            _MODEL: self.model_name,
            _VERSION: self.model_version,
        }

    def _columns_of(self, rows):
        """Names for rows that have none: feature_names where as many, else x0, x1 …, and those of correlations at the end."""
        width = max([len(row) for row in rows] or [0])
        added = _CORRELATIONS if rows and _is_correlated(rows[0]) else []
        width -= len(added)
        names = self._feature_names
        if names is None or len(names) != width:
            names = ["prediction" if width == 1 else "prediction.%d" % index for index in range(width)] \
                if self._designation == "predictions" else ["x%d" % index for index in range(width)]
        return names + added

    def _item(self, columns, rows):
        """Correlated rows are filed under the time and the model of the inputs they belong to, as in Azure ML."""
        known = dict(zip(columns, rows[0])) if rows else {}
        return {
            "id": log.request_in_hand(),
            "model": str(known.get(_MODEL, self.model_name)),
            "version": str(known.get(_VERSION, self.model_version)),
            "collection": self._collection,
            "correlation": str(known[_ID]) if _ID in known else None,
            "at": _milliseconds(known.get(_TIME)),
            "rows": len(rows),
        }


def _is_correlated(row):
    return len(row) >= len(_CORRELATIONS) and isinstance(row[-8], str) and row[-6] in (60, 24 * 60)


def _milliseconds(timestamp):
    """Of a time in UTC as isoformat() writes it; now when it is none."""
    for form in ("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S"):
        try:
            moment = datetime.datetime.strptime(str(timestamp), form)
            return int(round((moment - datetime.datetime(1970, 1, 1)).total_seconds() * 1000))
        except ValueError:
            pass
    return int(time.time() * 1000)


def _print(columns, rows):
    text = io.StringIO()
    csv.writer(text).writerows([columns] + rows)
    print(text.getvalue())
