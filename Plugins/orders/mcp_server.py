"""A small server for the Model Context Protocol over standard input and output, in both eras of the protocol.

One line is one JSON-RPC message. Clients since 2026-07-28 begin with `server/discover` and say with every request who they are;
older ones begin with `initialize`. Standard output belongs to the protocol: print to standard error only.
"""

from __future__ import annotations

import json
import re
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

MODERN_VERSION = "2026-07-28"
LEGACY_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
META = "io.modelcontextprotocol/"

METHOD_NOT_FOUND, INVALID_PARAMS, UNSUPPORTED_VERSION = -32601, -32602, -32022
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}


class Failure(Exception):
    """What a tool raises when it cannot do what it was asked. The text is for the customer."""


class ProtocolError(Exception):
    def __init__(self, code: int, message: str, data: Any = None):
        super().__init__(message)
        self.error = {"code": code, "message": message} | ({} if data is None else {"data": data})


@dataclass(frozen=True)
class Question:
    """What a tool returns to ask the customer: it is called again, with the same arguments and the answer."""

    message: str
    properties: dict[str, dict]


@dataclass(frozen=True)
class FileLink:
    """A file that a tool has made in BOT_SPOOL_DIR."""

    path: str
    name: str
    type: str


@dataclass(frozen=True)
class Call:
    """What a tool is told besides its arguments."""

    request: dict
    answer: dict | None = None

    def progress(self, done: int, total: int, message: str) -> None:
        """The customer sees that the bot is typing."""
        token = self.request["params"].get("_meta", {}).get("progressToken")
        if token is not None:
            params = {"progressToken": token, "progress": done, "total": total, "message": message}
            send({"method": "notifications/progress", "params": params})


@dataclass(frozen=True)
class Tool:
    run: Callable
    parameters: dict[str, dict]
    listing: dict

    def check(self, arguments: dict) -> None:
        for name in arguments.keys() ^ self.parameters.keys():
            raise Failure(f"'{name}' is missing." if name in self.parameters else f"There is no parameter '{name}'.")
        for name, schema in self.parameters.items():
            value = arguments[name]
            if not isinstance(value, TYPES[schema["type"]]):
                raise Failure(f"'{name}' must be of type {schema['type']}.")
            if isinstance(value, str) and (len(value) < schema.get("minLength", 0) or not re.search(schema.get("pattern", ""), value)):
                raise Failure(f"'{name}' cannot be '{value}'.")


@dataclass
class Server:
    name: str
    version: str
    _tools: dict[str, Tool] = field(default_factory=dict)
    # Only of the older era: what the client said in `initialize`, and the questions that wait for an answer, by their ids.
    _client: dict = field(default_factory=dict)
    _waiting: dict[str, dict] = field(default_factory=dict)
    _questions_asked: int = 0

    def tool(self, description: str, parameters: dict[str, dict], annotations: dict) -> Callable:
        """Makes a function a tool. It gets a `Call` and its arguments by name; all of its parameters are required."""

        def register(run: Callable) -> Callable:
            schema = {"type": "object", "properties": parameters, "required": list(parameters), "additionalProperties": False}
            listing = {"name": run.__name__, "description": description, "inputSchema": schema, "annotations": annotations}
            self._tools[run.__name__] = Tool(run, parameters, listing)
            return run

        return register

    def run(self) -> None:
        """Serves until the client closes standard input."""
        for line in sys.stdin.buffer:
            try:
                self._receive(json.loads(line))
            except Exception as problem:
                print(f"not an MCP message ({problem!r}): {line[:200]!r}", file=sys.stderr)

    def _receive(self, message: dict) -> None:
        if "method" not in message:
            self._receive_answer(message)
        elif "id" in message:
            self._respond(message, lambda: self._result(message))
        elif message["method"] == "notifications/cancelled":
            # Tools are done before the next message is read, so all that can be given up is a question.
            request_id = message.get("params", {}).get("requestId")
            self._waiting = {id: asking for id, asking in self._waiting.items() if asking["id"] != request_id}

    def _respond(self, request: dict, result: Callable[[], dict | None]) -> None:
        """Answers a request, unless it has to wait for the customer."""
        try:
            body = result()
        except ProtocolError as problem:
            send({"id": request["id"], "error": problem.error})
        except Exception:
            traceback.print_exc()  # for the host's log; the customer is not shown any of it
            send({"id": request["id"], "error": {"code": -32603, "message": "internal error"}})
        else:
            if body is not None:
                send({"id": request["id"], "result": {"resultType": "complete"} | body if is_modern(request) else body})

    def _result(self, request: dict) -> dict | None:
        version = meta(request).get(META + "protocolVersion")
        if version not in (None, MODERN_VERSION):
            raise ProtocolError(UNSUPPORTED_VERSION, "Unsupported protocol version", {"supported": [MODERN_VERSION], "requested": version})
        method = request["method"]
        if method == "server/discover" and is_modern(request):
            about = {META + "serverInfo": {"name": self.name, "version": self.version}}
            return {"supportedVersions": [MODERN_VERSION], "capabilities": {"tools": {}}, "_meta": about, **CACHED}
        if method == "initialize":
            self._client = request["params"].get("capabilities", {})
            wanted = request["params"].get("protocolVersion")
            version = wanted if wanted in LEGACY_VERSIONS else LEGACY_VERSIONS[0]
            return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": self.name, "version": self.version}}
        if method == "ping":
            return {}
        if method == "tools/list":
            return {"tools": [tool.listing for tool in self._tools.values()], **(CACHED if is_modern(request) else {})}
        if method == "tools/call":
            return self._call(request, answer_of(request))
        raise ProtocolError(METHOD_NOT_FOUND, f"Method not found: {method}")

    def _call(self, request: dict, answer: dict | None) -> dict | None:
        params = request["params"]
        tool = self._tools.get(params.get("name"))
        if tool is None:
            raise ProtocolError(INVALID_PARAMS, f"Unknown tool: {params.get('name')}")
        arguments = params.get("arguments") or {}
        try:
            tool.check(arguments)
            result = tool.run(Call(request, answer), **arguments)
            return self._ask(request, result) if isinstance(result, Question) else content(result)
        except Failure as failure:
            return {"content": [text(str(failure))], "isError": True}

    def _ask(self, request: dict, question: Question) -> dict | None:
        """Today a question is a result, and the client calls again; in the older era it is a request of our own, while theirs waits."""
        capabilities = meta(request).get(META + "clientCapabilities", {}) if is_modern(request) else self._client
        if "elicitation" not in capabilities:
            raise Failure("This needs an answer of the customer, and the client cannot ask.")
        schema = {"type": "object", "properties": question.properties, "required": list(question.properties)}
        params = {"mode": "form", "message": question.message, "requestedSchema": schema}
        if is_modern(request):
            asked = {"question": {"method": "elicitation/create", "params": params}}
            return {"resultType": "input_required", "inputRequests": asked, "requestState": state(request)}
        self._questions_asked += 1
        id = f"question-{self._questions_asked}"
        self._waiting[id] = request
        send({"id": id, "method": "elicitation/create", "params": params})
        return None

    def _receive_answer(self, message: dict) -> None:
        request = self._waiting.pop(message.get("id"), None)
        if request is not None:
            self._respond(request, lambda: self._call(request, accepted(message.get("result", {}))))


CACHED = {"ttlMs": 3_600_000, "cacheScope": "public"}


def send(message: dict) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def meta(request: dict) -> dict:
    return request.get("params", {}).get("_meta", {})


def is_modern(request: dict) -> bool:
    return META + "protocolVersion" in meta(request)


def state(request: dict) -> str:
    """What a question was about, so that a "yes" does not count for another call."""
    return json.dumps([request["params"]["name"], request["params"].get("arguments")], sort_keys=True)


def answer_of(request: dict) -> dict | None:
    """The answer that comes with a call that is made again."""
    params = request["params"]
    if "inputResponses" not in params or params.get("requestState") != state(request):
        return None
    return accepted(params["inputResponses"].get("question", {}))


def accepted(response: dict) -> dict:
    """What the customer has filled in: nothing, if they declined."""
    return response.get("content") or {} if response.get("action") == "accept" else {}


def text(words: str) -> dict:
    return {"type": "text", "text": words}


def content(result: dict | FileLink) -> dict:
    if isinstance(result, FileLink):
        link = {"type": "resource_link", "uri": Path(result.path).as_uri(), "name": result.name, "mimeType": result.type}
        return {"content": [link]}
    return {"content": [text(json.dumps(result))], "structuredContent": result}
