"""Why a model is not compiled."""


class NotCompiled(Exception):
    """The text is one line for the build log."""
