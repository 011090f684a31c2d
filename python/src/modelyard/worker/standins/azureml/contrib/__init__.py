"""Stands in for the namespace of azureml's contributed packages; those that are installed keep their place beside it."""
from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
