"""An entry script as Azure ML's servers run it: init() once, then run() for each request, or run_batch() for all that wait."""
import importlib.util
import os
import sys
from collections import namedtuple

from . import azure_monitoring, azure_names, reply, schema, stream
from .answers import answer, attempt
from .failure import RAISED, Failed, Invalid, describe
from .http_request import Request
from .multidict import title
from .schema import HEADERS

# run: run() or run_batch(); takes: text | json | http; parameters: those that take the input; schema: that of the decorators, or None.
Script = namedtuple("Script", "run takes parameters wants_headers batch schema")

_STANDINS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "standins")


def load(folder, entry):
    """Import the script and run its init(). Failed with stage import or init when it cannot."""
    azure_names.install()
    azure_monitoring.install()
    module = _import(os.path.abspath(folder), entry)
    init = _function(module, entry, "init")
    batch = callable(getattr(module, "run_batch", None))
    script = _inspect(_function(module, entry, "run_batch" if batch else "run"), entry, batch)
    try:
        init()
    except RAISED as error:
        raise Failed("init", "init() of %s raised %s" % (entry, describe(error)), error)
    return script


def describe_script(script):
    """What the ready frame says of a script."""
    described = {"wantsHeaders": script.wants_headers or script.takes == "http", "takes": script.takes, "batch": script.batch}
    if script.schema is not None:
        described["schema"] = script.schema
    return described


def _import(folder, entry):
    path = os.path.join(folder, *entry.split("/"))
    name = os.path.splitext(os.path.basename(path))[0]
    if not os.path.isfile(path):
        raise Failed("import", "there is no %s in the source folder" % entry)
    _enter(folder, path)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise Failed("import", "%s is no Python file" % entry)
    module = importlib.util.module_from_spec(spec)
    # Siblings that import the script, and pickles of its classes, must find this very module.
    sys.modules.setdefault(name, module)
    try:
        spec.loader.exec_module(module)
    except RAISED as error:
        raise Failed("import", "importing %s raised %s" % (entry, describe(error)), error)
    return module


def _enter(folder, path):
    """Make the process look as if it had been started with the script from its source folder."""
    os.chdir(folder)
    if os.path.dirname(path) != folder:
        sys.path.insert(0, os.path.dirname(path))
    sys.path.insert(0, folder)
    sys.path.append(_STANDINS)  # last: a package that is really installed is found before its stand-in
    _join_standins()
    sys.argv = [path]


def _join_standins():
    """Some packages of Azure ML, such as azureml-ai-monitoring, bring an `azureml` that hides all others beside it."""
    import azureml
    own = os.path.join(_STANDINS, "azureml")
    if own not in azureml.__path__:
        azureml.__path__.append(own)


def _function(module, entry, name):
    function = getattr(module, name, None)
    if not callable(function):
        raise Failed("import", "%s has no function %s(): an entry script needs init() and run(raw_data)" % (entry, name))
    return function


def _inspect(run, entry, batch):
    import inspect
    name = "run_batch" if batch else "run"
    parameters = list(inspect.signature(run).parameters.values())
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            stars = "*" if parameter.kind == parameter.VAR_POSITIONAL else "**"
            raise Failed("import", "%s() of %s must not take %s%s" % (name, entry, stars, parameter.name))
        if parameter.kind == parameter.POSITIONAL_ONLY:
            raise Failed("import", "%s() of %s must not take the positional-only parameter %s" % (name, entry, parameter.name))
    if inspect.iscoroutinefunction(run):
        raise Failed("import", "%s() of %s is async; write `def %s`" % (name, entry, name))
    usable = [parameter for parameter in parameters if parameter.name != HEADERS]
    if not usable:
        raise Failed("import", "%s() of %s needs a parameter that takes the request" % (name, entry))
    takes, found = _takes(run, entry, batch)
    required = [parameter.name for parameter in usable[1:] if parameter.default is parameter.empty]
    if required and takes != "json":
        raise Failed("import", "%s() of %s takes %s as well: nothing would be given to it" % (name, entry, ", ".join(required)))
    taken = usable if takes == "json" else usable[:1]
    given = len(usable) < len(parameters)  # the parameter request_headers
    return Script(run, takes, taken, given, batch, found)


def _takes(run, entry, batch):
    found = schema.of(run, entry)
    raw = azure_names.wants_raw()
    if found is not None and raw:
        raise Failed("import", "run() of %s cannot be decorated with both @rawhttp and @input_schema" % entry)
    if batch and (raw or found is not None):
        raise Failed("import", "run_batch() of %s cannot be decorated: it takes a list of request bodies as text" % entry)
    return ("http" if raw else "json" if found is not None else "text"), found


def answer_items(script, items, parts, channel):
    """One (item, body) for every item of a score frame, in its order. `channel` carries the pieces of an answer that has several."""
    return [_answer(script, item, part, channel) for item, part in zip(items, parts)]


def _answer(script, item, part, channel):
    outcome = attempt(item["id"], lambda: reply.of(_run(script, item, part)))
    if outcome.status == "ok" and outcome.value.items is not None:
        return stream.answer_in_pieces(item["id"], outcome, channel)
    return answer(item["id"], outcome)


def _run(script, item, part):
    body = bytes(part)
    if script.takes == "json":
        given = schema.arguments(script.parameters, body)
        schema.warn_of_cut(script.schema, given)
    elif script.takes == "http":
        request = Request(item.get("method", "POST"), item.get("url", "/score"), item.get("headers", {}), body)
        given = {script.parameters[0].name: request}
    else:
        given = {script.parameters[0].name: as_text(item, body)}
    if script.wants_headers:
        given[HEADERS] = headers_of(item)
    return schema.call(script.run, given) if script.schema is not None else script.run(**given)


def as_text(item, body):
    """The body of a text item. Invalid when it is not UTF-8."""
    if item["kind"] != "text":
        raise RuntimeError("an entry script cannot answer an item of kind " + item["kind"])
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid("Input cannot be decoded as UTF-8: %s" % error)


def headers_of(item):
    """Headers under the names that WSGI servers give them."""
    return {title(name): value for name, value in item.get("headers", {}).items()}
