"""HTTP/1.1 over asyncio with h11, close enough to the wire to see every header as it came, and to break off anywhere."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import h11

MAXIMUM_HEADER_BYTES = 64 * 1024


@dataclass
class Response:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    # Sent before the request's body has been read; the connection is closed after it.
    is_early: bool = False


class BreakOff(Exception):
    """Closes the connection without an answer."""


@dataclass
class Request:
    method: str
    target: str
    version: str
    # As they came: order, spelling, repetitions.
    headers: list[tuple[str, str]]
    _exchange: "_Exchange"

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    async def body(self, limit: int | None = None) -> bytes:
        """The body; with a limit, at most about as many bytes of it."""
        received = b""
        while limit is None or len(received) < limit:
            chunk = await self._exchange.body_chunk()
            if not chunk:
                break
            received += chunk
        return received


Handler = Callable[[Request], Awaitable[Response]]


class HTTPServer:
    """Serves on a free loopback port. `on_error` hears of clients that break the protocol."""

    def __init__(self, handler: Handler, on_error: Callable[[str], None]):
        # Whether each connection is closed after its first answer, without a word about it.
        self.closes_after_answer = False
        # Whether a client may be gone in the middle of a request, because somebody kills it.
        self.clients_may_die = False
        self._handler = handler
        self._on_error = on_error
        self._connections: set[asyncio.Task] = set()

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._connections.add(task)
        try:
            await self._serve_requests(reader, writer)
        except (ConnectionError, asyncio.CancelledError, BreakOff):
            pass
        except h11.RemoteProtocolError as error:
            if not (self.clients_may_die and reader.at_eof()):
                self._on_error(f"broken HTTP: {error}")
        finally:
            self._connections.discard(task)
            # Abort rather than close: a lost answer is a lost connection.
            writer.transport.abort()

    async def _serve_requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAXIMUM_HEADER_BYTES)
        exchange = _Exchange(connection, reader, writer)
        while (request := await exchange.request()) is not None:
            response = await self._handler(request)
            if response.is_early:
                await exchange.respond(response)
                await exchange.linger()
                return
            await request.body()
            await exchange.respond(response)
            if self.closes_after_answer or connection.our_state is h11.MUST_CLOSE or connection.their_state is h11.CLOSED:
                return
            connection.start_next_cycle()


class _Exchange:
    def __init__(self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._connection = connection
        self._reader = reader
        self._writer = writer

    async def request(self) -> Request | None:
        event = await self._event()
        if isinstance(event, h11.ConnectionClosed):
            return None
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items()]
        return Request(event.method.decode(), event.target.decode("latin-1"), event.http_version.decode(), headers, self)

    async def body_chunk(self) -> bytes:
        """The next bytes of the body; none at its end."""
        if self._connection.their_state is not h11.SEND_BODY:
            return b""
        event = await self._event()
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    async def respond(self, response: Response) -> None:
        headers = {"Content-Length": str(len(response.body))} | response.headers
        data = self._connection.send(h11.Response(status_code=response.status, headers=list(headers.items())))
        data += self._connection.send(h11.Data(data=response.body))
        data += self._connection.send(h11.EndOfMessage())
        self._writer.write(data)
        await self._writer.drain()

    async def linger(self) -> None:
        """Lets the client read the answer: a connection that is closed with unread data resets, and takes the answer with it."""
        self._writer.write_eof()
        while await self._reader.read(65536):
            pass

    async def _event(self):
        while True:
            event = self._connection.next_event()
            if event is h11.PAUSED:
                raise h11.RemoteProtocolError("a second request before the first was answered")
            if event is not h11.NEED_DATA:
                return event
            if self._connection.they_are_waiting_for_100_continue:
                self._writer.write(self._connection.send(h11.InformationalResponse(status_code=100, headers=[])))
            try:
                self._connection.receive_data(await self._reader.read(65536))
            except ConnectionError:
                raise BreakOff from None
