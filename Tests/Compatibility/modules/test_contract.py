"""The contract suite, `attache module test`, against servers that keep to the contract and one that does not."""

import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from support.process import clean_environment

BAD = Path(__file__).parent / "bad/bad_module.py"

pytestmark = pytest.mark.timeout(150)


def check(binary: Path, *command: object) -> subprocess.CompletedProcess:
    words = [str(binary), "module", "test", " ".join(map(str, command))]
    return subprocess.run(words, env=clean_environment(), capture_output=True, text=True, timeout=120)


def test_the_example_in_python_keeps_to_it_without_a_warning(attache_binary):
    done = check(attache_binary, sys.executable, ROOT / "Plugins/orders/server.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warn" not in done.stdout


def test_a_published_server_keeps_to_it(attache_binary, mcp2_python):
    done = check(attache_binary, mcp2_python, "-m", "mcp_server_time", "--local-timezone", "UTC")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("mode", ["crashes", "sends-invalid-utf8", "answers-with-nonsense"])
def test_a_bad_module_does_not(attache_binary, mode):
    done = check(attache_binary, sys.executable, "-S", BAD, mode)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "FAIL   A call with arguments made from the schema" in done.stdout
