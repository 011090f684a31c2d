"""What the worker needs of the MLmodel file that MLflow writes beside a model: a few lines of YAML in block style."""
import os

NAME = "MLmodel"


def sklearn_flavor(folder):
    """The members of `flavors: sklearn:`, texts and lists of texts; {} without such a file or flavour."""
    return _members(_block(_flavors(folder), "sklearn"))


def has_pyfunc(folder):
    """Whether MLflow can load the model as a function of Python."""
    return "python_function:" in [line.rstrip() for line in _flavors(folder)]


def _flavors(folder):
    path = os.path.join(folder, NAME)
    if not os.path.isfile(path):
        return []
    with open(path, encoding="utf-8") as file:
        return _block(file.read().splitlines(), "flavors")


def _block(lines, key):
    """The lines below `key:` that are indented more than it, with the indentation of the first one removed."""
    start = next((at for at, line in enumerate(lines) if line.rstrip() == key + ":"), None)
    if start is None:
        return []
    found = []
    for line in lines[start + 1:]:
        if line.strip() and not line.startswith((" ", "- ")):
            break
        found.append(line)
    indent = min([len(line) - len(line.lstrip()) for line in found if line.strip()] or [0])
    return [line[indent:] for line in found]


def _members(lines):
    members = {}
    key = None
    for line in lines:
        if line.startswith("- ") and key is not None:
            if not isinstance(members[key], list):
                members[key] = []
            members[key].append(_text(line[2:]))
        elif line[:1] not in ("", " ", "-") and ":" in line:
            key, _, value = line.partition(":")
            members[key] = _text(value)
    return members


def _text(value):
    """A scalar; null is None."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return None if value in ("null", "~", "") else value
