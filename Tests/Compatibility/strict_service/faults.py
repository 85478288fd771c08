"""How the service misbehaves: faults wait in line, each for one call of its operation."""

import random
from collections import defaultdict, deque
from dataclasses import dataclass


class Fault:
    """What happens to one call."""


@dataclass
class Refuse(Fault):
    """Answers with an error; the call has not happened."""

    status: int
    type: str
    message: str = "scripted"


@dataclass
class AnswerWith(Fault):
    """Answers with something that is no answer; the call has not happened."""

    status: int
    body: bytes
    content_type: str = "text/html"


@dataclass
class RefuseEarly(Fault):
    """Answers an upload with an error before its bytes have been read, and closes the connection."""

    status: int
    code: str


class LoseRequest(Fault):
    """Closes the connection before anything has happened."""


class LoseResponse(Fault):
    """Closes the connection after everything has happened."""


@dataclass
class BreakUpload(Fault):
    """Closes the connection after so many bytes of the file."""

    after: int


class ExpireURL(Fault):
    """The URL of this upload has expired when its PUT comes."""


def throttled() -> Refuse:
    return Refuse(429, "ThrottlingException")


def unavailable() -> Refuse:
    return Refuse(500, "InternalServerException")


class Faults:
    """The faults still to come. The operation of an upload's PUT is called `PUT`."""

    def __init__(self):
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, operation: str, *faults: Fault) -> None:
        self._waiting[operation].extend(faults)

    def take(self, operation: str) -> Fault | None:
        return self._waiting[operation].popleft() if self._waiting[operation] else None

    @property
    def unused(self) -> dict[str, list[Fault]]:
        return {operation: list(faults) for operation, faults in self._waiting.items() if faults}


class LossyFaults(Faults):
    """Of every call, by chance: its request is lost, its answer is lost, or an upload breaks half-way."""

    def __init__(self, dice: random.Random, rate: float):
        super().__init__()
        self._dice = dice
        self._rate = rate

    def take(self, operation: str) -> Fault | None:
        if fault := super().take(operation):
            return fault
        if self._dice.random() >= self._rate:
            return None
        kinds = [LoseRequest(), LoseResponse()] + ([BreakUpload(1000)] if operation == "PUT" else [])
        return self._dice.choice(kinds)
