"""Stands in for azureml-core where it is not installed; other azureml packages keep their place beside it."""
from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
