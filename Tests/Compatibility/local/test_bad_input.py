"""Input that no honest client sends: a clear refusal, and the service goes on."""

import json

import pytest

from support.http import exchange, raw

BODIES = {
    "nothing": b"",
    "not JSON": b"hello",
    "cut off": b'{"ContentType": "text/plain", "Content": "Hel',
    "a list": b"[]",
    "null": b"null",
    "a number": b"5",
    "a string": b'"text"',
    "two values": b'{"ContentType":"text/plain","Content":"a"} {"x":1}',
    "bad UTF-8": b'{"ContentType":"text/plain","Content":"\xff\xfe"}',
    "half a surrogate": b'{"ContentType":"text/plain","Content":"\\ud83c"}',
    "a bare control character": b'{"ContentType":"text/plain","Content":"\x01"}',
    "deep": b"[" * 50_000,
    "deep objects": b'{"a":' * 50_000,
    "a huge number": b'{"ContentType":"text/plain","Content":1e999999}',
    "a form": b"ContentType=text/plain&Content=Hello",
}


@pytest.mark.parametrize("body", list(BODIES.values()), ids=list(BODIES))
def test_a_body_that_is_no_request_is_a_400(customer, body):
    answer = customer.service.call("SendMessage", customer.connection_token, body)
    assert answer.status == 400, str(answer)
    assert answer.headers["x-amzn-ErrorType"]
    assert answer.json["message"]
    assert customer.transcript() == []


def test_unknown_members_are_ignored_or_refused_but_never_half_done(customer):
    body = {"ContentType": "text/plain", "Content": "Hello", "Colour": "blue"}
    answer = customer.service.call("SendMessage", customer.connection_token, body)
    assert answer.status in (200, 400), str(answer)
    assert len(customer.transcript()) == (1 if answer.status == 200 else 0)


@pytest.mark.parametrize("size", [70_000, 1_100_000, 20_000_000])
def test_an_oversized_body_is_refused(customer, size):
    body = json.dumps({"ContentType": "text/plain", "Content": "x" * size}).encode()
    answer = customer.service.call("SendMessage", customer.connection_token, body)
    assert answer.status in (400, 413), str(answer)
    assert customer.transcript() == []
    customer.service.assert_healthy()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"\r\n\r\n",
        b"HELLO\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /participant/message HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"POST /participant/message HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"POST /" + b"p" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
    ],
    ids=lambda data: repr(data[:50]),
)
def test_broken_http_is_refused_and_the_service_goes_on(service, request_bytes):
    answer = raw(service.url, request_bytes, then_close=True)
    assert answer == b"" or 400 <= int(answer.split(b" ")[1]) < 600
    service.assert_healthy()


def test_a_client_that_closes_its_side_at_once_is_answered(customer):
    """Whatever comes first at the service: the request, the end of the stream, or that the connection is served."""
    body = b'{"MaxResults": 1}'
    headers = f"Host: x\r\nX-Amz-Bearer: {customer.connection_token}\r\nContent-Length: {len(body)}\r\n\r\n"
    for _ in range(20):
        answer = raw(customer.service.url, b"POST /participant/transcript HTTP/1.1\r\n" + headers.encode() + body, then_close=True)
        assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/participant/message"),
        ("POST", "/participant/unheard-of"),
        ("PUT", "/participant/message"),
        ("DELETE", "/participant/connection"),
        ("POST", "/participant/message/"),
        ("POST", "//participant/message"),
        ("POST", "/contact/chat"),
        ("PUT", "/contact/create-participant"),
        ("GET", "/participant/views/"),
        ("GET", "/favicon.ico"),
        ("TRACE", "/participant/message"),
    ],
)
def test_an_unknown_path_or_method_is_a_clear_4xx(service, method, path):
    answer = exchange(method, service.url + path, {"Content-Type": "application/json", "X-Amz-Bearer": "x"}, b"")
    assert 400 <= answer.status < 500, str(answer)


@pytest.mark.parametrize("token", ["", " ", "ÄÖÜ", "a" * 5000, "..", "null", "Bearer x"])
def test_a_strange_token_is_refused(service, token):
    answer = service.call("GetTranscript", token, {}, **{"X-Amz-Bearer": token})
    assert answer.status in (400, 403, 431), str(answer)
    service.assert_healthy()


def test_what_an_sdk_signs_is_ignored(customer):
    """The model says SigV4, so SDKs sign; the service does not look."""
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=nobody/20000101/nowhere/execute-api/aws4_request, SignedHeaders=host, Signature=0",
        "X-Amz-Date": "20000101T000000Z",
        "X-Amz-Content-Sha256": "0" * 64,
        "amz-sdk-invocation-id": "1",
        "amz-sdk-request": "attempt=1; max=1",
        "x-amz-user-agent": "aws-sdk-js/3",
    }
    body = {"ContentType": "text/plain", "Content": "Hello"}
    assert customer.service.call("SendMessage", customer.connection_token, body, **headers).status == 200


def test_strange_text_comes_back_as_it_was(customer, live):
    text = '\u202eright to left\u202c \ufeffmark \\u0041 "quoted" \u2028 \f \U0001f468\u200d\U0001f469 e\u0301'
    customer.say(text)
    assert live.item(Type="MESSAGE")["Content"] == text
    assert customer.transcript()[-1]["Content"] == text


def test_strange_display_names_come_back_as_they_were(service):
    name = 'Zoë \u202e🎈 "<script>" \\ O\'Brien'
    customer = service.start_contact(name).customer.connect()
    customer.say("Hello")
    assert [item["DisplayName"] for item in customer.transcript()] == [name]
