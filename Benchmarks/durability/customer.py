"""A customer who asks, and knows how long the answer takes."""

import asyncio
import json
import time
import uuid
from urllib.parse import urlsplit

from support.live import SUBSCRIBE
from support.service import Participant
from websockets.asyncio.client import connect


class Customer:
    """Use it as an async context manager."""

    def __init__(self, participant: Participant):
        self._participant = participant
        self._answers: dict[str, asyncio.Future] = {}

    async def __aenter__(self) -> "Customer":
        parts = urlsplit(self._participant.service.url)
        self._reader, self._writer = await asyncio.open_connection(parts.hostname, parts.port)
        self._socket = await connect(self._participant.socket_url, proxy=None, ping_interval=None)
        await self._socket.send(SUBSCRIBE)
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_) -> None:
        self._listening.cancel()
        await self._socket.close()
        self._writer.close()

    async def ask(self, verb: str) -> float:
        """Says `VERB KEY`, and waits until the bot says the key; the seconds that took."""
        key = uuid.uuid4().hex
        answer = self._answers[key] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        await self._say(f"{verb} {key}")
        return await asyncio.wait_for(answer, 60) - began

    async def _say(self, text: str) -> None:
        body = json.dumps({"ContentType": "text/plain", "Content": text, "ClientToken": uuid.uuid4().hex}).encode()
        head = (
            "POST /participant/message HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Amz-Bearer: {self._participant.connection_token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert answer.startswith("http/1.1 200"), answer
        await self._reader.readexactly(int(answer.split("content-length: ")[1].split("\r\n")[0]))

    async def _listen(self) -> None:
        async for data in self._socket:
            now = time.perf_counter()
            frame = json.loads(data)
            if frame.get("topic") != "aws/chat":
                continue
            item = json.loads(frame["content"])
            if item["ParticipantRole"] == "CUSTOM_BOT" and item["Type"] == "MESSAGE":
                if answer := self._answers.pop(item["Content"], None):
                    answer.set_result(now)
