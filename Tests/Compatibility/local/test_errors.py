"""Every error of the reference's table: status, type, message and request id, as an SDK and as the wire show them."""

import pytest

from support.aws import client, refusal
from support.http import Answer
from support.live import EVENT
from support.service import FLOW, INSTANCE

START = {"ContentType": "text/plain", "AttachmentSizeInBytes": 1, "AttachmentName": "a.txt", "ClientToken": "1"}
TEXT = {"ContentType": "text/plain", "Content": "Hello"}
SESSION = "11111111-2222-3333-4444-555555555555"

STATUS = {
    "AccessDeniedException": 403,
    "ConflictException": 409,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 402,
    "ThrottlingException": 429,
    "ValidationException": 400,
}

# Bodies that would be right with the right token.
RIGHT_BODIES = {
    "SendMessage": TEXT,
    "SendEvent": {"ContentType": EVENT + "typing"},
    "GetTranscript": {},
    "StartAttachmentUpload": START,
    "CompleteAttachmentUpload": {"AttachmentIds": ["an-attachment"], "ClientToken": "1"},
    "GetAttachment": {"AttachmentId": "an-attachment"},
    "DisconnectParticipant": {},
    "DescribeView": {},
    "GetAuthenticationUrl": {"SessionId": SESSION, "RedirectUri": "https://example.com"},
    "CancelParticipantAuthentication": {"SessionId": SESSION},
}

WRONG_BODIES = [
    ("SendMessage", {}),
    ("SendMessage", {"Content": "Hello"}),
    ("SendMessage", {"ContentType": "text/plain"}),
    ("SendMessage", TEXT | {"Content": ""}),
    ("SendMessage", TEXT | {"Content": 5}),
    ("SendMessage", TEXT | {"Content": None}),
    ("SendMessage", TEXT | {"ContentType": ""}),
    ("SendMessage", TEXT | {"ContentType": "text/html"}),
    ("SendMessage", TEXT | {"ContentType": EVENT + "typing"}),
    ("SendMessage", TEXT | {"ClientToken": "x" * 501}),
    ("SendMessage", {"ContentType": "application/json", "Content": "{not json"}),
    ("SendEvent", {}),
    ("SendEvent", {"ContentType": "text/plain"}),
    ("SendEvent", {"ContentType": EVENT + "chat.ended"}),
    ("SendEvent", {"ContentType": EVENT + "participant.joined"}),
    ("SendEvent", {"ContentType": EVENT + "unheard.of"}),
    ("SendEvent", {"ContentType": EVENT + "message.read"}),
    ("SendEvent", {"ContentType": EVENT + "message.read", "Content": "not json"}),
    ("SendEvent", {"ContentType": EVENT + "message.read", "Content": "{}"}),
    ("SendEvent", {"ContentType": EVENT + "message.delivered", "Content": '{"messageId": 7}'}),
    ("GetTranscript", {"MaxResults": 101}),
    ("GetTranscript", {"MaxResults": -1}),
    ("GetTranscript", {"MaxResults": "ten"}),
    ("GetTranscript", {"MaxResults": 1.5}),
    ("GetTranscript", {"ScanDirection": "SIDEWAYS"}),
    ("GetTranscript", {"ScanDirection": "FORWARD"}),
    ("GetTranscript", {"SortOrder": "RANDOM"}),
    ("GetTranscript", {"NextToken": "made-up"}),
    ("GetTranscript", {"NextToken": "x" * 1001}),
    ("GetTranscript", {"StartPosition": {"MostRecent": 101}}),
    ("GetTranscript", {"StartPosition": {"MostRecent": -1}}),
    ("GetTranscript", {"StartPosition": {"AbsoluteTime": "yesterday"}}),
    ("GetTranscript", {"StartPosition": "latest"}),
    ("StartAttachmentUpload", {}),
    *[("StartAttachmentUpload", {name: START[name] for name in START if name != absent}) for absent in START],
    ("StartAttachmentUpload", START | {"ContentType": ""}),
    ("StartAttachmentUpload", START | {"ContentType": "text/plain\r\n"}),
    ("StartAttachmentUpload", START | {"AttachmentName": ""}),
    ("StartAttachmentUpload", START | {"AttachmentName": "a" * 253 + ".txt"}),
    ("StartAttachmentUpload", START | {"AttachmentName": "archive.zip"}),
    ("StartAttachmentUpload", START | {"AttachmentName": "a\r\nX-Evil: 1.txt"}),
    ("StartAttachmentUpload", START | {"AttachmentSizeInBytes": 0}),
    ("StartAttachmentUpload", START | {"AttachmentSizeInBytes": -1}),
    ("StartAttachmentUpload", START | {"AttachmentSizeInBytes": "1"}),
    ("StartAttachmentUpload", START | {"AttachmentSizeInBytes": 2**63}),
    ("StartAttachmentUpload", START | {"AttachmentSizeInBytes": 20 * 1024 * 1024 + 1}),
    ("StartAttachmentUpload", START | {"ClientToken": ""}),
    ("StartAttachmentUpload", START | {"ClientToken": "x" * 501}),
    ("CompleteAttachmentUpload", {}),
    ("CompleteAttachmentUpload", {"AttachmentIds": [], "ClientToken": "1"}),
    ("CompleteAttachmentUpload", {"AttachmentIds": ["one", "two"], "ClientToken": "1"}),
    ("CompleteAttachmentUpload", {"AttachmentIds": "one", "ClientToken": "1"}),
    ("CompleteAttachmentUpload", {"AttachmentIds": [""], "ClientToken": "1"}),
    ("CompleteAttachmentUpload", {"AttachmentIds": ["one"]}),
    ("GetAttachment", {}),
    ("GetAttachment", {"AttachmentId": ""}),
    ("GetAttachment", {"AttachmentId": "x" * 257}),
    ("GetAuthenticationUrl", {}),
    ("GetAuthenticationUrl", {"SessionId": "short", "RedirectUri": "https://example.com"}),
    ("GetAuthenticationUrl", {"SessionId": SESSION}),
    ("CancelParticipantAuthentication", {"SessionId": "short"}),
]


def assert_refused(answer: Answer, error: str) -> None:
    assert answer.status == STATUS[error], str(answer)
    assert answer.headers["x-amzn-ErrorType"].split(":")[0] == error
    assert answer.headers["x-amzn-RequestId"]
    assert answer.headers["Content-Type"].startswith("application/json")
    assert list(answer.json) == ["message"]
    assert answer.json["message"].strip()


@pytest.mark.parametrize(("operation", "body"), WRONG_BODIES)
def test_a_wrong_body_is_a_validation_exception(customer, operation, body):
    assert_refused(customer.service.call(operation, customer.connection_token, body), "ValidationException")


@pytest.mark.parametrize("body", [{"Type": []}, {"Type": ["TELEPATHY"]}, {"Type": "WEBSOCKET"}, {"ConnectParticipant": "yes"}])
def test_a_wrong_connection_request_is_a_validation_exception(contact, body):
    assert_refused(contact.service.call("CreateParticipantConnection", contact.customer.token, body), "ValidationException")


@pytest.mark.parametrize("seconds", [4, 301, 0, -5, "60"])
def test_a_url_expiry_out_of_range_is_a_validation_exception(customer, seconds):
    attachment = customer.upload()
    body = {"AttachmentId": attachment, "UrlExpiryInSeconds": seconds}
    assert_refused(customer.service.call("GetAttachment", customer.connection_token, body), "ValidationException")


@pytest.mark.parametrize(("operation", "body"), list(RIGHT_BODIES.items()))
def test_a_participant_token_authorises_no_other_operation(customer, operation, body):
    assert_refused(customer.service.call(operation, customer.token, body), "AccessDeniedException")


def test_a_connection_token_opens_no_connection(customer):
    body = {"Type": ["CONNECTION_CREDENTIALS"]}
    answer = customer.service.call("CreateParticipantConnection", customer.connection_token, body)
    assert_refused(answer, "AccessDeniedException")


@pytest.mark.parametrize("token", [None, "made-up", "x" * 1000])
@pytest.mark.parametrize(("operation", "body"), [*RIGHT_BODIES.items(), ("CreateParticipantConnection", {"Type": ["WEBSOCKET"]})])
def test_a_missing_or_made_up_token_is_refused(service, operation, body, token):
    assert_refused(service.call(operation, token, body), "AccessDeniedException")


def test_a_token_with_one_character_changed_is_refused(customer):
    for position in range(0, len(customer.connection_token), 7):
        changed = customer.connection_token[:position] + ("A" if customer.connection_token[position] != "A" else "B")
        changed += customer.connection_token[position + 1 :]
        assert_refused(customer.service.call("SendMessage", changed, TEXT), "AccessDeniedException")


def test_another_contacts_attachment_is_refused_like_one_that_does_not_exist(service):
    owner, stranger = service.start_contact().customer.connect(), service.start_contact().customer.connect()
    foreign, unknown = owner.upload(), "11111111-2222-3333-4444-555555555555"
    for operation, parameters in [
        ("get_attachment", lambda attachment: {"AttachmentId": attachment}),
        ("complete_attachment_upload", lambda attachment: {"AttachmentIds": [attachment], "ClientToken": "1"}),
    ]:
        refusals = [stranger.refused(operation, **parameters(attachment)) for attachment in (foreign, unknown)]
        assert {refusal.status for refusal in refusals} in ({400}, {403}), refusals
    assert owner.download(foreign) == b"hello"


def test_another_contacts_transcript_is_empty(service):
    """As the service was seen to answer (chatjs issue 28)."""
    one, other = service.start_contact().customer.connect(), service.start_contact().customer.connect()
    other.say("secret")
    assert one.call("get_transcript", ContactId=other.contact_id)["Transcript"] == []


def test_an_unknown_view_is_not_found(customer):
    assert_refused(customer.service.call("DescribeView", customer.connection_token, {}), "ResourceNotFoundException")


def test_a_second_completion_conflicts(customer):
    attachment = customer.upload()
    refused = customer.refused("complete_attachment_upload", AttachmentIds=[attachment], ClientToken="another")
    assert (refused.status, refused.type) == (409, "ConflictException")


def test_a_completion_without_an_object_is_refused(customer):
    started = customer.start_upload()
    refused = customer.refused("complete_attachment_upload", AttachmentIds=[started["AttachmentId"]], ClientToken="1")
    assert refused.status in (400, 409)


def test_boto3_names_the_error_and_the_request(customer):
    refused = customer.refused("send_message", ContentType="text/html", Content="<p>")
    assert (refused.status, refused.type) == (400, "ValidationException")
    assert "text/html" in refused.message
    assert refused.request_id


def test_every_request_has_its_own_id(customer):
    ids = {customer.refused("send_message", ContentType="text/html", Content="x").request_id for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("start_chat_contact", {"ChatDurationInMinutes": 59}),
        ("start_chat_contact", {"ChatDurationInMinutes": 10081}),
        ("start_chat_contact", {"SupportedMessagingContentTypes": ["text/markdown"]}),
        ("start_chat_contact", {"ParticipantDetails": {"DisplayName": ""}}),
        ("start_chat_contact", {"ParticipantDetails": {"DisplayName": "x" * 257}}),
    ],
)
def test_the_control_plane_refuses_what_is_out_of_range(service, call, parameters):
    unvalidated = client("connect", service.url, validates=False)
    defaults = {"InstanceId": INSTANCE, "ContactFlowId": FLOW, "ParticipantDetails": {"DisplayName": "Ada"}}
    assert refusal(getattr(unvalidated, call), **defaults | parameters).status == 400


def test_the_control_plane_does_not_know_a_made_up_contact(service):
    bot = {"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Bot"}
    created = refusal(service.control_api.create_participant, InstanceId=INSTANCE, ContactId="unknown", ParticipantDetails=bot)
    assert (created.status, created.type) == (404, "ResourceNotFoundException")
    stopped = refusal(service.control_api.stop_contact, InstanceId=INSTANCE, ContactId="unknown")
    assert stopped.type in ("ContactNotFoundException", "ResourceNotFoundException")
