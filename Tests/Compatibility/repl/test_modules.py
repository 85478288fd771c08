"""`\\modules reload`, after a module and the bot that uses it were changed."""

import sys
from pathlib import Path

import pytest

ORDERS = Path(__file__).parents[3] / "Plugins/orders"

MODULE = """
from mcp_server import Call, Server

server = Server("greeter", "1.0.0")


@server.tool("Greets somebody.", {{"name": {{"type": "string"}}}}, {{"readOnlyHint": True}})
def greet(call: Call, name: str) -> str:
    return "{words}, " + name


server.run()
"""

BOT = """
bot: greeter
modules:
  greeter: {{ mcp: ["{python}", -S, module.py], env: {{ EDITION: "{edition}", PYTHONPATH: "{orders}" }} }}
behaviours:
  - when: message
    do:
      - greeter.greet: {{ name: Ada }}
        as: greeting
      - say: "{edition}: {{{{greeting}}}}"
"""


@pytest.fixture
def write(place):
    """Writes the module and the bot that uses it."""

    def write(words: str, edition: str) -> None:
        (place / "module.py").write_text(MODULE.format(words=words))
        (place / "greeter.yaml").write_text(BOT.format(python=sys.executable, edition=edition, orders=ORDERS))

    write("Good morning", "first")
    return write


@pytest.fixture
def person(write, terminal):
    """With a chat that has used the module."""
    person = terminal("--local", "greeter.yaml")
    person.enter("\\start greeter --as Ada")
    person.sees("Ada> ")
    person.enter("hello")
    person.sees("first: Good morning, Ada")
    return person


def test_new_chats_have_the_changed_module_and_old_ones_end_as_they_began(write, person):
    write("Good evening", "second")
    person.enter("\\modules reload")
    person.sees("greeter: greeter +ready\n +greet")
    person.enter("\\start greeter --as Grace")
    person.sees("Grace> ")
    person.enter("hello")
    person.sees("second: Good evening, Ada")
    person.enter("\\use Ada")
    person.enter("hello again")
    person.sees("first: Good morning, Ada")


def test_a_bot_file_that_is_wrong_changes_nothing(write, person, place):
    (place / "greeter.yaml").write_text("bot: greeter\nbehaviours: none\n")
    person.enter("\\modules reload")
    person.sees("error: all stays as it was: \\S*greeter.yaml:2")
    person.enter("\\modules")
    person.sees("greeter: greeter +ready")
    person.enter("hello")
    person.sees("first: Good morning, Ada")


def test_a_module_that_has_failed_starts_once_it_was_mended(write, terminal, place):
    (place / "module.py").write_text("this is not Python")
    person = terminal("--local", "greeter.yaml")
    person.enter("\\modules")
    person.sees("greeter: greeter +(?!ready)\\w+.*: ")
    write("Good day", "first")
    person.enter("\\modules reload")
    person.sees("greeter: greeter +ready")
    person.enter("\\start greeter --as Ada")
    person.sees("Ada> ")
    person.enter("hello")
    person.sees("first: Good day, Ada")
