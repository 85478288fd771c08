"""A contact from its start to its end, as boto3, the AWS CLI and a WebSocket see it."""

import json
import re
from datetime import UTC, datetime, timedelta

import requests

from support import aws
from support.live import EVENT, subscribed
from support.model import output_violations
from support.service import FLOW, INSTANCE, LocalService

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def texts(items: list[dict]) -> list[str]:
    return [item["Content"] for item in items if item["Type"] == "MESSAGE"]


def from_now(timestamp: str) -> timedelta:
    return datetime.fromisoformat(timestamp) - datetime.now(UTC)


def test_boto3_lives_through_a_whole_contact(service):
    contact = service.start_contact("Ada")
    bot = contact.add_bot("Receipts").connect()
    customer = contact.customer.connect()

    with customer.live() as live:
        asked = customer.say("A receipt, please")
        assert live.message("A receipt, please")["Id"] == asked["Id"]
        bot.signal("typing")
        live.event("typing", ParticipantId=bot.id)
        attachment = bot.upload(b"Total 12.50", "receipt.txt")
        item = live.item(Type="ATTACHMENT")
        assert item["Attachments"] == [
            {"AttachmentId": attachment, "AttachmentName": "receipt.txt", "ContentType": "text/plain", "Status": "APPROVED"}
        ]
        assert customer.download(attachment) == b"Total 12.50"
        answered = bot.say("There you are")
        live.message("There you are")
        customer.receipt("read", answered["Id"])
        receipt = live.item(Type="MESSAGEMETADATA")
        assert receipt["MessageMetadata"]["MessageId"] == answered["Id"]
        customer.call("disconnect_participant")
        live.event("chat.ended")

    assert customer.refused("send_message", ContentType="text/plain", Content="Hello?").status == 403


def test_the_aws_cli_lives_through_a_whole_contact(service, tmp_path):
    details = json.dumps({"DisplayName": "Ada"})
    started = aws.cli_json(
        service.url, "connect", "start-chat-contact", "--instance-id", INSTANCE, "--contact-flow-id", FLOW, "--participant-details", details
    )
    opened = participant_cli(
        service, "create-participant-connection", "--type", "CONNECTION_CREDENTIALS", "--participant-token", started["ParticipantToken"]
    )
    token = ["--connection-token", opened["ConnectionCredentials"]["ConnectionToken"]]

    sent = participant_cli(service, "send-message", *token, "--content-type", "text/plain", "--content", "Grüße 🎈")
    participant_cli(service, "send-event", *token, "--content-type", EVENT + "typing")
    upload = ["--attachment-name", "n.txt", "--attachment-size-in-bytes", "3", "--content-type", "text/plain", "--client-token", "one"]
    begun = participant_cli(service, "start-attachment-upload", *token, *upload)
    put_with_curl_headers(begun["UploadMetadata"], b"abc")
    identifier = begun["AttachmentId"]
    participant_cli(service, "complete-attachment-upload", *token, "--attachment-ids", identifier, "--client-token", "two")
    transcript = participant_cli(service, "get-transcript", *token, "--sort-order", "ASCENDING", "--max-results", "50")
    assert [item["Type"] for item in transcript["Transcript"]] == ["MESSAGE", "ATTACHMENT"]
    assert [item["Id"] for item in transcript["Transcript"] if item["Type"] == "MESSAGE"] == [sent["Id"]]
    assert texts(transcript["Transcript"]) == ["Grüße 🎈"]
    assert participant_cli(service, "get-attachment", *token, "--attachment-id", identifier)["AttachmentSizeInBytes"] == 3
    participant_cli(service, "disconnect-participant", *token)

    after = aws.cli(service.url, "connectparticipant", "send-message", *token, "--content-type", "text/plain", "--content", "Hello?")
    assert after.returncode != 0
    assert "AccessDeniedException" in after.stderr


def participant_cli(service: LocalService, *arguments: str) -> dict:
    return aws.cli_json(service.url, "connectparticipant", *arguments)


def put_with_curl_headers(metadata: dict, data: bytes) -> None:
    """As the AWS documents show it: any HTTP client, the headers, the bytes."""
    answer = requests.put(metadata["Url"], data=data, headers=metadata["HeadersToInclude"], timeout=10)
    assert answer.status_code == 200, answer.text


def test_what_start_chat_contact_gives(service):
    started = service.control_api.start_chat_contact(
        InstanceId=INSTANCE, ContactFlowId=FLOW, ParticipantDetails={"DisplayName": "Ada"}, Attributes={"order": "1001"}
    )
    assert {"ContactId", "ParticipantId", "ParticipantToken"} <= started.keys()
    assert len(started["ParticipantToken"]) <= 1000
    assert started["ContactId"] != started["ParticipantId"]


def test_what_a_connection_gives(contact):
    connection = contact.customer.connect().connection
    assert TIMESTAMP.fullmatch(connection["Websocket"]["ConnectionExpiry"])
    assert timedelta(minutes=50) < from_now(connection["Websocket"]["ConnectionExpiry"]) <= timedelta(minutes=61)
    assert timedelta(hours=23) < from_now(connection["ConnectionCredentials"]["Expiry"]) <= timedelta(hours=25)
    assert len(connection["Websocket"]["Url"]) <= 2000
    assert len(connection["ConnectionCredentials"]["ConnectionToken"]) <= 1000


def test_a_connection_gives_what_its_types_ask_for(contact):
    def given(*types: str) -> set[str]:
        return contact.customer.connect(*types).connection.keys() - {"ResponseMetadata"}

    assert given("WEBSOCKET") == {"Websocket"}
    assert given("CONNECTION_CREDENTIALS") == {"ConnectionCredentials"}
    assert given("WEBSOCKET", "CONNECTION_CREDENTIALS") == {"Websocket", "ConnectionCredentials"}


def test_a_connection_without_a_type_is_accepted(contact):
    """ChatJS's acknowledgement sends nothing but ConnectParticipant."""
    assert contact.service.call("CreateParticipantConnection", contact.customer.token, {"ConnectParticipant": True}).status == 200


def test_every_connection_gives_new_tokens_and_the_old_ones_stay_valid(contact):
    first = contact.customer.connect().connection_token
    second = contact.customer.connect().connection_token
    assert first != second
    for token in (first, second):
        contact.service.participant_api.send_message(ConnectionToken=token, ContentType="text/plain", Content="Hello")


def test_the_initial_message_is_the_customers_first_message(service):
    contact = service.start_contact(InitialMessage={"ContentType": "text/plain", "Content": "I need help"})
    customer = contact.customer.connect()
    [message] = [item for item in customer.transcript() if item["Type"] == "MESSAGE"]
    assert (message["Content"], message["ParticipantRole"], message["ParticipantId"]) == ("I need help", "CUSTOMER", customer.id)


def test_an_opened_socket_makes_the_customer_join(customer):
    assert [item for item in customer.transcript() if item.get("ContentType") == EVENT + "participant.joined"] == []
    with customer.live():
        customer.say("Hello")
        joined = [item for item in customer.transcript() if item.get("ContentType") == EVENT + "participant.joined"]
    assert [item["ParticipantId"] for item in joined] == [customer.id]


def test_stop_contact_ends_it_for_everybody(contact):
    bot = contact.add_bot().connect()
    with contact.customer.live() as live, bot.live() as bots:
        contact.stop()
        live.event("chat.ended")
        bots.event("chat.ended")
    assert contact.customer.refused("get_transcript").status == 403
    assert bot.refused("get_transcript").status == 403


def test_after_the_end_the_sockets_are_closed(contact):
    with contact.customer.live() as live:
        contact.stop()
        live.event("chat.ended")
        live.closing_code()


def test_a_contact_that_is_stopped_twice_stays_stopped(contact):
    contact.stop()
    assert aws.refusal(contact.stop).type in ("ContactNotFoundException", "InvalidRequestException")


def test_a_bot_that_leaves_leaves_the_contact_open(contact):
    bot = contact.add_bot().connect(ConnectParticipant=True)
    with contact.customer.live() as live:
        bot.call("disconnect_participant")
        live.event("participant.left", ParticipantId=bot.id)
        contact.customer.say("Still here")
        live.message("Still here")


def test_contacts_do_not_see_each_other(service):
    one, other = service.start_contact("One").customer, service.start_contact("Other").customer
    with one.live() as ones, other.live() as others:
        one.say("for one")
        other.say("for other")
        ones.message("for one")
        others.message("for other")
        assert texts(ones.items) == ["for one"]
        assert texts(others.items) == ["for other"]
    assert texts(one.transcript()) == ["for one"]


def test_what_is_answered_keeps_to_the_model(contact):
    bot = contact.add_bot().connect(ConnectParticipant=True)
    customer = contact.customer
    with customer.live() as live:
        bot.upload()
        live.item(Type="ATTACHMENT")
        sent = bot.say("Hello")
        customer.receipt("read", sent["Id"])
        attachment = customer.upload()
    token = customer.connection_token
    calls = {
        "CreateParticipantConnection": (customer.token, {"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"]}),
        "SendMessage": (token, {"ContentType": "text/plain", "Content": "Hello"}),
        "SendEvent": (token, {"ContentType": EVENT + "typing"}),
        "GetTranscript": (token, {"MaxResults": 100}),
        "StartAttachmentUpload": (
            token,
            {"ContentType": "text/plain", "AttachmentSizeInBytes": 1, "AttachmentName": "a.txt", "ClientToken": "1"},
        ),
        "GetAttachment": (token, {"AttachmentId": attachment}),
        "DisconnectParticipant": (token, {}),
    }
    for operation, (bearer, body) in calls.items():
        answer = customer.service.call(operation, bearer, body)
        assert answer.status == 200, f"{operation}: {answer}"
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["x-amzn-RequestId"]
        assert output_violations(operation, answer.json if answer.body else {}) == []


def test_the_socket_and_the_transcript_show_the_same_items(customer):
    with customer.live() as live:
        for text in ("one", "two", "three"):
            customer.say(text)
        live.message("three")
        pushed = {item["Id"]: item for item in live.items}
    listed = {item["Id"]: item for item in customer.transcript() if item["Type"] == "MESSAGE"}
    assert listed.keys() <= pushed.keys()
    for identifier, item in listed.items():
        assert item.items() <= pushed[identifier].items()


def test_times_and_order_agree(customer):
    for number in range(30):
        customer.say(str(number))
    items = customer.transcript()
    assert texts(items) == [str(number) for number in range(30)]
    times = [item["AbsoluteTime"] for item in items]
    assert times == sorted(times)
    assert all(TIMESTAMP.fullmatch(time) for time in times)


def test_a_url_opens_a_socket_more_than_once(customer):
    for _ in range(2):
        with subscribed(customer.socket_url):
            pass
