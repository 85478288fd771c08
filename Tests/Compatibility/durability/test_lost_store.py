"""A host whose store somebody removes, replaces or opens to others while it runs, or between two runs."""

import os
import shutil
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest

from durability.echo import greeted, said_by_bot
from support.process import clean_environment

# A session that could not store its turn tries again after some seconds, and then after more.
PATIENCE_SECONDS = 60

pytestmark = pytest.mark.timeout(150)


def another_database(path: Path) -> Path:
    """One of nobody's, in good order."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    return path


def replace(store: Path) -> None:
    another_database(store.parent / "other.db").rename(store / "attache.db")


def overwrite(store: Path) -> None:
    (store / "attache.db").write_bytes(another_database(store.parent / "other.db").read_bytes())


HARMS = {
    "the database is removed": lambda store: (store / "attache.db").unlink(),
    "the database is replaced": replace,
    "another is copied over the database": overwrite,
    "the database is emptied": lambda store: os.truncate(store / "attache.db", 0),
    "the folder is removed": shutil.rmtree,
    "the log is removed": lambda store: (store / "attache.db-wal").unlink(),
    "the log's index is removed": lambda store: (store / "attache.db-shm").unlink(),
    "the key is removed": lambda store: (store / "key").unlink(),
}


@pytest.mark.parametrize("name", HARMS)
def test_nothing_is_accepted_that_no_later_run_would_find(start_host, local_service, tmp_path, name):
    host = start_host()
    with host.chat("echo") as chat:
        greeted(chat)
        assert host.readiness().status == 200
        HARMS[name](tmp_path / "store")
        readiness = host.readiness()
        assert (readiness.status, b"nothing new is accepted" in readiness.body) == (503, True), str(readiness)
        refused = host.offer("echo", local_service.start_contact().add_bot("echo"))
        assert (refused.status, "nothing new is accepted" in refused.json["error"]) == (503, True), str(refused)
        chat.say("echo meanwhile")
        host.process.wait_for_log("a session stopped; it is tried again.*nothing new is accepted", seconds=20)
        assert said_by_bot(chat) == ["Hello."]
        assert host.process.stop() == 0, host.process.log


def test_a_store_that_is_moved_away_and_back_is_used_again(start_host, tmp_path):
    host = start_host()
    with host.chat("echo") as chat:
        greeted(chat)
        (tmp_path / "store").rename(tmp_path / "elsewhere")
        chat.say("echo meanwhile")
        host.process.wait_for_log("a session stopped; it is tried again.*attache.db was removed", seconds=20)
        (tmp_path / "elsewhere").rename(tmp_path / "store")
        assert host.readiness().status == 200
        assert chat.reply(PATIENCE_SECONDS) == "You said meanwhile."
        assert said_by_bot(chat) == ["Hello.", "You said meanwhile."]


@pytest.mark.parametrize("file", ["attache.db-wal", "attache.db-shm"])
def test_a_host_whose_log_was_removed_and_that_is_killed_goes_on_where_it_was(start_host, tmp_path, file):
    host = start_host()
    with host.chat("echo") as chat:
        greeted(chat)
        assert chat.ask("echo before")[0] == "You said before."
        (tmp_path / "store" / file).unlink()
        chat.say("echo meanwhile")
        host.process.wait_for_log(f"a session stopped; it is tried again.*{file} was removed", seconds=20)
        host.process.kill()
        start_host()
        assert chat.reply(PATIENCE_SECONDS) == "You said meanwhile."
        assert said_by_bot(chat) == ["Hello.", "You said before.", "You said meanwhile."]


def test_a_second_host_is_refused_though_the_lock_file_was_removed(attache_binary, start_host, tmp_path):
    host = start_host()
    with host.chat("echo") as chat:
        greeted(chat)
        (tmp_path / "store/attache.lock").unlink()
        with pytest.raises(AssertionError, match="another attache has it open"):
            start_host()
        assert chat.contact.id in command(attache_binary, tmp_path, "sessions", "list", "--json").stdout
        assert chat.ask("echo after")[0] == "You said after."
    assert host.process.stop() == 0, host.process.log


def test_a_spooled_file_that_was_overwritten_is_not_sent_after_a_restart(attache_binary, start_host, tmp_path):
    host = start_host(ATTACHE_CRASH_AT="upload.starting")
    with host.chat("echo") as chat:
        greeted(chat).say("receipt 1001")
        host.process.wait()
        (file,) = (tmp_path / "store/spool").iterdir()
        file.write_bytes(file.read_bytes().replace(b"Espresso", b"Expresso"))
        host = start_host()
        host.process.wait_for_log("the file 'receipt-1001.txt' was not sent: the body file was changed: its SHA-256 is", seconds=20)
        assert chat.ask("echo after", PATIENCE_SECONDS)[0] == "You said after."
        assert said_by_bot(chat) == ["Hello.", "You said after."]
        assert not any(item["Type"] == "ATTACHMENT" for item in chat.contact.customer.transcript())
    assert host.process.stop() == 0, host.process.log
    check = command(attache_binary, tmp_path, "store", "check")
    assert (check.returncode, "is not what was put there" in check.stdout) == (1, True), check.stdout + check.stderr


def test_all_that_a_host_keeps_is_its_owners_alone_whatever_the_umask(start_host, attache_binary, tmp_path):
    program = tmp_path / "with-umask-0"
    program.write_text(f'#!/bin/sh\numask 0\nexec {attache_binary} "$@"\n')
    program.chmod(0o700)
    host = start_host(program)
    with host.chat("echo") as chat:
        greeted(chat).say("receipt 1001")
        assert chat.reply() == "Receipt 1001 is sent."
        found = {path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.lstat().st_mode) for path in kept(tmp_path / "store")}
        assert {"store/attache.db", "store/attache.db-wal", "store/attache.db-shm", "store/key", "store/control.sock"} <= set(found)
        assert set(found.values()) == {0o600, 0o700}, found
        assert all(mode == 0o700 for name, mode in found.items() if (tmp_path / name).is_dir()), found


def kept(folder: Path) -> list[Path]:
    return [folder, *folder.rglob("*")]


@pytest.mark.parametrize("mode", [0o755, 0o1777])
def test_a_store_that_was_open_to_others_is_closed_and_of_its_folder_is_told(start_host, tmp_path, mode):
    start_host().process.stop()
    store = tmp_path / "store"
    for path in kept(store):
        path.chmod(0o644 if path.is_file() and path.name != "key" else 0o600 if path.is_file() else mode)
    host = start_host()
    assert f"chmod 700 {store}" in host.process.log
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept(store) if path != store} == {0o600, 0o700}


def test_a_folder_whose_files_anybody_may_replace_is_refused(start_host, tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store").chmod(0o777)
    with pytest.raises(AssertionError, match=f"run: chmod 700 {tmp_path}/store"):
        start_host()
    assert list((tmp_path / "store").iterdir()) == []


def test_a_secret_that_others_may_read_is_refused(attache_binary, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a-secret-of-32-characters-or-more\n")
    secret.chmod(0o640)
    os.chown(secret, os.getuid(), os.getgid() if os.getuid() else 1)
    bot = tmp_path / "bot.yaml"
    bot.write_text("bot: bot\nbehaviours:\n  - when: joined\n    do: [say: hi]\n")
    service = ["--endpoint", "http://127.0.0.1:1"]
    for words in (
        ["run", bot, *service, "--intake", "127.0.0.1:0", "--intake-secret-file", secret],
        ["local", "--flow", "bot", "--intake", "http://127.0.0.1:1", "--intake-secret-file", secret],
        ["join", bot, *service, "--participant-token-file", secret],
        ["repl", *service, "-c", f"\\connect --token-file {secret}"],
    ):
        done = subprocess.run([attache_binary, *words], env=clean_environment(), capture_output=True, text=True, timeout=30)
        assert (done.returncode, f"run: chmod 600 {secret}" in done.stderr) == (2, True), done.stderr


def command(program: Path, folder: Path, *words: str) -> subprocess.CompletedProcess:
    """`attache WORDS` on the store, whether a host runs or not."""
    arguments = [program, *words, "--store", folder / "store"]
    return subprocess.run(arguments, env=clean_environment(), capture_output=True, text=True, timeout=30)
