"""The rules for a CUSTOM_BOT (reference, section 5; design, section 7)."""

import pytest

from support import aws
from support.service import INSTANCE


@pytest.fixture
def bot(contact):
    """A bot that has joined in the documented way."""
    return contact.add_bot("Bot").connect("CONNECTION_CREDENTIALS", ConnectParticipant=True)


def test_it_joins_by_connect_participant(contact, bot, live):
    bot.say("Hello")
    message = live.message("Hello")
    assert (message["ParticipantRole"], message["ParticipantId"], message["DisplayName"]) == ("CUSTOM_BOT", bot.id, "Bot")
    joined = [item for item in bot.transcript() if item.get("ContentType", "").endswith("participant.joined")]
    assert bot.id in [item["ParticipantId"] for item in joined]


def test_it_may_use_a_websocket(contact):
    bot = contact.add_bot().connect("WEBSOCKET", "CONNECTION_CREDENTIALS")
    with bot.live() as live:
        contact.customer.connect().say("Hello")
        live.message("Hello")


def test_there_is_one_per_contact(contact, bot):
    details = {"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Second"}
    refused = aws.refusal(
        contact.service.control_api.create_participant, InstanceId=INSTANCE, ContactId=contact.id, ParticipantDetails=details
    )
    assert refused.status == 409 and refused.type == "ConflictException"


def test_after_one_has_left_there_may_be_another(contact, bot):
    bot.call("disconnect_participant")
    assert contact.add_bot("Second").connect(ConnectParticipant=True).say("Hello")["Id"]


def test_it_may_not_read_the_customers_files(contact, bot):
    attachment = contact.customer.connect().upload()
    refused = bot.refused("get_attachment", AttachmentId=attachment)
    assert (refused.status, refused.type) == (403, "AccessDeniedException")


def test_it_may_send_files_that_the_customer_reads(contact, bot, live):
    attachment = bot.upload(b"a receipt", "receipt.txt")
    assert live.item(Type="ATTACHMENT")["Attachments"][0]["Status"] == "APPROVED"
    assert contact.customer.download(attachment) == b"a receipt"


def test_only_a_custom_bot_can_be_created(contact):
    unvalidated = aws.client("connect", contact.service.url, validates=False)
    for role in ("CUSTOMER", "SYSTEM", "AGENT", "PIRATE"):
        details = {"ParticipantRole": role, "DisplayName": "X"}
        refused = aws.refusal(unvalidated.create_participant, InstanceId=INSTANCE, ContactId=contact.id, ParticipantDetails=details)
        assert refused.status == 400, refused


def test_an_ended_contact_takes_no_bot(contact):
    contact.stop()
    details = {"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Late"}
    refused = aws.refusal(
        contact.service.control_api.create_participant, InstanceId=INSTANCE, ContactId=contact.id, ParticipantDetails=details
    )
    assert 400 <= refused.status < 500


def test_after_it_has_left_its_tokens_are_refused(contact, bot):
    bot.call("disconnect_participant")
    assert bot.refused("send_message", ContentType="text/plain", Content="Hello?").status == 403
    refused = aws.refusal(bot.connect, "CONNECTION_CREDENTIALS")
    assert (refused.status, refused.type) == (403, "AccessDeniedException")
