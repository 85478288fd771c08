"""A host whose store may not be written to: another program has its database, or its disk is read-only."""

import sqlite3
import subprocess
from contextlib import ExitStack, contextmanager

import pytest

from durability.echo import greeted, said_by_bot
from support.process import clean_environment

# A session that could not store its turn tries again after some seconds, and then after more.
PATIENCE_SECONDS = 60
# Long enough for the host to wait for the lock, which it does for five seconds each time.
LOCKED_SECONDS = 30

pytestmark = pytest.mark.timeout(180)


@contextmanager
def locked(path):
    """The database, locked as by somebody who looks into it with a tool of SQLite."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()


def test_a_locked_database_refuses_new_chats_and_loses_nothing_of_those_that_run(start_host, local_service, tmp_path):
    host = start_host()
    with host.chat("echo") as chat:
        greeted(chat)
        with locked(tmp_path / "store/attache.db"):
            refused = host.offer("echo", local_service.start_contact().add_bot("echo"))
            assert refused.status == 503, str(refused)
            assert "another program holds the database locked" in refused.json["error"]
            readiness = host.readiness()
            assert (readiness.status, b"locked" in readiness.body) == (503, True), str(readiness)
            chat.say("echo meanwhile")
            host.process.wait_for_log("a session stopped; it is tried again.*locked", LOCKED_SECONDS)
            assert said_by_bot(chat) == ["Hello."]
        assert chat.reply(PATIENCE_SECONDS) == "You said meanwhile."
        assert host.readiness().status == 200
        with host.chat("echo") as late:
            greeted(late)
        assert chat.ask("echo after", PATIENCE_SECONDS)[0] == "You said after."
        assert said_by_bot(chat) == ["Hello.", "You said meanwhile.", "You said after."]
    assert host.process.stop() == 0, host.process.log


def test_a_chat_is_refused_soon_where_many_sessions_wait_for_a_locked_database(start_host, local_service, tmp_path):
    host = start_host()
    with ExitStack() as stack:
        chats = [greeted(stack.enter_context(host.chat("echo"))) for _ in range(8)]
        participant = local_service.start_contact().add_bot("echo")
        with locked(tmp_path / "store/attache.db"):
            for chat in chats:
                chat.say("echo meanwhile")
            # Whoever brings it has not the patience to wait until each of the others has tried for itself.
            refused = host.offer("echo", participant)
            assert (refused.status, "locked" in refused.json["error"]) == (503, True), str(refused)
        for chat in chats:
            assert chat.reply(PATIENCE_SECONDS) == "You said meanwhile."
            assert said_by_bot(chat) == ["Hello.", "You said meanwhile."]


def test_a_host_that_is_asked_to_stop_while_its_database_is_locked_goes_on_where_it_was(start_host, tmp_path):
    host = start_host()
    with host.chat("echo") as chat:
        greeted(chat)
        with locked(tmp_path / "store/attache.db"):
            chat.say("echo meanwhile")
            # It may be waiting for the lock just now.
            host.process.terminate()
            assert host.process.wait(PATIENCE_SECONDS) == 0, host.process.log
            assert said_by_bot(chat) == ["Hello."]
        start_host()
        assert chat.reply(PATIENCE_SECONDS) == "You said meanwhile."
        assert said_by_bot(chat) == ["Hello.", "You said meanwhile."]


@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "stopped"])
def test_a_host_with_a_store_it_may_not_write_to_says_so_and_starts_when_it_may(disk, program, start_host, tmp_path, is_killed):
    host = start_host(program)
    with host.chat("echo") as chat:
        greeted(chat)
        assert chat.ask("echo before")[0] == "You said before."
        if is_killed:
            host.process.kill()
        else:
            assert host.process.stop() == 0, host.process.log
        disk.forbid_writing()
        chat.say("echo meanwhile")
        refused = subprocess.run([program, *host.process.arguments], env=clean_environment(), capture_output=True, text=True, timeout=60)
        assert refused.returncode == 1, refused.stderr
        assert f"the store at {tmp_path / 'store'}" in refused.stderr
        assert "Read-only file system" in refused.stderr

        disk.allow_writing()
        start_host(program)
        assert chat.reply(PATIENCE_SECONDS) == "You said meanwhile."
        assert said_by_bot(chat) == ["Hello.", "You said before.", "You said meanwhile."]


def test_a_spool_that_may_not_be_written_to_holds_up_only_who_makes_a_file(disk, program, start_host):
    host = start_host(program)
    with host.chat("echo") as maker, host.chat("echo") as talker:
        greeted(maker)
        greeted(talker)
        disk.forbid_writing("spool")
        maker.say("receipt 1001")
        host.process.wait_for_log("a session stopped; it is tried again.*Read-only file system", seconds=20)
        assert talker.ask("echo meanwhile")[0] == "You said meanwhile."
        disk.allow_writing("spool")
        assert maker.reply(PATIENCE_SECONDS) == "Receipt 1001 is sent."
        assert said_by_bot(maker) == ["Hello.", "receipt-1001.txt", "Receipt 1001 is sent."]
        assert said_by_bot(talker) == ["Hello.", "You said meanwhile."]
