"""A host that is asked to end while something holds it up, and one that is asked twice."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from durability.echo import greeted, said_by_bot
from support.host import INTAKE_SECRET, BotHost
from support.process import clean_environment

PATIENCE_SECONDS = 40
BODY = json.dumps({"bot": "echo", "contactId": "c", "participantId": "p", "participantToken": "t"}).encode()
HEAD = (
    "POST /v1/chats HTTP/1.1\r\nHost: intake\r\nContent-Type: application/json\r\nConnection: close\r\n"
    f"Authorization: Bearer {INTAKE_SECRET}\r\nContent-Length: {len(BODY)}\r\n\r\n"
).encode()

pytestmark = pytest.mark.timeout(180)


class HalfRequest:
    """A request whose other half the intake waits for."""

    def __init__(self, host: BotHost):
        self._address = (urlsplit(host.intake).hostname, urlsplit(host.intake).port)
        self._connection = socket.create_connection(self._address, timeout=PATIENCE_SECONDS)
        self._connection.sendall(HEAD + BODY[:10])
        wait_until(self._is_read, "the intake does not read")

    def _is_read(self) -> bool:
        """Whether nothing of it is left in the intake's socket."""
        own_port = f":{self._connection.getsockname()[1]:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        return any(row[2].endswith(own_port) and row[4].endswith(":00000000") for row in rows)

    def wait_for_drain(self) -> None:
        wait_until(self._is_refused, "the intake still takes connections")

    def _is_refused(self) -> bool:
        try:
            socket.create_connection(self._address, timeout=PATIENCE_SECONDS).close()
        except ConnectionRefusedError:
            return True
        return False

    def finish(self) -> bytes:
        """Sends the other half; the answer."""
        self._connection.sendall(BODY[10:])
        answer = b""
        while chunk := self._connection.recv(65536):
            answer += chunk
        return answer

    def close(self) -> None:
        self._connection.close()


@contextmanager
def half_request(host: BotHost):
    request = HalfRequest(host)
    try:
        yield request
    finally:
        request.close()


def test_a_signal_lets_a_request_be_finished_and_refuses_its_chat(start_host):
    host = start_host()
    with host.chat("echo") as chat, half_request(host) as request:
        greeted(chat)
        host.process.terminate()
        request.wait_for_drain()
        answer = request.finish()
        assert answer.startswith(b"HTTP/1.1 503 "), answer
        assert b"the host is stopping" in answer
        assert host.process.wait(PATIENCE_SECONDS) == 0, host.process.log
        start_host()
        assert chat.ask("echo 1", PATIENCE_SECONDS)[0] == "You said 1."
        assert said_by_bot(chat) == ["Hello.", "You said 1."]


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_the_host_at_once_and_leaves_the_store_in_order(start_host, attache_binary, tmp_path, second):
    host = start_host()
    with host.chat("echo") as chat, half_request(host) as request:
        greeted(chat)
        host.process.terminate()
        request.wait_for_drain()
        assert host.process.is_running
        chat.say("echo meanwhile")
        host.process.signal(second)
        # By the signal, or with what a shell makes of that.
        assert host.process.wait() in (-second, 128 + second), host.process.log

        check = subprocess.run(
            [attache_binary, "store", "check", "--store", tmp_path / "store"], env=clean_environment(), capture_output=True, text=True
        )
        assert check.returncode == 0, check.stdout + check.stderr
        start_host()
        assert chat.reply(PATIENCE_SECONDS) == "You said meanwhile."
        assert chat.ask("echo after", PATIENCE_SECONDS)[0] == "You said after."
        assert said_by_bot(chat) == ["Hello.", "You said meanwhile.", "You said after."]


def test_a_service_that_does_not_answer_holds_up_no_end_and_sees_every_reply_once(start_host, local_service, attache_binary, tmp_path):
    host = start_host()
    with host.chat("echo") as chat:
        greeted(chat)
        assert chat.ask("think", PATIENCE_SECONDS)[0] == "Let me think."
        with paused(local_service):
            # What it sends now waits in the service's socket; whether it arrived, the host cannot know.
            wait_until(lambda: has_something_to_do(attache_binary, tmp_path), "nothing was ever to do")
            host.process.terminate()
            assert host.process.wait(PATIENCE_SECONDS) == 0, host.process.log
        start_host()
        assert chat.reply(PATIENCE_SECONDS) == "I have thought."
        assert chat.ask("echo after", PATIENCE_SECONDS)[0] == "You said after."
        assert said_by_bot(chat) == ["Hello.", "Let me think.", "I have thought.", "You said after."]


@contextmanager
def paused(local_service):
    local_service.process.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        local_service.process.signal(signal.SIGCONT)


def has_something_to_do(binary: Path, folder: Path) -> bool:
    """Whether a session has decided on something that the service has not confirmed."""
    command = [binary, "sessions", "list", "--json", "--store", folder / "store"]
    listing = subprocess.run(command, env=clean_environment(), capture_output=True, check=True)
    return any(session["openEffects"] for session in json.loads(listing.stdout))


def wait_until(condition: Callable[[], bool], problem: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, problem
        time.sleep(0.05)
