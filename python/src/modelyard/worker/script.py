"""An entry script as Azure ML's servers run it: init() once, then run(raw_data) for each request."""
import importlib.util
import os
import sys
from collections import namedtuple

from .answers import answer, attempt, to_json
from .failure import Failed, Invalid, describe

# run: the function; body: the name of the parameter that takes the request's text; wants_headers: has `request_headers`.
Script = namedtuple("Script", "run body wants_headers")

_HEADERS = "request_headers"
_STANDINS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "standins")


def load(folder, entry):
    """Import the script and run its init(). Failed with stage import or init when it cannot."""
    module = _import(os.path.abspath(folder), entry)
    init, run = _function(module, entry, "init"), _function(module, entry, "run")
    script = _inspect(run, entry)
    try:
        init()
    except (Exception, SystemExit) as error:
        raise Failed("init", "init() of %s raised %s" % (entry, describe(error)), error)
    return script


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
    except (Exception, SystemExit) as error:
        raise Failed("import", "importing %s raised %s" % (entry, describe(error)), error)
    return module


def _enter(folder, path):
    """Make the process look as if it had been started with the script from its source folder."""
    os.chdir(folder)
    if os.path.dirname(path) != folder:
        sys.path.insert(0, os.path.dirname(path))
    sys.path.insert(0, folder)
    sys.path.append(_STANDINS)  # last: a package that is really installed is found before its stand-in
    sys.argv = [path]


def _function(module, entry, name):
    function = getattr(module, name, None)
    if not callable(function):
        raise Failed("import", "%s has no function %s(): an entry script needs init() and run(raw_data)" % (entry, name))
    return function


def _inspect(run, entry):
    import inspect
    parameters = inspect.signature(run).parameters.values()
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            stars = "*" if parameter.kind == parameter.VAR_POSITIONAL else "**"
            raise Failed("import", "run() of %s must not take %s%s" % (entry, stars, parameter.name))
        if parameter.kind == parameter.POSITIONAL_ONLY:
            raise Failed("import", "run() of %s must not take the positional-only parameter %s" % (entry, parameter.name))
    usable = [parameter for parameter in parameters if parameter.name != _HEADERS]
    if not usable:
        raise Failed("import", "run() of %s needs a parameter that takes the request" % entry)
    required = [parameter.name for parameter in usable[1:] if parameter.default is parameter.empty]
    if required:
        raise Failed("import", "run() of %s takes %s as well: nothing would be given to it" % (entry, ", ".join(required)))
    return Script(run, usable[0].name, len(usable) < len(parameters))


def answer_items(script, items, parts):
    """One (item, body) for every item of a score frame, in its order."""
    return [answer(item["id"], attempt(item["id"], lambda: _run(script, item, part))) for item, part in zip(items, parts)]


def _run(script, item, part):
    if item["kind"] != "text":
        raise RuntimeError("an entry script cannot answer an item of kind " + item["kind"])
    try:
        arguments = {script.body: bytes(part).decode("utf-8")}
    except UnicodeDecodeError as error:
        raise Invalid("Input cannot be decoded as UTF-8: %s" % error)
    if script.wants_headers:
        arguments[_HEADERS] = {_title(name): value for name, value in item.get("headers", {}).items()}
    result = script.run(**arguments)
    return to_json({} if result is None else result)


def _title(name):
    """Header names as WSGI servers give them to scripts (`Content-Type`); Node hands them on in lower case."""
    return "-".join(word.capitalize() for word in name.split("-"))
