"""Runs one model or entry script for the host, over the frames of protocol/worker.md. Standard library only; syntax of Python 3.5."""
