"""A bot whose connection drops, repeats itself, talks nonsense, or is refused."""

import json

import pytest

from strict_service.chat import frame


async def test_what_was_said_while_the_socket_was_down_is_answered_once(service, join):
    visit = await join().greeted()
    service.sockets.drop()
    for number in range(1, 4):
        service.customer_says(f"echo message {number}")
    await visit.until_said("message 3")
    assert service.chat.bot_texts() == ["Hello.", "message 1", "message 2", "message 3"]
    await visit.end_of_chat()


async def test_more_than_a_page_that_was_missed_is_caught_up_in_order(service, join):
    visit = await join().greeted()
    service.sockets.drop()
    service.customer_says("echo first")
    for number in range(250):
        service.chat.message(service.chat.system, f"notice {number}")
    service.customer_says("echo last")
    await visit.until_said("last")
    assert service.chat.bot_texts() == ["Hello.", "first", "last"]
    await visit.end_of_chat()


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 4001])
async def test_a_socket_that_the_service_closes_is_opened_again(service, join, code):
    visit = await join().greeted()
    await service.sockets.close(code)
    service.customer_says("echo after")
    await visit.until_said("after")
    assert service.sockets.subscriptions == 2
    await visit.end_of_chat()


async def test_sockets_that_drop_again_and_again(service, join):
    visit = await join().greeted()
    for number in range(4):
        subscriptions = service.sockets.subscriptions
        service.customer_says(f"receipt {number}")
        service.sockets.drop()
        service.customer_says(f"echo after {number}")
        await visit.until_said(f"after {number}")
        await visit.until(lambda: service.sockets.subscriptions > subscriptions, "the next subscription")
    await visit.end_of_chat()


@pytest.mark.parametrize("moment", ["SendMessage", "StartAttachmentUpload", "PUT", "CompleteAttachmentUpload"])
async def test_a_socket_that_drops_in_the_middle_of_a_receipt(service, join, moment):
    visit = await join().greeted()
    seen = service.calls.count(moment)
    service.customer_says("receipt 1")
    await visit.until(lambda: service.calls.count(moment) > seen, f"the call of {moment}")
    service.sockets.drop()
    await visit.until_said("1 is sent")
    await visit.until(lambda: service.sockets.subscriptions == 2, "the next subscription")
    await visit.end_of_chat()


@pytest.mark.parametrize("copies", [2, 5])
async def test_repeated_frames_are_answered_once(service, join, copies):
    service.sockets.copies = copies
    visit = await join().greeted()
    await visit.fetch("1")
    service.customer_says("echo hello")
    await visit.until_said("hello")
    await visit.end_of_chat()


async def test_an_old_frame_that_comes_again_is_not_answered_again(service, join):
    visit = await join().greeted()
    old = service.chat.message(service.chat.customer, "echo old")
    await visit.until_said("old")
    await service.sockets.send(frame(old))
    service.customer_says("echo new")
    await visit.until_said("new")
    await visit.end_of_chat()


NOISE = {
    "no JSON": "hello",
    "nothing": "",
    "cut off": '{"topic":"aws/ch',
    "a list": "[]",
    "an unknown topic": '{"topic":"aws/weather","content":"sunny"}',
    "no topic": "{}",
    "content that is no string": '{"topic":"aws/chat","content":{}}',
    "content that is no JSON": '{"topic":"aws/chat","content":"hello"}',
    "an item without an id": '{"topic":"aws/chat","content":"{\\"Type\\":\\"MESSAGE\\"}"}',
    "an item of an unknown type": json.dumps(
        {
            "topic": "aws/chat",
            "content": json.dumps({"Id": "x", "Type": "HOLOGRAM", "AbsoluteTime": "2024-07-14T22:18:39.241Z", "ParticipantRole": "WIZARD"}),
        }
    ),
    "an event of an unknown type": json.dumps(
        {
            "topic": "aws/chat",
            "content": json.dumps(
                {
                    "Id": "y",
                    "Type": "EVENT",
                    "ContentType": "application/vnd.amazonaws.connect.event.new",
                    "AbsoluteTime": "2024-07-14T22:18:39Z",
                }
            ),
        }
    ),
    "a binary frame": b"\x00\x01\x02",
    "a heartbeat that nobody sent": '{"topic":"aws/heartbeat"}',
    "deep": "[" * 100_000,
    "a quarter of a megabyte": '{"topic":"aws/weather","content":"' + "x" * 250_000 + '"}',
}


@pytest.mark.parametrize("noise", list(NOISE.values()), ids=list(NOISE))
async def test_frames_that_mean_nothing_are_passed_over(service, join, noise):
    visit = await join().greeted()
    service.sockets.noise = [noise]
    await visit.fetch("1")
    service.customer_says("echo hello")
    await visit.until_said("hello")
    await visit.end_of_chat()


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_a_handshake_that_is_refused_is_tried_with_a_new_connection(service, join, status):
    service.sockets.refusals = [status, status]
    visit = await join().greeted()
    assert service.calls.count("CreateParticipantConnection") == 3
    await visit.fetch("1")
    await visit.end_of_chat()


@pytest.mark.parametrize("is_ignored", [True, False], ids=["ignored", "refused"])
async def test_a_subscription_that_fails_is_repeated(service, join, is_ignored):
    service.sockets.subscription_faults = [is_ignored]
    visit = await join().greeted()
    assert service.sockets.opened == 1
    await visit.end_of_chat()


async def test_a_subscription_that_never_succeeds_needs_a_new_socket(service, join):
    service.sockets.subscription_faults = [True] * 4
    visit = await join().greeted()
    assert service.sockets.opened == 2
    await visit.end_of_chat()


async def test_a_socket_that_falls_silent_is_replaced_and_nothing_is_lost(service, join):
    """A half-open connection shows only in a heartbeat without an answer: ten seconds until it is sent, ten to wait for it."""
    visit = await join().greeted()
    service.sockets.is_silent = True
    service.customer_says("echo into the void")
    await visit.until(lambda: service.calls.count("CreateParticipantConnection") == 2, "a new connection", seconds=40)
    service.sockets.is_silent = False
    await visit.until_said("into the void")
    await visit.end_of_chat()


async def test_where_a_websocket_is_refused_the_transcript_is_polled(service, join):
    service.operations.takes_websockets = False
    visit = await join().greeted()
    await visit.fetch("1")
    service.customer_says("echo hello")
    await visit.until_said("hello")
    assert service.sockets.opened == 0
    assert "CreateParticipantConnection -> 403" in service.calls
    await visit.end_of_chat()


async def test_polling_can_be_asked_for(service, join):
    visit = await join("--receive", "poll").greeted()
    await visit.fetch("1")
    assert service.sockets.opened == 0
    await visit.end_of_chat()


async def test_a_chat_that_ends_while_the_socket_is_down_is_noticed(service, join):
    visit = await join().greeted()
    # With the listener gone, chat.ended reaches nobody; every call is refused from now on.
    service.sockets.drop()
    service.chat.end()
    assert await visit.ended() == 0
    assert service.violations == []


async def test_a_chat_that_ends_in_the_middle_of_a_receipt(service, join):
    visit = await join().greeted()
    service.operations.holds_scans = True
    service.customer_says("receipt 1")
    await visit.until(lambda: service.uploads and service.uploads[0].is_completed, "the upload")
    service.chat.end()
    assert await visit.ended() == 0
    assert service.violations == []


async def test_a_terminated_bot_goes_in_peace(service, join):
    visit = await join().greeted()
    service.customer_says("echo hello")
    await visit.until_said("hello")
    assert visit.process.is_running
    visit.process.terminate()
    assert await visit.ended() == 0
    visit.assert_in_order()
