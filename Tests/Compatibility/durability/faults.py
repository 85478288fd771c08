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
)
# What passes: the others are refusals for good, after which a reply is rightly missing.
PASSING = (429, 500, 502, 503)
WAYS = ("status", "lose-response", "drop-sockets", "duplicate-frames", "break-upload", "expire-urls", "expire-tokens", "storm")


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
        call = self.dice.choice(CALLS)
        match self.dice.choice(WAYS):
            case "status":
                return {"operation": self.dice.choice([*CALLS, "PutObject"]), "status": self.dice.choice(PASSING)}
            case "storm":
                return {"operation": call, "status": 429, "count": 50}
            case "lose-response":
                return {"operation": self.dice.choice([*CALLS, "PutObject"]), "fault": "lose-response"}
            case "expire-urls":
                return {"operation": "StartAttachmentUpload", "fault": "expire-urls"}
            case "drop-sockets" | "expire-tokens" as fault:
                return {"operation": call, "fault": fault}
            case fault:
                return {"fault": fault}
