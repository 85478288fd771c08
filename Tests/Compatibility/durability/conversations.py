"""Many conversations at a time with one host, and what became of them all."""

import asyncio
import random
from dataclasses import dataclass, field

from durability.conversation import Conversation, random_conversation
from durability.customer import Customer
from durability.host import Host
from durability.services import Chat, Service
from durability.verdict import Counts, Heard, judge


@dataclass
class Conversations:
    service: Service
    host: Host
    dice: random.Random
    # The file that the bot has in its folder.
    parcel: bytes
    at_once: int
    # The share of lines before which a customer waits.
    patience: float = 0.7
    # The share of conversations in which the first file is rejected.
    rejections: float = 0
    # The share of conversations that the customer breaks off.
    hang_ups: float = 0
    under_way: int = 0
    counts: Counts = field(default_factory=Counts)
    # Of the conversations in which something went wrong.
    stories: list[str] = field(default_factory=list)

    async def run(self, is_over: asyncio.Event) -> None:
        """Begins one after the other in each place, until it is over; returns when the last has ended."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self.at_once):
                group.create_task(self._converse(random.Random(self.dice.randbytes(8)), is_over))

    async def _converse(self, dice: random.Random, is_over: asyncio.Event) -> None:
        while not is_over.is_set():
            is_rejected = dice.random() < self.rejections
            conversation = random_conversation(dice, is_rejected, self.patience)
            if dice.random() < self.hang_ups:
                conversation.break_off(dice.randrange(len(conversation.lines)))
            chat = await self.service.open_chat()
            if is_rejected:
                await chat.reject_next_file()
            self.under_way += 1
            taking = asyncio.create_task(self.host.take(_arrival(chat, dice)))
            heard = await Customer(chat, conversation).converse()
            taking.cancel()
            self.under_way -= 1
            await chat.close()
            self._note(chat.arrival["contactId"], conversation, heard)

    def _note(self, contact: str, conversation: Conversation, heard: Heard) -> None:
        counts = judge(conversation, heard, self.parcel)
        self.counts += counts
        if counts.faults:
            self.stories.append(_story(contact, conversation, heard))


def _arrival(chat: Chat, dice: random.Random) -> dict[str, str]:
    """Some flows tell the host nothing but the token."""
    if dice.random() < 0.3:
        return {"participantToken": chat.arrival["participantToken"]}
    return chat.arrival


def _story(contact: str, conversation: Conversation, heard: Heard) -> str:
    said = [f"  said: {line.text}" for line in conversation.lines]
    due = [f"  due:  {reply}" for reply in conversation.replies]
    came = [f"  came: {reply}" for reply in heard.replies]
    return "\n".join([f"contact {contact}{', broken off' if conversation.is_broken_off else ''}:", *said, *due, *came])
