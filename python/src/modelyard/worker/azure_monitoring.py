"""azureml-ai-monitoring, the real package, where a script uses it: told which request it collects in, and let finish."""
import sys
from importlib.machinery import PathFinder

from . import log

_PACKAGE = "azureml.ai.monitoring"
_HEADER = "modelyard-request-id"  # on its way to the host it is `ce-modelyard-request-id`


def install():
    """Have every table carry the request it was collected in: the package sends from a thread, often after the answer."""
    sys.meta_path.insert(0, _Finder())


def finish():
    """Let its threads send what they still have: they would end with the process."""
    real = sys.modules.get(_PACKAGE + ".init")
    if real is not None:
        real.teardown(wait_for_flush=True)


class _Finder:
    """Finds the module that makes what is sent, as any finder would, and puts `_with_request` around its function."""

    def find_spec(self, name, path=None, target=None):
        if name != _PACKAGE + ".payload.payload":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                if hasattr(module, "build_payload"):
                    module.build_payload = _with_request(module.build_payload)

            spec.loader.exec_module = exec_module
        return spec


def _with_request(build_payload):
    def build(*arguments, context=None, **named):
        request = log.request_in_hand()
        if request is not None and context is not None:
            context = _InRequest(context, request)
        return build_payload(*arguments, context=context, **named)

    return build


class _InRequest:
    """A context of the package or of the script, whose headers name the request as well."""

    def __init__(self, context, request):
        self._context = context
        self._request = request

    def get_id(self):
        return self._context.get_id()

    def get_timestamp(self):
        return self._context.get_timestamp()

    def get_headers(self):
        return dict(self._context.get_headers() or {}, **{_HEADER: self._request})
