"""The verdict is judged: what is in order is left in peace, and everything that can be wrong is found and counted once."""

import hashlib
import random

import pytest

from durability.conversation import PARCEL, Conversation, Said, Sent, random_conversation
from durability.verdict import Counts, File, Heard, judge

PARCEL_DATA = b"the parcel"
RECEIPT = b"the receipt"
SUM = hashlib.sha256(RECEIPT).hexdigest()

CONVERSATION = Conversation(
    replies=[
        Said("Hello."),
        Said("You are welcome."),
        Said("You are welcome."),
        Said("Receipt 7 has the sum ."),
        Sent("receipt-7.txt"),
        Sent(PARCEL),
        Said("Goodbye."),
    ]
)
GOOD = [
    "Hello.",
    "You are welcome.",
    "You are welcome.",
    f"Receipt 7 has the sum {SUM}.",
    File("receipt-7.txt", RECEIPT),
    File(PARCEL, PARCEL_DATA),
    "Goodbye.",
]


def verdict(items: list, has_left: bool = True) -> Counts:
    return judge(CONVERSATION, Heard(items, has_left), PARCEL_DATA)


def test_a_conversation_in_order_is_counted_and_nothing_else():
    assert verdict(GOOD) == Counts(conversations=1)


WRONG = {
    "a reply lost": (GOOD[1:], {"replies_lost": 1}),
    "one of two equal replies lost": (GOOD[:1] + GOOD[2:], {"replies_lost": 1}),
    "a reply doubled": ([*GOOD, "Hello."], {"replies_doubled": 1}),
    "a third of two equal replies": ([*GOOD, "You are welcome."], {"replies_doubled": 1}),
    "a reply that was never due": ([*GOOD, "The parcel failed."], {"replies_never_due": 1}),
    "a file lost": ([item for item in GOOD if item != GOOD[5]], {"attachments_lost": 1}),
    "a file doubled": ([*GOOD, GOOD[5]], {"attachments_doubled": 1}),
    "a file of the bot's folder differing": ([*GOOD[:5], File(PARCEL, b"The parcel"), GOOD[6]], {"attachments_differing": 1}),
    "a file that was made differing": ([*GOOD[:4], File("receipt-7.txt", b"the  receipt"), *GOOD[5:]], {"attachments_differing": 1}),
    "a file before what announces it": ([*GOOD[:3], GOOD[4], GOOD[3], *GOOD[5:]], {"conversations_out_of_order": 1}),
    "nothing at all": ([], {"replies_lost": 5, "attachments_lost": 2}),
}


@pytest.mark.parametrize(("items", "found"), list(WRONG.values()), ids=list(WRONG))
def test_what_is_wrong_is_found(items, found):
    assert verdict(items) == Counts(conversations=1, **found)


def test_a_bot_that_never_leaves_is_stuck():
    assert verdict(GOOD, has_left=False) == Counts(conversations=1, conversations_stuck=1)


BROKEN_OFF = Conversation(replies=CONVERSATION.replies, is_broken_off=True)


def test_a_conversation_that_is_broken_off_has_lost_nothing():
    for length in range(len(GOOD) + 1):
        assert judge(BROKEN_OFF, Heard(GOOD[:length]), PARCEL_DATA) == Counts(conversations=1)


def test_in_a_conversation_that_is_broken_off_nothing_may_come_twice():
    counts = judge(BROKEN_OFF, Heard(["Hello.", "Hello."]), PARCEL_DATA)
    assert counts.faults > 0


@pytest.mark.parametrize("seed", range(50))
def test_every_line_of_a_random_conversation_waits_for_a_reply_to_an_earlier_one(seed):
    conversation = random_conversation(random.Random(seed))
    assert conversation.lines[-1].text == "yes"
    assert [line.after for line in conversation.lines] == sorted(line.after for line in conversation.lines)
    for line in conversation.lines:
        reply, count = conversation.heard(line)
        assert conversation.replies[: line.after].count(reply) == count >= 1
