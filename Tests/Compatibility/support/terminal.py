"""A command at a pseudo-terminal, as a person sits at one."""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from pathlib import Path

PATIENCE_SECONDS = 20

# Cursor movements, clearing, colours, and the switches of bracketed paste.
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>]|\([A-B0-2])|\x0f|\x07")


class Terminal:
    """Starts `attache ARGUMENTS` with a terminal of its own; what it draws is kept as text, without what steers the terminal."""

    def __init__(self, binary: Path, arguments: list[str], environment: dict[str, str], folder: Path, columns: int = 120, rows: int = 40):
        self.arguments = arguments
        self._drawn = b""
        self._seen = 0
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(str(binary), [str(binary), *arguments], environment)
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def drawn(self) -> str:
        """All that it has drawn so far."""
        return ESCAPES.sub("", self._drawn.decode(errors="replace")).replace("\r", "")

    @property
    def bytes(self) -> bytes:
        """The same as it came, with what steers the terminal."""
        return self._drawn

    def type(self, text: str) -> None:
        data = text.encode()
        while data:
            written = os.write(self._descriptor, data[:512])
            data = data[written:]
            self._read(0)

    def enter(self, line: str) -> None:
        self.type(line + "\r")

    def paste(self, text: str) -> None:
        self.type(f"\x1b[200~{text}\x1b[201~")

    def press(self, key: str) -> None:
        """A control key, by its letter."""
        self.type(chr(ord(key.upper()) - 64))

    def sees(self, pattern: str, seconds: float = PATIENCE_SECONDS) -> re.Match:
        """Waits until something fits that was drawn after what was seen last."""
        deadline = time.monotonic() + seconds
        while True:
            if match := re.search(pattern, self.drawn[self._seen :]):
                self._seen += match.end()
                return match
            assert time.monotonic() < deadline, f"{self} drew nothing like {pattern!r}:\n{self.drawn[self._seen:]}"
            assert self._read(0.2), f"{self} ended, and drew nothing like {pattern!r}:\n{self.drawn[self._seen:]}"

    def _read(self, seconds: float) -> bool:
        """False at the end."""
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if not ready:
            return True
        try:
            chunk = os.read(self._descriptor, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                return False
            raise
        self._drawn += chunk
        return bool(chunk)

    def is_editing(self) -> bool:
        """Whether keys come one by one."""
        return not termios.tcgetattr(self._descriptor)[3] & termios.ICANON

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                while self._read(0) and select.select([self._descriptor], [], [], 0)[0]:
                    pass
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"{self} did not end:\n{self.drawn}")

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._descriptor)

    def __str__(self) -> str:
        return f"`attache {' '.join(self.arguments)}`"
