"""Random faults of the local service, from its admin API."""

import asyncio
import random
import time
from dataclasses import dataclass

from durability.services import LocalChats

CALLS = (
    "CreateParticipantConnection",
    "SendMessage",
    "SendEvent",
    "GetTranscript",
    "StartAttachmentUpload",
    "CompleteAttachmentUpload",
    "DisconnectParticipant",
    "PutObject",
)
# A bot that cannot connect within 15 seconds is removed from its chat, so throttling storms come later.
AFTER_CONNECTING = CALLS[1:]
# The statuses of what passes. The others are refusals for good, after which a reply is rightly missing.
PASSING = (429, 500, 502, 503)
# At a call of its own, or at any.
AT_CALLS = ("reset", "lose-response", "delay", "drop-sockets", "silence-sockets", "expire-tokens")
ELSEWHERE = ("break-upload", "duplicate-frames", "reorder-frames", "malform-frames", "slow-scan")
SECONDS = {"delay": 3, "slow-scan": 5}
# Of the others that there are, `reject-scan` is asked for in the contacts that expect it, and `forget-client-tokens` cannot be survived by
# anybody: at once after an answer that was lost, nothing tells whether the call has happened.


@dataclass
class RandomFaults:
    service: LocalChats
    dice: random.Random
    per_second: float
    asked_for: int = 0

    async def run(self) -> None:
        """Until it is cancelled."""
        due = time.monotonic()
        while True:
            due += self.dice.expovariate(self.per_second)
            await asyncio.sleep(max(0, due - time.monotonic()))
            answer = await self.service.admin("POST", "/faults", self._fault())
            assert answer.status == 200, str(answer)
            self.asked_for += 1

    async def clear(self) -> None:
        await self.service.admin("DELETE", "/faults")

    def _fault(self) -> dict:
        """Strikes the bot, in whichever contact comes first."""
        return {"role": "CUSTOM_BOT", **self._what()}

    def _what(self) -> dict:
        call = self.dice.choice(CALLS)
        match self.dice.choice(["status", "storm", "expire-urls", *AT_CALLS, *ELSEWHERE]):
            case "status":
                return {"operation": call, "status": self.dice.choice(PASSING)}
            case "storm":
                return {"operation": self.dice.choice(AFTER_CONNECTING), "status": 429, "count": 50}
            case "expire-urls":
                return {"operation": "StartAttachmentUpload", "fault": "expire-urls"}
            case fault:
                at = {"operation": call} if fault in AT_CALLS else {}
                return at | {"fault": fault} | ({"seconds": SECONDS[fault]} if fault in SECONDS else {})
