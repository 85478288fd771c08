"""The documented limits: attachments, messages, content types."""

import json
from contextlib import ExitStack

import pytest
from websockets.exceptions import InvalidStatus

from support.live import subscribed
from support.service import put

SELECT = {
    "templateType": "ListPicker",
    "version": "1.0",
    "data": {"content": {"title": "Which?", "elements": [{"title": "One"}, {"title": "Two"}]}},
}

MESSAGES = [
    ("text/plain", "a" * 1024),
    ("text/plain", "🎈" * 1024),
    ("text/plain", "\n\t tabs and\nlines"),
    ("text/markdown", "*" + "b" * 1022 + "*"),
    ("application/json", json.dumps({"key": "c" * 11_900})),
    ("application/vnd.amazonaws.connect.message.interactive", json.dumps(SELECT)),
    ("application/vnd.amazonaws.connect.message.interactive.response", json.dumps({"action": "d" * 12_000})),
]

TOO_LONG = [
    ("text/plain", "a" * 1025),
    ("text/plain", "🎈" * 1025),
    ("text/markdown", "b" * 1025),
    ("application/json", json.dumps({"key": "c" * 12_000})),
    ("application/vnd.amazonaws.connect.message.interactive.response", json.dumps({"action": "d" * 12_288})),
]


@pytest.mark.parametrize(("content_type", "content"), MESSAGES)
def test_a_message_of_the_greatest_length_comes_through(customer, live, content_type, content):
    customer.say(content, content_type)
    item = live.item(Type="MESSAGE")
    assert (item["ContentType"], item["Content"]) == (content_type, content)
    [listed] = customer.call("get_transcript", MaxResults=1)["Transcript"]
    assert listed["Content"] == content


@pytest.mark.parametrize(("content_type", "content"), TOO_LONG)
def test_a_longer_message_is_refused(customer, content_type, content):
    refused = customer.refused("send_message", ContentType=content_type, Content=content)
    assert (refused.status, refused.type) == (400, "ValidationException")


def test_the_36th_attachment_exceeds_the_quota(customer):
    for number in range(35):
        customer.upload(b"x", f"{number}.txt")
    refused = customer.refused(
        "start_attachment_upload", AttachmentName="36.txt", AttachmentSizeInBytes=1, ContentType="text/plain", ClientToken="36"
    )
    assert (refused.status, refused.type) == (402, "ServiceQuotaExceededException")


def test_the_quota_counts_the_files_of_all_participants(contact):
    customer, bot = contact.customer.connect(), contact.add_bot().connect()
    for number in range(35):
        (customer if number % 2 else bot).upload(b"x", f"{number}.txt")
    for participant in (customer, bot):
        refused = participant.refused(
            "start_attachment_upload", AttachmentName="36.txt", AttachmentSizeInBytes=1, ContentType="text/plain", ClientToken="36"
        )
        assert refused.status == 402


def test_the_quota_of_one_contact_is_not_that_of_another(service):
    full = service.start_contact().customer.connect()
    for number in range(35):
        full.upload(b"x", f"{number}.txt")
    assert service.start_contact().customer.connect().upload(b"x", "1.txt")


def test_a_file_of_20_mib_is_taken_and_one_byte_more_is_not(customer):
    size = 20 * 1024 * 1024
    started = customer.start_upload("film.mp4", size, "video/mp4")
    data = bytes(range(256)) * (size // 256)
    assert put(started["UploadMetadata"], data).status == 200
    customer.finish_upload(started["AttachmentId"])
    assert customer.download(started["AttachmentId"]) == data

    refused = customer.refused(
        "start_attachment_upload", AttachmentName="film.mp4", AttachmentSizeInBytes=size + 1, ContentType="video/mp4", ClientToken="1"
    )
    assert (refused.status, refused.type) == (400, "ValidationException")


def test_uploads_are_not_held_in_memory(start_service):
    service = start_service("--quotas", "off")
    customer = service.start_contact().customer.connect()
    customer.upload(b"warm", "up.txt")
    before = service.process.resident_bytes()
    data = bytes(20 * 1024 * 1024)
    for number in range(4):
        customer.upload(data, f"{number}.mp4", "video/mp4")
    # 80 MiB went through; buffers and the allocator's slack stay far below one file.
    assert service.process.resident_bytes() - before < 16 * 1024 * 1024


@pytest.mark.parametrize("name", ["a.txt", "a" * 252 + ".txt", "字" * 252 + ".txt"])
def test_a_name_has_1_to_256_characters(customer, name):
    assert customer.start_upload(name)["AttachmentId"]
    refused = customer.refused(
        "start_attachment_upload",
        AttachmentName="b" * (257 - 4) + ".txt",
        AttachmentSizeInBytes=1,
        ContentType="text/plain",
        ClientToken="1",
    )
    assert refused.status == 400


def test_a_customer_chooses_what_content_it_takes(service):
    contact = service.start_contact(SupportedMessagingContentTypes=["text/plain", "text/markdown"])
    bot = contact.add_bot().connect()
    bot.say("**bold**", "text/markdown")
    refused = bot.refused("send_message", ContentType="application/json", Content="{}")
    assert (refused.status, refused.type) == (400, "ValidationException")


def test_five_sockets_are_open_and_the_sixth_is_refused(customer):
    with ExitStack() as sockets:
        opened = [sockets.enter_context(customer.live()) for _ in range(5)]
        with pytest.raises(InvalidStatus) as refused, subscribed(customer.socket_url):
            pass
        assert 400 <= refused.value.response.status_code < 500
        customer.say("Hello")
        for live in opened:
            live.message("Hello")
    with customer.live():
        pass
