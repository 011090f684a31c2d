"""`from azureml.core import Model`, as entry scripts write it too."""
from azureml.core.model import Model
