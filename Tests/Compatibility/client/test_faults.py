"""A bot in a chat where something goes wrong: each reply once, each file whole, no request that the service would not take."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from strict_service.faults import (
    AnswerWith,
    BreakUpload,
    ExpireURL,
    LoseRequest,
    LoseResponse,
    Refuse,
    RefuseEarly,
    throttled,
    unavailable,
)

POSTMAN = Path(__file__).parent / "postman.yaml"

# What a receipt needs, in its order.
OPERATIONS = ["SendEvent", "SendMessage", "StartAttachmentUpload", "PUT", "CompleteAttachmentUpload"]

HTML = AnswerWith(502, b"<html><body>502 Bad Gateway</body></html>")


def faults(operation: str) -> dict:
    """What can happen to one call. S3 is not asked to throttle the way the API does."""
    common = {
        "unavailable": [unavailable()],
        "lost request": [LoseRequest()],
        "lost response": [LoseResponse()],
        "a gateway's page": [HTML],
        "one after the other": [LoseRequest(), unavailable(), HTML, LoseResponse()],
    }
    if operation == "PUT":
        return common | {"slow down": [Refuse(503, "SlowDown")], "internal error": [Refuse(500, "InternalError")]}
    return common | {"throttled": [throttled(), throttled()], "no answer at all": [AnswerWith(200, b"<html>Welcome to the hotel</html>")]}


CASES = [pytest.param(operation, list, id=f"{operation}, {name}") for operation in OPERATIONS for name, list in faults(operation).items()]


@pytest.mark.parametrize(("operation", "list"), CASES)
async def test_a_call_that_fails_is_repeated_and_happens_once(service, join, operation, list):
    visit = await join().greeted()
    service.faults.add(operation, *list)
    await visit.fetch("1", "2")
    assert [file["AttachmentName"] for file in service.chat.bot_files()] == ["receipt-1.txt", "receipt-2.txt"]
    await visit.end_of_chat()


@pytest.mark.parametrize("fault", [throttled(), unavailable(), LoseRequest(), LoseResponse(), HTML], ids=str)
@pytest.mark.parametrize("operation", ["CreateParticipantConnection", "GetTranscript"])
async def test_a_connection_that_fails_at_first_is_made(service, join, operation, fault):
    service.faults.add(operation, fault)
    visit = await join().greeted()
    await visit.fetch("1")
    await visit.end_of_chat()


@pytest.mark.parametrize("bytes", [0, 1, 100])
async def test_an_upload_that_breaks_half_way_is_sent_again_whole(service, join, bytes):
    visit = await join().greeted()
    service.faults.add("PUT", BreakUpload(bytes))
    await visit.fetch("1")
    await visit.end_of_chat()


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDenied"), (500, "InternalError"), (503, "SlowDown")])
async def test_an_upload_that_is_refused_before_it_was_read_is_sent_again(service, join, tmp_path, status, code):
    shutil.copy(POSTMAN, tmp_path / "postman.yaml")
    (tmp_path / "film.mp4").write_bytes(bytes(15 * 2**20))
    visit = await join(bot=tmp_path / "postman.yaml").greeted()
    service.faults.add("PUT", RefuseEarly(status, code))
    service.customer_says("send film.mp4")
    await visit.until_said("film.mp4 is sent")
    assert len([upload for upload in service.uploads if upload.is_completed]) == 1
    service.chat.end()
    assert await visit.ended() == 0
    assert service.violations == []


async def test_connections_that_the_service_closes_after_each_answer(service, join):
    """What a client takes for an idle connection is gone when it uses it again."""
    service.http.closes_after_answer = True
    visit = await join().greeted()
    await visit.fetch("1", "2", "3")
    await visit.end_of_chat()


async def test_an_expired_upload_url_starts_anew(service, join):
    visit = await join().greeted()
    service.faults.add("PUT", ExpireURL(), ExpireURL())
    await visit.fetch("1")
    assert [upload.is_completed for upload in service.uploads] == [False, False, True]
    await visit.end_of_chat()


async def test_a_completion_whose_answer_is_lost_and_whose_token_is_forgotten_conflicts_and_is_done(service, join):
    visit = await join().greeted()
    service.operations.token_memory = timedelta(0)
    service.faults.add("CompleteAttachmentUpload", LoseResponse())
    await visit.fetch("1")
    assert "CompleteAttachmentUpload -> 409" in service.calls
    await visit.end_of_chat()


async def test_a_scan_that_takes_its_time_is_waited_for(service, join):
    visit = await join().greeted()
    service.operations.holds_scans = True
    service.customer_says("receipt 1")
    await visit.until(lambda: service.uploads and service.uploads[0].is_completed, "the upload")
    service.customer_says("echo meanwhile")
    assert "1 is sent" not in service.chat.bot_texts()
    service.operations.release_scans()
    await visit.until_said("1 is sent")
    await visit.until_said("meanwhile")
    await visit.end_of_chat()


async def test_a_rejected_file_takes_the_other_way(service, join):
    visit = await join().greeted()
    service.operations.holds_scans = True
    service.customer_says("receipt 1")
    await visit.until(lambda: service.uploads and service.uploads[0].is_completed, "the upload")
    service.operations.release_scans("REJECTED")
    await visit.until_said("1 could not be sent")
    await visit.fetch("2")
    await visit.end_of_chat()


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        ("StartAttachmentUpload", Refuse(402, "ServiceQuotaExceededException")),
        ("StartAttachmentUpload", Refuse(400, "ValidationException")),
        ("CompleteAttachmentUpload", Refuse(402, "ServiceQuotaExceededException")),
        ("CompleteAttachmentUpload", Refuse(400, "ValidationException")),
    ],
)
async def test_a_refusal_for_good_is_not_repeated(service, join, operation, refusal):
    visit = await join().greeted()
    service.faults.add(operation, refusal)
    service.customer_says("receipt 1")
    await visit.until_said("1 could not be sent")
    assert len([call for call in service.calls if call.startswith(operation)]) == 1
    await visit.fetch("2")
    await visit.end_of_chat()


@pytest.mark.parametrize("operation", ["SendMessage", "StartAttachmentUpload", "CompleteAttachmentUpload"])
async def test_an_expired_connection_token_is_renewed_once_and_the_call_repeated(service, join, operation):
    visit = await join().greeted()
    connections = service.calls.count("CreateParticipantConnection")
    service.faults.add(operation, Refuse(403, "AccessDeniedException"))
    await visit.fetch("1")
    assert service.calls.count("CreateParticipantConnection") == connections + 1
    await visit.end_of_chat()


@pytest.mark.parametrize("revoked", [False, True])
async def test_tokens_that_expire_between_two_receipts_are_renewed(service, join, revoked):
    visit = await join().greeted()
    service.operations.renewal_revokes_tokens = revoked
    await visit.fetch("1")
    service.operations.expire_connection_tokens()
    await visit.fetch("2")
    service.operations.expire_connection_tokens()
    await visit.fetch("3")
    await visit.end_of_chat()


async def test_everything_at_once(service, join):
    service.faults.add("CreateParticipantConnection", throttled(), LoseResponse())
    visit = await join().greeted()
    service.sockets.copies = 2
    for operation in OPERATIONS:
        service.faults.add(operation, LoseResponse(), HTML)
    service.faults.add("PUT", BreakUpload(50), ExpireURL())
    service.customer_says("receipt 1")
    await visit.until(lambda: service.uploads, "the upload to begin")
    service.sockets.drop()
    await visit.until_said("1 is sent")
    await visit.fetch("2")
    await visit.end_of_chat()
