"""A module that misbehaves in one way: bad_module.py MODE. Otherwise it keeps to the protocol, and answers a `poke` with "poked"."""

import json
import sys

MODERN_VERSION = "2026-07-28"
META = "io.modelcontextprotocol/"
POKE = {"name": "poke", "description": "Pokes the module.", "inputSchema": {"type": "object"}, "annotations": {"idempotentHint": True}}


class BadModule:
    def __init__(self) -> None:
        # What a mode changes: each takes the request, and returns the result, or None if it has seen to it.
        self.discover = self._discover
        self.initialize = self._initialize
        self.list = lambda request: {"tools": [POKE]}
        self.call = lambda request: text("poked")

    def run(self) -> None:
        for line in sys.stdin.buffer:
            message = json.loads(line)
            if "method" in message and "id" in message:
                self._receive(message)

    def _receive(self, request: dict) -> None:
        handlers = {
            "server/discover": self.discover,
            "initialize": self.initialize,
            "ping": lambda request: {},
            "tools/list": self.list,
            "tools/call": self.call,
        }
        result = handlers[request["method"]](request)
        if result is not None:
            answer(request, result)

    def _discover(self, request: dict) -> dict:
        return {"supportedVersions": [MODERN_VERSION], "capabilities": {"tools": {}}, "ttlMs": 0, "cacheScope": "private"}

    def _initialize(self, request: dict) -> dict:
        about = {"name": "bad", "version": "1"}
        return {"protocolVersion": request["params"]["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": about}


def text(words: str) -> dict:
    return {"resultType": "complete", "content": [{"type": "text", "text": words}]}


def link(uri: str) -> dict:
    return {"resultType": "complete", "content": [{"type": "resource_link", "uri": uri, "name": "file.txt", "mimeType": "text/plain"}]}


def answer(request: dict, result: dict) -> None:
    send({"jsonrpc": "2.0", "id": request["id"], "result": result})


def refuse(request: dict, code: int, message: str, data: dict | None = None) -> None:
    send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": code, "message": message, "data": data}})


def send(message: dict | list[dict]) -> None:
    write(json.dumps(message).encode() + b"\n")


def write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    from modes import MODES

    module = BadModule()
    MODES[sys.argv[1]](module)
    module.run()
