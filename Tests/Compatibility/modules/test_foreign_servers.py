"""MCP servers that nobody here wrote, used from bot files in chat scripts."""

import shutil
import string
import subprocess
from pathlib import Path

import pytest

from support.process import clean_environment

FOREIGN = Path(__file__).parent / "foreign"
# A server on the mcp package takes seconds to start where the machine is busy.
SECONDS = 120

pytestmark = pytest.mark.timeout(SECONDS + 30)


@pytest.fixture
def play(attache_binary, tmp_path):
    """Plays a script against its bot, whose `$NAME` stand for the given values."""

    def play(name: str, **values: object) -> None:
        template = string.Template((FOREIGN / f"{name}.yaml").read_text())
        (tmp_path / f"{name}.yaml").write_text(template.safe_substitute(FOLDER=FOREIGN, **values))
        shutil.copy(FOREIGN / f"{name}.chat", tmp_path)
        done = run(attache_binary, "test", tmp_path / f"{name}.chat")
        assert done.returncode == 0, done.stdout + done.stderr

    return play


@pytest.fixture
def repository(tmp_path) -> Path:
    path = tmp_path / "repository"
    path.mkdir()
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for arguments in (["init", "--quiet"], [*identity, "commit", "--quiet", "--allow-empty", "--message", "The first commit"]):
        subprocess.run(["git", *arguments], cwd=path, check=True, timeout=30)
    return path


def run(binary: Path, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(binary), *map(str, arguments)], env=clean_environment(), capture_output=True, text=True, timeout=SECONDS
    )


def test_the_published_servers_for_time_and_git_work(play, mcp2_python, repository):
    play("helper", PYTHON=mcp2_python, REPOSITORY=repository)


def test_a_server_on_version_2_gives_everything_there_is(play, mcp2_python, tmp_path):
    play("everything", PYTHON=mcp2_python, SERVER="on_mcp2.py", CANCELLED=tmp_path / "cancelled")
    assert (tmp_path / "cancelled").exists(), "the server was told that nobody waits any more"


def test_a_server_on_version_1_gives_everything_there_is(play, mcp1_python, tmp_path):
    play("everything", PYTHON=mcp1_python, SERVER="on_mcp1.py", CANCELLED=tmp_path / "cancelled")
    assert (tmp_path / "cancelled").exists(), "the server was told that nobody waits any more"


def test_the_actions_of_a_foreign_server_are_listed(attache_binary, mcp2_python):
    done = run(attache_binary, "module", "list", f"{mcp2_python} -m mcp_server_time --local-timezone UTC")
    assert done.returncode == 0, done.stderr
    assert "convert_time" in done.stdout and "get_current_time" in done.stdout
