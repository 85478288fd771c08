"""The customer of one conversation."""

import time
from collections.abc import Callable

from durability.conversation import Conversation, Line
from durability.services import Chat
from durability.verdict import Heard

# How long a customer waits for a reply before talking on.
PATIENCE = 10.0
# After so long without a word of the bot, the conversation is taken to be stuck.
STUCK = 60.0


class Customer:
    def __init__(self, chat: Chat, conversation: Conversation):
        self._chat = chat
        self._conversation = conversation

    async def converse(self) -> Heard:
        """Says every line in its time; returns what the bot said, once the chat is over or nothing more comes."""
        for line in self._conversation.lines:
            await self._hear(lambda heard, line=line: self._is_due(line, heard), PATIENCE)
            await self._chat.say(line.text)
        if self._conversation.is_broken_off:
            await self._chat.end()
            return await self._chat.heard()
        return await self._hear(lambda heard: heard.has_left, STUCK)

    def _is_due(self, line: Line, heard: Heard) -> bool:
        reply, count = self._conversation.heard(line)
        return heard.replies.count(reply) >= count

    async def _hear(self, is_enough: Callable[[Heard], bool], patience: float) -> Heard:
        """Listens until it is enough, or the bot has been silent for too long."""
        heard = await self._chat.heard()
        last_word = time.monotonic()
        while not is_enough(heard) and time.monotonic() - last_word < patience:
            await self._chat.wait_for_change()
            known, heard = len(heard.items), await self._chat.heard()
            if len(heard.items) > known:
                last_word = time.monotonic()
        return heard
