"""The attachment trio: start, PUT, complete; and the way back, byte for byte."""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from urllib.parse import urlsplit

import pytest
import requests

from support.http import exchange
from support.ios import HEADERS_KNOWN_TO_IOS
from support.model import output_violations
from support.service import put

NAMES = [
    "plain.txt",
    "with spaces (1).txt",
    'quote".txt',
    "semi;colon,comma.txt",
    "Grüße aus Köln.txt",
    "Счёт.txt",
    "发票.txt",
    "فاتورة.txt",
    "חשבונית.txt",
    "🧾 receipt 👩‍👩‍👧.txt",
    "e\u0301 combining.txt",
    "100%.txt",
    "UPPER.TXT",
    "a" * 252 + ".txt",
    "字" * 252 + ".txt",
]

DOCUMENTED_TYPES = [
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("heic", "image/heic"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("mov", "video/quicktime"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("rtf", "application/rtf"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
]


@pytest.mark.parametrize("size", [1, 1024, 5 * 1024 * 1024], ids=["1 byte", "1 KiB", "5 MiB"])
def test_what_is_uploaded_is_what_is_downloaded(customer, live, size):
    data = random.Random(size).randbytes(size)
    attachment = customer.upload(data, "data.pdf", "application/pdf")
    assert live.item(Type="ATTACHMENT")["Attachments"][0]["Status"] == "APPROVED"
    answer = customer.call("get_attachment", AttachmentId=attachment)
    assert answer["AttachmentSizeInBytes"] == size
    download = requests.get(answer["Url"], timeout=10)
    assert download.status_code == 200
    assert download.headers["Content-Type"] == "application/pdf"
    assert int(download.headers["Content-Length"]) == size
    assert download.content == data


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_comes_through(customer, live, name):
    started = customer.start_upload(name, 5)
    assert all(value.isascii() for value in started["UploadMetadata"]["HeadersToInclude"].values())
    assert put(started["UploadMetadata"], b"hello").status == 200
    customer.complete_upload(started["AttachmentId"])
    item = live.item(Type="ATTACHMENT")
    assert [file["AttachmentName"] for file in item["Attachments"]] == [name]
    [listed] = [item for item in customer.transcript() if item["Type"] == "ATTACHMENT"]
    assert listed["Attachments"][0]["AttachmentName"] == name
    assert customer.download(started["AttachmentId"]) == b"hello"


@pytest.mark.parametrize("name", [name for name in NAMES if len(name) < 60])
def test_a_downloaded_file_has_its_name(customer, name):
    url = customer.call("get_attachment", AttachmentId=customer.upload(b"hello", name))["Url"]
    assert disposition_name(exchange("GET", url).headers["Content-Disposition"]) == name


def disposition_name(header: str) -> str:
    message = Message()
    message["Content-Disposition"] = header
    return message.get_filename()


@pytest.mark.parametrize("name", NAMES)
def test_an_upload_is_described_within_the_model(customer, name):
    body = {"AttachmentName": name, "AttachmentSizeInBytes": 1, "ContentType": "text/plain", "ClientToken": "1"}
    answer = customer.service.call("StartAttachmentUpload", customer.connection_token, body)
    assert answer.status == 200, str(answer)
    assert output_violations("StartAttachmentUpload", answer.json) == []


def test_an_upload_asks_for_headers_that_every_client_knows(customer):
    metadata = customer.start_upload("note.txt", 9)["UploadMetadata"]
    headers = metadata["HeadersToInclude"]
    assert headers.keys() <= HEADERS_KNOWN_TO_IOS
    assert headers["Content-Type"] == "text/plain"
    assert headers["Content-Length"] == "9"
    assert headers["Content-Disposition"] == 'attachment; filename="note.txt"'
    assert headers["x-amz-meta-contact_id"] == customer.contact_id
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", metadata["UrlExpiry"])
    assert urlsplit(metadata["Url"]).netloc == urlsplit(customer.service.url).netloc


def test_an_http_library_uploads_with_its_own_headers_beside(customer):
    """A browser sends User-Agent, Accept and more, whatever the page asks for."""
    started = customer.start_upload(size=5)
    extra = {"User-Agent": "a browser", "Accept": "*/*", "Origin": "http://localhost:3000", "Referer": "http://localhost:3000/"}
    assert put(started["UploadMetadata"], b"hello", **extra).status == 200


def test_header_names_are_caseless(customer):
    started = customer.start_upload(size=5)
    headers = {name.upper(): value for name, value in started["UploadMetadata"]["HeadersToInclude"].items()}
    assert exchange("PUT", started["UploadMetadata"]["Url"], headers, b"hello").status == 200


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.csv", "application/octet-stream"),
        ("a.wav", "audio/x-wav"),
        ("a.wav", "audio/wave"),
        ("a.rtf", "text/rtf"),
        ("a.jpg", "image/jpg"),
        ("a.heic", "image/heif"),
        ("a.pdf", "text/plain"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.txt", " text/plain "),
        ("a.txt", "x" * 255),
    ],
)
def test_the_extension_decides_whatever_the_content_type(customer, name, content_type):
    assert customer.download(customer.upload(b"hello", name, content_type)) == b"hello"


@pytest.mark.parametrize("content_type", ["", "x" * 256, "text/plain\r\nX: y", "text/plain\0", "text/pläin"])
def test_what_can_be_no_content_type_is_refused(customer, content_type):
    refused = customer.refused(
        "start_attachment_upload", AttachmentName="a.txt", AttachmentSizeInBytes=1, ContentType=content_type, ClientToken="1"
    )
    assert refused.status == 400


@pytest.mark.parametrize(("extension", "content_type"), DOCUMENTED_TYPES)
def test_every_documented_type_is_taken(customer, extension, content_type):
    assert customer.start_upload(f"file.{extension}", 1, content_type)["AttachmentId"]


def test_everybody_sees_an_attachment_and_the_sender_too(contact, live):
    bot = contact.add_bot("Bot").connect()
    with bot.live() as bots:
        attachment = bot.upload()
        for socket in (live, bots):
            item = socket.item(Type="ATTACHMENT")
            assert [file["AttachmentId"] for file in item["Attachments"]] == [attachment]
            assert (item["ParticipantId"], item["ParticipantRole"], item["DisplayName"]) == (bot.id, "CUSTOM_BOT", "Bot")
            assert "Content" not in item and "ContentType" not in item


def test_a_rejected_file_says_so_and_cannot_be_fetched(customer, live):
    attachment = customer.upload(b"X5O!", "eicar.txt")
    assert live.item(Type="ATTACHMENT")["Attachments"][0]["Status"] == "REJECTED"
    [listed] = [item for item in customer.transcript() if item["Type"] == "ATTACHMENT"]
    assert listed["Attachments"][0]["Status"] == "REJECTED"
    assert 400 <= customer.refused("get_attachment", AttachmentId=attachment).status < 500


def test_a_file_that_was_never_completed_cannot_be_fetched(customer):
    started = customer.start_upload(size=5)
    assert put(started["UploadMetadata"], b"hello").status == 200
    assert 400 <= customer.refused("get_attachment", AttachmentId=started["AttachmentId"]).status < 500
    assert "ATTACHMENT" not in [item["Type"] for item in customer.transcript()]


def test_a_later_put_does_not_change_a_completed_file(customer, live):
    started = customer.start_upload(size=5)
    put(started["UploadMetadata"], b"first")
    customer.complete_upload(started["AttachmentId"])
    live.item(Type="ATTACHMENT")
    put(started["UploadMetadata"], b"other")
    assert customer.download(started["AttachmentId"]) == b"first"


def test_a_file_can_be_fetched_again_and_again(customer):
    attachment = customer.upload()
    urls = {customer.call("get_attachment", AttachmentId=attachment, UrlExpiryInSeconds=seconds)["Url"] for seconds in (5, 60, 300)}
    assert len(urls) == 3
    for url in urls:
        assert [exchange("GET", url).body for _ in range(2)] == [b"hello"] * 2


def test_many_uploads_at_once_keep_apart(service):
    customer = service.start_contact().customer.connect()
    files = {f"file-{number}.csv": random.Random(number).randbytes(50_000 + number) for number in range(16)}
    with ThreadPoolExecutor(8) as threads:
        ids = dict(zip(files, threads.map(lambda name: customer.upload(files[name], name, "text/csv"), files), strict=True))
    for name, data in files.items():
        assert customer.download(ids[name]) == data
