"""The answer that a script gives with its own status and headers."""
from .answers import to_json


class Response:
    """AMLResponse of Azure ML: `message` is text, bytes, or an iterator of them; None is answered as {}.

    Content-Type is text/html unless a header says another, or `json_str` makes JSON of the message. A comma in the value of a
    header divides it into several headers of that name.
    """

    default_mimetype = "text/html"

    def __init__(self, message, status_code, response_headers={}, json_str=False, run_function_failed=False):
        plain = isinstance(message, (str, bytes, bytearray)) or hasattr(message, "__next__")
        if message is None or json_str or not plain:
            message = to_json({} if message is None else message).decode("utf-8")
            content_type = "application/json"
        else:
            content_type = self.default_mimetype + "; charset=utf-8"
        self.message = message
        self.status_code = int(status_code)
        self.headers = Fields([("Content-Type", content_type), ("x-ms-run-function-failed", str(bool(run_function_failed)))])
        for name, value in response_headers.items():
            if name.lower() == "content-type":
                self.headers.set(name, value)
                continue
            for one in str(value).split(","):
                self.headers.add(name, one.strip())

    @property
    def content_type(self):
        return self.headers.get("Content-Type")

    @property
    def status(self):
        return str(self.status_code)

    def get_data(self, as_text=False):
        data = self.message if isinstance(self.message, (bytes, bytearray)) else self.message.encode("utf-8")
        return bytes(data).decode("utf-8") if as_text else bytes(data)

    data = property(get_data)


class Fields:
    """The headers of a response, in their order; a name may come several times."""

    def __init__(self, pairs):
        self._pairs = list(pairs)

    def add(self, name, value):
        self._pairs.append((name, str(value)))

    add_header = add

    def remove(self, name):
        self._pairs = [pair for pair in self._pairs if pair[0].lower() != name.lower()]

    def set(self, name, value):
        self.remove(name)
        self.add(name, value)

    def get(self, name, default=None):
        return next((value for found, value in self._pairs if found.lower() == name.lower()), default)

    def items(self):
        return list(self._pairs)

    def __iter__(self):
        return iter(self._pairs)

    def __contains__(self, name):
        return self.get(name) is not None

    def __getitem__(self, name):
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    __setitem__ = set
    __delitem__ = remove
