"""One contact: its people, its items, and who listens."""

import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from strict_service import clock
from strict_service.clock import Clock

EVENT = "application/vnd.amazonaws.connect.event."
# What an outsider sees while it happens, and no transcript keeps.
FLEETING = {EVENT + "typing"}


@dataclass
class Person:
    role: str
    name: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    participant_token: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    connection_tokens: set[str] = field(default_factory=set)
    has_left: bool = False


class Chat:
    """Items go to the transcript and to every listener, in order. `changed` is called after each."""

    def __init__(self, bot_role: str, clock: Clock, changed: Callable[[], None]):
        self.contact_id = str(uuid.uuid4())
        self.customer = Person("CUSTOMER" if bot_role != "CUSTOMER" else "AGENT", "Ada")
        self.bot = Person(bot_role, "Bot")
        self.system = Person("SYSTEM", "SYSTEM_MESSAGE")
        self.items: list[dict] = []
        self.fleeting: list[dict] = []
        self.is_ended = False
        self.listeners: list[Callable[[dict], None]] = []
        self._clock = clock
        self._changed = changed
        self._last_time = clock.now()

    def post(self, sender: Person, **members) -> dict:
        """A new item, kept and pushed."""
        item = {
            "AbsoluteTime": self._next_time(),
            "Id": str(uuid.uuid4()),
            "ParticipantId": sender.id,
            "DisplayName": sender.name,
            "ParticipantRole": sender.role,
            "InitialContactId": self.contact_id,
            "ContactId": self.contact_id,
            **members,
        }
        (self.fleeting if item.get("ContentType") in FLEETING else self.items).append(item)
        self._push(item)
        return item

    def message(self, sender: Person, text: str, content_type: str = "text/plain") -> dict:
        return self.post(sender, Type="MESSAGE", ContentType=content_type, Content=text)

    def event(self, sender: Person, name: str) -> dict:
        return self.post(sender, Type="EVENT", ContentType=EVENT + name)

    def attachment(self, sender: Person, file: dict) -> dict:
        return self.post(sender, Type="ATTACHMENT", Attachments=[file])

    def end(self) -> None:
        if not self.is_ended:
            self.is_ended = True
            self.event(self.system, "chat.ended")

    def leave(self, person: Person) -> None:
        person.has_left = True
        self.event(person, "participant.left")

    def transcript(self) -> list[dict]:
        """The kept items as GetTranscript lists them."""
        return [{name: value for name, value in item.items() if name != "InitialContactId"} for item in self.items]

    def of(self, person: Person, kind: str) -> list[dict]:
        return [item for item in self.items if item["ParticipantId"] == person.id and item["Type"] == kind]

    def bot_texts(self) -> list[str]:
        return [item["Content"] for item in self.of(self.bot, "MESSAGE")]

    def bot_files(self) -> list[dict]:
        return [file for item in self.of(self.bot, "ATTACHMENT") for file in item["Attachments"]]

    def _push(self, item: dict) -> None:
        for listener in list(self.listeners):
            listener(item)
        self._changed()

    def _next_time(self) -> str:
        self._last_time = max(self._clock.now(), self._last_time + timedelta(milliseconds=1))
        return clock.text(self._last_time)


def frame(item: dict) -> str:
    return json.dumps({"content": json.dumps(item), "contentType": "application/json", "topic": "aws/chat"})
