"""What `attache` leaves in the temporary folder: nothing after a normal end, and what the killed have left is removed by the next."""

import signal
import subprocess
from pathlib import Path

import pytest

from support.process import AttacheProcess, clean_environment

ROOT = Path(__file__).parents[3]
BOT = "bot: bot\nbehaviours:\n  - when: joined\n    do: [say: hi]\n"

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def temporary(tmp_path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def run(attache_binary, temporary, tmp_path):
    """Runs a command to its end."""

    def run(*words: str | Path) -> subprocess.CompletedProcess:
        environment = clean_environment(TMPDIR=str(temporary), XDG_STATE_HOME=str(tmp_path / "state"))
        return subprocess.run([attache_binary, *words], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=50)

    return run


@pytest.fixture
def start(attache_binary, temporary, tmp_path):
    started: list[AttacheProcess] = []

    def start(*words: str | Path) -> AttacheProcess:
        log = tmp_path / f"{len(started)}.log"
        started.append(AttacheProcess(attache_binary, [str(word) for word in words], log, clean_environment(TMPDIR=str(temporary))))
        return started[-1]

    try:
        yield start
    finally:
        for process in started:
            process.kill()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def script(tmp_path):
    """A chat script with its bot, which has a module of its own."""
    server = ROOT / "Plugins/orders/server.py"
    (tmp_path / "bot.yaml").write_text(BOT.replace("behaviours", f"modules:\n  orders: {{ mcp: [python3, {server}] }}\nbehaviours"))
    path = tmp_path / "bot.chat"
    path.write_text('\\start bot\n\\expect "hi"\n\\do documents.table {"columns": ["a"], "rows": []}\n')
    return path


def test_a_command_that_has_ended_leaves_nothing(run, script, temporary, tmp_path):
    bot = tmp_path / "bot.yaml"
    failing = tmp_path / "failing.chat"
    failing.write_text('\\start bot\n\\expect "no such thing" within 1s\n')
    playable = tmp_path / "playable.chat"
    playable.write_text('\\start bot\n\\expect "hi"\n')
    for code, words in {
        0: ("test", playable),
        4: ("test", failing),
    }.items():
        done = run(*words)
        assert (done.returncode, names(temporary)) == (code, []), done.stdout + done.stderr
    for words in (("check", bot), ("module", "list", bot), ("repl", "--local", bot, "-f", script)):
        done = run(*words)
        assert (done.returncode, names(temporary)) == (0, []), done.stdout + done.stderr
    done = run("repl", "--local", bot, "-c", "\\start bot", "-c", '\\expect "no such thing" within 100ms')
    assert (done.returncode, names(temporary)) == (4, []), done.stdout + done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("command", ["local", "run"])
def test_a_service_that_was_stopped_leaves_nothing(start, script, temporary, tmp_path, command, number):
    words = ["local"] if command == "local" else ["run", tmp_path / "bot.yaml", "--local", "--store", tmp_path / "store"]
    process = start(*words)
    process.url()
    assert names(temporary) != []
    process.signal(number)
    assert process.wait() == 0, process.log
    assert names(temporary) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP], ids=["SIGKILL", "SIGHUP"])
def test_what_the_killed_have_left_is_removed_by_the_next_and_nothing_of_the_living(start, run, script, temporary, tmp_path, number):
    killed, living = start("local"), start("local")
    for process in (killed, living):
        process.url()
    (temporary / "attache-of-somebody-else").mkdir()
    (temporary / "notes").mkdir()
    before = names(temporary)
    killed.signal(number)
    killed.wait()
    assert names(temporary) == before
    playable = tmp_path / "playable.chat"
    playable.write_text('\\start bot\n\\expect "hi"\n')
    assert run("test", playable).returncode == 0
    left = names(temporary)
    assert len(left) == len(before) - 1 and {"attache-of-somebody-else", "notes"} <= set(left), left
    assert living.stop() == 0
    assert names(temporary) == ["attache-of-somebody-else", "notes"]


def test_what_a_killed_host_has_left_of_its_modules_is_removed_by_the_next(start, script, temporary, tmp_path):
    store = tmp_path / "store"
    words = ["run", tmp_path / "bot.yaml", "--local", "--store", store]
    killed = start(*words)
    killed.url()
    assert len(names(store / "modules")) == 1
    left = names(store / "modules") + names(temporary)
    killed.kill()
    next_one = start(*words)
    next_one.url()
    assert not set(left) & set(names(store / "modules") + names(temporary))
    assert next_one.stop() == 0
    assert names(store / "modules") + names(temporary) == []


def test_a_temporary_folder_that_is_not_there_is_named(attache_binary, tmp_path):
    arguments, environment = [attache_binary, "local"], clean_environment(TMPDIR=str(tmp_path / "none"))
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=20)
    assert (done.returncode, f"{tmp_path}/none" in done.stderr) == (1, True), done.stderr
