"""What a browser asks before it lets ChatJS call, and what it lets ChatJS read; and whose pages may not call at all."""

import subprocess

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from support.http import Answer, exchange, raw
from support.process import clean_environment
from support.service import put

# Where a page under development comes from.
ORIGIN = "http://localhost:3000"
SHOP = "https://shop.example"
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


def preflight(url: str, method: str, headers: list[str], origin: str = ORIGIN) -> Answer:
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": ",".join(headers)}
    return exchange("OPTIONS", url, asked)


def listed(answer: Answer, header: str) -> set[str]:
    return {name.strip().lower() for name in (answer.headers[header] or "").split(",")}


def assert_allows(answer: Answer, method: str, headers: list[str]) -> None:
    assert answer.status in (200, 204), str(answer)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
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
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_errors_and_their_type_can_be_read_by_a_page(customer):
    answer = customer.service.call("SendMessage", customer.connection_token, {}, Origin=ORIGIN)
    assert answer.status == 400
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert {"x-amzn-errortype", "x-amzn-requestid"} <= listed(answer, "Access-Control-Expose-Headers")


def test_objects_can_be_put_and_read_by_a_page(customer):
    started = customer.start_upload(size=5)
    answer = put(started["UploadMetadata"], b"hello", Origin=ORIGIN)
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    customer.finish_upload(started["AttachmentId"])
    url = customer.call("get_attachment", AttachmentId=started["AttachmentId"])["Url"]
    assert exchange("GET", url, {"Origin": ORIGIN}).headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_refused_upload_can_be_read_by_a_page(customer):
    started = customer.start_upload(size=5)
    answer = put(started["UploadMetadata"], b"hello", Origin=ORIGIN, **{"Content-Type": "text/csv"})
    assert answer.status == 403
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


# Pages and names of others


def assert_refused(answer: Answer, option: str) -> None:
    assert answer.status == 403, str(answer)
    assert option in answer.body.decode()
    assert answer.headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize(
    "origin", [SHOP, "null", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "file://", "capacitor://localhost"]
)
def test_a_page_of_another_site_drives_nothing(customer, origin):
    service = customer.service
    started = customer.start_upload(size=5)
    url = started["UploadMetadata"]["Url"]
    body = {"ContentType": "text/plain", "Content": "Hello"}
    assert_refused(service.call("SendMessage", customer.connection_token, body, Origin=origin), "--allow-origin")
    assert_refused(exchange("PUT", service.url + "/contact/chat", {"Origin": origin}, b"{}"), "--allow-origin")
    assert_refused(exchange("POST", service.url + "/local/faults", {"Origin": origin, "Content-Type": "text/plain"}, b"{}"), "--allow-origin")
    assert_refused(put(started["UploadMetadata"], b"hello", Origin=origin), "--allow-origin")
    assert_refused(preflight(service.url + "/participant/message", "POST", API_HEADERS, origin), "--allow-origin")
    assert_refused(preflight(url, "PUT", ["content-type"], origin), "--allow-origin")
    with pytest.raises(InvalidStatus) as refused:
        connect(customer.connect().socket_url, origin=origin, proxy=None)
    assert refused.value.response.status_code == 403
    assert customer.transcript() == []
    assert customer.refused("complete_attachment_upload", AttachmentIds=[started["AttachmentId"]], ClientToken="1").status == 400


@pytest.mark.parametrize(
    "host",
    [
        "shop.example", "localhost.evil.example", "127.0.0.1.evil.example:8080", "user@localhost", "2130706433", "0177.0.0.1", "127.1",
        "[::ffff:10.0.0.1]", "localhost, evil.example", "",
    ],
)  # fmt: skip
def test_another_name_reaches_nothing(customer, host):
    """DNS rebinding: a browser would send the page's own name."""
    url = customer.start_upload(size=5)["UploadMetadata"]["Url"]
    body = {"ContentType": "text/plain", "Content": "Hello"}
    for answer in (
        customer.service.call("SendMessage", customer.connection_token, body, Host=host),
        exchange("PUT", url, {"Host": host}, b"hello"),
        exchange("GET", customer.service.url + "/local/contacts", {"Host": host}),
        exchange("OPTIONS", url, {"Host": host, "Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}),
        exchange("GET", customer.connect().socket_url.replace("ws://", "http://"), {"Host": host} | UPGRADE),
    ):
        assert_refused(answer, "--allow-host")
    assert customer.transcript() == []


UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize("host", ["LOCALHOST", "localhost.:80", "127.0.0.1", "127.9.9.9:1", "[::1]:8080"])
def test_the_loopback_has_many_names(customer, host):
    assert customer.service.call("GetTranscript", customer.connection_token, {}, Host=host).status == 200


@pytest.mark.parametrize("hosts", [b"", b"Host: localhost\r\nHost: localhost\r\n", b"Host: localhost\r\nHost: evil.example\r\n"])
def test_a_request_names_one_host(service, hosts):
    for version in (b"1.0", b"1.1"):
        answer = raw(service.url, b"GET /local/contacts HTTP/" + version + b"\r\nConnection: close\r\n" + hosts + b"\r\n")
        assert answer.split(b" ")[1] in (b"400", b"403"), answer


def test_named_hosts_and_origins_are_let_in(start_service):
    service = start_service("--quotas", "off", "--allow-host", "chat.test", "--allow-origin", SHOP, "--allow-origin", "https://two.example")
    customer = service.start_contact().customer.connect()
    for origin in (ORIGIN, SHOP, "https://two.example"):
        answer = service.call("GetTranscript", customer.connection_token, {}, Origin=origin, Host="chat.test:80")
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"]) == (200, origin, "Origin")
        with connect(customer.connect().socket_url, origin=origin, proxy=None):
            pass
    assert_refused(service.call("GetTranscript", customer.connection_token, {}, Origin="https://three.example"), "--allow-origin")
    assert_refused(service.call("GetTranscript", customer.connection_token, {}, Host="other.test"), "--allow-host")
    assert_refused(exchange("GET", service.url + "/local/contacts", {"Origin": SHOP}), "--allow-origin")


def test_all_origins_are_let_in_when_that_is_said(start_service):
    service = start_service("--quotas", "off", "--allow-origin", "*")
    customer = service.start_contact().customer.connect()
    answer = service.call("GetTranscript", customer.connection_token, {}, Origin="null")
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert preflight(service.url + "/participant/message", "POST", API_HEADERS, SHOP).status == 200
    assert exchange("GET", service.url + "/local/contacts", {"Origin": SHOP}).status == 403


@pytest.mark.parametrize("command", ["local", "run", "repl"])
@pytest.mark.parametrize(
    "option", [("--allow-host", "http://chat.test"), ("--allow-host", ""), ("--allow-origin", "shop.example"), ("--allow-origin", "https://")]
)
def test_what_is_no_host_and_no_origin_is_a_usage_error(attache_binary, command, option):
    done = subprocess.run(
        [str(attache_binary), command, *option], env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 2, done.stderr
    assert option[0] in done.stderr
