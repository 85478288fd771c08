"""The participant operations on one chat."""

import json
import secrets
from collections import deque
from datetime import datetime, timedelta

from strict_service import clock
from strict_service.chat import EVENT, Chat, Person
from strict_service.clock import Clock
from strict_service.transcript import TranscriptPages
from strict_service.uploads import CONTENT_TYPES, MAXIMUM_SIZE, Upload

MESSAGE_TYPES = {"text/plain", "text/markdown", "application/json", "application/vnd.amazonaws.connect.message.interactive"}
EVENT_TYPES = {EVENT + name for name in ("typing", "connection.acknowledged", "message.delivered", "message.read")}
MAXIMUM_MESSAGE = {"text/plain": 1024, "text/markdown": 1024, "application/json": 12_000}


class ServiceError(Exception):
    def __init__(self, status: int, type: str, message: str):
        super().__init__(message)
        self.status = status
        self.type = type
        self.message = message


class AccessDenied(ServiceError):
    def __init__(self, message: str = "Access denied"):
        super().__init__(403, "AccessDeniedException", message)


class Invalid(ServiceError):
    def __init__(self, message: str):
        super().__init__(400, "ValidationException", message)


class Operations:
    """Each takes the request's members and gives the answer's. `complain` hears of what no good client does."""

    def __init__(self, chat: Chat, clock: Clock, url: str, socket_url: str, complain):
        self.chat = chat
        self.uploads: dict[str, Upload] = {}
        self.pages = TranscriptPages(chat)
        self.socket_keys: dict[str, Person] = {}
        self.takes_websockets = True
        # How long a client token is remembered: not documented.
        self.token_memory = timedelta(days=1)
        self.renewal_revokes_tokens = False
        self.holds_scans = False
        # What becomes of the next files; they are approved when it is empty.
        self.verdicts: deque[str] = deque()
        self._clock = clock
        self._url = url
        self._socket_url = socket_url
        self._complain = complain
        self._issued: dict[str, Person] = {}
        self._answers: dict[tuple, tuple[dict, datetime]] = {}
        self._joined: set[str] = set()

    def perform(self, operation: str, members: dict) -> dict:
        if operation == "CreateParticipantConnection":
            return self._create_participant_connection(members)
        person = self._caller(operation, members["ConnectionToken"])
        key = (operation, person.id, members.get("ClientToken"))
        # Receipts come with one constant token for all of a kind.
        is_receipt = "message." in members.get("ContentType", "")
        if not is_receipt and (remembered := self._remembered(key)) is not None:
            return remembered
        answer = getattr(self, f"_{operation}")(person, members)
        if members.get("ClientToken"):
            self._answers[key] = (answer, self._clock.now())
        return answer

    def expire_connection_tokens(self) -> None:
        self.chat.bot.connection_tokens.clear()

    def release_scans(self, status: str = "APPROVED") -> None:
        """Ends the scans of all completed files."""
        self.holds_scans = False
        for upload in self.uploads.values():
            if upload.is_completed and upload.status == "IN_PROGRESS":
                self._scanned(upload, status)

    def joined(self, person: Person) -> None:
        if person.id not in self._joined:
            self._joined.add(person.id)
            self.chat.event(person, "participant.joined")

    def knows(self, token: str) -> bool:
        """Whether this is, or was, a token of the bot."""
        return token == self.chat.bot.participant_token or token in self._issued

    def _remembered(self, key: tuple) -> dict | None:
        answer, time = self._answers.get(key, (None, None))
        return answer if time and self._clock.now() - time < self.token_memory else None

    def _later(self, **duration: int) -> str:
        return clock.text(self._clock.now() + timedelta(**duration))

    def _caller(self, operation: str, token: str) -> Person:
        person = self._issued.get(token)
        if person is None:
            kind = "a participant token" if token == self.chat.bot.participant_token else "a token that nobody was given"
            self._complain(f"{operation}: called with {kind}")
            raise AccessDenied
        if self.chat.is_ended or person.has_left or token not in person.connection_tokens:
            raise AccessDenied
        return person

    def _create_participant_connection(self, members: dict) -> dict:
        person = self.chat.bot
        if members["ParticipantToken"] != person.participant_token:
            self._complain("CreateParticipantConnection: called with a token that is not the participant's")
            raise AccessDenied
        if self.chat.is_ended or person.has_left:
            raise AccessDenied
        types = members.get("Type", [])
        if "WEBSOCKET" in types and not self.takes_websockets:
            raise AccessDenied("Type WEBSOCKET is not available to this participant")
        if members.get("ConnectParticipant"):
            self.joined(person)
        return self._websocket(person, types) | self._credentials(person, types)

    def _websocket(self, person: Person, types: list[str]) -> dict:
        if "WEBSOCKET" not in types:
            return {}
        key = secrets.token_urlsafe(24)
        self.socket_keys[key] = person
        return {"Websocket": {"Url": f"{self._socket_url}/{key}", "ConnectionExpiry": self._later(hours=1)}}

    def _credentials(self, person: Person, types: list[str]) -> dict:
        if "CONNECTION_CREDENTIALS" not in types:
            return {}
        token = secrets.token_urlsafe(48)
        if self.renewal_revokes_tokens:
            person.connection_tokens.clear()
        person.connection_tokens.add(token)
        self._issued[token] = person
        return {"ConnectionCredentials": {"ConnectionToken": token, "Expiry": self._later(hours=24)}}

    def _SendMessage(self, person: Person, members: dict) -> dict:
        if members["ContentType"] not in MESSAGE_TYPES:
            raise Invalid(f"content type {members['ContentType']}")
        if len(members["Content"]) > MAXIMUM_MESSAGE.get(members["ContentType"], 16_384):
            self._complain(f"SendMessage: {len(members['Content'])} characters of {members['ContentType']}")
            raise Invalid("too long")
        item = self.chat.message(person, members["Content"], members["ContentType"])
        return {"Id": item["Id"], "AbsoluteTime": item["AbsoluteTime"]}

    def _SendEvent(self, person: Person, members: dict) -> dict:
        if members["ContentType"] not in EVENT_TYPES:
            raise Invalid(f"content type {members['ContentType']}")
        if "message." in members["ContentType"]:
            json.loads(members["Content"])["messageId"]
            return {"Id": secrets.token_hex(16), "AbsoluteTime": self._later()}
        item = self.chat.post(person, Type="EVENT", ContentType=members["ContentType"])
        return {"Id": item["Id"], "AbsoluteTime": item["AbsoluteTime"]}

    def _GetTranscript(self, person: Person, members: dict) -> dict:
        try:
            return self.pages.page(members)
        except ValueError as error:
            raise Invalid(str(error)) from None

    def _StartAttachmentUpload(self, person: Person, members: dict) -> dict:
        upload = Upload(members["AttachmentName"], members["ContentType"], members["AttachmentSizeInBytes"])
        extension = "." + upload.name.rsplit(".", 1)[-1].lower()
        if CONTENT_TYPES.get(extension) != upload.content_type or upload.size > MAXIMUM_SIZE:
            self._complain(f"StartAttachmentUpload: {upload.name}, {upload.content_type}, {upload.size} bytes")
            raise Invalid("not a file that the service takes")
        self.uploads[upload.id] = upload
        metadata = {
            "Url": self._url + upload.path,
            # Without milliseconds, as the service was seen to send it.
            "UrlExpiry": self._later(minutes=15)[:19] + "Z",
            "HeadersToInclude": upload.headers(self.chat.contact_id),
        }
        return {"AttachmentId": upload.id, "UploadMetadata": metadata}

    def _CompleteAttachmentUpload(self, person: Person, members: dict) -> dict:
        upload = self.uploads.get(members["AttachmentIds"][0])
        if upload is None or upload.data is None:
            self._complain("CompleteAttachmentUpload: there is no such object")
            raise Invalid("the attachment has not been uploaded")
        if upload.is_completed:
            raise ServiceError(409, "ConflictException", "the attachment is already being uploaded")
        upload.is_completed = True
        if not self.holds_scans:
            self._scanned(upload, self.verdicts.popleft() if self.verdicts else "APPROVED")
        return {}

    def _scanned(self, upload: Upload, status: str) -> None:
        upload.status = status
        self.chat.attachment(self.chat.bot, upload.file)

    def _GetAttachment(self, person: Person, members: dict) -> dict:
        if person.role == "CUSTOM_BOT" or members["AttachmentId"] not in self.uploads:
            raise AccessDenied
        upload = self.uploads[members["AttachmentId"]]
        return {"Url": self._url + upload.path, "UrlExpiry": self._later(minutes=5), "AttachmentSizeInBytes": upload.size}

    def _DisconnectParticipant(self, person: Person, members: dict) -> dict:
        self.chat.leave(person)
        return {}

    def _DescribeView(self, person: Person, members: dict) -> dict:
        raise ServiceError(404, "ResourceNotFoundException", "no such view")

    def _GetAuthenticationUrl(self, person: Person, members: dict) -> dict:
        raise AccessDenied

    def _CancelParticipantAuthentication(self, person: Person, members: dict) -> dict:
        raise AccessDenied
