"""Hostile clients against the local service's WebSocket: the right close code for each, and the service goes on (RFC 6455).

The upgrade is spoken and the answers are read by wsproto; what is sent is written by hand. The same sockets under a table of twice the size
are tested in Tests/TransportTests/WebSocket, on both sides.
"""

import json
import socket
import struct
from urllib.parse import urlsplit

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Pong, Request, TextMessage

MASK = bytes([0x37, 0xFA, 0x21, 0x3D])


def frame(first: int, payload: bytes = b"", *, masked: bool = True, form: str | None = None) -> bytes:
    """form: how the length is written, where not in its shortest form."""
    length = len(payload)
    bit = 0x80 if masked else 0
    if form == "quad" or (form is None and length > 0xFFFF):
        head = bytes([first, bit | 127]) + struct.pack("!Q", length)
    elif form == "word" or (form is None and length > 125):
        head = bytes([first, bit | 126]) + struct.pack("!H", length)
    else:
        head = bytes([first, bit | length])
    return head + (MASK + bytes(byte ^ MASK[index % 4] for index, byte in enumerate(payload)) if masked else payload)


def claim(length: int) -> bytes:
    return b"\x82\xff" + struct.pack("!Q", length) + MASK


def close(code: int, reason: bytes = b"") -> bytes:
    return frame(0x88, struct.pack("!H", code) + reason)


VIOLATIONS = {
    "reserved bit": (frame(0xC1, b"x"), 1002),
    "reserved bit of a ping": (frame(0xA9), 1002),
    **{f"reserved opcode {opcode}": (frame(0x80 | opcode), 1002) for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]},
    "unmasked text": (frame(0x81, b"x", masked=False), 1002),
    "unmasked close": (frame(0x88, b"\x03\xe8", masked=False), 1002),
    "continuation of nothing": (frame(0x80, b"x"), 1002),
    "text inside a text": (frame(0x01, b"a") + frame(0x81, b"b"), 1002),
    "fragmented ping": (frame(0x09, b"x"), 1002),
    "ping of 126 bytes": (frame(0x89, b"x" * 126), 1002),
    "length not in its shortest form": (frame(0x81, b"hello", form="word"), 1002),
    "length not in its shortest form, long": (frame(0x81, b"x" * 300, form="quad"), 1002),
    "length with its highest bit": (claim(1 << 63), 1002),
    "length of 5 GiB": (claim(5 << 30), 1009),
    "message of 2 MiB": (frame(0x81, b"x" * (2 << 20)), 1009),
    "fragments of 2 MiB": (frame(0x01, b"x" * (1 << 20)) + frame(0x80, b"x"), 1009),
    "byte that is never in UTF-8": (frame(0x81, b"a\xff"), 1007),
    "overlong UTF-8": (frame(0x81, b"\xc0\xaf"), 1007),
    "surrogate": (frame(0x81, b"\xed\xa0\x80"), 1007),
    "half a character at the end": (frame(0x81, b"\xe2\x82"), 1007),
    "bad bytes in an unfinished message": (frame(0x01, b"\xff"), 1007),
    "close frame of one byte": (frame(0x88, b"\x03"), 1002),
    "close reason that is not UTF-8": (close(1000, b"\xff"), 1007),
    **{f"close code {code}": (close(code), 1002) for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535]},
}

GOODBYES = {code: close(code, b"because") for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4999]}

BROKEN = {
    "nothing": b"",
    "half a header": b"\x81",
    "half a length": b"\x81\xfe\x01",
    "header without payload": frame(0x81, b"hello")[:6],
    "half a payload": frame(0x81, b"hello")[:-2],
    "half a message": frame(0x01, b"hello"),
}


class HostileClient:
    """An upgraded connection."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.protocol = WSConnection(ConnectionType.CLIENT)
        self.connection = socket.create_connection((parts.hostname, parts.port), timeout=20)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.sendall(self.protocol.send(Request(host=parts.netloc, target=f"{parts.path}?{parts.query}")))
        assert isinstance(next(self.events()), AcceptConnection)

    def events(self):
        """Everything up to the end of the connection."""
        while data := self.connection.recv(65536):
            self.protocol.receive_data(data)
            yield from self.protocol.events()

    def close_codes(self) -> list[int]:
        return [event.code for event in self.events() if isinstance(event, CloseConnection)]


@pytest.fixture
def client(service):
    client = HostileClient(service.start_contact().customer.connect().socket_url)
    with client.connection:
        yield client


@pytest.mark.parametrize(("data", "code"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violation_is_answered_with_its_code_and_the_end(client, data, code):
    client.connection.sendall(data)
    assert client.close_codes() == [code]


@pytest.mark.parametrize("data", GOODBYES.values(), ids=GOODBYES)
def test_a_close_frame_is_answered_with_its_code(client, data):
    client.connection.sendall(data + frame(0x81, b"too late"))
    assert client.close_codes() == [struct.unpack("!H", bytes(byte ^ MASK[index] for index, byte in enumerate(data[6:8])))[0]]


def test_a_close_frame_without_a_code_is_answered_with_one_like_it(client):
    client.connection.sendall(frame(0x88))
    assert client.close_codes() == [1005]


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_connection_that_ends_in_the_middle_is_closed_without_a_word(client, data):
    client.connection.sendall(data)
    client.connection.shutdown(socket.SHUT_WR)
    assert client.close_codes() == []


def test_fragments_come_byte_by_byte_with_pings_between(client):
    for byte in frame(0x01, b'{"topic":"aws/') + frame(0x89, b"p") + frame(0x00, b"ping") + frame(0x89, b"q") + frame(0x80, b'"}'):
        client.connection.sendall(bytes([byte]))
    seen = []
    for event in client.events():
        match event:
            case Pong():
                seen.append(bytes(event.payload))
            case TextMessage():
                seen.append(json.loads(event.data)["topic"])
                client.connection.sendall(close(1000))
            case CloseConnection():
                seen.append(event.code)
    assert seen == [b"p", b"q", "aws/ping", 1000]


def test_the_service_serves_on_after_all_that(service):
    clients = [HostileClient(service.start_contact().customer.connect().socket_url) for _ in range(50)]
    for client in clients[::2]:
        client.connection.sendall(frame(0xF1))
        client.connection.close()
    for client in clients[1::2]:
        client.connection.sendall(close(1000))
        assert client.close_codes() == [1000]
        client.connection.close()
