"""Requests with exactly the headers that a test names; an HTTP library would add its own."""

import http.client
import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 20


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    def __str__(self) -> str:
        return f"{self.status} {dict(self.headers)} {self.body[:400]!r}"


def exchange(method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
    """Sends Host (the URL's, unless one is given), the given headers, and a Content-Length unless one is given or there is nothing to send."""
    headers = dict(headers or {})
    if body and not any(name.lower() in ("content-length", "transfer-encoding") for name in headers):
        headers["Content-Length"] = str(len(body))
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=SECONDS)
    try:
        names_host = any(name.lower() == "host" for name in headers)
        connection.putrequest(method, _target(parts), skip_host=names_host, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value.encode() if isinstance(value, str) else value)
        connection.endheaders()
        _send_until_refused(connection, body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def _send_until_refused(connection: http.client.HTTPConnection, body: bytes) -> None:
    """A server may answer, and close, before it has read a body that it does not want."""
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.send(body)


def raw(url: str, data: bytes, seconds: float = SECONDS, then_close: bool = False) -> bytes:
    """Writes bytes to the server of `url`; closes the sending side if asked to; returns all that comes until the server closes."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=seconds) as connection:
        connection.sendall(data)
        if then_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while True:
            try:
                chunk = connection.recv(65536)
            except ConnectionResetError:
                return received
            if not chunk:
                return received
            received += chunk


def _target(parts) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
