"""`attache repl`, at a pseudo-terminal and through standard input, in a folder with two bots."""

import json
import subprocess
from pathlib import Path

import pytest

from support.process import clean_environment
from support.service import LocalService
from support.terminal import Terminal

BOTS = Path(__file__).parents[3] / "bots"


@pytest.fixture
def place(tmp_path) -> Path:
    """A folder with the bots of the project."""
    (tmp_path / "bots").symlink_to(BOTS)
    return tmp_path


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    homes = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    return clean_environment(LANG="C.UTF-8", LC_ALL="C.UTF-8", TERM="xterm", TZ="UTC", **homes)


@pytest.fixture
def feed(attache_binary, place, environment):
    """Runs `attache repl OPTIONS` with lines on its standard input."""

    def run(lines: str, *options: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(attache_binary), "repl", *options],
            input=lines,
            capture_output=True,
            text=True,
            cwd=place,
            env=environment,
            timeout=50,
        )

    return run


@pytest.fixture
def events(feed):
    """The same with `--json`; its events."""

    def run(lines: str, *options: str) -> list[dict]:
        return [json.loads(line) for line in feed(lines, "--json", *options).stdout.splitlines()]

    return run


@pytest.fixture
def terminal(attache_binary, place, environment):
    """Starts `attache repl OPTIONS` at a terminal."""
    started: list[Terminal] = []

    def start(*options: str, columns: int = 120, **variables: str) -> Terminal:
        arguments = ["repl", *options]
        started.append(Terminal(attache_binary, arguments, environment | variables, place, columns=columns))
        started[-1].sees("attache> ")
        return started[-1]

    try:
        yield start
    finally:
        for terminal in started:
            terminal.close()


@pytest.fixture
def terminal_of_a_shell(attache_binary, place, environment):
    """A shell that knows jobs, with `attache repl` begun in it: without one there is nobody to stop for."""
    terminal = Terminal(Path("/bin/sh"), ["-i"], environment | {"ENV": "", "PS1": "$ "}, place)
    try:
        terminal.sees("\\$ ")
        terminal.enter(f"{attache_binary} repl")
        yield terminal
    finally:
        terminal.close()


@pytest.fixture
def service(attache_binary, tmp_path):
    with LocalService(attache_binary, tmp_path, "--quotas", "off", "--scan-delay", "0") as service:
        yield service
