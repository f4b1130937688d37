"""The same processes as in tests/processes."""

from tests.processes.conftest import book, start_worker  # noqa: F401
