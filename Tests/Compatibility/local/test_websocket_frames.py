"""The frames of a participant's WebSocket, exactly (reference 1.4)."""

import json
import socket as network
from contextlib import ExitStack

import pytest
from websockets.exceptions import InvalidStatus

from support.live import HEARTBEAT, PING, SUBSCRIBE, open_socket, subscribed

SUBSCRIBED = {"topic": "aws/subscribe", "content": {"status": "success", "topics": ["aws/chat"]}}

SUBSCRIPTIONS = {
    "ChatJS": SUBSCRIBE,
    "Android": '{"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}}',
    "iOS": '{"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}})',
}


@pytest.fixture
def socket(customer):
    """A socket that has not subscribed."""
    with open_socket(customer.socket_url) as socket:
        yield socket


@pytest.mark.parametrize("subscription", list(SUBSCRIPTIONS.values()), ids=list(SUBSCRIPTIONS))
def test_every_clients_subscription_is_answered(socket, subscription):
    socket.send(subscription)
    assert socket.frame() == SUBSCRIBED


def test_an_unknown_topic_in_a_subscription_fails(socket):
    socket.send('{"topic":"aws/subscribe","content":{"topics":["aws/weather"]}}')
    frame = socket.reply("aws/subscribe")
    assert frame["content"]["status"] == "failure"
    socket.send(SUBSCRIBE)
    assert socket.reply("aws/subscribe") == SUBSCRIBED


def test_a_second_subscription_changes_nothing(customer, live):
    live.send(SUBSCRIBE)
    assert live.reply("aws/subscribe") == SUBSCRIBED
    customer.say("once")
    customer.say("the end")
    live.message("the end")
    assert [item["Content"] for item in live.items if item["Type"] == "MESSAGE"] == ["once", "the end"]


def test_a_heartbeat_is_answered(socket):
    socket.send(HEARTBEAT)
    assert socket.reply("aws/heartbeat")["topic"] == "aws/heartbeat"


def test_a_ping_is_answered_as_each_client_wants_it(socket):
    socket.send(PING)
    assert socket.reply("aws/ping") == {"topic": "aws/ping", "statusCode": 200, "statusContent": "OK"}


def test_ping_then_heartbeat_right_after_opening_as_chatjs_does(socket):
    for frame in (PING, HEARTBEAT, SUBSCRIBE):
        socket.send(frame)
    assert {socket.frame()["topic"] for _ in range(3)} == {"aws/ping", "aws/heartbeat", "aws/subscribe"}


def test_a_websocket_ping_is_answered_with_a_pong(socket):
    """Android's OkHttp sends one a minute."""
    assert socket.socket.ping("still there?").wait(5)


def test_an_item_is_a_string_of_json_in_a_frame_of_the_chat_topic(customer, live):
    customer.say("Hello")
    frame = live.reply("aws/chat")
    while live.items[-1]["Type"] != "MESSAGE":
        frame = live.reply("aws/chat")
    assert frame.keys() == {"topic", "contentType", "content"}
    assert frame["contentType"] == "application/json"
    assert isinstance(frame["content"], str)
    item = json.loads(frame["content"])
    assert item.keys() == {
        "AbsoluteTime",
        "Content",
        "ContentType",
        "Id",
        "Type",
        "ParticipantId",
        "DisplayName",
        "ParticipantRole",
        "InitialContactId",
        "ContactId",
    }
    assert item["ContactId"] == item["InitialContactId"] == customer.contact_id
    assert (item["DisplayName"], item["ParticipantRole"]) == ("Ada", "CUSTOMER")


@pytest.mark.parametrize(
    "frame",
    [
        "",
        " ",
        "not json",
        "{",
        "[]",
        "null",
        "5",
        '"aws/heartbeat"',
        "{}",
        '{"topic":null}',
        '{"topic":5}',
        '{"topic":"aws/unheard-of"}',
        '{"topic":"aws/chat","content":"{}"}',
        '{"topic":"aws/subscribe"}',
        '{"topic":"aws/subscribe","content":{"topics":"aws/chat"}}',
        '{"topic":"aws/subscribe","content":"aws/chat"}',
        '{"topic":"aws/subscribe","content":{"topics":[]}}',
        "[" * 20_000,
        '{"a":' * 10_000,
        "x" * 100_000,
        "\x00\x01\x02",
    ],
    ids=lambda frame: repr(frame[:40]),
)
def test_a_frame_that_says_nothing_leaves_the_socket_alive(customer, frame):
    with customer.live() as live:
        live.send(frame)
        live.send(HEARTBEAT)
        live.reply("aws/heartbeat")
        customer.say("Hello")
        live.message("Hello")


def test_a_binary_frame_ends_at_most_its_own_socket(customer, live):
    with customer.live() as other:
        other.send(b"\x00\x01\x02")
        other.send(HEARTBEAT)
        try:
            other.reply("aws/heartbeat")
        except Exception:
            assert other.socket.close_code == 1003
    live.send(HEARTBEAT)
    live.reply("aws/heartbeat")
    customer.service.assert_healthy()


def test_a_frame_of_a_mebibyte_ends_at_most_its_own_socket(customer, live):
    with customer.live() as other:
        try:
            other.send("x" * 2**20)
            other.send(HEARTBEAT)
            other.reply("aws/heartbeat")
        except Exception:
            assert other.socket.close_code == 1009
    live.send(HEARTBEAT)
    live.reply("aws/heartbeat")


def test_the_url_is_a_ws_url_of_the_service(customer):
    assert customer.socket_url.startswith(customer.service.url.replace("http://", "ws://") + "/")


def test_every_changed_character_of_the_url_is_refused(customer):
    url = customer.socket_url
    start = url.index("/", len("ws://")) + 1
    for position in range(start, len(url), 3):
        if url[position] in "%&=?/":
            continue
        changed = url[:position] + ("0" if url[position] != "0" else "1") + url[position + 1 :]
        with pytest.raises(InvalidStatus) as refused, open_socket(changed):
            pass
        assert 400 <= refused.value.response.status_code < 500


def test_the_url_of_an_ended_contact_is_refused(contact):
    customer = contact.customer.connect()
    contact.stop()
    with pytest.raises(InvalidStatus) as refused, subscribed(customer.socket_url):
        pass
    assert refused.value.response.status_code == 403


def test_five_sockets_get_every_item_in_order(customer):
    with ExitStack() as stack:
        sockets = [stack.enter_context(customer.live()) for _ in range(5)]
        texts = [f"message {number}" for number in range(20)]
        for text in texts:
            customer.say(text)
        for live in sockets:
            live.message(texts[-1])
            assert [item["Content"] for item in live.items if item["Type"] == "MESSAGE"] == texts


def test_two_sockets_during_a_rotation_and_one_after(customer):
    """ChatJS opens the second before it closes the first."""
    with customer.live() as first:
        customer.connect()
        with customer.live() as second:
            customer.say("both")
            first.message("both")
            second.message("both")
            first.socket.close(1000)
            customer.say("one")
            second.message("one")


@pytest.mark.parametrize("code", [1000, 1001, 4000])
def test_a_client_closes_with_its_own_code(customer, code):
    """ChatJS 1000, iOS 1001, Android 4000 in the background."""
    with customer.live() as live:
        live.socket.close(code)
        assert live.socket.close_code == code
    with customer.live() as again:
        customer.say("back")
        again.message("back")


def test_a_socket_that_vanishes_does_no_harm(customer):
    with customer.live() as live:
        live.socket.socket.shutdown(network.SHUT_RDWR)
    customer.say("to nobody")
    with customer.live() as again:
        customer.say("back")
        again.message("back")


def test_what_was_said_before_the_socket_is_not_pushed(customer):
    """Catching up is the client's part, through GetTranscript."""
    customer.say("before")
    with customer.live() as live:
        customer.say("after")
        live.message("after")
        assert [item["Content"] for item in live.items if item["Type"] == "MESSAGE"] == ["after"]
