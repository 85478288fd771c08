"""The local participant service under test, and the people in its contacts."""

import json
import time
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from support import aws, live, model
from support.http import Answer, exchange
from support.process import AttacheProcess, HasProcess

INSTANCE = "11111111-2222-3333-4444-555555555555"
FLOW = "a-flow-without-a-bot"


class LocalService(HasProcess):
    """A running `attache local`."""

    def __init__(self, binary: Path, folder: Path, *options: str, port: int = 0):
        self.process = AttacheProcess(binary, ["local", "--port", str(port), *options], folder / f"local-{uuid.uuid4()}.log")
        try:
            self.url = self.process.url()
        except AssertionError:
            self.process.kill()
            raise

    @cached_property
    def participant_api(self):
        return aws.client("connectparticipant", self.url)

    @cached_property
    def unvalidated_api(self):
        """Sends what the model forbids, so that the service has to refuse it."""
        return aws.client("connectparticipant", self.url, validates=False)

    @cached_property
    def control_api(self):
        return aws.client("connect", self.url)

    def start_contact(self, name: str = "Ada", **parameters) -> "Contact":
        defaults = {"InstanceId": INSTANCE, "ContactFlowId": FLOW, "ParticipantDetails": {"DisplayName": name}}
        started = self.control_api.start_chat_contact(**defaults | parameters)
        customer = Participant(self, started["ContactId"], started["ParticipantId"], started["ParticipantToken"])
        return Contact(self, started["ContactId"], customer)

    def call(self, operation: str, token: str | None, body: dict | bytes, **headers: str) -> Answer:
        """A call of the participant API as bytes on the wire: nothing is checked, signed or retried on this side."""
        http = model.operation(operation).http
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Content-Type": "application/json"} | ({"X-Amz-Bearer": token} if token else {}) | headers
        path = http["requestUri"].replace("{ViewToken}", "a-view")
        return exchange(http["method"], self.url + path, given, b"" if http["method"] == "GET" else data)

    def admin(self, method: str, path: str, body: dict | None = None) -> Answer:
        data = b"" if body is None else json.dumps(body).encode()
        return exchange(method, f"{self.url}/local{path}", {"Content-Type": "application/json"}, data)

    def assert_healthy(self) -> None:
        """A whole small chat works."""
        customer = self.start_contact().customer.connect()
        sent = customer.say("Still there?")
        assert [item["Id"] for item in customer.transcript() if item["Type"] == "MESSAGE"] == [sent["Id"]]


@dataclass
class Participant:
    """Somebody in a contact, with the tokens that the service gave."""

    service: LocalService
    contact_id: str
    id: str
    token: str
    connection: dict = field(default_factory=dict)

    @property
    def connection_token(self) -> str:
        return self.connection["ConnectionCredentials"]["ConnectionToken"]

    @property
    def socket_url(self) -> str:
        return self.connection["Websocket"]["Url"]

    def connect(self, *types: str, **parameters) -> "Participant":
        """Gets a connection token (and a socket's URL), without opening the socket."""
        self.connection = self.service.participant_api.create_participant_connection(
            ParticipantToken=self.token, Type=list(types or ("WEBSOCKET", "CONNECTION_CREDENTIALS")), **parameters
        )
        return self

    def live(self):
        """A subscribed socket, as a context manager."""
        if not self.connection:
            self.connect()
        return live.subscribed(self.socket_url)

    def call(self, operation: str, **parameters) -> dict:
        """One operation by its Python name with this participant's connection token."""
        return getattr(self.service.participant_api, operation)(ConnectionToken=self.connection_token, **parameters)

    def refused(self, operation: str, **parameters) -> aws.Refusal:
        """The same, expected to fail; also with parameters that the model forbids."""
        return aws.refusal(getattr(self.service.unvalidated_api, operation), ConnectionToken=self.connection_token, **parameters)

    def say(self, text: str, content_type: str = "text/plain", **parameters) -> dict:
        return self.call("send_message", ContentType=content_type, Content=text, **parameters)

    def signal(self, event: str, **parameters) -> dict:
        """Sends an event by its short name, for example `typing`."""
        return self.call("send_event", ContentType=live.EVENT + event, **parameters)

    def receipt(self, kind: str, message_id: str, **parameters) -> dict:
        return self.signal(f"message.{kind}", Content=json.dumps({"messageId": message_id}), **parameters)

    def transcript(self, page: int = 100, **filters) -> list[dict]:
        """The whole transcript, oldest first."""
        filters = {"SortOrder": "ASCENDING", "ScanDirection": "BACKWARD", "MaxResults": page} | filters
        pages = []
        token = {}
        while True:
            answer = self.call("get_transcript", **filters, **token)
            pages.insert(0, answer["Transcript"])
            if not answer.get("NextToken"):
                return [item for page in pages for item in page]
            token = {"NextToken": answer["NextToken"]}

    def start_upload(self, name: str = "note.txt", size: int = 5, content_type: str = "text/plain", **parameters) -> dict:
        return self.call("start_attachment_upload", AttachmentName=name, AttachmentSizeInBytes=size, ContentType=content_type, **parameters)

    def complete_upload(self, attachment_id: str, **parameters) -> dict:
        return self.call("complete_attachment_upload", AttachmentIds=[attachment_id], **parameters)

    def upload(self, data: bytes = b"hello", name: str = "note.txt", content_type: str = "text/plain") -> str:
        """All three steps, and the scanner's verdict; the attachment's id."""
        started = self.start_upload(name, len(data), content_type)
        answer = put(started["UploadMetadata"], data)
        assert answer.status == 200, str(answer)
        self.finish_upload(started["AttachmentId"])
        return started["AttachmentId"]

    def finish_upload(self, attachment_id: str) -> str:
        """Completes it and waits for the scanner's verdict."""
        self.complete_upload(attachment_id)
        return self.verdict(attachment_id)

    def verdict(self, attachment_id: str, seconds: float = 5) -> str:
        """APPROVED or REJECTED, as soon as the transcript says so."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            newest = self.call("get_transcript", MaxResults=100)["Transcript"]
            for file in [file for item in newest for file in item.get("Attachments", [])]:
                if file["AttachmentId"] == attachment_id and file["Status"] != "IN_PROGRESS":
                    return file["Status"]
            time.sleep(0.02)
        raise AssertionError(f"no verdict on {attachment_id} within {seconds} s")

    def download(self, attachment_id: str, **parameters) -> bytes:
        answer = exchange("GET", self.call("get_attachment", AttachmentId=attachment_id, **parameters)["Url"])
        assert answer.status == 200, str(answer)
        return answer.body


@dataclass
class Contact:
    service: LocalService
    id: str
    customer: Participant

    def add_bot(self, name: str = "Bot", **parameters) -> Participant:
        created = self.service.control_api.create_participant(
            InstanceId=INSTANCE,
            ContactId=self.id,
            ParticipantDetails={"ParticipantRole": "CUSTOM_BOT", "DisplayName": name},
            **parameters,
        )
        return Participant(self.service, self.id, created["ParticipantId"], created["ParticipantCredentials"]["ParticipantToken"])

    def stop(self) -> None:
        self.service.control_api.stop_contact(InstanceId=INSTANCE, ContactId=self.id)


def put(metadata: dict, data: bytes, **changed: str | None) -> Answer:
    """The PUT of an upload with its headers verbatim; a changed header of value None is left out."""
    headers = {**metadata["HeadersToInclude"], **changed}
    return exchange("PUT", metadata["Url"], {name: value for name, value in headers.items() if value is not None}, data)
