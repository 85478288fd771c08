"""Receipts and typing events (reference, section 4)."""

import json
import re

import pytest

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def bot(contact):
    return contact.add_bot("Bot").connect()


def test_typing_is_seen_by_the_other_side(bot, live):
    bot.signal("typing")
    item = live.event("typing")
    assert item["ParticipantId"] == bot.id
    assert item["ParticipantRole"] == "CUSTOM_BOT"
    assert item["DisplayName"] == "Bot"
    assert "Content" not in item


def test_typing_is_not_kept(bot, customer):
    assert bot.signal("typing")["Id"]
    assert customer.transcript() == []


@pytest.mark.parametrize("content", [None, ""])
def test_typing_is_accepted_with_no_or_empty_content(customer, content):
    """ChatJS sends null or an empty string."""
    body = {"ContentType": "application/vnd.amazonaws.connect.event.typing", "Content": content}
    assert customer.service.call("SendEvent", customer.connection_token, body).status == 200


@pytest.mark.parametrize(
    ("kind", "present", "absent"), [("read", "ReadTimestamp", "DeliveredTimestamp"), ("delivered", "DeliveredTimestamp", "ReadTimestamp")]
)
def test_a_receipt_reaches_the_sender_as_message_metadata(bot, customer, live, kind, present, absent):
    sent = customer.say("Hello")
    bot.receipt(kind, sent["Id"])
    item = live.item(Type="MESSAGEMETADATA")
    assert item["ContentType"] == "application/vnd.amazonaws.connect.event.message.metadata"
    assert item["MessageMetadata"]["MessageId"] == sent["Id"]
    [receipt] = item["MessageMetadata"]["Receipts"]
    assert receipt["RecipientParticipantId"] == bot.id
    assert TIMESTAMP.fullmatch(receipt[present])
    assert receipt.get(absent) is None
    assert item["Id"] and TIMESTAMP.fullmatch(item["AbsoluteTime"])


def test_read_after_delivered_shows_both_times(bot, customer, live):
    sent = customer.say("Hello")
    bot.receipt("delivered", sent["Id"])
    live.item(Type="MESSAGEMETADATA")
    bot.receipt("read", sent["Id"])
    [receipt] = live.item(Type="MESSAGEMETADATA")["MessageMetadata"]["Receipts"]
    assert receipt["DeliveredTimestamp"] <= receipt["ReadTimestamp"]


def test_the_transcript_shows_receipts_within_their_message(bot, customer):
    sent = customer.say("Hello")
    bot.receipt("read", sent["Id"])
    [message] = customer.transcript()
    assert message["MessageMetadata"]["MessageId"] == sent["Id"]
    assert [receipt["RecipientParticipantId"] for receipt in message["MessageMetadata"]["Receipts"]] == [bot.id]


def test_a_receipt_with_further_members_is_accepted(bot, customer, live):
    """ChatJS's `disableThrottle` travels to the service."""
    sent = customer.say("Hello")
    bot.signal("message.read", Content=json.dumps({"messageId": sent["Id"], "disableThrottle": True}))
    live.item(Type="MESSAGEMETADATA")


def test_a_receipt_for_no_message_does_no_harm(bot, customer, live):
    body = {"ContentType": "application/vnd.amazonaws.connect.event.message.read", "Content": '{"messageId":"unknown"}'}
    answer = customer.service.call("SendEvent", bot.connection_token, body)
    assert answer.status in (200, 400), str(answer)
    customer.say("the end")
    live.message("the end")
    assert "MESSAGEMETADATA" not in [item["Type"] for item in live.items]


def test_a_receipt_for_an_attachment_is_accepted(bot, customer, live):
    customer.upload()
    bot.receipt("delivered", live.item(Type="ATTACHMENT")["Id"])


def test_an_acknowledged_connection_is_accepted(customer):
    customer.signal("connection.acknowledged")
