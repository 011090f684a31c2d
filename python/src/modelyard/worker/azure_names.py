"""The modules of Azure ML's packages that entry scripts import, under both of their names, without those packages."""
import sys
import types

from .collector import ModelDataCollector
from .http_request import Request
from .http_response import Response

_requested = []


def rawhttp(function):
    """Marks run() as one that takes the HTTP request. Of the whole process, as in Azure ML: other decorators may lie between."""
    _requested.append(function)
    return function


def wants_raw():
    """Whether the script used @rawhttp."""
    return bool(_requested)


def install():
    """Put the modules in place of those of the same names, also where the real ones are installed: those need Flask's
    request, or libraries of 2018."""
    for package in ("azureml.contrib.services", "azureml_inference_server_http.api"):
        _place(package + ".aml_request", rawhttp=rawhttp, AMLRequest=Request)
        _place(package + ".aml_response", AMLResponse=Response)
    for module in ("azureml.monitoring", "azureml.monitoring.modeldatacollector"):
        _place(module, ModelDataCollector=ModelDataCollector)


def _place(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
