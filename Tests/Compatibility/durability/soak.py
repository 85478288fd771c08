"""script/soak: sessions at work for a long time, with random faults of the service."""

import argparse
import asyncio
import random
import sys
import time
from dataclasses import dataclass

from durability.conversations import Conversations
from durability.faults import RandomFaults
from durability.host import AttacheHost
from durability.options import add_common_options, folder_for, parsed
from durability.report import counts_in_words, rows
from durability.resources import Resources
from durability.services import LocalChats
from durability.stage import make_bot

# How often each customer looks into the transcript: sessions are to be kept busy, and not the machine with looking.
LOOK_EVERY = 2.0
PARCEL_BYTES = 64 * 1024
# More growth than this, from the first tenth to the last, is a leak.
GROWTH_LIMIT = 1.25


@dataclass
class Soak:
    host: AttacheHost
    conversations: Conversations
    faults: RandomFaults

    async def run(self, seconds: float) -> None:
        is_over = asyncio.Event()
        self.host.start()
        self.resources = Resources(self.host.process.pid)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.conversations.run(is_over))
            while self.conversations.under_way < self.conversations.at_once:
                await asyncio.sleep(0.1)
            background = [group.create_task(self.faults.run()), group.create_task(self.resources.watch(seconds_apart=1))]
            end = time.monotonic() + seconds
            while time.monotonic() < end and self.host.is_running:
                await asyncio.sleep(0.5)
            for task in background:
                task.cancel()
            await self.faults.clear()
            is_over.set()
        self.exit_code = await self.host.stop()

    @property
    def growth(self) -> float:
        first, *_, last = self.resources.tenths()
        return max(last.mebibytes / first.mebibytes, last.descriptors / first.descriptors)

    @property
    def is_good(self) -> bool:
        return self.conversations.counts.faults == 0 and self.exit_code == 0 and self.growth <= GROWTH_LIMIT


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="script/soak",
        description="Keeps sessions busy, on loopback, while the local service does random faults; counts by its transcript what was lost, "
        "came twice or differs, and measures the host's memory and file descriptors. Exit code 1 if anything was wrong, or grew.",
    )
    parser.add_argument("--sessions", type=int, default=200, metavar="N", help="at a time (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=30, metavar="N", help="(default: %(default)s)")
    parser.add_argument("--faults", type=float, default=2, metavar="N", help="faults a second (default: %(default)s)")
    add_common_options(parser)
    return asyncio.run(_run(parsed(parser)))


async def _run(options: argparse.Namespace) -> int:
    print(f"soak: {options.sessions} sessions, {options.minutes:g} minutes, seed {options.seed}", file=sys.stderr)
    dice = random.Random(options.seed)
    with folder_for(options) as folder:
        bot, parcel = make_bot(folder, dice, PARCEL_BYTES)
        async with LocalChats(options.binary, folder, LOOK_EVERY) as service:
            host = AttacheHost(options.binary, bot, folder, service.url)
            # Frames may overtake each other, so that only the messages of patient customers have an order.
            conversations = Conversations(service, host, dice, parcel, options.sessions, patience=1, rejections=0.1)
            soak = Soak(host, conversations, RandomFaults(service, dice, options.faults))
            await soak.run(options.minutes * 60)
    _print(soak, options)
    return 0 if soak.is_good else 1


def _print(soak: Soak, options: argparse.Namespace) -> None:
    counts = soak.conversations.counts
    tenths = soak.resources.tenths()
    print(f"{options.sessions} sessions, {options.minutes:g} minutes, seed {options.seed}")
    print(rows([*counts.rows(), ("faults asked for", soak.faults.asked_for), ("exit code when asked to end", soak.exit_code)]))
    print("  the host in each tenth of the time, from the first to the last:")
    print("    resident memory, MiB ", *(f"{tenth.mebibytes:>7.1f}" for tenth in tenths))
    print("    file descriptors     ", *(f"{tenth.descriptors:>7.0f}" for tenth in tenths))
    for story in soak.conversations.stories[:10]:
        print(story, file=sys.stderr)
    what = f"{counts.conversations} conversations, {soak.faults.asked_for} faults (seed {options.seed})"
    print(f"{what}: {counts_in_words(counts)}: {'all is well' if soak.is_good else 'NOT WELL'}")


if __name__ == "__main__":
    sys.exit(main())
