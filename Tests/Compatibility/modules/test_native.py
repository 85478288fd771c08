"""Native modules that are as careless as the contract lets them be, and one that breaks it."""

import subprocess
from pathlib import Path

import pytest

from conftest import ROOT
from support.host import BotHost

SOURCE = Path(__file__).parent / "native/keeper_of_hosts.c"

BOT = """
bot: {name}
limits: {{ messages_per_minute: off }}
modules:
  {module}: {{ library: ./libkeeper.so, concurrency: 8, timeout: 1s }}
behaviours:
  - when: message
    says: sleep
    do:
      - {module}.sleep: {{ text: woken }}
        as: answer
        otherwise:
          - say: "gave up: {{{{error.reason}}}}"
          - stop
      - say: "{{{{answer}}}}"
  - when: message
    matches: "(?<text>.+)"
    do:
      - {module}.echo: {{ text: "{name} {{{{text}}}}" }}
        as: answer
      - say: "{{{{answer}}}}"
"""


@pytest.fixture
def bots(tmp_path) -> list[Path]:
    """Two bots with the same library, under different names."""
    library = tmp_path / "libkeeper.so"
    command = ["cc", "-std=gnu11", "-Werror", "-shared", "-fPIC", f"-I{ROOT}/Sources/CAttacheModule/include", "-o", library, SOURCE]
    subprocess.run(command, check=True)
    files = []
    for name, module in [("one", "first"), ("two", "second")]:
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(BOT.format(name=name, module=module))
    return files


@pytest.fixture
def host(attache_binary, tmp_path, local_service, bots):
    with BotHost(attache_binary, tmp_path, local_service, bots) as host:
        yield host


def test_a_module_that_keeps_its_host_in_a_variable_serves_two_bots(host):
    with host.chat("one") as one, host.chat("two") as two:
        for number in range(20):
            one.say(f"{number}")
            two.say(f"{number}")
            assert one.reply() == f"one {number}"
            assert two.reply() == f"two {number}"


def test_so_it_does_in_chat_scripts_that_are_played_side_by_side(attache_binary, tmp_path, bots):
    for script in range(12):
        name = ["one", "two"][script % 2]
        lines = [f"\\start {name}", *(line for number in range(10) for line in (f"{script} {number}", f'\\expect "{name} {script} {number}"'))]
        (tmp_path / f"{script}.chat").write_text("\n".join(lines) + "\n")
    played = subprocess.run([attache_binary, "test", tmp_path], capture_output=True, text=True, timeout=50)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "12 passed" in played.stdout


def test_one_that_is_slow_once_is_called_where_it_holds_up_nobody(host):
    with host.chat("one") as one, host.chat("two") as two:
        # The first calls show that it returns soon; then it does not.
        for _ in range(60):
            assert one.ask("hello")[0] == "one hello"
        one.ask("sleep")
        for _ in range(3):
            one.say("sleep")
            assert two.ask("hello")[0] == "two hello"
            assert one.reply().startswith("gave up: ")
