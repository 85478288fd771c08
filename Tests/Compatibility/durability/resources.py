"""The memory and the file descriptors of a process, over time."""

import asyncio
import os
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean

from support.process import resident_bytes

MEBIBYTE = 1024 * 1024


@dataclass
class Sample:
    resident_bytes: int
    descriptors: int


@dataclass
class Resources:
    pid: int
    samples: list[Sample] = field(default_factory=list)

    async def watch(self, seconds_apart: float) -> None:
        """Until it is cancelled."""
        while True:
            self.samples.append(Sample(resident_bytes(self.pid), len(os.listdir(f"/proc/{self.pid}/fd"))))
            await asyncio.sleep(seconds_apart)

    def tenths(self) -> list["Tenth"]:
        """The time in ten parts, or fewer where there are fewer samples."""
        parts = min(10, len(self.samples))
        ends = [len(self.samples) * part // parts for part in range(parts + 1)]
        return [Tenth.of(self.samples[start:end]) for start, end in pairwise(ends)]


@dataclass
class Tenth:
    """Means."""

    mebibytes: float
    descriptors: float

    @classmethod
    def of(cls, samples: list[Sample]) -> "Tenth":
        return cls(mean(sample.resident_bytes for sample in samples) / MEBIBYTE, mean(sample.descriptors for sample in samples))
