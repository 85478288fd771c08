"""The must-do list of the reference (section 8), a test a point, in its order."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from support.ios import HEADERS_KNOWN_TO_IOS
from support.live import EVENT, HEARTBEAT, PING, open_socket


@pytest.fixture
def bot(contact):
    return contact.add_bot("Bot").connect(ConnectParticipant=True)


def test_01_junk_after_the_subscription_is_accepted(customer):
    with open_socket(customer.socket_url) as socket:
        socket.send('{"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}})')
        assert socket.frame(1)["content"]["status"] == "success"
        customer.say("Hello")
        socket.message("Hello")


def test_02_subscribe_heartbeat_and_ping_are_answered_in_shape_and_in_time(customer):
    with open_socket(customer.socket_url) as socket:
        socket.send('{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}')
        assert socket.frame(1) == {"topic": "aws/subscribe", "content": {"status": "success", "topics": ["aws/chat"]}}
        socket.send(HEARTBEAT)
        assert socket.reply("aws/heartbeat", 10)
        socket.send(PING)
        assert socket.reply("aws/ping", 10) == {"topic": "aws/ping", "statusCode": 200, "statusContent": "OK"}


def test_03_the_content_of_a_chat_frame_is_a_string(customer, live):
    customer.say("Hello")
    assert isinstance(live.reply("aws/chat")["content"], str)


def test_04_every_item_names_contact_and_participant(contact, bot, live):
    bot.say("Hello")
    bot.signal("typing")
    bot.upload()
    live.item(Type="ATTACHMENT")
    contact.stop()
    live.event("chat.ended")
    assert {item["Type"] for item in live.items} == {"MESSAGE", "EVENT", "ATTACHMENT"}
    for item in live.items:
        assert item["ContactId"] == item["InitialContactId"] == contact.id
        assert item["Id"] and item["AbsoluteTime"]
        if item.get("ContentType") != EVENT + "chat.ended":
            assert item["DisplayName"] and item["ParticipantRole"] and item["ParticipantId"]


def test_05_messages_and_files_are_echoed_to_every_socket_of_the_sender(customer):
    with customer.live() as first, customer.live() as second:
        sent = customer.say("Hello")
        attachment = customer.upload()
        for socket in (first, second):
            assert socket.message("Hello")["Id"] == sent["Id"]
            assert socket.item(Type="ATTACHMENT")["Attachments"][0]["AttachmentId"] == attachment


def test_06_chat_ended_is_pushed_when_the_customer_disconnects(contact, bot, live):
    with bot.connect().live() as bots:
        contact.customer.call("disconnect_participant")
        live.event("chat.ended")
        bots.event("chat.ended")


def test_07_the_sockets_url_is_a_loopback_ws_url(customer):
    assert customer.socket_url.startswith("ws://127.0.0.1:")


def test_08_the_token_expires_in_more_than_61_seconds_and_less_than_24_days(customer):
    expiry = datetime.fromisoformat(customer.connection["ConnectionCredentials"]["Expiry"])
    assert timedelta(seconds=61) < expiry - datetime.now(UTC) < timedelta(days=24)


def test_09_an_empty_start_position_is_none_and_forward_needs_one(customer):
    sent = customer.say("Hello")
    answer = customer.call("get_transcript", StartPosition={}, ScanDirection="BACKWARD")
    assert [item["Id"] for item in answer["Transcript"]] == [sent["Id"]]
    assert customer.refused("get_transcript", ScanDirection="FORWARD", StartPosition={}).status == 400


def test_10_an_error_is_a_lower_case_message_and_a_type_in_a_header(customer):
    answer = customer.service.call("SendMessage", customer.connection_token, {})
    assert answer.status == 400
    assert answer.headers["x-amzn-ErrorType"].split(":")[0] == "ValidationException"
    assert isinstance(answer.json["message"], str)


def test_11_an_upload_asks_for_headers_that_ios_knows_and_nothing_else(customer):
    assert customer.start_upload()["UploadMetadata"]["HeadersToInclude"].keys() <= HEADERS_KNOWN_TO_IOS


def test_12_quota_throttling_and_conflict_have_their_statuses(start_service, service):
    started = service.start_contact().customer.connect()
    attachment = started.upload()
    assert started.refused("complete_attachment_upload", AttachmentIds=[attachment], ClientToken="other").status == 409

    for number in range(34):
        started.upload(b"x", f"{number}.txt")
    file = {"AttachmentName": "36.txt", "AttachmentSizeInBytes": 1, "ContentType": "text/plain", "ClientToken": "36"}
    assert started.refused("start_attachment_upload", **file).status == 402

    busy = start_service().start_contact().customer.connect()
    assert 429 in [busy.service.call("GetTranscript", busy.connection_token, {}).status for _ in range(40)]


def test_13_every_call_is_refused_with_403_after_the_end(contact):
    customer = contact.customer.connect()
    attachment = customer.upload()
    contact.stop()
    calls = {
        "SendMessage": {"ContentType": "text/plain", "Content": "Hello"},
        "SendEvent": {"ContentType": EVENT + "typing"},
        "GetTranscript": {},
        "StartAttachmentUpload": {
            "ContentType": "text/plain",
            "AttachmentSizeInBytes": 1,
            "AttachmentName": "a.txt",
            "ClientToken": "1",
        },
        "CompleteAttachmentUpload": {"AttachmentIds": [attachment], "ClientToken": "1"},
        "GetAttachment": {"AttachmentId": attachment},
        "DisconnectParticipant": {},
        "DescribeView": {},
        "GetAuthenticationUrl": {"SessionId": "1" * 36, "RedirectUri": "https://example.com"},
        "CancelParticipantAuthentication": {"SessionId": "1" * 36},
    }
    statuses = {name: customer.service.call(name, customer.connection_token, body).status for name, body in calls.items()}
    statuses["CreateParticipantConnection"] = customer.service.call(
        "CreateParticipantConnection", customer.token, {"Type": ["CONNECTION_CREDENTIALS"]}
    ).status
    assert set(statuses.values()) == {403}, statuses


def test_14_a_receipt_arrives_as_message_metadata(bot, customer, live):
    sent = customer.say("Hello")
    bot.receipt("read", sent["Id"])
    assert live.item(Type="MESSAGEMETADATA")["MessageMetadata"]["MessageId"] == sent["Id"]
    assert not [item for item in live.items if item.get("ContentType") in (EVENT + "message.read", EVENT + "message.delivered")]


def test_15_a_custom_bot_may_not_get_an_attachment(contact, bot):
    attachment = contact.customer.connect().upload()
    assert bot.refused("get_attachment", AttachmentId=attachment).status == 403


def test_16_receipts_are_never_deduped_by_their_client_token(bot, customer, live):
    ids = [customer.say(text)["Id"] for text in ("one", "two", "three")]
    for identifier in ids:
        bot.receipt("read", identifier, ClientToken="INCOMING_READ_RECEIPT")
    assert [live.item(Type="MESSAGEMETADATA")["MessageMetadata"]["MessageId"] for _ in ids] == ids


def test_17_a_storm_of_connection_calls_is_survived(customer):
    body = {"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"]}
    with ThreadPoolExecutor(16) as threads:
        calls = [threads.submit(customer.service.call, "CreateParticipantConnection", customer.token, body) for _ in range(800)]
    assert {call.result().status for call in calls} == {200}
    customer.say("Hello")
    with customer.live() as live:
        customer.say("Still here")
        live.message("Still here")


def test_18_filters_and_an_empty_position_beside_a_next_token_are_accepted(customer):
    ids = [customer.say(str(number))["Id"] for number in range(4)]
    filters = {"MaxResults": 2, "ScanDirection": "BACKWARD", "SortOrder": "ASCENDING", "StartPosition": {}}
    first = customer.call("get_transcript", **filters)
    second = customer.call("get_transcript", **filters, NextToken=first["NextToken"])
    assert [item["Id"] for item in second["Transcript"] + first["Transcript"]] == ids


def test_19_an_empty_content_type_is_a_400(customer):
    file = {"ContentType": "", "AttachmentSizeInBytes": 1, "AttachmentName": "a.txt", "ClientToken": "1"}
    assert customer.service.call("StartAttachmentUpload", customer.connection_token, file).status == 400


def test_20_in_the_transcript_a_message_carries_its_receipts(bot, customer):
    sent = customer.say("Hello")
    bot.receipt("delivered", sent["Id"])
    [message] = [item for item in customer.transcript() if item["Type"] == "MESSAGE"]
    [receipt] = message["MessageMetadata"]["Receipts"]
    assert receipt["RecipientParticipantId"] == bot.id and receipt["DeliveredTimestamp"]
    assert "MESSAGEMETADATA" not in json.dumps([item["Type"] for item in customer.transcript()])
