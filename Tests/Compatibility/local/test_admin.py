"""The operator's side: who is in a contact, agents and supervisors, views, authentication, verdicts and faults."""

import json

import pytest

from support import aws
from support.http import exchange
from support.live import EVENT
from support.model import output_violations
from support.service import INSTANCE, Contact, Participant, put

VIEW = {
    "Id": "aws-managed:Form:1",
    "Arn": "arn:aws:connect:us-east-1:123456789012:instance/i/view/v:1",
    "Name": "Form",
    "Version": 1,
    "Content": {"InputSchema": '{"type":"object"}', "Template": "{}", "Actions": ["Submit", "Back"]},
}


def add(contact: Contact, role: str, name: str) -> Participant:
    answer = contact.service.admin("POST", f"/contacts/{contact.id}/participants", {"role": role, "displayName": name})
    assert answer.status == 200, str(answer)
    return Participant(contact.service, contact.id, answer.json["participantId"], answer.json["participantToken"])


def report(contact: Contact) -> dict:
    [found] = [item for item in contact.service.admin("GET", "/contacts").json if item["contactId"] == contact.id]
    return found


@pytest.fixture
def faults(service):
    """Asks for faults; what is left of them is cleared after the test."""

    def add(**fault) -> None:
        answer = service.admin("POST", "/faults", fault)
        assert answer.status == 200, str(answer)

    yield add
    service.admin("DELETE", "/faults")


# Contacts


def test_contacts_are_listed_with_their_participants_and_without_tokens(service):
    contact = service.start_contact("Ada", Attributes={"order": "1001"})
    listed = report(contact)
    assert listed["attributes"] == {"order": "1001"}
    assert [(person["role"], person["displayName"]) for person in listed["participants"]] == [("CUSTOMER", "Ada")]
    assert contact.customer.token not in json.dumps(listed)


def test_a_contact_that_is_ended_by_the_operator_ends_for_its_participants(contact):
    with contact.customer.live() as live:
        assert contact.service.admin("POST", f"/contacts/{contact.id}/end").status == 200
        live.event("chat.ended")
    assert report(contact)["endedAt"]


def test_the_operator_reads_the_transcript_after_the_end(contact):
    contact.customer.connect().say("Hello")
    contact.stop()
    items = contact.service.admin("GET", f"/contacts/{contact.id}/transcript").json
    assert "Hello" in [item.get("Content") for item in items]
    assert items[-1]["ContentType"] == EVENT + "chat.ended"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("POST", "/contacts"), ("GET", "/contacts/unknown/transcript"), ("POST", "/contacts/unknown/end")],
)
def test_what_is_not_there_is_a_404(service, method, path):
    assert service.admin(method, path).status == 404


def test_a_page_under_another_name_does_not_reach_it(service):
    """DNS rebinding: a browser would send the page's own name."""
    assert exchange("GET", f"{service.url}/local/contacts", {"Host": "shop.example"}).status in (400, 403)


# Agents and supervisors


def test_an_agent_talks_with_the_customer(contact, live):
    agent = add(contact, "AGENT", "Grace").connect("WEBSOCKET", "CONNECTION_CREDENTIALS", ConnectParticipant=True)
    with agent.live() as agents:
        agent.say("How can I help?")
        message = live.message("How can I help?")
        assert (message["ParticipantRole"], message["DisplayName"], message["ParticipantId"]) == ("AGENT", "Grace", agent.id)
        contact.customer.say("With my order")
        agents.message("With my order")


def test_a_custom_bot_leaves_when_an_agent_joins(contact, live):
    bot = contact.add_bot().connect(ConnectParticipant=True)
    add(contact, "AGENT", "Grace").connect("CONNECTION_CREDENTIALS", ConnectParticipant=True)
    live.event("participant.left", ParticipantId=bot.id)
    assert bot.refused("send_message", ContentType="text/plain", Content="Hello?").status == 403
    assert contact.customer.say("Still here")["Id"]


def test_no_custom_bot_is_added_while_an_agent_is_there(contact):
    add(contact, "AGENT", "Grace").connect("CONNECTION_CREDENTIALS", ConnectParticipant=True)
    details = {"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Late"}
    refused = aws.refusal(
        contact.service.control_api.create_participant, InstanceId=INSTANCE, ContactId=contact.id, ParticipantDetails=details
    )
    assert 400 <= refused.status < 500


def test_an_agent_reads_the_customers_files(contact):
    agent = add(contact, "AGENT", "Grace").connect("CONNECTION_CREDENTIALS", ConnectParticipant=True)
    assert agent.download(contact.customer.connect().upload(b"a photo", "photo.png", "image/png")) == b"a photo"


def test_receipts_conflict_with_more_than_two_active_participants(contact, live):
    agent = add(contact, "AGENT", "Grace").connect("CONNECTION_CREDENTIALS", ConnectParticipant=True)
    sent = contact.customer.say("Hello")
    agent.receipt("read", sent["Id"])
    live.item(Type="MESSAGEMETADATA")
    add(contact, "SUPERVISOR", "Edsger").connect("CONNECTION_CREDENTIALS", ConnectParticipant=True)
    content = json.dumps({"messageId": sent["Id"]})
    refused = agent.refused("send_event", ContentType=EVENT + "message.read", Content=content)
    assert (refused.status, refused.type) == (409, "ConflictException")


def test_only_agents_and_supervisors_are_added(contact):
    for role in ("CUSTOMER", "SYSTEM", "PIRATE"):
        answer = contact.service.admin("POST", f"/contacts/{contact.id}/participants", {"role": role})
        assert answer.status == 400, str(answer)


# Views and authentication


def test_a_view_is_described(contact):
    customer = contact.customer.connect()
    assert contact.service.admin("PUT", f"/contacts/{contact.id}/views/form-1", VIEW).status == 200
    assert customer.call("describe_view", ViewToken="form-1")["View"] == VIEW
    refused = customer.refused("describe_view", ViewToken="form-2")
    assert (refused.status, refused.type) == (404, "ResourceNotFoundException")


def test_a_views_token_may_have_any_characters(contact):
    customer = contact.customer.connect()
    contact.service.admin("PUT", f"/contacts/{contact.id}/views/a%2Fb%20%C3%BC", VIEW)
    assert customer.call("describe_view", ViewToken="a/b ü")["View"]["Id"] == VIEW["Id"]


def test_a_view_is_answered_within_the_model(contact):
    customer = contact.customer.connect()
    contact.service.admin("PUT", f"/contacts/{contact.id}/views/a-view", VIEW)
    answer = contact.service.call("DescribeView", customer.connection_token, {})
    assert answer.status == 200
    assert output_violations("DescribeView", answer.json) == []


def test_an_authentication_is_asked_for_and_done(contact, live):
    session = contact.service.admin("POST", f"/contacts/{contact.id}/authentication").json["sessionId"]
    assert len(session) == 36
    live.event("authentication.initiated")
    back = "https://shop.example/back?x=1"
    given = contact.customer.call("get_authentication_url", SessionId=session, RedirectUri=back)
    answer = exchange("GET", given["AuthenticationUrl"])
    assert answer.status == 302
    assert answer.headers["Location"].startswith(back)
    live.event("authentication.succeeded")


def test_an_authentication_is_cancelled(contact, live):
    session = contact.service.admin("POST", f"/contacts/{contact.id}/authentication").json["sessionId"]
    contact.customer.call("cancel_participant_authentication", SessionId=session)
    live.event("authentication.cancelled")
    refused = contact.customer.refused("get_authentication_url", SessionId=session, RedirectUri="https://shop.example")
    assert 400 <= refused.status < 500


def test_an_unknown_authentication_is_refused(customer):
    session = "11111111-2222-3333-4444-555555555555"
    refused = customer.refused("get_authentication_url", SessionId=session, RedirectUri="https://shop.example")
    assert refused.status in (400, 403)


# Verdicts and faults


def test_the_operator_decides_the_scanners_verdicts(contact):
    customer = contact.customer.connect()
    contact.service.admin("POST", f"/contacts/{contact.id}/scan-verdicts", {"verdicts": ["REJECTED", "APPROVED"]})
    verdicts = [customer.verdict(customer.upload(b"x", f"{number}.txt")) for number in range(3)]
    assert verdicts == ["REJECTED", "APPROVED", "APPROVED"]


@pytest.mark.parametrize(
    ("status", "type"),
    [
        (402, "ServiceQuotaExceededException"),
        (403, "AccessDeniedException"),
        (409, "ConflictException"),
        (429, "ThrottlingException"),
        (500, "InternalServerException"),
    ],
)
def test_a_call_is_refused_as_often_as_asked(customer, faults, status, type):
    faults(operation="SendMessage", status=status, count=2, contact=customer.contact_id)
    for _ in range(2):
        refused = customer.refused("send_message", ContentType="text/plain", Content="Hello")
        assert (refused.status, refused.type) == (status, type)
    assert customer.say("Hello")["Id"]
    assert len(customer.transcript()) == 1


def test_a_fault_strikes_its_own_contact(service, customer, faults):
    faults(operation="SendMessage", status=500, count=1, contact=customer.contact_id)
    assert service.start_contact().customer.connect().say("Hello")["Id"]
    assert customer.refused("send_message", ContentType="text/plain", Content="Hello").status == 500


def test_a_response_is_lost_after_the_call_has_happened(customer, faults):
    faults(operation="SendMessage", fault="lose-response", contact=customer.contact_id)
    with pytest.raises(Exception, match="(?i)connection"):
        customer.say("Hello", ClientToken="one")
    again = customer.say("Hello", ClientToken="one")
    assert [item["Id"] for item in customer.transcript()] == [again["Id"]]


def test_sockets_are_dropped(customer, faults):
    with customer.live() as live:
        faults(fault="drop-sockets", contact=customer.contact_id)
        live.closing_code()
    with customer.live() as live:
        customer.say("Back")
        live.message("Back")


def test_frames_come_twice(customer, live, faults):
    faults(fault="duplicate-frames", contact=customer.contact_id)
    sent = customer.say("Hello")
    assert [live.message("Hello")["Id"] for _ in range(2)] == [sent["Id"]] * 2


def test_connection_tokens_expire(customer, faults):
    faults(fault="expire-tokens", contact=customer.contact_id)
    assert customer.refused("get_transcript").status == 403
    assert customer.connect().say("Hello")["Id"]


def test_an_upload_url_has_expired(customer, faults):
    faults(operation="StartAttachmentUpload", fault="expire-urls", contact=customer.contact_id)
    started = customer.start_upload(size=5)
    answer = put(started["UploadMetadata"], b"hello")
    assert answer.status == 403
    assert b"AccessDenied" in answer.body and b"expired" in answer.body
    refused = customer.refused("complete_attachment_upload", AttachmentIds=[started["AttachmentId"]], ClientToken="1")
    assert refused.status in (400, 409)


def test_an_upload_breaks_half_way_and_can_be_repeated(customer, faults):
    faults(fault="break-upload", contact=customer.contact_id)
    data = b"x" * 300_000
    started = customer.start_upload("big.pdf", len(data), "application/pdf")
    with pytest.raises(OSError):
        put(started["UploadMetadata"], data)
    assert put(started["UploadMetadata"], data).status == 200
    customer.finish_upload(started["AttachmentId"])
    assert customer.download(started["AttachmentId"]) == data


def test_a_file_is_rejected(customer, faults):
    faults(fault="reject-scan", contact=customer.contact_id)
    assert customer.verdict(customer.upload()) == "REJECTED"


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"status": 200},
        {"fault": "earthquake"},
        {"status": 500, "fault": "drop-sockets"},
        {"operation": "Dance", "status": 500},
        {"status": 500, "count": 0},
        {"status": "many"},
    ],
    ids=str,
)
def test_a_fault_that_is_none_is_refused(service, fault):
    answer = service.admin("POST", "/faults", fault)
    assert answer.status == 400, str(answer)
    assert service.admin("GET", "/faults").json == []
