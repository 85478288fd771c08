"""A pre-signed URL is good for one method, one object, some headers and some time; everything else is refused as S3 refuses it."""

import socket
import threading
import time
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.etree import ElementTree

import pytest

from support.http import Answer, exchange, raw
from support.service import put

DATA = b"hello"


@pytest.fixture
def upload(customer) -> dict:
    """A started upload of five bytes."""
    return customer.start_upload(size=len(DATA))


@pytest.fixture
def metadata(upload) -> dict:
    return upload["UploadMetadata"]


def assert_s3_refuses(answer: Answer, *statuses: int) -> str:
    assert answer.status in (statuses or (403,)), str(answer)
    assert "xml" in answer.headers["Content-Type"]
    error = ElementTree.fromstring(answer.body)
    assert error.tag == "Error"
    assert error.findtext("Message")
    return error.findtext("Code")


def assert_nothing_is_stored(customer, upload: dict) -> None:
    refused = customer.refused("complete_attachment_upload", AttachmentIds=[upload["AttachmentId"]], ClientToken="early")
    assert refused.status in (400, 409)


def with_query(url: str, **changed: str | None) -> str:
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), **changed}
    return urlunsplit(parts._replace(query=urlencode({name: value for name, value in query.items() if value is not None})))


def test_every_changed_character_of_the_query_is_refused(customer, upload, metadata):
    url = metadata["Url"]
    start = url.index("?") + 1
    for position in range(start, len(url)):
        if url[position] in "%&=":
            continue
        changed = url[:position] + ("0" if url[position] != "0" else "1") + url[position + 1 :]
        answer = put(metadata | {"Url": changed}, DATA)
        # A name or a value that is not one any more may also be a malformed request.
        assert_s3_refuses(answer, 400, 403)
    assert_nothing_is_stored(customer, upload)


def test_every_parameter_is_needed(customer, upload, metadata):
    for name in dict(parse_qsl(urlsplit(metadata["Url"]).query)):
        assert_s3_refuses(put(metadata | {"Url": with_query(metadata["Url"], **{name: None})}, DATA), 400, 403)
    assert_nothing_is_stored(customer, upload)


def test_another_object_is_refused(customer, upload, metadata):
    other = customer.start_upload(size=len(DATA))
    path = urlsplit(other["UploadMetadata"]["Url"]).path
    parts = urlsplit(metadata["Url"])
    if parts.path == path:
        pytest.fail("two uploads have one path")
    assert_s3_refuses(put(metadata | {"Url": urlunsplit(parts._replace(path=path))}, DATA), 403)
    assert_nothing_is_stored(customer, upload)
    assert_nothing_is_stored(customer, other)


@pytest.mark.parametrize("path", ["/", "/../secret", "/%2e%2e/%2e%2e/etc/passwd"])
def test_another_path_is_refused(metadata, path):
    url = urlunsplit(urlsplit(metadata["Url"])._replace(path=path))
    assert put(metadata | {"Url": url}, DATA).status in (400, 403, 404, 405)


def test_every_missing_header_is_refused(customer, upload, metadata):
    for name in metadata["HeadersToInclude"]:
        # Without a length, HTTP would not know where the body ends: S3's answer is 411.
        statuses = (403, 411) if name == "Content-Length" else (403,)
        headers = {key: value for key, value in metadata["HeadersToInclude"].items() if key != name}
        if name == "Content-Length":
            headers["Transfer-Encoding"] = "chunked"
            statuses = (*statuses, 400, 501)
            body = b"5\r\nhello\r\n0\r\n\r\n"
        else:
            body = DATA
        assert_s3_refuses(exchange("PUT", metadata["Url"], headers, body), *statuses)
    assert_nothing_is_stored(customer, upload)


def test_every_changed_header_is_refused(customer, upload, metadata):
    for name, value in metadata["HeadersToInclude"].items():
        if name != "Content-Length":
            for changed in {value + "x", value[:-1], value.swapcase()} - {value}:
                assert_s3_refuses(put(metadata, DATA, **{name: changed}), 403)
    assert_nothing_is_stored(customer, upload)


def test_an_added_amazon_header_is_refused(customer, upload, metadata):
    """S3: there were headers present in the request which were not signed."""
    for name in ("x-amz-meta-colour", "x-amz-storage-class", "X-Amz-Tagging"):
        assert_s3_refuses(put(metadata, DATA, **{name: "blue"}), 403)
    assert_nothing_is_stored(customer, upload)


@pytest.mark.parametrize("data", [b"hell", b"hello!", b"hello" * 1000], ids=["shorter", "longer", "much longer"])
def test_another_length_is_refused(customer, upload, metadata, data):
    assert_s3_refuses(put(metadata, data, **{"Content-Length": str(len(data))}), 400, 403)
    assert_nothing_is_stored(customer, upload)


def test_two_lengths_are_refused(customer, upload, metadata):
    parts = urlsplit(metadata["Url"])
    headers = "".join(f"{name}: {value}\r\n" for name, value in metadata["HeadersToInclude"].items())
    request = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}Content-Length: 6\r\n\r\n"
    assert raw(customer.service.url, request.encode() + b"hello!", then_close=True).split(b" ")[1:2] in ([b"400"], [b"403"], [])
    assert_nothing_is_stored(customer, upload)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "PATCH"])
def test_another_method_is_refused(customer, upload, metadata, method):
    answer = exchange(method, metadata["Url"], metadata["HeadersToInclude"] if method in ("POST", "PATCH") else {}, b"")
    assert answer.status in (403, 404, 405), str(answer)
    assert_nothing_is_stored(customer, upload)


def test_a_download_url_takes_no_upload(customer):
    attachment = customer.upload(DATA)
    url = customer.call("get_attachment", AttachmentId=attachment)["Url"]
    assert exchange("PUT", url, {"Content-Type": "text/plain"}, b"other").status in (403, 405)
    assert customer.download(attachment) == DATA


def test_every_changed_character_of_a_download_url_is_refused(customer):
    url = customer.call("get_attachment", AttachmentId=customer.upload(DATA))["Url"]
    for position in range(url.index("?") + 1, len(url)):
        if url[position] not in "%&=":
            changed = url[:position] + ("0" if url[position] != "0" else "1") + url[position + 1 :]
            assert_s3_refuses(exchange("GET", changed), 400, 403)


def test_an_expired_download_url_is_refused(customer):
    answer = customer.call("get_attachment", AttachmentId=customer.upload(DATA), UrlExpiryInSeconds=5)
    expiry = datetime.fromisoformat(answer["UrlExpiry"])
    remaining = (expiry - datetime.now(UTC)).total_seconds()
    assert 3 < remaining <= 6
    assert exchange("GET", answer["Url"]).body == DATA
    # The one wait in these tests: five seconds are the shortest life that the service gives a URL.
    time.sleep(remaining + 0.3)
    assert assert_s3_refuses(exchange("GET", answer["Url"]), 403) == "AccessDenied"


def test_the_expiry_of_a_url_is_signed(customer):
    answer = customer.call("get_attachment", AttachmentId=customer.upload(DATA), UrlExpiryInSeconds=5)
    for name, value in parse_qsl(urlsplit(answer["Url"]).query):
        if value.isdigit():
            assert_s3_refuses(exchange("GET", with_query(answer["Url"], **{name: str(int(value) + 100)})), 400, 403)


@pytest.mark.parametrize("sent", [0, 1, 50_000, 99_999])
def test_a_put_that_stops_half_way_stores_nothing(customer, sent):
    size = 100_000
    upload = customer.start_upload("big.pdf", size, "application/pdf")
    metadata = upload["UploadMetadata"]
    parts = urlsplit(metadata["Url"])
    headers = "".join(f"{name}: {value}\r\n" for name, value in metadata["HeadersToInclude"].items())
    request = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}\r\n"
    raw(customer.service.url, request.encode() + b"x" * sent, then_close=True)
    assert_nothing_is_stored(customer, upload)

    assert put(metadata, b"y" * size).status == 200
    customer.finish_upload(upload["AttachmentId"])
    assert customer.download(upload["AttachmentId"]) == b"y" * size


def test_a_slow_put_does_not_hold_up_the_others(customer):
    upload = customer.start_upload("big.pdf", 100_000, "application/pdf")
    metadata = upload["UploadMetadata"]
    parts = urlsplit(metadata["Url"])
    headers = "".join(f"{name}: {value}\r\n" for name, value in metadata["HeadersToInclude"].items())
    request = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}\r\n"
    release = threading.Event()

    def slow_put() -> None:
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            connection.sendall(request.encode() + b"x" * 1000)
            release.wait(20)

    threads = [threading.Thread(target=slow_put) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        customer.service.assert_healthy()
        assert customer.download(customer.upload(DATA)) == DATA
    finally:
        release.set()
        for thread in threads:
            thread.join()
