"""Where and when a host is killed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from strict_service.service import Moment

# The points of ATTACHE_CRASH_AT, in the order of a conversation.
POINTS = (
    "intake.stored",
    "connection.created",
    "connection.stored",
    "turn.decided",
    "turn.committed",
    "effect.sending",
    "effect.answered",
    "effect.stored",
    "spool.written",
    "upload.starting",
    "upload.started",
    "upload.start-stored",
    "upload.putting",
    "upload.put",
    "upload.put-stored",
    "upload.completing",
    "upload.completed",
    "upload.complete-stored",
    "upload.verdict",
    "session.ended",
)
# The calls at which a service can kill its client.
CALLS = ("CreateParticipantConnection", "SendMessage", "StartAttachmentUpload", "PUT", "CompleteAttachmentUpload", "DisconnectParticipant")
# How long a life may last that shall end at a point or a call.
LONGEST_LIFE = 3.0


@dataclass(frozen=True)
class Kill:
    """At any time."""

    # After which it is killed if nothing else has.
    seconds: float = LONGEST_LIFE
    # How long nobody starts it again.
    pause: float = 0

    def __str__(self) -> str:
        return "at any time"


@dataclass(frozen=True)
class KillAtPoint(Kill):
    """Where the host kills itself, at the `nth` passing."""

    point: str = ""
    nth: int = 1

    def __str__(self) -> str:
        return self.point


@dataclass(frozen=True)
class KillAtCall(Kill):
    """When the service sees a call. What it sees, it does; but `is_lost` keeps the call from happening."""

    operation: str = ""
    moment: Moment = Moment.ARRIVED
    is_lost: bool = False
    # How long after that moment: long enough for the answer to arrive, but perhaps not for it to be stored.
    delay: float = 0

    def __str__(self) -> str:
        when = f"{self.moment.value}, lost" if self.is_lost else self.moment.value
        return f"{self.operation} {when}" + (", a moment later" if self.delay else "")


@dataclass(frozen=True)
class Stop(Kill):
    """Not killed, but asked to end."""

    def __str__(self) -> str:
        return "asked to end"


def every_point() -> Iterator[Kill]:
    """Each once, with time enough to come to it."""
    return (KillAtPoint(point=point, seconds=20) for point in POINTS)


def random_kills(count: int, dice: random.Random, has_points: bool, has_calls: bool) -> Iterator[Kill]:
    """So many kills; with a stop among them, now and then, where the host is one that has points."""
    kinds = [_at_any_time] + [_at_point] * 2 * has_points + [_at_call] * has_calls
    for _ in range(count):
        if has_points and dice.random() < 0.1:
            yield Stop(seconds=dice.uniform(0, 1))
        yield dice.choice(kinds)(dice)


def _at_any_time(dice: random.Random) -> Kill:
    return Kill(seconds=dice.uniform(0, 1), pause=_pause(dice))


def _at_point(dice: random.Random) -> Kill:
    return KillAtPoint(point=dice.choice(POINTS), nth=dice.choice([1, 1, 2, 3, 5]), pause=_pause(dice))


def _at_call(dice: random.Random) -> Kill:
    operation = dice.choice(CALLS)
    moment = dice.choice([Moment.ARRIVED, Moment.DONE] + [Moment.HALF_WAY] * (operation == "PUT"))
    is_lost = moment is Moment.ARRIVED and dice.random() < 0.5
    delay = dice.uniform(0, 0.02) if moment is Moment.DONE and dice.random() < 0.7 else 0
    return KillAtCall(operation=operation, moment=moment, is_lost=is_lost, delay=delay, pause=_pause(dice))


def _pause(dice: random.Random) -> float:
    return dice.uniform(0, 0.5) if dice.random() < 0.2 else 0
