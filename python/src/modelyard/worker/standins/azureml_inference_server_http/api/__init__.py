"""Stands in for the api of azureml-inference-server-http where that is not installed; the worker has put its two modules in place."""
import sys

aml_request = sys.modules[__name__ + ".aml_request"]
aml_response = sys.modules[__name__ + ".aml_response"]
