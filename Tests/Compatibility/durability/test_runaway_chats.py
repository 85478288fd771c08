"""What one chat piles up, computes or repeats without end harms neither its host nor its neighbours."""

import sqlite3
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.host import BotHost, Chat

pytestmark = pytest.mark.timeout(300)

UNLIMITED = "limits: { messages_per_minute: off }\n"
NEIGHBOUR = "bot: neighbour\nbehaviours:\n  - when: message\n    do: [ say: \"You said {{message.text}}.\" ]\n"
HISTORY = (
    "bot: history\n" + UNLIMITED + "variables: { h: [] }\n"
    "behaviours:\n"
    "  - when: failed\n"
    "    do: [ say: \"{{error.reason}}\" ]\n"
    "  - when: message\n"
    "    do: [ set: { h: [\"{{h}}\", \"{{message.text}}\"] }, say: noted ]\n"
)
DOUBLING = (
    "bot: doubling\n" + UNLIMITED + "variables: { x: [0123456789] }\n"
    "behaviours:\n"
    "  - when: failed\n"
    "    do: [ say: \"{{error.reason}}\" ]\n"
    "  - when: message\n"
    "    do: [ " + ", ".join(['set: { x: ["{{x}}", "{{x}}"] }'] * 40) + " ]\n"
)
BUSY = f"""
bot: busy
variables: {{ long: {"x" * 200_000} }}
behaviours:
  - when: message
    do:
      - each: {list(range(900))}
        do: [ {", ".join(["set: { x: '{{long | upper}}' }"] * 9)} ]
"""


@pytest.fixture
def start(attache_binary, tmp_path, local_service):
    """Starts hosts, one after the other, of the bots with these texts."""
    with ExitStack() as hosts:

        def start(*texts: str) -> BotHost:
            host = BotHost(attache_binary, tmp_path, local_service, [write(tmp_path, text) for text in texts])
            hosts.callback(host.process.kill)
            return host

        yield start


def write(folder: Path, text: str) -> Path:
    path = folder / f"{text.split()[1]}.yaml"
    path.write_text(text)
    return path


def stop(host: BotHost) -> None:
    host.process.terminate()
    assert host.process.wait(30) == 0, host.process.log


def memory_in_mebibytes(host: BotHost) -> int:
    status = Path(f"/proc/{host.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def test_a_value_that_grows_with_every_message_ends_where_it_can_be_read_back(start):
    host = start(HISTORY, NEIGHBOUR)
    with host.chat("history") as chat, host.chat("neighbour") as neighbour:
        replies = [chat.ask(str(number))[0] for number in range(130)]
        assert replies[:63] == ["noted"] * 63
        assert set(replies[64:]) == {"the value is nested more than 64 levels deep"}
        stop(host)
        start(HISTORY, NEIGHBOUR)
        assert neighbour.ask("hello", 30)[0] == "You said hello."
        assert chat.ask("more", 30)[0] == "the value is nested more than 64 levels deep"


@pytest.mark.parametrize("damage", ["dialogue = '{'", "attributes = '[1]'", "participant_token = x'00'"])
def test_a_session_that_cannot_be_read_is_named_and_left_alone(start, tmp_path, damage):
    host = start(HISTORY, NEIGHBOUR)
    with host.chat("history") as chat, host.chat("neighbour") as neighbour:
        chat.ask("1")
        stop(host)
        with sqlite3.connect(tmp_path / "store/attache.db") as database:
            database.execute(f"UPDATE session SET {damage} WHERE bot = 'history'")
        database.close()
        host = start(HISTORY, NEIGHBOUR)
        assert neighbour.ask("hello", 30)[0] == "You said hello."
        assert "a session stays parked" in host.process.log
        assert chat.bot.id in host.process.log


def test_what_doubles_fills_no_memory(start):
    host = start(DOUBLING, NEIGHBOUR)
    with host.chat("doubling") as chat, host.chat("neighbour") as neighbour:
        for _ in range(3):
            assert chat.ask("go")[0] == "the value is larger than 256 KiB"
        assert neighbour.ask("hello")[0] == "You said hello."
        assert memory_in_mebibytes(host) < 400
        stop(host)


def test_a_long_computation_holds_up_neither_a_neighbour_nor_a_stop(start):
    host = start(BUSY, NEIGHBOUR)
    with ExitStack() as chats:
        neighbour = chats.enter_context(host.chat("neighbour"))
        busy: list[Chat] = [chats.enter_context(host.chat("busy")) for _ in range(8)]
        for chat in busy:
            chat.say("go")
        time.sleep(0.2)
        assert neighbour.ask("hello", 10)[0] == "You said hello."
        stop(host)


def test_two_bots_that_answer_each_other_come_to_an_end(start):
    host = start(NEIGHBOUR)
    with host.chat("neighbour") as chat:
        replies = [chat.ask(f"message {number}")[0] for number in range(30)]
        assert replies == [f"You said message {number}." for number in range(30)]
        chat.say("one more")
        assert host.process.wait_for_log(r"this looks like a loop: more than 30 messages within a minute", seconds=10)
        with pytest.raises(AssertionError):
            chat.reply(1)
