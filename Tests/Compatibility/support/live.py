"""A participant's WebSocket: Python's `websockets`, with the topics of the service."""

import json
import time
from contextlib import contextmanager

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

SECONDS = 10
SUBSCRIBE = '{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}'
HEARTBEAT = '{"topic":"aws/heartbeat"}'
PING = '{"topic":"aws/ping"}'
EVENT = "application/vnd.amazonaws.connect.event."


class Live:
    """Frames come in order; `items` has every chat item so far."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.items: list[dict] = []

    def send(self, frame: str | bytes) -> None:
        self.socket.send(frame)

    def frame(self, seconds: float = SECONDS) -> dict:
        """The next frame."""
        text = self.socket.recv(timeout=seconds)
        assert isinstance(text, str), f"a binary frame: {text!r}"
        frame = json.loads(text)
        if frame.get("topic") == "aws/chat":
            self.items.append(json.loads(frame["content"]))
        return frame

    def reply(self, topic: str, seconds: float = SECONDS) -> dict:
        """The next frame of this topic; items that come before it are kept in `items`."""
        return self._first(lambda frame: frame.get("topic") == topic, seconds, topic)

    def item(self, seconds: float = SECONDS, **members) -> dict:
        """The next item that has these members, for example `Content="Hello"`."""
        self._first(
            lambda frame: frame.get("topic") == "aws/chat" and members.items() <= self.items[-1].items(), seconds, f"an item with {members}"
        )
        return self.items[-1]

    def message(self, text: str) -> dict:
        return self.item(Type="MESSAGE", Content=text)

    def event(self, name: str, **members) -> dict:
        return self.item(Type="EVENT", ContentType=EVENT + name, **members)

    def closing_code(self, seconds: float = SECONDS) -> int | None:
        """Reads on until the service closes, and returns the code it closed with."""
        try:
            while True:
                self.frame(seconds)
        except ConnectionClosed:
            return self.socket.close_code

    def _first(self, fits, seconds, wanted) -> dict:
        deadline = time.monotonic() + seconds
        seen = []
        while True:
            try:
                frame = self.frame(max(0.01, deadline - time.monotonic()))
            except TimeoutError:
                raise AssertionError(f"waited {seconds} s for {wanted}; what came instead: {seen}") from None
            if fits(frame):
                return frame
            seen.append(frame)


@contextmanager
def open_socket(url: str):
    """A socket that has not subscribed yet."""
    with connect(url, proxy=None, open_timeout=SECONDS, close_timeout=2, ping_interval=None, max_size=2**22) as socket:
        yield Live(socket)


@contextmanager
def subscribed(url: str):
    with open_socket(url) as live:
        live.send(SUBSCRIBE)
        assert live.reply("aws/subscribe")["content"]["status"] == "success"
        yield live
