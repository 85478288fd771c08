"""What becomes of a call when the host dies, the module dies, or the chat is over."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from support.host import BotHost, processes_with

from .bad.trial import MARK, SERVER, new_mark

FOREIGN = Path(__file__).parent / "foreign/servers/on_mcp2.py"

BOT = """
bot: caller
participant: {{ display_name: Caller }}
modules:
  bad:
    mcp: {command}
    env: {{ CALLS: "{calls}", CANCELLED: "{calls}", {mark_name}: "{mark}" }}
    {trust}
    sandbox: off
    timeout: 60s
behaviours:
  - when: message
    says: poke
    do:
      - bad.{action}: {{}}
        as: answer
        within: {within}
        otherwise:
          - say: "{{{{error.kind}}}}: {{{{error.reason}}}}"
          - stop
      - say: "{{{{answer}}}}"
"""


@pytest.fixture
def mark() -> str:
    return new_mark()


@pytest.fixture
def start(attache_binary, tmp_path, local_service, mark):
    """Starts hosts, one after the other, with one store."""
    started: list[BotHost] = []

    def start(
        mode: str = "hangs-once", trust: str = "", command: list[object] | None = None, action: str = "poke", within: str = "60s"
    ) -> BotHost:
        words = ", ".join(f'"{word}"' for word in command or [sys.executable, "-S", SERVER, mode])
        values = {"calls": tmp_path / "calls", "mark_name": MARK, "mark": mark, "trust": trust, "action": action, "within": within}
        bot = tmp_path / "caller.yaml"
        bot.write_text(BOT.format(command=f"[{words}]", **values))
        started.append(BotHost(attache_binary, tmp_path, local_service, [bot]))
        return started[-1]

    try:
        yield start
    finally:
        for host in started:
            host.process.kill()


def wait_for(condition, what: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.02)


def number_of_calls(tmp_path: Path) -> int:
    path = tmp_path / "calls"
    return len(path.read_text().splitlines()) if path.exists() else 0


# What the module says of its action, and the bot file of the module; and whether an interrupted call is then made again.
TRUST = [
    ("hangs-once", "", True),
    ("hangs-once", "trust: true", True),
    ("hangs-once", "trust: false", False),
    ("hangs-once-and-destroys", "", False),
    ("hangs-once-and-destroys", "trust: true", True),
]


@pytest.mark.parametrize(("mode", "trust", "is_repeated"), TRUST)
def test_whether_a_call_that_the_hosts_death_interrupted_is_repeated(start, tmp_path, mode, trust, is_repeated):
    host = start(mode, trust)
    with host.chat("caller") as chat:
        chat.say("poke")
        wait_for(lambda: number_of_calls(tmp_path) == 1, "the call")
        host.process.kill()
        start(mode, trust)
        assert chat.reply(20).startswith("poked" if is_repeated else "interrupted: ")
    assert number_of_calls(tmp_path) == (2 if is_repeated else 1)


@pytest.mark.parametrize(("mode", "trust", "is_repeated"), TRUST)
def test_whether_a_call_that_the_modules_death_interrupted_is_repeated(start, tmp_path, mark, mode, trust, is_repeated):
    with start(mode, trust).chat("caller") as chat:
        chat.say("poke")
        wait_for(lambda: number_of_calls(tmp_path) == 1, "the call")
        kill_module(mark)
        assert chat.reply(20).startswith("poked" if is_repeated else "failed: ")
    assert number_of_calls(tmp_path) == (2 if is_repeated else 1)


def test_a_call_that_is_repeated_has_its_time_again(start, tmp_path):
    host = start(within="3s")
    with host.chat("caller") as chat:
        chat.say("poke")
        wait_for(lambda: number_of_calls(tmp_path) == 1, "the call")
        host.process.kill()
        time.sleep(3.5)
        start(within="3s")
        assert chat.reply(20) == "poked"


def test_a_module_that_died_in_peace_is_there_for_the_next_call(start, mark):
    host = start(mode="answers-twice")
    with host.chat("caller") as chat:
        assert chat.ask("poke", seconds=20)[0] == "poked"
        kill_module(mark)
        host.process.wait_for_log("a module ended")
        assert chat.ask("poke", seconds=20)[0] == "poked"


def test_a_module_is_told_when_the_chat_is_over(start, tmp_path, mcp2_python):
    host = start(command=[mcp2_python, FOREIGN], action="wait_until_cancelled")
    with host.chat("caller") as chat:
        chat.say("poke")
        time.sleep(0.5)
        chat.contact.stop()
        wait_for(lambda: (tmp_path / "calls").exists(), "the module to be told")


def kill_module(mark: str) -> None:
    """The keeper of a module has the module's environment, too, and is not what dies."""
    modules = [pid for pid, command in processes_with(MARK, mark).items() if "module-keeper" not in command]
    assert len(modules) == 1, modules
    os.kill(modules[0], signal.SIGKILL)
