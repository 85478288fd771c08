"""A module written with ActionKit, called by the Python package's own clients: it must be a good MCP server, not only one for us."""

import json
import subprocess
from pathlib import Path

import pytest

CLIENT = Path(__file__).parent / "swift_module_client.py"


@pytest.fixture(scope="module", params=["mcp 2, modern", "mcp 2, legacy", "mcp 1"])
def answers(request, attache_binary, mcp1_python, mcp2_python) -> dict:
    python = mcp1_python if request.param == "mcp 1" else mcp2_python
    mode = "auto" if request.param == "mcp 2, modern" else "legacy"
    module = attache_binary.parent / "SampleModule"
    done = subprocess.run([python, CLIENT, mode, module], capture_output=True, timeout=60, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) | {"modern": request.param == "mcp 2, modern", "log": done.stderr}


def test_a_module_in_swift_answers_clients_of_both_eras(answers):
    assert answers["version"] == ("2026-07-28" if answers["modern"] else "2025-11-25")
    assert answers["tools"] == ["greet", "list", "file", "ask", "slow", "fail"]
    assert answers["greet"]["structuredContent"] == {"contact": None, "greeting": "Hello, Ada!"}
    assert answers["list"].get("structuredContent") == ([1, 2] if answers["modern"] else None)
    assert answers["list"]["content"][0]["text"] == "[1,2]"
    [file] = answers["file"]["content"]
    assert file["resource"] == {"uri": "attache:///a%20%C3%A9.txt", "mimeType": "text/plain", "blob": "eHg="}
    assert answers["asked"] == ["Which order?"]
    assert answers["ask"]["structuredContent"] == {"order": "1001", "state": "asked"}
    assert answers["slow"]["progress"] == [[1, "step 1"], [2, "step 2"], [3, "step 3"]]
    assert answers["fail"]["isError"] and answers["fail"]["content"][0]["text"] == "Sorry."
    assert "'who' is missing" in answers["missing"]["refused"]
    assert [answer["structuredContent"]["greeting"] for answer in answers["many"]] == [f"Hello, {number}!" for number in range(20)]


@pytest.mark.parametrize("size", [0, 1 << 20, (1 << 20) + 1, 20 << 20])
def test_files_of_any_size_reach_the_host(attache_binary, tmp_path, size):
    module = str(attache_binary.parent / "SampleModule")
    arguments = json.dumps({"name": "a é.txt", "size": size})
    command = [attache_binary, "module", "call", module, "file", arguments, "--files", tmp_path]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a é.txt").read_bytes() == b"x" * size


def test_what_an_action_prints_is_in_the_log(answers):
    assert "greeting Ada" in answers["log"]
    assert "warning: fail: the stock is empty" in answers["log"]
