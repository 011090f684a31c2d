"""Other parts of modelyard may be installed in the model's environment: they share this package's name with the zip."""
from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
