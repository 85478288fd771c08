"""The services that conversations are held on. Both keep the transcript that a verdict is made from."""

import asyncio
import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from durability.verdict import File, Heard
from strict_service import StrictService
from strict_service.chat import EVENT
from strict_service.faults import LossyFaults
from strict_service.many import ManyChats
from support.http import Answer
from support.service import Contact, LocalService, Participant

Value = TypeVar("Value")

SERVICES = ("local", "strict", "forgetful", "lossy", "hostile")
FORGETFUL = ("forgetful", "hostile")
# How long the forgetful service remembers a client token, by its own clock.
TOKEN_MEMORY = timedelta(minutes=1)
# The share of calls whose request, or whose answer, gets lost on the way.
LOSS = 0.15


class Chat(Protocol):
    """One contact, with the customer at this end."""

    # What the host's intake takes, but for the bot's name.
    arrival: dict[str, str]

    async def reject_next_file(self) -> None: ...

    async def say(self, text: str) -> None: ...

    async def heard(self) -> Heard: ...

    async def wait_for_change(self) -> None:
        """Returns when something may have been said, or after a moment."""

    async def end(self) -> None:
        """Ends the contact, as a customer does who has had enough."""

    async def close(self) -> None: ...


class Service(AbstractAsyncContextManager):
    url: str
    # What it found wrong with its client.
    complaints: list[str]

    async def open_chat(self) -> Chat: ...


def make_service(kind: str, binary: Path, folder: Path, dice: random.Random, is_lenient: bool = False) -> Service:
    """
    - `local`: `attache local`
    - `strict`: the independent service of this suite
    - `forgetful`: the same, which forgets client tokens after a minute
    - `lossy`: the same, which loses requests and answers, and pushes every item twice
    - `hostile`: both

    A lenient one takes other headers of a PUT than those that were signed, as S3 does.
    """
    if kind == "local":
        return LocalChats(binary, folder)
    return StrictChats(partial(_prepare, kind, dice, is_lenient))


def _prepare(kind: str, dice: random.Random, is_lenient: bool, chat: StrictService) -> None:
    chat.quotas = None
    chat.judges_headers = not is_lenient
    if kind in FORGETFUL:
        chat.operations.token_memory = TOKEN_MEMORY
    if kind in ("lossy", "hostile"):
        chat.faults = LossyFaults(dice, LOSS)
        chat.sockets.copies = 2
        # Whether it is, the real service does not say.
        chat.operations.pages.position_is_inclusive = dice.random() < 0.5


class StrictChats(Service):
    def __init__(self, prepare: Callable[[StrictService], None]):
        self.many = ManyChats(prepare)

    async def __aenter__(self) -> "StrictChats":
        await self.many.__aenter__()
        self.url = self.many.url
        return self

    async def __aexit__(self, *error) -> None:
        await self.many.__aexit__(*error)

    @property
    def complaints(self) -> list[str]:
        return self.many.violations

    async def open_chat(self) -> "StrictChat":
        return StrictChat(self, await self.many.open())


class StrictChat(Chat):
    def __init__(self, service: StrictChats, chat: StrictService):
        self._service = service
        self._chat = chat
        self.arrival = {
            "contactId": chat.chat.contact_id,
            "participantId": chat.chat.bot.id,
            "participantToken": chat.chat.bot.participant_token,
        }

    async def reject_next_file(self) -> None:
        self._chat.operations.verdicts.append("REJECTED")

    async def say(self, text: str) -> None:
        self._chat.customer_says(text)

    async def heard(self) -> Heard:
        chat = self._chat.chat
        return _heard(chat.items, chat.bot.id, {upload.id: upload.data for upload in self._chat.uploads})

    async def wait_for_change(self) -> None:
        await self._chat.changed(seconds=0.5)

    async def end(self) -> None:
        self._chat.chat.end()

    async def close(self) -> None:
        await self._service.many.close(self._chat)


class LocalChats(Service):
    """The people speak through boto3, in threads of their own. They look into the transcript every so many seconds."""

    def __init__(self, binary: Path, folder: Path, look_every: float = 0.1):
        self._binary = binary
        self._folder = folder
        self._look_every = look_every
        self.complaints = []

    async def __aenter__(self) -> "LocalChats":
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(64))
        self._service = await asyncio.to_thread(LocalService, self._binary, self._folder, "--quotas", "off", "--scan-delay", "0.02")
        self.url = self._service.url
        return self

    async def __aexit__(self, *_) -> None:
        await asyncio.to_thread(self._service.process.kill)

    async def open_chat(self) -> "LocalChat":
        contact = await asyncio.to_thread(self._service.start_contact)
        await asyncio.to_thread(contact.customer.connect)
        return LocalChat(contact, await asyncio.to_thread(contact.add_bot), self._look_every)

    async def admin(self, method: str, path: str, body: dict | None = None) -> Answer:
        return await asyncio.to_thread(self._service.admin, method, path, body)


class LocalChat(Chat):
    def __init__(self, contact: Contact, bot: Participant, look_every: float):
        self._contact = contact
        self._bot = bot
        self.customer = contact.customer
        self._look_every = look_every
        # An approved file never changes.
        self._files: dict[str, bytes] = {}
        self.arrival = {"contactId": contact.id, "participantId": bot.id, "participantToken": bot.token}

    async def reject_next_file(self) -> None:
        path = f"/contacts/{self._contact.id}/scan-verdicts"
        await asyncio.to_thread(self._contact.service.admin, "POST", path, {"verdicts": ["REJECTED"]})

    async def say(self, text: str) -> None:
        await asyncio.to_thread(self._say, text)

    async def heard(self) -> Heard:
        return await asyncio.to_thread(self._read)

    async def wait_for_change(self) -> None:
        await asyncio.sleep(self._look_every)

    async def end(self) -> None:
        await asyncio.to_thread(self._contact.stop)

    async def close(self) -> None:
        pass

    def _say(self, text: str) -> None:
        token = str(uuid.uuid4())
        self._renewing(lambda: self._contact.customer.say(text, ClientToken=token))

    def _renewing(self, call: Callable[[], Value]) -> Value:
        """Repeats what fails because the connection token has expired, with a new one."""
        try:
            return call()
        except self._contact.service.participant_api.exceptions.AccessDeniedException:
            self._contact.customer.connect()
            return call()

    def _read(self) -> Heard:
        answer = self._contact.service.admin("GET", f"/contacts/{self._contact.id}/transcript")
        items = answer.json
        for file in [file for item in items for file in item.get("Attachments", [])]:
            if file["Status"] == "APPROVED" and file["AttachmentId"] not in self._files:
                self._files[file["AttachmentId"]] = self._renewing(partial(self._contact.customer.download, file["AttachmentId"]))
        return _heard(items, self._bot.id, self._files)


def _heard(items: list[dict], bot: str, files: dict[str, bytes]) -> Heard:
    """What one participant said and sent."""
    heard = Heard()
    for item in items:
        if item.get("ParticipantId") != bot:
            continue
        if item["Type"] == "MESSAGE":
            heard.items.append(item["Content"])
        for file in item.get("Attachments", []):
            if file["Status"] == "APPROVED":
                heard.items.append(File(file["AttachmentName"], files[file["AttachmentId"]]))
        if item.get("ContentType") == EVENT + "participant.left":
            heard.has_left = True
    return heard
