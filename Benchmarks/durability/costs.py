"""What durability costs: a host whose store is on a disk, beside one whose store is in memory.

Both commit every turn with `synchronous=FULL`; in memory that costs nothing. The service keeps nothing on disk in either case.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from customer import Customer
from durability.host import AttacheHost
from durability.options import add_binary_option, check_binary
from durability.services import LocalChats

BOT = Path(__file__).parent / "meter.yaml"
MEMORY = "/dev/shm"
# Of each session; a contact may have 35.
MOST_ATTACHMENTS = 30
ALL_ATTACHMENTS = 600


@dataclass
class Costs:
    p50: float
    p99: float
    attachments_a_second: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="Benchmarks/durability/run", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 200], metavar="N", help="busy sessions (default: 1 200)")
    parser.add_argument("--seconds", type=float, default=10, metavar="N", help="of each measurement (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=1, metavar="N", help="messages a second of each of many (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="whose median counts (default: %(default)s)")
    parser.add_argument("--disk", type=Path, default=Path(tempfile.gettempdir()), metavar="FOLDER", help="on a disk (default: %(default)s)")
    add_binary_option(parser)
    options = parser.parse_args()
    check_binary(parser, options)
    if file_system(options.disk) == "tmpfs":
        parser.error(f"{options.disk} is in memory: name a folder on a disk with --disk")

    print(f"{'sessions':>8}  {'store':<8}{'p50 ms':>8}{'p99 ms':>8}{'attachments/s':>16}")
    for sessions in options.sessions:
        disk, memory = compare(sessions, options)
        for name, costs in (("disk", disk), ("memory", memory)):
            print(f"{sessions:>8}  {name:<8}{costs.p50 * 1000:>8.1f}{costs.p99 * 1000:>8.1f}{costs.attachments_a_second:>16.1f}")
        ratios = (disk.p50 / memory.p50, disk.p99 / memory.p99, memory.attachments_a_second / disk.attachments_a_second)
        print(f"{'':>8}  {'ratio':<8}{ratios[0]:>8.2f}{ratios[1]:>8.2f}{ratios[2]:>16.2f}", flush=True)
    return 0


def compare(sessions: int, options: argparse.Namespace) -> tuple[Costs, Costs]:
    """On the disk, and in memory: by turns, so that whatever else the machine does strikes both."""
    rounds = [
        [asyncio.run(measured(sessions, Path(place), options)) for place in (options.disk, MEMORY)]
        for _ in range(options.rounds)
    ]
    return tuple(
        Costs(*(median(getattr(round[index], name) for round in rounds) for name in ("p50", "p99", "attachments_a_second")))
        for index in (0, 1)
    )


async def measured(sessions: int, place: Path, options: argparse.Namespace) -> Costs:
    async with busy_sessions(sessions, place, options.binary) as customers:
        await latencies(customers, 2, options.rate)
        cuts = quantiles(await latencies(customers, options.seconds, options.rate), n=100)
        rate = await attachments_a_second(customers)
    return Costs(cuts[49], cuts[98], rate)


@asynccontextmanager
async def busy_sessions(count: int, place: Path, binary: Path):
    """Customers whose bot has greeted them."""
    with tempfile.TemporaryDirectory(prefix="attache-costs-") as temporary, tempfile.TemporaryDirectory(dir=place) as store:
        folder = Path(temporary)
        async with LocalChats(binary, folder) as service, AsyncExitStack() as stack:
            host = AttacheHost(binary, BOT, folder, service.url, store=Path(store) / "store")
            host.start()
            stack.callback(host.kill)
            chats = await asyncio.gather(*(service.open_chat() for _ in range(count)))
            customers = [await stack.enter_async_context(Customer(chat.customer)) for chat in chats]
            await asyncio.gather(*(host.take(chat.arrival) for chat in chats))
            # Who is answered is in the chat.
            await asyncio.gather(*(customer.ask("echo") for customer in customers))
            yield customers


async def latencies(customers: list[Customer], seconds: float, rate: float) -> list[float]:
    """Of every message that was sent in this time."""
    end = time.perf_counter() + seconds
    # One of many keeps to the pace; one alone asks as soon as it was answered.
    apart = 1 / rate if len(customers) > 1 else 0
    delays = [apart * index / len(customers) for index in range(len(customers))]
    answers = await asyncio.gather(*(ask_until(end, customer, delay, apart) for customer, delay in zip(customers, delays, strict=True)))
    return [latency for one in answers for latency in one]


async def ask_until(end: float, customer: Customer, delay: float, apart: float) -> list[float]:
    answers: list[float] = []
    due = time.perf_counter() + delay
    while due < end:
        await asyncio.sleep(max(0, due - time.perf_counter()))
        answers.append(await customer.ask("echo"))
        due = max(due + apart, time.perf_counter())
    return answers


async def attachments_a_second(customers: list[Customer]) -> float:
    """Each session sends one after the other."""
    each = min(MOST_ATTACHMENTS, ALL_ATTACHMENTS // len(customers))

    async def ask_for_all(customer: Customer) -> None:
        for _ in range(each):
            await customer.ask("receipt")

    began = time.perf_counter()
    await asyncio.gather(*(ask_for_all(customer) for customer in customers))
    return each * len(customers) / (time.perf_counter() - began)


def file_system(path: Path) -> str:
    """The kind of the mount that a path is on."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    above = [(point, kind) for point, kind in mounts if path.resolve().is_relative_to(point)]
    return max(above, key=lambda mount: len(mount[0]))[1]


if __name__ == "__main__":
    sys.exit(main())
