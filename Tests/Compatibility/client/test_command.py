"""The command line of `attache join`."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from support.process import clean_environment

COURIER = str(Path(__file__).parent / "courier.yaml")
NOWHERE = "http://127.0.0.1:9"


def run(binary, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(binary), "join", *arguments], env=clean_environment(), input=stdin, capture_output=True, text=True, timeout=30
    )


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text("a-token")
    path.chmod(0o600)
    return str(path)


def test_a_missing_token_file_is_named(attache_binary):
    done = run(attache_binary, COURIER, "--participant-token-file", "/no/such/token", "--endpoint", NOWHERE)
    assert done.returncode == 2
    assert "/no/such/token" in done.stderr


@pytest.mark.parametrize("content", ["", " \n", "two words", "x" * 1001, "line\nline"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(attache_binary, tmp_path, content):
    path = tmp_path / "token"
    path.write_text(content)
    path.chmod(0o600)
    done = run(attache_binary, COURIER, "--participant-token-file", str(path), "--endpoint", NOWHERE)
    assert done.returncode == 2
    assert not content.strip() or content.strip() not in done.stderr


def test_a_missing_bot_file_is_named(attache_binary, token_file):
    done = run(attache_binary, "/no/such/bot.yaml", "--participant-token-file", token_file, "--endpoint", NOWHERE)
    assert done.returncode == 2
    assert "/no/such/bot.yaml" in done.stderr


def test_a_wrong_bot_file_is_refused_with_line_and_column(attache_binary, token_file, tmp_path):
    bot = tmp_path / "bot.yaml"
    bot.write_text("bot: x\nbehaviours:\n  - when: joined\n    do:\n      - shout: hello\n")
    done = run(attache_binary, str(bot), "--participant-token-file", token_file, "--endpoint", NOWHERE)
    assert done.returncode == 2
    assert f"{bot}:5:9:" in done.stderr
    assert "shout" in done.stderr


@pytest.mark.parametrize("endpoint", ["nonsense", "ftp://127.0.0.1", "http://example.com", "127.0.0.1:80"])
def test_an_endpoint_that_cannot_be_one_is_a_usage_error(attache_binary, token_file, endpoint):
    """Plain http is for loopback alone."""
    done = run(attache_binary, COURIER, "--participant-token-file", token_file, "--endpoint", endpoint)
    assert done.returncode == 2, done.stderr
    assert endpoint in done.stderr


async def test_the_token_may_come_from_standard_input(service, attache_binary):
    service.chat.end()
    token = service.chat.bot.participant_token
    done = await asyncio.to_thread(
        run, attache_binary, COURIER, "--participant-token-file", "-", "--endpoint", service.url, stdin=token + "\n"
    )
    # The chat is over; that the service said so shows that the token was read.
    assert done.returncode == 3
    assert service.violations == []
    assert token not in done.stderr + done.stdout
