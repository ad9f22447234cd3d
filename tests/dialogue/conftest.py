"""These tests run inside Rasa's environment; tests/test_rasa.py starts them there."""

from importlib.util import find_spec

if find_spec("rasa") is None:
    collect_ignore_glob = ["test_*.py"]
