"""A host whose store is on a disk that has no room left."""

import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from durability.echo import greeted, said_by_bot
from support.process import clean_environment

# A session that could not store its turn tries again after some seconds, and then after more.
PATIENCE_SECONDS = 60

pytestmark = pytest.mark.timeout(150)


def test_a_full_disk_refuses_new_chats_and_loses_nothing_of_those_that_run(disk, program, start_host, local_service):
    host = start_host(program)
    with ExitStack() as stack:
        chats = [greeted(stack.enter_context(host.chat("echo"))) for _ in range(3)]
        disk.fill()
        for number, chat in enumerate(chats):
            chat.say(f"echo {number}")
        host.process.wait_for_log("a session stopped; it is tried again.*the disk is full", seconds=20)

        refused = host.offer("echo", local_service.start_contact().add_bot("echo"))
        assert refused.status == 503, str(refused)
        assert refused.json["error"] == "the chat cannot be stored: the disk is full; nothing new is accepted until there is room"
        readiness = host.readiness()
        assert (readiness.status, b"the disk is full" in readiness.body) == (503, True), str(readiness)
        # What it could not store, it has not answered.
        assert disk.is_full()
        assert [said_by_bot(chat) for chat in chats] == [["Hello."]] * 3

        disk.make_room()
        for number, chat in enumerate(chats):
            assert chat.reply(PATIENCE_SECONDS) == f"You said {number}."
        assert host.readiness().status == 200
        with host.chat("echo") as late:
            greeted(late)
        for number, chat in enumerate(chats):
            assert chat.ask(f"echo {number} again", PATIENCE_SECONDS)[0] == f"You said {number} again."
            assert said_by_bot(chat) == ["Hello.", f"You said {number}.", f"You said {number} again."]
    assert host.process.stop() == 0, host.process.log


def test_a_file_that_found_no_room_is_sent_once_when_there_is_some(disk, program, start_host):
    host = start_host(program)
    with host.chat("echo") as chat:
        greeted(chat)
        disk.fill()
        chat.say("receipt 1001")
        host.process.wait_for_log("a session stopped; it is tried again.*the disk is full", seconds=20)
        disk.make_room()
        assert chat.reply(PATIENCE_SECONDS) == "Receipt 1001 is sent."
        assert said_by_bot(chat) == ["Hello.", "receipt-1001.txt", "Receipt 1001 is sent."]


@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "stopped"])
def test_a_host_that_ends_on_a_full_disk_goes_on_where_it_was(disk, program, start_host, local_service, tmp_path, is_killed):
    host = start_host(program)
    with host.chat("echo") as chat:
        greeted(chat)
        assert chat.ask("echo before", 20)[0] == "You said before."
        disk.fill()
        chat.say("echo meanwhile")
        host.process.wait_for_log("a session stopped; it is tried again.*the disk is full", seconds=20)
        if is_killed:
            host.process.kill()
        else:
            assert host.process.stop() == 0, host.process.log
        # What ending has tidied up is room again.
        disk.fill()

        host = start_host(program)
        host.process.wait_for_log("a session stopped; it is tried again.*the disk is full", seconds=20)
        refused = host.offer("echo", local_service.start_contact().add_bot("echo"))
        assert (refused.status, "the disk is full" in refused.json["error"]) == (503, True), str(refused)
        assert said_by_bot(chat) == ["Hello.", "You said before."]

        disk.make_room()
        assert chat.reply(PATIENCE_SECONDS) == "You said meanwhile."
        assert chat.ask("echo after", PATIENCE_SECONDS)[0] == "You said after."
        assert said_by_bot(chat) == ["Hello.", "You said before.", "You said meanwhile.", "You said after."]
    assert host.process.stop() == 0, host.process.log
    check = command(program, tmp_path, "store", "check")
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("blocks", [0, 8, 24])
def test_a_first_start_that_finds_no_room_is_in_the_way_of_no_later_one(disk, program, start_host, blocks):
    disk.fill()
    disk.make_little_room(blocks)
    with pytest.raises(AssertionError, match="ended, and nothing(.|\n)*the disk (is full|does not take)"):
        start_host(program)
    disk.make_room()
    host = start_host(program)
    with host.chat("echo") as chat:
        greeted(chat)


def test_a_file_is_not_sent_again_while_the_disk_is_full_and_once_when_it_is_not(disk, program, start_host, local_service, tmp_path):
    host = start_host(program)
    with host.chat("echo") as chat:
        greeted(chat)
        local_service.admin("POST", f"/contacts/{chat.contact.id}/scan-verdicts", {"verdicts": ["REJECTED"]})
        chat.say("receipt 1001")
        host.process.wait_for_log("a step failed", seconds=20)
        disk.fill()
        refused = command(program, tmp_path, "uploads", "retry", "receipt-1001.txt")
        assert (refused.returncode, "the disk is full" in refused.stderr) == (1, True), refused.stdout + refused.stderr

        disk.make_room()
        again = command(program, tmp_path, "uploads", "retry", "receipt-1001.txt")
        assert again.returncode == 0, again.stderr
        chat.live.item(PATIENCE_SECONDS, Type="ATTACHMENT", ParticipantRole="CUSTOM_BOT")
        assert chat.ask("echo after", PATIENCE_SECONDS)[0] == "You said after."
        assert said_by_bot(chat) == ["Hello.", "receipt-1001.txt", "You said after."]


def test_a_contact_is_forgotten_whole_or_not_at_all_when_the_disk_is_full(disk, program, start_host, tmp_path):
    host = start_host(program)
    with host.chat("echo") as chat, host.chat("echo") as other:
        greeted(other)
        greeted(chat).say("receipt 1001")
        assert chat.reply(PATIENCE_SECONDS) == "Receipt 1001 is sent."
        disk.fill()
        refused = command(program, tmp_path, "forget", chat.contact.id)
        assert (refused.returncode, "the disk is full" in refused.stderr) == (1, True), refused.stdout + refused.stderr
        check = command(program, tmp_path, "uploads", "list", "--json")
        assert "receipt-1001.txt" in check.stdout, check.stdout + check.stderr

        disk.make_room()
        assert chat.ask("echo still here", PATIENCE_SECONDS)[0] == "You said still here."
        forgotten = command(program, tmp_path, "forget", chat.contact.id)
        assert (forgotten.returncode, "1 upload and 1 file" in forgotten.stdout) == (0, True), forgotten.stdout + forgotten.stderr
        assert chat.contact.id not in command(program, tmp_path, "sessions", "list", "--json").stdout
        assert other.ask("echo after", PATIENCE_SECONDS)[0] == "You said after."
    assert host.process.stop() == 0, host.process.log
    check = command(program, tmp_path, "store", "check")
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("blocks", [12, 16, 20])
def test_a_contact_that_is_gone_is_not_called_kept_where_only_the_log_finds_no_room(disk, program, start_host, tmp_path, blocks):
    host = start_host(program)
    with host.chat("echo") as chat:
        greeted(chat).say("receipt 1001")
        assert chat.reply(PATIENCE_SECONDS) == "Receipt 1001 is sent."
        disk.fill()
        # Enough for the change, and not for what moves it from the log into the database.
        disk.make_little_room(blocks)
        forgotten = command(program, tmp_path, "forget", chat.contact.id)
        is_gone = chat.contact.id not in command(program, tmp_path, "sessions", "list", "--json").stdout
        assert (forgotten.returncode == 0) == is_gone, forgotten.stdout + forgotten.stderr
        # A session that was forgotten ends; it does not stumble over what it misses.
        disk.make_room()
        chat.say("echo after")
        if not is_gone:
            assert chat.reply(PATIENCE_SECONDS) == "You said after."
    assert host.process.stop() == 0, host.process.log
    assert "FOREIGN KEY" not in host.process.log


def command(program: Path, folder: Path, *words: str) -> subprocess.CompletedProcess:
    """`attache WORDS` on the store, whether a host runs or not."""
    arguments = [program, *words, "--store", folder / "store"]
    return subprocess.run(arguments, env=clean_environment(), capture_output=True, text=True, timeout=30)
