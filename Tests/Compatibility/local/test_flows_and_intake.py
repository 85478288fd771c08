"""Flows: how a contact finds its bot, as a flow's Lambda does it in production."""

import json
import time

import pytest

from support.intake import Intake
from support.service import Participant

SECRET = "open-sesame-0123456789"
FLOW = "receipts-flow"


@pytest.fixture
def intake():
    with Intake() as intake:
        yield intake


@pytest.fixture
def start_with_intake(start_service, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)

    def start(url: str, *options: str):
        flow = ("--flow", f"{FLOW}=receipts")
        return start_service("--quotas", "off", *flow, "--intake", url, "--intake-secret-file", str(secret), *options)

    return start


def test_a_flow_brings_a_bot_into_the_contact(start_with_intake, intake):
    service = start_with_intake(intake.url)
    contact = service.start_contact(ContactFlowId=FLOW, Attributes={"order": "1001", "Ünïcode": "✓"})
    arrival = intake.next()

    assert arrival.path == "/v1/chats"
    assert arrival.headers["authorization"] == f"Bearer {SECRET}"
    assert arrival.headers["content-type"].startswith("application/json")
    assert arrival.body["bot"] == "receipts"
    assert arrival.body["contactId"] == contact.id
    assert arrival.body["attributes"] == {"order": "1001", "Ünïcode": "✓"}
    assert arrival.body.keys() == {"bot", "contactId", "participantId", "participantToken", "attributes"}

    bot = Participant(service, contact.id, arrival.body["participantId"], arrival.body["participantToken"])
    bot.connect("WEBSOCKET", "CONNECTION_CREDENTIALS")
    with contact.customer.live() as live, bot.live() as bots:
        bot.say("Welcome")
        message = live.message("Welcome")
        assert (message["ParticipantRole"], message["ParticipantId"]) == ("CUSTOM_BOT", bot.id)
        contact.customer.say("Hello")
        bots.message("Hello")


def test_a_bots_own_name_is_a_flow(start_with_intake, intake):
    service = start_with_intake(intake.url)
    service.start_contact(ContactFlowId="receipts")
    assert intake.next().body["bot"] == "receipts"


def test_an_unknown_flow_gives_a_contact_without_a_bot(start_with_intake, intake):
    service = start_with_intake(intake.url)
    stranger = service.start_contact(ContactFlowId="no-such-flow")
    known = service.start_contact(ContactFlowId=FLOW)
    assert intake.next().body["contactId"] == known.id
    assert stranger.customer.connect().say("Anybody here?")["Id"]
    assert intake.arrivals.empty()


def test_a_flow_is_named_by_its_arn_too(start_with_intake, intake):
    service = start_with_intake(intake.url)
    arn = f"arn:aws:connect:us-east-1:123456789012:instance/i/contact-flow/{FLOW}"
    service.start_contact(ContactFlowId=arn)
    assert intake.next().body["bot"] == "receipts"


def test_a_repeated_start_arrives_once(start_with_intake, intake):
    service = start_with_intake(intake.url)
    first = service.start_contact(ContactFlowId=FLOW, ClientToken="one")
    again = service.start_contact(ContactFlowId=FLOW, ClientToken="one")
    other = service.start_contact(ContactFlowId=FLOW)
    assert first.id == again.id
    assert [intake.next().body["contactId"] for _ in range(2)] == [first.id, other.id]


def test_an_intake_that_is_down_is_visible_and_the_contact_goes_on(start_with_intake, intake):
    url = intake.url
    intake.close()
    service = start_with_intake(url)
    contact = service.start_contact(ContactFlowId=FLOW)
    assert contact.customer.connect().say("Anybody here?")["Id"]
    service.process.wait_for_log(rf"(?i)(warn|error).*({contact.id}|intake)")
    assert contact.id in wait_for_undelivered(service, contact.id)


def test_an_intake_that_comes_back_gets_the_chat(start_with_intake, intake):
    """The bot has 15 seconds to connect; the service keeps trying as long."""
    port = intake.port
    intake.close()
    service = start_with_intake(f"http://127.0.0.1:{port}")
    contact = service.start_contact(ContactFlowId=FLOW)
    wait_for_undelivered(service, contact.id)
    with Intake(port=port) as back:
        assert back.next(12).body["contactId"] == contact.id


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_a_refusal_by_the_intake_is_visible(start_with_intake, status):
    with Intake(status) as refusing:
        service = start_with_intake(refusing.url)
        contact = service.start_contact(ContactFlowId=FLOW)
        refusing.next()
        service.process.wait_for_log(str(status))
        assert contact.id in wait_for_undelivered(service, contact.id)


def test_no_token_and_no_secret_is_logged(start_with_intake, intake):
    service = start_with_intake(intake.url, "--log-level", "trace")
    contact = service.start_contact(ContactFlowId=FLOW)
    token = intake.next().body["participantToken"]
    customer = contact.customer.connect()
    url = customer.start_upload()["UploadMetadata"]["Url"]
    customer.say("Hello")
    log = service.process.log
    for secret in (SECRET, token, customer.token, customer.connection_token, url, customer.socket_url.split("?")[-1]):
        assert secret not in log


def wait_for_undelivered(service, contact_id: str) -> str:
    """The admin API's list of chats that found no bot, once it has this one."""
    deadline = time.monotonic() + 10
    while contact_id not in (text := json.dumps(service.admin("GET", "/arrivals").json)):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    return text
