"""Stands in for azureml-inference-server-http where it is not installed."""
