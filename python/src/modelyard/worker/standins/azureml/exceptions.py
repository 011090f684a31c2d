"""The exceptions of azureml-core that entry scripts catch."""


class ModelNotFoundException(Exception):
    """No such model among those the service was deployed with."""
