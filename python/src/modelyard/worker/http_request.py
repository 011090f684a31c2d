"""The HTTP request that a script with @rawhttp gets: as much of Flask's Request as entry scripts use."""
import io
import json
from urllib.parse import parse_qsl, unquote

from . import forms
from .failure import Invalid
from .multidict import Headers, MultiDict


class Request:
    """One request: method, path, query_string, url, headers, args, form, files, get_data(), json."""

    def __init__(self, method, target, headers, body):
        """`target` is the path with its query; `headers` a dictionary; the body bytes."""
        self.method = method
        path, _, query = target.partition("?")
        self.path = unquote(path)
        self.query_string = query.encode("utf-8")
        self.full_path = self.path + "?" + query
        self.headers = Headers(headers)
        self.host = self.headers.get("Host", "localhost")
        self.scheme = self.headers.get("X-Forwarded-Proto", "http")
        self.host_url = self.scheme + "://" + self.host + "/"
        self.base_url = self.host_url + path.lstrip("/")
        self.url = self.base_url + ("?" + query if query else "")
        self.args = MultiDict(parse_qsl(query, keep_blank_values=True))
        self._body = body
        self._form = None

    @property
    def content_type(self):
        return self.headers.get("Content-Type")

    @property
    def mimetype(self):
        return forms.header_value(self.content_type or "")[0]

    @property
    def content_length(self):
        return self.headers.get("Content-Length", type=int)

    @property
    def is_json(self):
        return self.mimetype == "application/json" or (
            self.mimetype.startswith("application/") and self.mimetype.endswith("+json"))

    def get_data(self, cache=True, as_text=False, parse_form_data=False):
        """The body as it came: bytes, or text when it is asked for."""
        return self._body.decode("utf-8", "replace") if as_text else self._body

    @property
    def data(self):
        """The body, also that of a form: Flask would give none of it."""
        return self._body

    @property
    def stream(self):
        return io.BytesIO(self._body)

    def get_json(self, force=False, silent=False, cache=True):
        """The body as JSON. Else None when that is silent; the client is told 400 otherwise, as by Flask."""
        try:
            if not (force or self.is_json):
                raise Invalid("Expects Content-Type to be application/json")
            return json.loads(self._body.decode("utf-8"))
        except (ValueError, Invalid) as error:
            if silent:
                return None
            raise error if isinstance(error, Invalid) else Invalid("The body could not be decoded as JSON: %s" % error)

    @property
    def json(self):
        return self.get_json()

    @property
    def form(self):
        return self._parsed()[0]

    @property
    def files(self):
        return self._parsed()[1]

    @property
    def values(self):
        return MultiDict(list(_pairs(self.args)) + list(_pairs(self.form)))

    @property
    def cookies(self):
        pairs = (pair.strip().partition("=") for pair in self.headers.get("Cookie", "").split(";"))
        return MultiDict((name, value) for name, _, value in pairs if name)

    def _parsed(self):
        if self._form is None:
            fields, files = forms.parse(self.content_type, self._body)
            self._form = MultiDict(fields), MultiDict(files)
        return self._form


def _pairs(multidict):
    return ((name, value) for name, values in multidict.lists() for value in values)
