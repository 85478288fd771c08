"""The participant's WebSocket, with Python's `websockets`, which refuses whatever breaks RFC 6455."""

import asyncio
import json
from contextlib import suppress

from websockets.asyncio.server import Request, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Response

from strict_service.chat import Chat, frame
from strict_service.operations import Operations

SUBSCRIBE = {"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}}
HEARTBEAT = {"topic": "aws/heartbeat"}
PING = {"topic": "aws/ping"}


class Sockets:
    def __init__(self, chat: Chat, complain):
        self.operations: Operations
        self.opened = 0
        self.subscriptions = 0
        # How many times each chat frame is sent.
        self.copies = 1
        # What else is sent before each chat frame.
        self.noise: list[str | bytes] = []
        # Statuses for the next handshakes.
        self.refusals: list[int] = []
        # What becomes of the next subscriptions: True for no answer, False for the answer that it failed.
        self.subscription_faults: list[bool] = []
        # Whether nothing is answered or pushed, though every connection stays open.
        self.is_silent = False
        self._chat = chat
        self._complain = complain
        self._open: dict[ServerConnection, asyncio.Queue] = {}

    async def start(self) -> str:
        self._server = await serve(self._serve, "127.0.0.1", 0, process_request=self._admit, compression=None, ping_interval=None)
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"ws://{host}:{port}/participant"

    async def stop(self) -> None:
        self.drop()
        self._server.close()
        await self._server.wait_closed()

    def drop(self) -> None:
        """Breaks every open connection, without a closing handshake."""
        for socket in self._open:
            socket.transport.abort()

    async def close(self, code: int, reason: str = "") -> None:
        await asyncio.gather(*(socket.close(code, reason) for socket in list(self._open)))

    async def send(self, data: str | bytes) -> None:
        """Something out of turn, to every open socket."""
        for socket in list(self._open):
            await socket.send(data)

    async def flushed(self) -> None:
        """Returns when every frame so far is on its way."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.gather(*(queue.join() for queue in self._open.values()))

    def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        key = request.path.removeprefix("/participant/")
        person = self.operations.socket_keys.get(key)
        if person is None:
            self._complain(f"a WebSocket for {request.path}, which nobody was given")
        if self.refusals:
            return socket.respond(self.refusals.pop(0), "scripted\n")
        if person is None or person.has_left or self._chat.is_ended:
            return socket.respond(403, "Forbidden\n")
        socket.person = person
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        queue: asyncio.Queue = asyncio.Queue()
        self._open[socket] = queue
        self.opened += 1
        sender = asyncio.create_task(self._send(socket, queue))

        def listen(item: dict) -> None:
            queue.put_nowait(item)

        try:
            async for data in socket:
                await self._answer(socket, data, listen)
        except ConnectionClosed as closed:
            if closed.sent and closed.sent.code in (1002, 1007, 1009) and not closed.rcvd_then_sent:
                self._complain(f"a broken WebSocket frame: {closed}")
        finally:
            sender.cancel()
            del self._open[socket]
            if listen in self._chat.listeners:
                self._chat.listeners.remove(listen)

    async def _answer(self, socket: ServerConnection, data: str | bytes, listen) -> None:
        frame = self._parsed(data)
        if self.is_silent:
            return
        if frame == SUBSCRIBE:
            await self._subscribe(socket, listen)
        elif frame == HEARTBEAT:
            await socket.send('{"topic":"aws/heartbeat"}')
        elif frame == PING:
            await socket.send('{"topic":"aws/ping","statusCode":200,"statusContent":"OK"}')
        else:
            self._complain(f"an unknown frame: {data[:200]!r}")

    async def _subscribe(self, socket: ServerConnection, listen) -> None:
        if self.subscription_faults:
            if not self.subscription_faults.pop(0):
                await socket.send('{"topic":"aws/subscribe","content":{"status":"failure","topics":["aws/chat"]}}')
            return
        if listen not in self._chat.listeners:
            self._chat.listeners.append(listen)
        self.subscriptions += 1
        await socket.send('{"topic":"aws/subscribe","content":{"status":"success","topics":["aws/chat"]}}')
        self.operations.joined(socket.person)

    def _parsed(self, data: str | bytes):
        if isinstance(data, str):
            with suppress(ValueError):
                return json.loads(data)
        return None

    async def _send(self, socket: ServerConnection, queue: asyncio.Queue) -> None:
        with suppress(ConnectionClosed):
            while True:
                item = await queue.get()
                for data in [] if self.is_silent else [*self.noise, *[frame(item)] * self.copies]:
                    await socket.send(data)
                queue.task_done()
