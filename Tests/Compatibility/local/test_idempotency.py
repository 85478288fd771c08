"""Client tokens: a call that is repeated with its token is answered as before and happens once."""

from support.live import EVENT
from support.service import FLOW, INSTANCE, put


def messages(customer) -> list[dict]:
    return [item for item in customer.transcript() if item["Type"] == "MESSAGE"]


def essence(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_a_repeated_message_is_sent_once(customer):
    answers = [essence(customer.say("Hello", ClientToken="one")) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert [item["Id"] for item in messages(customer)] == [answers[0]["Id"]]


def test_a_repeated_message_is_pushed_once(customer, live):
    customer.say("Hello", ClientToken="one")
    customer.say("Hello", ClientToken="one")
    customer.say("the end")
    live.message("the end")
    assert [item["Content"] for item in live.items if item["Type"] == "MESSAGE"] == ["Hello", "the end"]


def test_messages_of_different_tokens_are_different(customer):
    ids = {customer.say("Hello", ClientToken=token)["Id"] for token in ("one", "two")}
    assert len(ids) == len(messages(customer)) == 2


def test_a_token_belongs_to_its_participant(contact):
    customer, bot = contact.customer.connect(), contact.add_bot().connect()
    assert customer.say("Hello", ClientToken="one")["Id"] != bot.say("Hello", ClientToken="one")["Id"]
    assert len(messages(customer)) == 2


def test_a_token_belongs_to_its_operation(customer):
    message = customer.say("Hello", ClientToken="one")
    event = customer.signal("typing", ClientToken="one")
    started = customer.start_upload(ClientToken="one")
    assert len({message["Id"], event["Id"], started["AttachmentId"]}) == 3


def test_a_token_outlives_a_renewed_connection(customer):
    first = customer.say("Hello", ClientToken="one")
    second = customer.connect().say("Hello", ClientToken="one")
    assert first["Id"] == second["Id"]


def test_a_repeated_start_gives_the_same_attachment(customer):
    first, second = (customer.start_upload(ClientToken="one") for _ in range(2))
    assert first["AttachmentId"] == second["AttachmentId"]
    assert customer.start_upload(ClientToken="two")["AttachmentId"] != first["AttachmentId"]


def test_a_repeated_completion_is_answered_as_before_and_shows_the_file_once(customer, live):
    started = customer.start_upload(size=5)
    assert put(started["UploadMetadata"], b"hello").status == 200
    for _ in range(3):
        customer.complete_upload(started["AttachmentId"], ClientToken="one")
    live.item(Type="ATTACHMENT")
    customer.say("the end")
    live.message("the end")
    assert [item["Type"] for item in live.items].count("ATTACHMENT") == 1
    assert [item["Type"] for item in customer.transcript()].count("ATTACHMENT") == 1


def test_a_repeated_contact_is_the_same(service):
    request = {
        "InstanceId": INSTANCE,
        "ContactFlowId": FLOW,
        "ParticipantDetails": {"DisplayName": "Ada"},
        "ClientToken": "the contact of this test",
    }
    first, second = (service.control_api.start_chat_contact(**request) for _ in range(2))
    assert first["ContactId"] == second["ContactId"]
    assert first["ParticipantId"] == second["ParticipantId"]


def test_a_repeated_bot_is_the_same(contact):
    assert contact.add_bot(ClientToken="one").id == contact.add_bot(ClientToken="one").id


def test_a_refused_call_does_not_use_up_its_token(customer):
    refused = customer.refused("send_message", ContentType="text/html", Content="x", ClientToken="one")
    assert refused.status == 400
    assert customer.say("Hello", ClientToken="one")["Id"]


def test_receipts_are_not_deduped_by_their_token(contact):
    """ChatJS sends one constant token for all receipts of a kind."""
    bot, customer = contact.add_bot().connect(), contact.customer
    with customer.live() as live:
        ids = [bot.say(text)["Id"] for text in ("one", "two")]
        for identifier in ids:
            customer.receipt("read", identifier, ClientToken="INCOMING_READ_RECEIPT")
        seen = [live.item(Type="MESSAGEMETADATA")["MessageMetadata"]["MessageId"] for _ in ids]
    assert seen == ids


def test_a_repeated_event_has_the_same_id(customer):
    first, second = (customer.call("send_event", ContentType=EVENT + "typing", ClientToken="one") for _ in range(2))
    assert first["Id"] == second["Id"]
