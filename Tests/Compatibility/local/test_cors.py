"""What a browser asks before it lets ChatJS call, and what it lets ChatJS read."""

import pytest

from support.http import Answer, exchange
from support.service import put

ORIGIN = "https://shop.example"
# ChatJS sends the first six (reference, section 7), other SDKs the last two.
API_HEADERS = [
    "authorization",
    "content-type",
    "x-amz-bearer",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-user-agent",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
]


def preflight(url: str, method: str, headers: list[str]) -> Answer:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": ",".join(headers)}
    return exchange("OPTIONS", url, asked)


def listed(answer: Answer, header: str) -> set[str]:
    return {name.strip().lower() for name in (answer.headers[header] or "").split(",")}


def assert_allows(answer: Answer, method: str, headers: list[str]) -> None:
    assert answer.status in (200, 204), str(answer)
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
    assert method.lower() in listed(answer, "Access-Control-Allow-Methods")
    # A star would not stand for Authorization.
    assert set(headers) <= listed(answer, "Access-Control-Allow-Headers")


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/participant/connection", "POST"),
        ("/participant/message", "POST"),
        ("/participant/event", "POST"),
        ("/participant/transcript", "POST"),
        ("/participant/start-attachment-upload", "POST"),
        ("/participant/complete-attachment-upload", "POST"),
        ("/participant/attachment", "POST"),
        ("/participant/disconnect", "POST"),
        ("/participant/views/a-view", "GET"),
        ("/contact/chat", "PUT"),
    ],
)
def test_the_preflight_of_an_operation_is_answered(service, path, method):
    assert_allows(preflight(service.url + path, method, API_HEADERS), method, API_HEADERS)


def test_the_preflight_of_an_upload_is_answered(customer):
    metadata = customer.start_upload()["UploadMetadata"]
    # The browser sets Content-Length itself, and does not ask for it.
    headers = [name.lower() for name in metadata["HeadersToInclude"] if name != "Content-Length"]
    assert_allows(preflight(metadata["Url"], "PUT", headers), "PUT", headers)


def test_the_preflight_of_a_download_is_answered(customer):
    url = customer.call("get_attachment", AttachmentId=customer.upload())["Url"]
    assert_allows(preflight(url, "GET", ["range"]), "GET", [])


def test_answers_can_be_read_by_a_page(customer):
    answer = customer.service.call("GetTranscript", customer.connection_token, {}, Origin=ORIGIN)
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)


def test_errors_and_their_type_can_be_read_by_a_page(customer):
    answer = customer.service.call("SendMessage", customer.connection_token, {}, Origin=ORIGIN)
    assert answer.status == 400
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
    assert {"x-amzn-errortype", "x-amzn-requestid"} <= listed(answer, "Access-Control-Expose-Headers")


def test_objects_can_be_put_and_read_by_a_page(customer):
    started = customer.start_upload(size=5)
    answer = put(started["UploadMetadata"], b"hello", Origin=ORIGIN)
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
    customer.finish_upload(started["AttachmentId"])
    url = customer.call("get_attachment", AttachmentId=started["AttachmentId"])["Url"]
    assert exchange("GET", url, {"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)


def test_a_refused_upload_can_be_read_by_a_page(customer):
    started = customer.start_upload(size=5)
    answer = put(started["UploadMetadata"], b"hello", Origin=ORIGIN, **{"Content-Type": "text/csv"})
    assert answer.status == 403
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
