"""Many chats behind one endpoint."""

from collections.abc import Callable

from strict_service import judge
from strict_service.clock import Clock
from strict_service.http_server import HTTPServer, Request, Response
from strict_service.service import StrictService, Witness, error, nobody


class ManyChats:
    """Each chat is a strict service of its own; a call finds its chat by the token. Its client may be killed at any time.

    Use it as an async context manager.
    """

    def __init__(self, prepare: Callable[[StrictService], None] = lambda chat: None):
        self.clock = Clock()
        self.witness: Witness = nobody
        self._prepare = prepare
        self._open: list[StrictService] = []
        self._closed: list[StrictService] = []
        self._violations: list[str] = []
        self._http = HTTPServer(self._handle, self._violations.append)
        self._http.clients_may_die = True

    async def __aenter__(self) -> "ManyChats":
        self.url = await self._http.start()
        return self

    async def __aexit__(self, *_) -> None:
        for chat in list(self._open):
            await self.close(chat)
        await self._http.stop()

    @property
    def violations(self) -> list[str]:
        return [*self._violations, *(violation for chat in [*self._closed, *self._open] for violation in chat.violations)]

    async def open(self) -> StrictService:
        chat = StrictService(clock=self.clock)
        chat.http.clients_may_die = True
        await chat.__aenter__()
        chat.witness = lambda operation, moment: self.witness(operation, moment)
        self._prepare(chat)
        self._open.append(chat)
        return chat

    async def close(self, chat: StrictService) -> None:
        """Ends the chat. Calls go on to be answered, as those of a chat that is over; its files are forgotten."""
        self._open.remove(chat)
        self._closed.append(chat)
        chat.chat.end()
        await chat.__aexit__()
        for upload in chat.uploads:
            upload.data = None

    async def _handle(self, request: Request) -> Response:
        try:
            token = judge.token_of(request)
        except judge.Violation as violation:
            self._violations.append(str(violation))
            return error(400, "ValidationException", str(violation))
        for chat in [*self._open, *reversed(self._closed)]:
            if chat.operations.knows(token):
                return await chat.handle(request)
        self._violations.append(f"{request.target}: called with a token that nobody was given")
        return error(403, "AccessDeniedException", "Access denied")
