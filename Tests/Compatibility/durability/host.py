"""Programs that host the bot, each to be killed and started again at will."""

import asyncio
import http.client
import json
import random
import signal
import socket
import subprocess
import sys
import uuid
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

from durability.later import Later
from support.http import exchange
from support.process import AttacheProcess, clean_environment

SECRET = "a-secret-of-32-characters-or-more"


class Host(ABC):
    """One program, in as many lives as it takes."""

    # Whether it kills itself where ATTACHE_CRASH_AT says.
    has_crash_points = False
    # How long it may take until it does something.
    seconds_to_start = 0.0
    # What it ends with when it is asked to; it then goes on in the next life where it was.
    code_when_stopped = 0

    def __init__(self, program: Path | str, arguments: list[str], log: Path):
        self._program = program
        self._arguments = arguments
        self._log = log
        self.process: AttacheProcess | None = None

    @abstractmethod
    async def take(self, arrival: dict[str, str]) -> None:
        """Gives it a chat; returns when it has acknowledged that, if need be in another life."""

    def start(self, crash_at: str | None = None, later: Later | None = None) -> None:
        environment = clean_environment(**(later.environment if later else {}))
        if crash_at:
            environment["ATTACHE_CRASH_AT"] = crash_at
        self.process = AttacheProcess(self._program, self._arguments, self._log, environment)

    async def until_ready(self) -> None:
        """Returns when it can be asked to end."""
        await asyncio.sleep(self.seconds_to_start)

    @property
    def is_running(self) -> bool:
        return self.process.is_running

    def kill(self) -> None:
        self.process.kill()

    def bury(self) -> int:
        """What it ended with, once it has; negative for a signal."""
        code = self.process.wait()
        self.process.kill()
        return code

    def open_sessions(self) -> list[str]:
        """Contacts whose chat is not over, as far as the host knows."""
        return []

    def store_problems(self) -> list[str]:
        return []

    async def stop(self) -> int:
        """Asks it to end; what it ended with."""
        self.process.terminate()
        return await asyncio.to_thread(self.bury)


class AttacheHost(Host):
    """`attache run` with one store."""

    has_crash_points = True

    def __init__(self, binary: Path, bot: Path, folder: Path, endpoint: str, store: Path | None = None, options: tuple[str, ...] = ()):
        """The bot's name is that of its file."""
        self._bot = bot.stem
        self._store = store or folder / "store"
        secret = folder / "intake-secret"
        secret.write_text(SECRET)
        secret.chmod(0o600)
        address = f"127.0.0.1:{free_port()}"
        self._url = f"http://{address}"
        arguments = ["run", str(bot), "--endpoint", endpoint, "--store", str(self._store), "--quotas", "off"]
        arguments += ["--intake", address, "--intake-secret-file", str(secret), *options]
        super().__init__(binary, arguments, folder / "host.log")

    async def until_ready(self) -> None:
        while self.is_running:
            with suppress(OSError, http.client.HTTPException):
                if (await asyncio.to_thread(exchange, "GET", self._url + "/readyz")).status == 200:
                    return
            await asyncio.sleep(0.02)

    async def take(self, arrival: dict[str, str]) -> None:
        body = json.dumps({"bot": self._bot, **arrival}).encode()
        while not await asyncio.to_thread(self._post, body):
            await asyncio.sleep(0.05)

    def open_sessions(self) -> list[str]:
        sessions = json.loads(self._ask_store("sessions", "list", "--json").stdout)
        return [session.get("contact", "not known") for session in sessions if "endedAt" not in session]

    def store_problems(self) -> list[str]:
        check = self._ask_store("store", "check")
        return [f"the store is not in order: {check.stdout}{check.stderr}"] if check.returncode else []

    def _ask_store(self, *command: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self._program, *command, "--store", self._store], env=clean_environment(), capture_output=True, text=True, timeout=30
        )

    def _post(self, body: bytes) -> bool:
        headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
        # Whoever is killed answers nobody.
        with suppress(OSError, http.client.HTTPException):
            answer = exchange("POST", self._url + "/v1/chats", headers, body)
            if answer.status in (200, 202):
                return True
            assert answer.status == 503, f"the intake refused a chat: {answer}"
        return False


class ScriptHost(Host):
    """A Python program that serves every chat for which there is a file in a folder, as a shell wrapper would leave it there."""

    seconds_to_start = 0.7
    code_when_stopped = -signal.SIGTERM

    def __init__(self, script: Path, bot: Path, folder: Path, endpoint: str):
        self._chats = folder / "chats"
        self._chats.mkdir()
        super().__init__(sys.executable, [str(script), endpoint, str(self._chats), str(bot.parent)], folder / "host.log")

    async def take(self, arrival: dict[str, str]) -> None:
        # A file is there whole or not at all.
        unfinished = self._chats / f"{uuid.uuid4()}.new"
        unfinished.write_text(json.dumps(arrival))
        unfinished.rename(unfinished.with_suffix(".json"))


def was_killed(code: int) -> bool:
    return code == -signal.SIGKILL


def free_port() -> int:
    """A port that nobody has, below those that the system gives to outgoing connections: one of these could be taken between two lives."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
