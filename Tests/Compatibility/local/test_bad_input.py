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
    "half a surrogate as bytes": b'{"ContentType":"text/plain","Content":"\xed\xa0\xbc"}',
    "a comma too many": b'{"ContentType":"text/plain","Content":"a",}',
    "a comma too many in a member that nobody reads": b'{"ContentType":"text/plain","Content":"a","X":[1,]}',
    "a comment": b'{"ContentType":"text/plain",/* a */"Content":"a"}',
    "a name twice": b'{"ContentType":"text/plain","Content":"a","Content":"b"}',
    "a name without quotes": b'{ContentType:"text/plain",Content:"a"}',
    "single quotes": b"{'ContentType':'text/plain','Content':'a'}",
    "no number": b'{"ContentType":"text/plain","Content":"a","X":NaN}',
    "a zero too many": b'{"ContentType":"text/plain","Content":"a","X":01}',
    "a point too many": b'{"ContentType":"text/plain","Content":"a","X":1.2.3}',
    "a byte order mark": b'\xef\xbb\xbf{"ContentType":"text/plain","Content":"a"}',
    "UTF-16": '{"ContentType":"text/plain","Content":"a"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"ContentType":"text/plain","Content":"a"}'.encode("utf-16-le"),
    "UTF-32": '{"ContentType":"text/plain","Content":"a"}'.encode("utf-32"),
    "bad UTF-8 in a member that nobody reads": b'{"ContentType":"text/plain","Content":"a","X":"\xff"}',
    "a NUL at the end": b'{"ContentType":"text/plain","Content":"a"}\0',
    "a number for a string": b'{"ContentType":"text/plain","Content":5}',
    "true for a string": b'{"ContentType":"text/plain","Content":true}',
    "null for what is required": b'{"ContentType":"text/plain","Content":null}',
    "deep in a member that nobody reads": b'{"ContentType":"text/plain","Content":"a","X":' + b"[" * 400 + b"]" * 400 + b"}",
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


@pytest.mark.parametrize(
    "parameters",
    [b'{"MaxResults":"5"}', b'{"MaxResults":true}', b'{"MaxResults":1.5}', b'{"MaxResults":1e400}', b'{"MaxResults":[5]}', b'{"MaxResults":5,}'],
)
def test_what_is_no_whole_number_is_a_400(customer, parameters):
    answer = customer.service.call("GetTranscript", customer.connection_token, parameters)
    assert answer.status == 400, str(answer)
    assert "MaxResults" in answer.json["message"] or "JSON" in answer.json["message"]


@pytest.mark.parametrize("path", ["/local/faults", "/contact/chat"])
def test_no_side_of_the_service_takes_a_comma_too_many(service, path):
    body = b'{"InstanceId":"i","ContactFlowId":"f","ParticipantDetails":{"DisplayName":"Ada"},"fault":"drop-sockets",}'
    answer = exchange("PUT" if path == "/contact/chat" else "POST", service.url + path, {"Content-Type": "application/json"}, body)
    assert answer.status == 400, str(answer)
    assert "JSON" in answer.json["message"]


@pytest.mark.parametrize(
    ("escaped", "content"),
    [(b"\\ud83c", "\ufffd"), (b"a\\uDF89z", "a\ufffdz"), (b"\\ud83c\\ud83c\\udf89", "\ufffd🎉"), (b"a\\u0000z", "a\0z"), (b"\\\\ud83c", "\\ud83c")],
)
def test_half_a_surrogate_is_delivered_as_u_fffd(customer, escaped, content):
    answer = customer.service.call("SendMessage", customer.connection_token, b'{"ContentType":"text/plain","Content":"%s"}' % escaped)
    assert answer.status == 200, str(answer)
    assert [item["Content"] for item in customer.transcript()] == [content]


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
        b"POST /participant/message HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: localhost\r\nContent-Length: ten\r\n\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"POST /" + b"p" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /participant/message HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
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
    headers = f"Host: localhost\r\nX-Amz-Bearer: {customer.connection_token}\r\nContent-Length: {len(body)}\r\n\r\n"
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


@pytest.mark.parametrize("chunks", [b"zz\r\n", b"5\r\nhello world\r\n0\r\n\r\n", b"-1\r\n", b"fffffffffffffffff\r\n"])
@pytest.mark.parametrize("target", ["POST /participant/message", "PUT /contact/chat", "POST /local/faults"])
def test_broken_chunks_are_a_400(service, target, chunks):
    head = f"{target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = raw(service.url, head.encode() + chunks)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"chunks" in answer


@pytest.mark.parametrize("token", ["a\rb", "a\nb", "a\r\n b", "a\0b", "a\x01b", "a\x7fb", "a" * 1001, "a\r\nX-Amz-Bearer: b"])
def test_what_can_be_no_token_is_a_400(service, token):
    head = f"POST /participant/transcript HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\nX-Amz-Bearer: {token}\r\n\r\n{{}}"
    answer = raw(service.url, head.encode())
    assert answer.startswith(b"HTTP/1.1 400 "), answer


def test_a_line_break_does_not_get_into_a_header(contact):
    customer = contact.customer.connect()
    session = contact.service.admin("POST", f"/contacts/{contact.id}/authentication").json["sessionId"]
    refused = customer.refused("get_authentication_url", SessionId=session, RedirectUri="https://shop.example\r\nSet-Cookie: a=b")
    assert refused.status == 400
    target = f"{contact.service.url}/local/authenticate?session={session}&redirect_uri=https%3A%2F%2Fshop.example%0D%0ASet-Cookie%3A%20a"
    assert exchange("GET", target).status == 400
    for name, value in {"ContentType": "text/plain\r\nX: y", "AttachmentName": "a\r\nb.txt"}.items():
        good = {"AttachmentName": "a.txt", "ContentType": "text/plain", "AttachmentSizeInBytes": 1, "ClientToken": "1"}
        assert customer.refused("start_attachment_upload", **good | {name: value}).status == 400
    with pytest.raises(Exception, match="InstanceId"):
        contact.service.start_contact(InstanceId="i\r\nX-Amz-Acl: public-read")


def test_a_long_path_is_not_echoed(service):
    answer = exchange("GET", service.url + "/" + "p" * 60_000)
    assert answer.status == 404
    assert len(answer.body) < 1000


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
