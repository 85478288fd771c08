"""Action modules in processes of their own, used by real hosts."""

import pytest

from conftest import ROOT
from support.service import LocalService

_summary: list[str] = []


@pytest.fixture(scope="session")
def local_service(attache_binary, tmp_path_factory):
    """Where all chats of these tests are."""
    with LocalService(attache_binary, tmp_path_factory.mktemp("local"), "--quotas", "off", "--scan-delay", "0") as service:
        yield service


def environment_python(name: str):
    path = ROOT / name / "bin/python"
    assert path.is_file(), f"there is no {path}: run script/setup"
    return path


@pytest.fixture(scope="session")
def mcp2_python():
    """With version 2 of the `mcp` package, which speaks both eras, and servers on it."""
    return environment_python(".venv-mcp2")


@pytest.fixture(scope="session")
def mcp1_python():
    """With version 1 of the `mcp` package, which knows only the older era."""
    return environment_python(".venv-mcp1")


@pytest.fixture(scope="session")
def tell():
    """Adds lines to what is said at the end of all tests: figures that are reported and not judged."""
    return _summary.extend


def pytest_terminal_summary(terminalreporter) -> None:
    for line in _summary:
        terminalreporter.write_line(line)
