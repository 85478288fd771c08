"""Many chats behind one endpoint, and what only they can do: forget, be witnessed, lose calls by chance."""

import asyncio
import random
from datetime import timedelta

import pytest
from botocore.exceptions import HTTPClientError

from strict_service.faults import LoseRequest, LoseResponse, LossyFaults
from strict_service.http_server import BreakOff
from strict_service.many import ManyChats
from strict_service.service import Moment
from support import aws

HELLO = {"ContentType": "text/plain", "Content": "Hello", "ClientToken": "1"}


@pytest.fixture
async def chats():
    async with ManyChats() as chats:
        yield chats


class Caller:
    """A boto3 client in one of the chats, without retries."""

    def __init__(self, chats: ManyChats, token: str):
        self.api = aws.client("connectparticipant", chats.url)
        self._token = token

    async def connect(self) -> "Caller":
        opened = await asyncio.to_thread(
            self.api.create_participant_connection, ParticipantToken=self._token, Type=["CONNECTION_CREDENTIALS"]
        )
        self._token = opened["ConnectionCredentials"]["ConnectionToken"]
        return self

    async def say(self, **message: str) -> str:
        return (await asyncio.to_thread(self.api.send_message, ConnectionToken=self._token, **message))["Id"]


async def test_each_call_goes_to_the_chat_of_its_token(chats):
    one, other = await chats.open(), await chats.open()
    await (await Caller(chats, other.chat.bot.participant_token).connect()).say(**HELLO)
    assert (one.chat.bot_texts(), other.chat.bot_texts()) == ([], ["Hello"])
    assert chats.violations == []


async def test_a_token_that_nobody_was_given_is_refused_and_noted(chats):
    await chats.open()
    caller = Caller(chats, "made-up")
    with pytest.raises(caller.api.exceptions.AccessDeniedException):
        await caller.say(**HELLO)
    assert "nobody was given" in chats.violations[0]


async def test_a_chat_that_was_closed_refuses_its_bot_and_nobody_complains(chats):
    chat = await chats.open()
    caller = await Caller(chats, chat.chat.bot.participant_token).connect()
    await chats.close(chat)
    with pytest.raises(caller.api.exceptions.AccessDeniedException):
        await caller.say(**HELLO)
    assert chats.violations == []


@pytest.mark.parametrize(("later", "times"), [(59, 1), (60, 2)])
async def test_a_client_token_is_remembered_for_as_long_as_it_is_said(chats, later, times):
    chat = await chats.open()
    chat.operations.token_memory = timedelta(minutes=1)
    caller = await Caller(chats, chat.chat.bot.participant_token).connect()
    await caller.say(**HELLO)
    chats.clock.advance(timedelta(seconds=later))
    await caller.say(**HELLO)
    assert chat.chat.bot_texts() == ["Hello"] * times


@pytest.mark.parametrize(("moment", "said"), [(Moment.ARRIVED, []), (Moment.DONE, ["Hello"])])
async def test_a_witness_sees_a_call_and_may_break_it_off(chats, moment, said):
    chat = await chats.open()
    caller = await Caller(chats, chat.chat.bot.participant_token).connect()

    def witness(operation: str, at: Moment) -> None:
        if (operation, at) == ("SendMessage", moment):
            raise BreakOff

    chats.witness = witness
    with pytest.raises(HTTPClientError):
        await caller.say(**HELLO)
    assert chat.chat.bot_texts() == said


def test_calls_are_lost_as_often_as_it_is_said():
    faults = LossyFaults(random.Random(1), rate=0.25)
    taken = [faults.take("SendMessage") for _ in range(4000)]
    lost = [fault for fault in taken if fault]
    assert 900 < len(lost) < 1100
    assert {type(fault) for fault in lost} == {LoseRequest, LoseResponse}
