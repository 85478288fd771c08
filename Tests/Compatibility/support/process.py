"""A running `attache` command."""

import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path

START_SECONDS = 15
STOP_SECONDS = 15

# What the command may see of the environment: no proxies, no cloud account, no settings of the person who runs the tests.
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR", "ASAN_OPTIONS", "TSAN_OPTIONS", "SWIFT_BACKTRACE")


def clean_environment(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"NO_COLOR": "1", "NO_PROXY": "127.0.0.1,localhost"} | more


class AttacheProcess:
    """Starts `attache ARGUMENTS`; what it logs goes to a file, what it prints is read line by line."""

    def __init__(self, binary: Path, arguments: list[str], log: Path, environment: dict[str, str] | None = None):
        self.arguments = arguments
        self._log = log
        self._unread = b""
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [str(binary), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment or clean_environment(),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def line(self, seconds: float = START_SECONDS) -> str:
        """The next line of its standard output."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(self._process.stdout.fileno(), 65536) if ready else b""
            if not chunk:
                raise AssertionError(f"{self} printed no line: {self._unread!r}; running: {self.is_running}; its log:\n{self.log}")
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()

    def url(self) -> str:
        """The address in the first line of its standard output."""
        line = self.line()
        match = re.search(r"http://[\w.\[\]:]+", line)
        assert match, f"the first line has no address: {line!r}"
        return match[0].rstrip("/")

    def wait_for_log(self, pattern: str, seconds: float = 10) -> re.Match:
        deadline = time.monotonic() + seconds
        while True:
            has_ended = not self.is_running
            if match := re.search(pattern, self.log):
                return match
            assert not has_ended, f"{self} ended, and nothing like {pattern!r} is in its log:\n{self.log}"
            assert time.monotonic() < deadline, f"nothing like {pattern!r} in the log of {self}:\n{self.log}"
            time.sleep(0.02)

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Its exit code, once it has ended."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self} did not end within {seconds} s; its log:\n{self.log}") from None

    def terminate(self) -> None:
        """Asks it to end (SIGTERM)."""
        self.signal(signal.SIGTERM)

    def signal(self, number: signal.Signals) -> None:
        if self.is_running:
            self._process.send_signal(number)

    def stop(self) -> int:
        """Asks it to end and returns its exit code."""
        self.terminate()
        return self.wait()

    def kill(self) -> None:
        if self.is_running:
            self._process.kill()
        self._process.wait(STOP_SECONDS)
        self._process.stdout.close()

    def resident_bytes(self) -> int:
        return resident_bytes(self.pid)

    def __str__(self) -> str:
        return f"`attache {' '.join(self.arguments)}`"


class HasProcess:
    """What runs in a process, which is killed where its `with` ends, if it still runs."""

    process: AttacheProcess

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()


def resident_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024
