"""A pytest plugin: this run uses servers that somebody else started, as a worker of pytest-xdist does."""

import json
import os

import pytest

VARIABLE = "BORROWED_SERVERS"


def pytest_configure(config: pytest.Config) -> None:
    """Tell tests/conftest.py of the servers, and which databases of theirs are this run's."""
    if told := os.environ.get(VARIABLE):
        config.workerinput = json.loads(told)  # type: ignore[attr-defined]
