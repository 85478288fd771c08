"""The judge is judged: a client in order is left in peace, and every fault of a client is found."""

import asyncio
import json
from contextlib import suppress

import pytest
import requests

from strict_service import StrictService
from support import aws
from support.http import exchange

TEXT = {"ContentType": "text/plain", "Content": "Hello", "ClientToken": "1"}
START = {"ContentType": "text/plain", "AttachmentSizeInBytes": 5, "AttachmentName": "a.txt", "ClientToken": "1"}
BOTH = ["WEBSOCKET", "CONNECTION_CREDENTIALS"]


@pytest.fixture
async def service():
    async with StrictService() as service:
        yield service


async def connected(service: StrictService) -> tuple:
    """A boto3 client, and the bot's connection token."""
    api = aws.client("connectparticipant", service.url, attempts=3)
    token = service.chat.bot.participant_token
    opened = await asyncio.to_thread(api.create_participant_connection, ParticipantToken=token, Type=BOTH)
    return api, opened["ConnectionCredentials"]["ConnectionToken"]


async def post(service: StrictService, path: str, body: dict | bytes, **headers: str | None):
    """A call as bytes; a header of value None is left out."""
    _, token = await connected(service)
    given = {"Content-Type": "application/json", "X-Amz-Bearer": token} | headers
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    kept = {name: value for name, value in given.items() if value is not None}
    return await asyncio.to_thread(exchange, "POST", f"{service.url}/participant/{path}", kept, data)


async def started(service: StrictService) -> dict:
    api, token = await connected(service)
    return (await asyncio.to_thread(api.start_attachment_upload, ConnectionToken=token, **START))["UploadMetadata"]


async def test_boto3_is_in_order(service):
    api, token = await connected(service)

    def converse() -> None:
        api.send_message(ConnectionToken=token, ContentType="text/plain", Content="Hello")
        api.send_event(ConnectionToken=token, ContentType="application/vnd.amazonaws.connect.event.typing")
        begun = api.start_attachment_upload(ConnectionToken=token, **START)
        metadata = begun["UploadMetadata"]
        assert exchange("PUT", metadata["Url"], metadata["HeadersToInclude"], b"hello").status == 200
        api.complete_attachment_upload(ConnectionToken=token, AttachmentIds=[begun["AttachmentId"]], ClientToken="2")
        listed = api.get_transcript(ConnectionToken=token, SortOrder="ASCENDING")["Transcript"]
        assert [item["Type"] for item in listed] == ["MESSAGE", "ATTACHMENT"]
        api.disconnect_participant(ConnectionToken=token)

    await asyncio.to_thread(converse)
    assert service.violations == []


WRONG_CALLS = {
    "an unknown member": ("message", TEXT | {"Colour": "blue"}, {}, "Colour"),
    "a missing member": ("message", {"ContentType": "text/plain", "ClientToken": "1"}, {}, "Content"),
    "a wrong type": ("message", TEXT | {"Content": 5}, {}, "Content"),
    "too long a text": ("message", TEXT | {"Content": "x" * 1025}, {}, "1025 characters"),
    "no client token": ("message", {"ContentType": "text/plain", "Content": "Hello"}, {}, "ClientToken"),
    "a token in the body": ("message", TEXT | {"ConnectionToken": "x"}, {}, "belongs into the header"),
    "no enumeration's value": ("transcript", {"SortOrder": "RANDOM"}, {}, "RANDOM"),
    "too large a number": ("transcript", {"MaxResults": 101}, {}, "101"),
    "two attachments": ("complete-attachment-upload", {"AttachmentIds": ["a", "b"], "ClientToken": "1"}, {}, "more than 1"),
    "a null": ("transcript", {"NextToken": None}, {}, "NextToken"),
    "no JSON": ("message", b"hello", {}, "no JSON"),
    "no object": ("message", b"[]", {}, "no object"),
    "a key twice": ("message", b'{"Content":"a","Content":"b"}', {}, "twice"),
    "another content type": ("message", TEXT, {"Content-Type": "text/plain"}, "content type"),
    "no content type": ("message", TEXT, {"Content-Type": None}, "content type"),
    "no token": ("message", TEXT, {"X-Amz-Bearer": None}, "X-Amz-Bearer"),
    "a made-up token": ("message", TEXT, {"X-Amz-Bearer": "made-up"}, "nobody was given"),
    "an unknown path": ("gossip", {}, {}, "the model has no"),
    "a file that is not taken": ("start-attachment-upload", START | {"AttachmentName": "a.zip"}, {}, "a.zip"),
    "no object to complete": ("complete-attachment-upload", {"AttachmentIds": ["a"], "ClientToken": "1"}, {}, "no such object"),
}


@pytest.mark.parametrize(("path", "body", "headers", "found"), list(WRONG_CALLS.values()), ids=list(WRONG_CALLS))
async def test_a_wrong_call_is_refused_and_noted(service, path, body, headers, found):
    answer = await post(service, path, body, **headers)
    assert 400 <= answer.status < 500
    [violation] = service.violations
    assert found in violation


async def test_the_participant_token_is_for_connections_alone(service):
    await post(service, "message", TEXT, **{"X-Amz-Bearer": service.chat.bot.participant_token})
    assert "a participant token" in service.violations[0]


async def test_a_put_in_order_is_taken(service):
    metadata = await started(service)
    answer = await asyncio.to_thread(exchange, "PUT", metadata["Url"], metadata["HeadersToInclude"], b"hello")
    assert answer.status == 200 and service.violations == []


WRONG_HEADERS = {
    "an extra one": {"Accept": "*/*"},
    "a user agent": {"User-Agent": "curl/8"},
    "an expectation": {"Expect": "100-continue"},
    "a changed value": {"Content-Type": "text/plain; charset=utf-8"},
    "a missing one": {"x-amz-acl": None},
}


@pytest.mark.parametrize("changed", list(WRONG_HEADERS.values()), ids=list(WRONG_HEADERS))
async def test_a_put_with_other_headers_is_refused_and_noted(service, changed):
    metadata = await started(service)
    headers = {name: value for name, value in {**metadata["HeadersToInclude"], **changed}.items() if value is not None}
    answer = await asyncio.to_thread(exchange, "PUT", metadata["Url"], headers, b"hello")
    assert answer.status == 403
    assert next(iter(changed)).lower() in service.violations[0]


async def test_an_ordinary_http_library_is_found_out(service):
    metadata = await started(service)
    answer = await asyncio.to_thread(requests.put, metadata["Url"], data=b"hello", headers=metadata["HeadersToInclude"], timeout=10)
    assert answer.status_code == 403
    assert "user-agent is not asked for" in service.violations[0]


async def test_a_client_that_is_too_fast_is_found_out(service):
    api, token = await connected(service)

    def hurry() -> None:
        for _ in range(10):  # Five at once, and one of slack, are admitted.
            api.start_attachment_upload(ConnectionToken=token, ContentType="text/plain", AttachmentSizeInBytes=5, AttachmentName="a.txt")

    with suppress(api.exceptions.ThrottlingException):
        await asyncio.to_thread(hurry)
    assert "faster than the documented quota" in service.violations[0]
