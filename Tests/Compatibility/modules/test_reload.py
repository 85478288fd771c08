"""SIGHUP: a running host loads its bot files and modules again."""

import shutil
import signal
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from support.host import BotHost

SERVER = """
from mcp_server import Server

server = Server("teller", "1")


@server.tool("Tells which one it is.", {{}}, {{}})
def tell(call):
    return {{"which": "{which} module"}}


server.run()
"""

BOT = """
bot: teller
modules:
  teller: {{ mcp: [{python}, server.py] }}
behaviours:
  - when: message
    do:
      - teller.tell: {{}}
        as: answer
      - say: "{which} bot, {{{{answer.which}}}}"
"""


class Files:
    """A bot file and its module, in one wording or another."""

    def __init__(self, folder: Path):
        self.bot = folder / "teller.yaml"
        self._server = folder / "server.py"
        shutil.copy(ROOT / "Plugins/orders/mcp_server.py", folder)

    def say(self, which: str) -> None:
        self._server.write_text(SERVER.format(which=which))
        self.bot.write_text(BOT.format(which=which, python=sys.executable))


@pytest.fixture
def files(tmp_path) -> Files:
    files = Files(tmp_path)
    files.say("old")
    return files


@pytest.fixture
def host(attache_binary, tmp_path, local_service, files):
    with BotHost(attache_binary, tmp_path, local_service, [files.bot]) as host:
        yield host


def test_new_chats_get_what_was_loaded_and_those_under_way_keep_what_they_have(host, files):
    with host.chat("teller") as early:
        assert early.ask("hello")[0] == "old bot, old module"
        files.say("new")
        host.process.signal(signal.SIGHUP)
        host.process.wait_for_log("the bot files were loaded again", seconds=30)
        with host.chat("teller") as late:
            assert late.ask("hello")[0] == "new bot, new module"
            assert early.ask("hello")[0] == "old bot, old module"
            assert late.ask("hello")[0] == "new bot, new module"


def test_a_module_whose_program_alone_has_changed_is_a_changed_module(host, files, tmp_path):
    (tmp_path / "server.py").write_text(SERVER.format(which="new"))
    host.process.signal(signal.SIGHUP)
    host.process.wait_for_log("the bot files were loaded again", seconds=30)
    with host.chat("teller") as chat:
        assert chat.ask("hello")[0] == "old bot, new module"


def test_a_file_that_is_wrong_changes_nothing(host, files):
    files.say("new")
    files.bot.write_text(files.bot.read_text().replace("teller.tell", "teller.tall"))
    host.process.signal(signal.SIGHUP)
    host.process.wait_for_log("the bot files are not accepted", seconds=30)
    assert "tall" in host.process.log
    with host.chat("teller") as chat:
        assert chat.ask("hello")[0] == "old bot, old module"
