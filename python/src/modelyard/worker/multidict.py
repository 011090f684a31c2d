"""Values by name where a name may come several times, as Werkzeug gives them to entry scripts."""


class _Typed(dict):
    """What Werkzeug's dictionaries of texts have in common."""

    def get(self, name, default=None, type=None):
        """The value of a name, made into `type`; the default when there is none or it cannot be."""
        if name not in self:
            return default
        try:
            return self[name] if type is None else type(self[name])
        except (ValueError, TypeError):
            return default


class MultiDict(_Typed):
    """A dictionary of first values that knows the others: `getlist`, `to_dict(flat=False)`, `get(name, default, type)`."""

    def __init__(self, pairs=()):
        super().__init__()
        self._all = {}
        for name, value in pairs:
            self._all.setdefault(name, []).append(value)
            self.setdefault(name, value)

    def getlist(self, name, type=None):
        """All values of a name; those that cannot be made into `type` are left out."""
        if type is None:
            return list(self._all.get(name, ()))
        found = []
        for value in self._all.get(name, ()):
            try:
                found.append(type(value))
            except (ValueError, TypeError):
                pass
        return found

    def lists(self):
        return ((name, list(values)) for name, values in self._all.items())

    def to_dict(self, flat=True):
        return dict(self) if flat else dict(self.lists())


class Headers(_Typed):
    """Headers under the names that WSGI servers give them (`Content-Type`), found whatever the case of the asker."""

    def __init__(self, headers):
        super().__init__((title(name), value) for name, value in headers.items())

    def __getitem__(self, name):
        return super().__getitem__(title(name))

    def __contains__(self, name):
        return super().__contains__(title(name))


def title(name):
    """Node hands names on in lower case."""
    return "-".join(word.capitalize() for word in name.split("-"))
