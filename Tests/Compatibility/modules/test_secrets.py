"""A module sees nothing of the host: not in its environment, its arguments or its open files, and not through the process file system."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.host import INTAKE_SECRET, BotHost

SERVER = Path(__file__).parent / "bad/nosy_module.py"
STORE_KEY = "0123456789abcdef" * 4
CLOUD_KEY = "a-key-of-a-cloud-account"

BOT = f"""
bot: nosy
participant: {{ display_name: Nosy }}
modules:
  nosy:
    mcp: ["{sys.executable}", -S, "{SERVER}", argument]
    env: {{ GREETING: hello, SHARED: {{ from: SHARED }}, STORE: "$STORE", WANTED: "$WANTED" }}
behaviours:
  - when: message
    do:
      - nosy.snoop: {{}}
        as: answer
        otherwise:
          - say: "otherwise: {{{{error.reason}}}}"
          - stop
      - say: "{{{{answer}}}}"
"""


@pytest.fixture(scope="module")
def found(attache_binary, tmp_path_factory, local_service):
    """What a module has found, once a chat has gone through the host; and the secrets that it must not have found."""
    folder = tmp_path_factory.mktemp("nosy")
    bot = folder / "nosy.yaml"
    key = folder / "keys/store-key"
    key.parent.mkdir()
    key.write_text(STORE_KEY + "\n")
    key.chmod(0o600)
    wanted = [key, folder / "intake-secret", folder / "store/attache.db", "/etc/shadow", Path.home() / ".bashrc"]
    bot.write_text(BOT.replace("$STORE", str(folder / "store")).replace("$WANTED", "|".join(map(str, wanted))))
    environment = {"ATTACHE_KEY_FILE": str(key), "AWS_SECRET_ACCESS_KEY": CLOUD_KEY, "SHARED": "shared"}
    host = BotHost(attache_binary, folder, local_service, [bot], **environment)
    try:
        with host.chat("nosy") as chat:
            report = Path(chat.ask("look around", seconds=30)[0])
            secrets = [INTAKE_SECRET, STORE_KEY, CLOUD_KEY, chat.bot.token]
            return Found(json.loads(report.read_text()), host.process.pid, secrets)
    finally:
        host.process.kill()


class Found:
    def __init__(self, report: dict, host: int, secrets: list[str]):
        self.report = report
        self.host = report["ancestors"][str(host)]
        self.secrets = secrets


def test_no_secret_is_anywhere(found):
    for place, seen in found.report.items():
        text = json.dumps(seen)
        for secret in found.secrets:
            assert secret not in text, f"'{secret[:8]}...' is in its {place}"


def test_its_environment_is_what_the_bot_file_says(found):
    environment = dict(line.split("=", 1) for line in found.report["environment"].split("\0") if line)
    assert environment.keys() == {"GREETING", "SHARED", "STORE", "WANTED", "BOT_SPOOL_DIR", "TMPDIR"}
    assert (environment["GREETING"], environment["SHARED"]) == ("hello", "shared")


def test_its_arguments_are_what_the_bot_file_says(found):
    assert found.report["arguments"].split("\0") == [sys.executable, "-S", str(SERVER), "argument", ""]


def test_it_inherits_nothing_but_the_three_pipes(found):
    files = found.report["open_files"]
    assert files.keys() == {"0", "1", "2"}
    assert all(file["target"].startswith("pipe:") for file in files.values()), files


@pytest.mark.parametrize("name", ["environ", "maps", "auxv", "mem"])
def test_the_host_cannot_be_read_through_the_process_file_system(found, name):
    assert found.host[name].startswith("refused: "), found.host[name][:200]


def test_it_reads_nothing_of_the_store_though_that_is_in_its_bots_folder_and_named(found):
    others = {path: seen for path, seen in found.report["store"].items() if found.report["spool"] not in path}
    assert any(path.endswith("attache.db") for path in others), "it may list the names"
    for path, seen in others.items():
        assert seen.startswith("refused: "), f"{path}: {seen[:80]}"


def test_it_reads_and_changes_neither_keys_nor_secrets_nor_what_is_roots_or_at_home(found):
    for path, seen in found.report["files"].items():
        assert seen.startswith("refused: "), f"{path}: {seen[:80]}"
    assert set(found.report["writes"].values()) == {"refused"}


def test_it_gives_the_host_no_command(found):
    assert "refused" in found.report["command"]
    assert "cannot" in found.report["command"] or "who can read its store" in found.report["command"], found.report["command"]


def test_the_hosts_open_files_cannot_be_followed(found):
    files = found.host["open_files"]
    assert "refused" in files or all("refused" in file for file in files.values()), files


@pytest.mark.parametrize(("choice", "is_named"), [("off", True), ("on", False)])
def test_a_module_outside_of_the_sandbox_is_named_in_the_log_and_by_check(attache_binary, tmp_path, choice, is_named):
    bot = tmp_path / "bot.yaml"
    server = SERVER.with_name("bad_module.py")
    bot.write_text(f'bot: b\nmodules: {{ poker: {{ mcp: ["{sys.executable}", -S, "{server}", hangs], sandbox: {choice} }} }}\nbehaviours: []\n')
    for command in (["check", bot], ["module", "list", bot, "--log-level", "warning"]):
        done = subprocess.run([attache_binary, *command], capture_output=True, text=True, timeout=60, check=True)
        assert ("outside of the sandbox" in done.stderr) == is_named, done.stderr
        assert ("poker" in done.stderr) == is_named, done.stderr


def test_a_module_whose_bot_is_in_the_home_folder_gets_its_own_file_alone_and_the_log_says_so(attache_binary, tmp_path):
    bot = tmp_path / "bot.yaml"
    for name in ("bad_module.py", "modes.py"):
        (tmp_path / name).write_bytes(SERVER.with_name(name).read_bytes())
    bot.write_text(f'bot: b\nmodules: {{ poker: {{ mcp: ["{sys.executable}", -S, bad_module.py, hangs] }} }}\nbehaviours: []\n')
    listed = [attache_binary, "module", "list", bot, "--log-level", "warning"]
    done = subprocess.run(listed, capture_output=True, text=True, timeout=60, env=os.environ | {"HOME": str(tmp_path)}, check=False)
    assert done.returncode == 1 and "No module named 'modes'" in done.stderr, done.stderr
    assert "into a folder of their own" in done.stderr and f"folders={tmp_path}" in done.stderr, done.stderr
    assert subprocess.run(listed, capture_output=True, timeout=60, check=False).returncode == 0
