"""What inference-schema's decorators say of run(), read from the package that the script itself imported."""
import copy
import inspect
import json
import os
import sys

from .answers import to_json
from .failure import Failed, Invalid, describe, one_line

HEADERS = "request_headers"  # the parameter that takes the request's headers
_looks_left = 100
_PLAIN = (Exception, TypeError, ValueError)  # their names tell a client nothing


def of(run, entry):
    """None for a run() without @input_schema and @output_schema; else
    {"input", "output": Swagger schemas with an example, "versions": those of Swagger that can say them, "required": names}."""
    util = sys.modules.get("inference_schema.schema_util")
    if util is None or not util.is_schema_decorated(run):
        return None
    parameters = inspect.signature(run).parameters
    taken = copy.deepcopy(util.get_input_schema(run))
    for part in ("properties", "example"):  # no client can send it
        taken.get(part, {}).pop(HEADERS, None)
    unknown = [name for name in taken.get("properties", {}) if name not in parameters]
    if unknown:
        raise Failed("import", "@input_schema of %s names %s, which run() does not take" % (entry, ", ".join(unknown)))
    versions = util.get_supported_versions(run) if hasattr(util, "get_supported_versions") else ["2.0"]
    required = [name for name, parameter in parameters.items() if name != HEADERS and parameter.default is parameter.empty]
    found = {"input": taken, "output": util.get_output_schema(run), "versions": list(versions), "required": required}
    try:
        return json.loads(to_json(found).decode("utf-8"))
    except (TypeError, ValueError) as error:
        raise Failed("import", "the schema of %s has a sample without JSON: %s" % (entry, describe(error)), error)


def arguments(parameters, body):
    """The value of each parameter (of inspect.Parameter) from a JSON object. Invalid, in Azure ML's words, when it holds one not."""
    if not body:
        raise Invalid("POST body is empty. Expecting a JSON dictionary.")
    try:
        values = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid("POST body could not be decoded as JSON: %s" % error)
    if not isinstance(values, dict):
        raise Invalid("POST body should be a JSON dictionary.")
    found = {}
    for parameter in parameters:
        value = values.get(parameter.name, parameter.default)
        if value is parameter.empty:
            raise Invalid("A value is not provided for the %r parameter." % parameter.name)
        found[parameter.name] = value
    return found


def warn_of_cut(schema, given):
    """Say once that a sample of integers makes integers of what came: numpy cuts 1.9 to 1 and tells nobody. The first requests
    are looked at, as it costs time and clients are mostly alike."""
    global _looks_left
    if not _looks_left:
        return
    _looks_left -= 1
    for name, value in given.items():
        inner = outer = schema["input"].get("properties", {}).get(name, {})
        while inner.get("type") == "array":
            inner = inner.get("items", {})
        if outer.get("format") == "numpy.ndarray" and inner.get("type") == "integer" and _has_fraction(value):
            _looks_left = 0
            sys.stderr.write("%s holds fractions, which the schema of run() cuts off: its sample has integers only. "
                             "Give the sample a point, such as 1.0. This is said once\n" % name)


def _has_fraction(value):
    if isinstance(value, list):
        return any(_has_fraction(item) for item in value)
    return isinstance(value, float) and 0 < value % 1 < 1


def call(run, given):
    """run(**given). Invalid when the values do not fit their schema, which shows before the script's own function is entered."""
    try:
        return run(**given)
    except Exception as error:
        if not _was_entered(run, error) and _came_from_schema(error):
            reason = one_line(error) if type(error) in _PLAIN else describe(error)
            raise Invalid("The input does not fit the schema of run(): " + reason)
        raise


def _frames(error):
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame.f_code
        trace = trace.tb_next


def _was_entered(run, error):
    own = getattr(inspect.unwrap(run), "__code__", None)
    return any(code is own for code in _frames(error))


def _came_from_schema(error):
    package = os.path.dirname(sys.modules["inference_schema"].__file__)
    return any(code.co_filename.startswith(package) for code in _frames(error))
