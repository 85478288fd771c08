"""Token buckets at the documented rates, for each API and instance (reference, section 3)."""

import itertools
import time
import uuid

import pytest

from support import aws
from support.live import EVENT
from support.service import Contact, LocalService, Participant

TEXT = {"ContentType": "text/plain", "Content": "Hello"}
TYPING = {"ContentType": EVENT + "typing"}


@pytest.fixture(scope="module")
def throttled(attache_binary, tmp_path_factory):
    """A service with the documented quotas. They count per instance, so each test makes its own instance."""
    with LocalService(attache_binary, tmp_path_factory.mktemp("throttled")) as service:
        yield service
        assert service.process.stop() == 0, service.process.log


@pytest.fixture
def contact(throttled) -> Contact:
    return throttled.start_contact(InstanceId=str(uuid.uuid4()))


@pytest.fixture
def customer(contact) -> Participant:
    return contact.customer.connect("CONNECTION_CREDENTIALS")


def call_until_throttled(calls, rate: float, burst: int, used: int = 0):
    """Makes calls as fast as it can until one is throttled, which must happen as a token bucket of this size has it.

    `used`: calls of this kind that the test has made before.
    """
    start = time.monotonic()
    for count in itertools.count():
        answer = next(calls)
        if answer.status == 429:
            break
        assert count <= burst + rate * (time.monotonic() - start) + 1, f"{count + 1} calls were admitted"
    assert count >= burst - used, f"throttled after {used + count} calls, but {burst} may come at once"
    assert answer.headers["x-amzn-ErrorType"].split(":")[0] == "ThrottlingException"
    assert answer.headers["x-amzn-RequestId"]
    assert list(answer.json) == ["message"]


def repeat(customer: Participant, operation: str, *bodies: dict):
    token = customer.token if operation == "CreateParticipantConnection" else customer.connection_token
    for body in itertools.cycle(bodies):
        yield customer.service.call(operation, token, body)


def test_send_message_and_send_event_share_10_a_second_after_15_at_once(customer):
    def calls():
        for _ in itertools.count():
            yield customer.service.call("SendMessage", customer.connection_token, TEXT)
            yield customer.service.call("SendEvent", customer.connection_token, TYPING)

    call_until_throttled(calls(), rate=10, burst=15)


def test_get_transcript_has_8_a_second_after_12_at_once(customer):
    call_until_throttled(repeat(customer, "GetTranscript", {}), rate=8, burst=12)


def test_create_participant_connection_has_6_a_second_after_9_at_once(contact):
    calls = repeat(contact.customer, "CreateParticipantConnection", {"Type": ["CONNECTION_CREDENTIALS"]})
    call_until_throttled(calls, rate=6, burst=9)


def test_start_attachment_upload_has_2_a_second_after_5_at_once(customer):
    bodies = (
        {"ContentType": "text/plain", "AttachmentSizeInBytes": 1, "AttachmentName": "a.txt", "ClientToken": str(number)}
        for number in range(30)
    )
    call_until_throttled(repeat(customer, "StartAttachmentUpload", *bodies), rate=2, burst=5)


def test_get_attachment_has_8_a_second_after_12_at_once(customer):
    attachment = customer.upload()
    call_until_throttled(repeat(customer, "GetAttachment", {"AttachmentId": attachment}), rate=8, burst=12)


def test_complete_attachment_upload_has_2_a_second_after_5_at_once(customer):
    attachment = customer.upload()
    calls = repeat(customer, "CompleteAttachmentUpload", {"AttachmentIds": [attachment], "ClientToken": "another"})
    call_until_throttled(calls, rate=2, burst=5, used=1)


def test_the_rate_comes_back(customer):
    call_until_throttled(repeat(customer, "SendMessage", TEXT), rate=10, burst=15)
    deadline = time.monotonic() + 2
    while customer.service.call("SendMessage", customer.connection_token, TEXT).status == 429:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_instances_do_not_share_a_quota(throttled, customer):
    call_until_throttled(repeat(customer, "SendMessage", TEXT), rate=10, burst=15)
    other = throttled.start_contact(InstanceId=str(uuid.uuid4())).customer.connect("CONNECTION_CREDENTIALS")
    assert other.say("Hello")["Id"]


def test_contacts_of_an_instance_share_its_quota(throttled, contact, customer):
    instance = str(uuid.uuid4())
    one, other = (throttled.start_contact(InstanceId=instance).customer.connect("CONNECTION_CREDENTIALS") for _ in range(2))

    def calls():
        for participant in itertools.cycle((one, other)):
            yield throttled.call("SendMessage", participant.connection_token, TEXT)

    call_until_throttled(calls(), rate=10, burst=15)


def test_a_throttled_call_has_not_happened(customer):
    sent = [customer.service.call("SendMessage", customer.connection_token, TEXT).status for _ in range(30)]
    assert 429 in sent
    items = customer.transcript()
    assert len([item for item in items if item["Type"] == "MESSAGE"]) == sent.count(200)


def test_an_sdk_with_retries_gets_through(throttled, customer):
    patient = aws.client("connectparticipant", throttled.url, attempts=8)
    for number in range(20):
        patient.send_message(ConnectionToken=customer.connection_token, ContentType="text/plain", Content=str(number))
    texts = [item["Content"] for item in customer.transcript() if item["Type"] == "MESSAGE"]
    assert texts == [str(number) for number in range(20)]


def test_boto3_calls_it_a_throttling_exception(throttled, customer):
    errors = throttled.participant_api.exceptions
    with pytest.raises(errors.ThrottlingException) as refused:
        for _ in range(100):
            customer.say("Hello")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_start_chat_contact_is_throttled_with_429(throttled):
    instance = str(uuid.uuid4())
    with pytest.raises(throttled.control_api.exceptions.ClientError) as refused:
        for _ in range(100):
            throttled.start_contact(InstanceId=instance)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_with_quotas_off_nothing_is_throttled(service):
    customer = service.start_contact().customer.connect()
    assert {service.call("SendMessage", customer.connection_token, TEXT).status for _ in range(100)} == {200}
    assert {service.call("GetTranscript", customer.connection_token, {}).status for _ in range(50)} == {200}
