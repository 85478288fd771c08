"""`attache module new`: what it makes works at once, by the very commands and lines that it prints."""

import os
import subprocess
import textwrap

import pytest


@pytest.fixture
def shell(attache_binary, tmp_path):
    """Runs a command line in a folder of its own, with `attache` on the path."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/attache").symlink_to(attache_binary)
    environment = os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}

    def run(line: str) -> subprocess.CompletedProcess:
        return subprocess.run(line, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)

    return run


def printed(told: str, heading: str, end: str | None = None) -> list[str]:
    """The indented lines below a heading."""
    lines = told.split(heading + "\n", 1)[1]
    return textwrap.dedent(lines.split(end, 1)[0] if end else lines).strip().splitlines()


@pytest.mark.parametrize("language", ["c", "python"])
def test_a_new_module_works_by_the_commands_and_lines_that_are_printed(shell, tmp_path, language):
    made = shell(f"attache module new --lang {language} greeter-2")
    assert made.returncode == 0, made.stderr
    commands = printed(made.stdout, "Build and test it:", "\n\n")
    tested = shell(" && ".join(commands))
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert tested.stdout.count("\n") == tested.stdout.count("ok     ") == 11, tested.stdout
    assert not tested.stderr

    modules, step = "\n".join(printed(made.stdout, "In a bot file beside the folder:")).split("\n...\n")
    bot = f"bot: greeting\n{modules}\nbehaviours:\n  - when: joined\n    do:\n{textwrap.indent(textwrap.dedent(step), ' ' * 6)}\n"
    (tmp_path / "greeting.yaml").write_text(bot)
    checked = shell("attache check greeting.yaml")
    assert checked.returncode == 0, bot + checked.stderr


def test_a_new_module_in_swift_compiles_against_actionkit(shell, attache_binary):
    # To build its package would build ActionKit once more, which takes a minute.
    made = shell("attache module new --lang swift greeter")
    assert made.returncode == 0, made.stderr
    assert "swift build" in printed(made.stdout, "Build and test it:", "\n\n")
    built = attache_binary.parent
    header = f"-Xcc -fmodule-map-file={built}/CAttacheModule.build/module.modulemap"
    checked = shell(f"swiftc -typecheck -swift-version 6 -I {built}/Modules {header} greeter/Sources/greeter/main.swift")
    assert checked.returncode == 0, checked.stderr
    package = shell("swift package --package-path greeter describe --type json")
    assert package.returncode == 0, package.stderr


def test_nothing_that_is_there_is_changed(shell, tmp_path):
    (tmp_path / "greeter").mkdir()
    (tmp_path / "greeter/server.py").write_text("mine")
    refused = shell("attache module new --lang python greeter")
    assert refused.returncode == 2
    assert "there is a 'greeter' here already" in refused.stderr
    assert (tmp_path / "greeter/server.py").read_text() == "mine"


@pytest.mark.parametrize("arguments", ["--lang cobol x", "--lang c", "--lang c ../x", "--lang c 'a b'", "--lang swift --attache /nowhere x", "x"])
def test_what_cannot_be_made_is_refused(shell, tmp_path, arguments):
    refused = shell(f"attache module new {arguments}")
    assert refused.returncode == 2
    assert refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]
