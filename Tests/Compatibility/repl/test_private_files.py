"""What the REPL writes of a chat is its owner's alone, whatever the umask, and goes through no link."""

import stat
import subprocess

import pytest

from support.process import clean_environment
from support.terminal import Terminal

RECEIPT = '\\start receipts --as Ada\n\\expect "Welcome"\nreceipt 1001\n\\expect "Anything else?"\n'


@pytest.fixture
def repl(attache_binary, place, environment):
    """Does lines with the umask 0."""

    def run(lines: str) -> subprocess.CompletedProcess:
        arguments = [attache_binary, "repl"]
        return subprocess.run(arguments, input=lines, capture_output=True, text=True, cwd=place, env=environment, umask=0, timeout=50)

    return run


def mode(path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_recordings_transcripts_and_saved_files_are_private(repl, place, tmp_path):
    (place / "old.txt").write_text("old")
    (place / "old.txt").chmod(0o666)
    done = repl(f"\\record it.chat\n{RECEIPT}\\transcript > chat.txt\n\\transcript > old.txt\n\\save receipt-1001.txt\n")
    assert done.returncode == 0, done.stderr
    for name in ("it.chat", "chat.txt", "old.txt", "receipt-1001.txt"):
        assert mode(place / name) == 0o600, name
    assert "Welcome" in (place / "old.txt").read_text()
    assert mode(tmp_path / "state/attache") == 0o700
    assert mode(tmp_path / "state/attache/recordings.jsonl") == 0o600


@pytest.mark.parametrize("command", ["\\transcript > here.txt", "\\save receipt-1001.txt here.txt", "\\record here.txt"])
@pytest.mark.parametrize("target", ["kept.txt", "none.txt"])
def test_a_link_is_not_written_through(repl, place, command, target):
    (place / "kept.txt").write_text("kept")
    (place / "here.txt").symlink_to(place / target)
    done = repl(f"{RECEIPT}{command}\n")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "here.txt" in done.stderr
    assert (place / "kept.txt").read_text() == "kept"
    assert not (place / "none.txt").exists()
    assert (place / "here.txt").is_symlink()


@pytest.mark.parametrize("command", ["\\transcript > here.txt", "\\save receipt-1001.txt here.txt"])
def test_a_file_with_another_name_keeps_what_it_has_under_that(repl, place, command):
    (place / "kept.txt").write_text("kept")
    (place / "here.txt").hardlink_to(place / "kept.txt")
    assert repl(f"{RECEIPT}{command}\n").returncode == 0
    assert (place / "kept.txt").read_text() == "kept"
    assert (place / "here.txt").read_text() != "kept"


def test_the_history_is_in_the_home_folder_and_keeps_no_password(attache_binary, place, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    person = Terminal(attache_binary, ["repl"], clean_environment(HOME=str(home), LANG="C.UTF-8", TERM="xterm"), place)
    try:
        person.sees("attache> ")
        for line in ["\\sessions", "my password=hunter2", "Authorization: Bearer abc", '\\raw X {"client_secret": "abc"}', "\\uploads"]:
            person.enter(line)
        person.press("D")
        person.wait()
    finally:
        person.close()
    history = home / ".local/state/attache/history"
    assert history.read_text() == "\\sessions\n\\uploads\n"
    assert (mode(history), mode(history.parent)) == (0o600, 0o700)
