"""Bodies of HTML forms: application/x-www-form-urlencoded and multipart/form-data (RFC 7578)."""
import io
import re
from urllib.parse import parse_qsl, unquote

from .failure import Invalid

# One parameter of a header; a quoted value may hold anything, with \" for the quote.
_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')


class File:
    """An uploaded file: `filename`, `content_type`, `read()`, `save(path)`, and what other binary files have."""

    def __init__(self, name, filename, content_type, data):
        self.name = name
        self.filename = filename
        self.content_type = self.mimetype = content_type
        self.stream = io.BytesIO(data)

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __iter__(self):
        return iter(self.stream)

    def save(self, target, _buffer_size=None):
        """Write what is left to a path or a file object."""
        if hasattr(target, "write"):
            target.write(self.read())
            return
        with open(target, "wb") as file:
            file.write(self.read())


def parse(content_type, body):
    """(pairs of text fields, pairs of files) of a body. Invalid when it is cut or its type has no boundary."""
    kind, parameters = header_value(content_type or "")
    if kind == "application/x-www-form-urlencoded":
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True), []
    if kind == "multipart/form-data":
        return _parts(body, parameters.get("boundary"))
    return [], []


def header_value(text):
    """(value in lower case, parameters) of a header such as `form-data; name="a"`."""
    parameters = {}
    for name, value in _PARAMETER.findall(text):
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        parameters[name.lower()] = value.strip()
    return text.split(";", 1)[0].strip().lower(), parameters


def _parts(body, boundary):
    if not boundary:
        raise Invalid("the Content-Type multipart/form-data names no boundary")
    mark = b"\r\n--" + boundary.encode("utf-8")
    pieces = (b"\r\n" + body).split(mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise Invalid("the multipart body has no end")
    fields, files = [], []
    for piece in pieces[1:-1]:  # before the first boundary stands what nobody reads
        head, found, data = piece.lstrip(b" \t").partition(b"\r\n\r\n")
        if not found:
            raise Invalid("a part of the multipart body has no headers")
        headers = _headers(head)
        _, parameters = header_value(headers.get("content-disposition", ""))
        name = parameters.get("name", "")
        filename = parameters.get("filename")
        if "filename*" in parameters:  # RFC 5987: utf-8''name
            filename = unquote(parameters["filename*"].split("'", 2)[-1])
        if filename is None:
            fields.append((name, data.decode("utf-8", "replace")))
        else:
            files.append((name, File(name, filename, headers.get("content-type", "application/octet-stream"), data)))
    return fields, files


def _headers(head):
    lines = [line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n") if ":" in line]
    return {name.strip().lower(): value.strip() for name, _, value in lines}
