"""Conversations, several at a time, with a host that is killed and started again until it has been killed often enough."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from durability.conversations import Conversations
from durability.customer import STUCK
from durability.host import Host, was_killed
from durability.kills import Kill, KillAtCall, KillAtPoint, Stop
from durability.later import Later
from durability.services import Service, StrictChats
from durability.verdict import Counts
from strict_service.http_server import BreakOff
from strict_service.service import Moment, nobody

MINUTE = timedelta(seconds=61)


@dataclass
class Outcome:
    """What became of all conversations."""

    counts: Counts = field(default_factory=Counts)
    kills: Counter[str] = field(default_factory=Counter)
    # Lives that did not come to their point or call, and were killed all the same.
    missed: int = 0
    stops: int = 0
    # Ways in which the host ended that were not asked for.
    falls: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def is_good(self) -> bool:
        return self.counts.faults == 0 and not self.falls and not self.complaints and not self.leftovers


@dataclass
class KillMatrix:
    service: Service
    host: Host
    conversations: Conversations
    dice: random.Random
    # Set where the clocks of host and service jump by a minute, now and then, while the host is dead.
    later: Later | None = None

    async def run(self, kills: Iterable[Kill]) -> Outcome:
        outcome = Outcome()
        began = time.monotonic()
        is_over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.conversations.run(is_over))
            for kill in kills:
                await self._live(kill, outcome)
            is_over.set()
            self.host.start(later=self.later)
        await self._until_no_session_is_open()
        outcome.leftovers += [f"the session of contact {contact} is still open" for contact in self.host.open_sessions()]
        await self._stop(outcome)
        outcome.leftovers += self.host.store_problems()
        outcome.complaints += self.service.complaints
        outcome.counts, outcome.stories = self.conversations.counts, self.conversations.stories
        outcome.seconds = time.monotonic() - began
        return outcome

    async def _until_no_session_is_open(self) -> None:
        """The host may learn a moment later than the customer that a chat is over."""
        deadline = time.monotonic() + STUCK
        while self.host.open_sessions() and time.monotonic() < deadline:
            await asyncio.sleep(0.2)

    async def _live(self, kill: Kill, outcome: Outcome) -> None:
        self.host.start(crash_at=f"{kill.point}:{kill.nth}" if isinstance(kill, KillAtPoint) else None, later=self.later)
        if isinstance(kill, KillAtCall):
            self.service.many.witness = self._killer(kill)
        if isinstance(kill, Stop):
            await self.host.until_ready()
        deadline = time.monotonic() + self.host.seconds_to_start + kill.seconds
        while self.host.is_running and time.monotonic() < deadline:
            await asyncio.sleep(0.002)
        if isinstance(kill, Stop):
            await self._stop(outcome)
        else:
            self._note_death(kill, outcome)
        await self._be_dead(kill)

    async def _stop(self, outcome: Outcome) -> None:
        if (code := await self.host.stop()) != self.host.code_when_stopped:
            outcome.falls.append(f"ended with {code} when it was asked to end")
        outcome.stops += 1

    def _note_death(self, kill: Kill, outcome: Outcome) -> None:
        was_reached = not self.host.is_running
        self.host.kill()
        code = self.host.bury()
        if not was_killed(code):
            outcome.falls.append(f"ended with {code} before it was killed ({kill})")
        if type(kill) is Kill or was_reached:
            outcome.kills[str(kill)] += 1
        else:
            outcome.kills[str(Kill())] += 1
            outcome.missed += 1

    async def _be_dead(self, kill: Kill) -> None:
        if isinstance(self.service, StrictChats):
            self.service.many.witness = nobody
        if self.later and self.dice.random() < 0.3:
            # What the dead host had sent may be on its way for a moment, but not for a minute.
            await asyncio.sleep(0.1)
            self.later = replace(self.later, duration=self.later.duration + MINUTE)
            self.service.many.clock.advance(MINUTE)
        await asyncio.sleep(kill.pause)

    def _killer(self, kill: KillAtCall):
        loop = asyncio.get_running_loop()
        kill_this_life = self.host.process.kill
        has_struck = False

        def witness(operation: str, moment: Moment) -> None:
            nonlocal has_struck
            if has_struck or (operation, moment) != (kill.operation, kill.moment):
                return
            has_struck = True
            if kill.delay:
                loop.call_later(kill.delay, kill_this_life)
            else:
                kill_this_life()
            if kill.is_lost:
                raise BreakOff

        return witness
