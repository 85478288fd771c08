"""An action module, spoken to in raw lines of JSON: MCP over its standard input and output."""

import json
import queue
import subprocess
import threading
from pathlib import Path

SECONDS = 10
MODERN_VERSION = "2026-07-28"
LEGACY_VERSION = "2025-11-25"
META = "io.modelcontextprotocol/"


class Module:
    """Starts a command with nothing in its environment but what is named; what it logs goes to a file."""

    def __init__(self, command: list[str | Path], log: Path, **environment: str):
        self._log = log
        self._last_id = 0
        self._lines: queue.Queue[bytes | None] = queue.Queue()  # None at the end
        with log.open("wb") as errors:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment)
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def send(self, message: dict | bytes) -> None:
        line = message if isinstance(message, bytes) else json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(line + b"\n")
        self._process.stdin.flush()

    def next(self) -> dict:
        """The next message that it sends."""
        try:
            line = self._lines.get(timeout=SECONDS)
        except queue.Empty:
            line = None
        assert line is not None, f"nothing came, within {SECONDS} s or ever; its log:\n{self.log}"
        return json.loads(line)

    def send_request(self, method: str, params: dict) -> int:
        self._last_id += 1
        self.send({"id": self._last_id, "method": method, "params": params})
        return self._last_id

    def request(self, method: str, params: dict | None = None) -> dict:
        """The answer, result or error, which must be the next that comes."""
        id = self.send_request(method, params or {})
        answer = self.next()
        assert answer["id"] == id, answer
        return answer

    def close(self) -> int:
        """Ends its input, upon which it must end by itself."""
        self._process.stdin.close()
        return self._process.wait(SECONDS)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(SECONDS)

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)


class Client:
    """A client of one of the two eras of the protocol, past its handshake."""

    def __init__(self, module: Module, era: str, can_ask: bool = True):
        self.module = module
        self.is_modern = era == "modern"
        capabilities = {"elicitation": {"form": {}}} if can_ask else {}
        if self.is_modern:
            self._meta = {META + "protocolVersion": MODERN_VERSION, META + "clientCapabilities": capabilities}
            self.server = self.request("server/discover")
        else:
            self._meta = {}
            about = {"protocolVersion": LEGACY_VERSION, "capabilities": capabilities, "clientInfo": {"name": "test", "version": "1"}}
            self.server = self.request("initialize", about)
            module.send({"method": "notifications/initialized"})

    def request(self, method: str, params: dict | None = None) -> dict:
        return self.module.request(method, self._with_meta(params or {}))["result"]

    def tools(self) -> dict[str, dict]:
        return {tool["name"]: tool for tool in self.request("tools/list")["tools"]}

    def call(self, name: str, arguments: dict, **params) -> dict:
        return self.request("tools/call", {"name": name, "arguments": arguments, **params})

    def send_call(self, name: str, arguments: dict, progress_token: str | None = None) -> int:
        """For a call that is not answered next; its id."""
        params = self._with_meta({"name": name, "arguments": arguments})
        if progress_token:
            params.setdefault("_meta", {})["progressToken"] = progress_token
        return self.module.send_request("tools/call", params)

    def _with_meta(self, params: dict) -> dict:
        return params | ({"_meta": dict(self._meta)} if self._meta else {})
