"""The service as a test holds it."""

import asyncio
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from xml.sax.saxutils import escape

from strict_service import judge
from strict_service.chat import Chat
from strict_service.clock import Clock
from strict_service.faults import AnswerWith, BreakUpload, ExpireURL, Fault, Faults, LoseRequest, LoseResponse, Refuse, RefuseEarly
from strict_service.http_server import BreakOff, HTTPServer, Request, Response
from strict_service.operations import Operations, ServiceError
from strict_service.quotas import Quotas
from strict_service.sockets import Sockets
from strict_service.uploads import Upload


class Moment(Enum):
    """When a call is seen by a witness."""

    ARRIVED = "arrived"
    # Of an upload: when half of its bytes have come.
    HALF_WAY = "half-way"
    DONE = "done"


# Told of a call by its operation (an upload's is `PUT`) at each moment; may raise BreakOff, which keeps what follows from happening.
Witness = Callable[[str, Moment], None]


def nobody(operation: str, moment: Moment) -> None:
    pass


class StrictService:
    """One chat, ready for its bot. Use it as an async context manager."""

    def __init__(self, bot_role: str = "CUSTOM_BOT", clock: Clock | None = None):
        self.violations: list[str] = []
        self.calls: list[str] = []
        self.faults = Faults()
        self.witness: Witness = nobody
        # Whether a PUT may have no other headers than those that were signed. S3 itself takes others.
        self.judges_headers = True
        self.quotas: Quotas | None = Quotas()
        self._clock = clock or Clock()
        self.chat = Chat(bot_role, self._clock, self._notify)
        self.sockets = Sockets(self.chat, self.violations.append)
        self.http = HTTPServer(self.handle, self.violations.append)
        self._changed = asyncio.Event()

    async def __aenter__(self) -> "StrictService":
        self.url = await self.http.start()
        socket_url = await self.sockets.start()
        self.operations = Operations(self.chat, self._clock, self.url, socket_url, self.violations.append)
        self.sockets.operations = self.operations
        return self

    async def __aexit__(self, *_) -> None:
        await self.sockets.stop()
        await self.http.stop()

    @property
    def uploads(self) -> list[Upload]:
        return list(self.operations.uploads.values())

    def customer_says(self, text: str) -> None:
        self.chat.message(self.chat.customer, text)

    async def wait_until(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """Returns as soon as the condition holds; TimeoutError if it does not come true."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def changed(self, seconds: float) -> None:
        """Returns when something has happened, or the time is over."""
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    def story(self) -> str:
        """What happened so far, for a failure's message."""
        items = [
            f"  {item['ParticipantRole']}: {item.get('Content') or item.get('Attachments') or item['ContentType']}"
            for item in self.chat.items
        ]
        shown = items if len(items) <= 40 else [*items[:20], f"  ({len(items) - 40} more)", *items[-20:]]
        return "\n".join(["calls: " + ", ".join(self.calls), "violations:", *self.violations, "chat:", *shown])

    def _notify(self) -> None:
        self._changed.set()

    async def handle(self, request: Request) -> Response:
        try:
            if request.target.startswith("/objects/"):
                return await self._object(request)
            return await self._operation(request)
        finally:
            self._notify()

    async def _operation(self, request: Request) -> Response:
        data = await request.body()
        try:
            operation, from_path = judge.operation_of(request)
            members = judge.body_of(operation, request, data, from_path)
        except judge.Violation as violation:
            self.violations.append(str(violation))
            return error(400, "ValidationException", str(violation))
        fault = self.faults.take(operation.name)
        self.calls.append(f"{operation.name}({type(fault).__name__})" if fault else operation.name)
        if self.quotas and not self.quotas.admits(operation.name):
            self.violations.append(f"{operation.name}: faster than the documented quota")
            return error(429, "ThrottlingException", "Rate exceeded")
        if answer := instead(fault, error):
            return answer
        self.witness(operation.name, Moment.ARRIVED)
        try:
            body = self.operations.perform(operation.name, members)
        except ServiceError as refusal:
            self.calls[-1] += f" -> {refusal.status}"
            return error(refusal.status, refusal.type, refusal.message)
        # An echo is there before the call has answered: the client must not take it for somebody else's.
        await self.sockets.flushed()
        self.witness(operation.name, Moment.DONE)
        if isinstance(fault, LoseResponse):
            raise BreakOff
        return Response(200, json.dumps(body).encode(), api_headers())

    async def _object(self, request: Request) -> Response:
        upload = next((upload for upload in self.uploads if upload.path == request.target), None)
        if upload is None or request.method != "PUT":
            self.violations.append(f"{request.method} {request.target.split('?')[0]}: not what the URL was signed for")
            return s3_error(403, "SignatureDoesNotMatch", "The request signature does not match")
        return await self._put(request, upload)

    async def _put(self, request: Request, upload: Upload) -> Response:
        fault = self.faults.take("PUT")
        self.calls.append(f"PUT({type(fault).__name__})" if fault else "PUT")
        upload.puts += 1
        signed = upload.headers(self.chat.contact_id)
        problems = judge.upload_problems(request, signed, upload.size) if self.judges_headers else []
        if upload.is_completed:
            problems.append("the upload is complete")
        if upload.is_url_expired:
            problems.append("the URL is known to have expired")
        if problems:
            self.violations.append(f"PUT {upload.name}: {'; '.join(problems)}")
            return s3_error(403, "SignatureDoesNotMatch", "; ".join(problems))
        if isinstance(fault, BreakUpload):
            await request.body(fault.after)
            raise BreakOff
        if isinstance(fault, RefuseEarly):
            return replace(s3_error(fault.status, fault.code, "scripted"), is_early=True)
        if isinstance(fault, ExpireURL):
            upload.is_url_expired = True
            return s3_error(403, "AccessDenied", "Request has expired")
        if answer := instead(fault, s3_error):
            return answer
        self.witness("PUT", Moment.ARRIVED)
        data = await request.body(upload.size // 2)
        self.witness("PUT", Moment.HALF_WAY)
        data += await request.body()
        if len(data) != upload.size:
            self.violations.append(f"PUT {upload.name}: {len(data)} bytes instead of {upload.size}")
            return s3_error(400, "IncompleteBody", "the body is not as long as it says")
        upload.data = data
        self.witness("PUT", Moment.DONE)
        if isinstance(fault, LoseResponse):
            raise BreakOff
        return Response(200, b"", {"ETag": '"0"'})


def instead(fault: Fault | None, refuse: Callable[[int, str, str], Response]) -> Response | None:
    """The answer of a call that a fault keeps from happening."""
    match fault:
        case Refuse(status, type, message):
            return refuse(status, type, message)
        case AnswerWith(status, body, content_type):
            return Response(status, body, {"Content-Type": content_type})
        case LoseRequest():
            raise BreakOff
    return None


def api_headers() -> dict[str, str]:
    return {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.uuid4())}


def error(status: int, type: str, message: str) -> Response:
    return Response(status, json.dumps({"message": message}).encode(), api_headers() | {"x-amzn-ErrorType": type})


def s3_error(status: int, code: str, message: str) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>'
    return Response(status, body.encode(), {"Content-Type": "application/xml"})
