"""One host, all bad modules, and a bot beside them that has nothing to do with them."""

import statistics
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from support.host import BotHost, processes_with

from .table import Case

SERVER = Path(__file__).parent / "bad_module.py"
# Variables in the environments of the modules' processes, and of those that they fork.
MARK = "BAD_MODULE_MARK"
ORPHAN_MARK = "BAD_MODULE_ORPHAN"
# Chats of the other bot before the first bad module is called.
CALM_SAMPLES = 30
# How much later than its deadline a reply may be: the machine is busy with sixty bad modules.
PATIENCE = 20

BOT = """
bot: {mode}
participant: {{ display_name: {mode} }}
modules:
  bad:
    mcp: ["{python}", -S, "{server}", {mode}]
    env: {{ {mark_name}: "{mark}" }}
    limits: {limits}
    sandbox: {sandbox}
behaviours:
  - when: message
    says: poke
    do:
      - bad.poke: {{}}
        as: answer
        within: {within}s
        otherwise:
          - say: "otherwise: {{{{error.kind}}}}: {{{{error.reason}}}}"
          - stop
      - say: "answer: {{{{answer | json}}}}"
"""

ECHO = """
bot: echo
participant: { display_name: Echo }
limits: { messages_per_minute: off }
behaviours:
  - when: message
    do:
      - say: "You said: {{message.text}}"
"""


@dataclass
class Outcome:
    """What became of one case."""

    mark: str
    reply: str = ""
    seconds: float = 0
    problem: str = ""
    # What it has forked and is still there though the module has ended, and the host has not.
    orphans: dict[int, str] = field(default_factory=dict)
    # What others noticed meanwhile.
    echo_seconds: list[float] = field(default_factory=list)
    resident_bytes: int = 0


@dataclass(frozen=True)
class Sample:
    time: float
    echo_seconds: float
    resident_bytes: int


def write_bots(folder: Path, cases: list[Case], marks: dict[str, str]) -> list[Path]:
    texts = {"echo": ECHO} | {case.mode: bot(case, marks[case.mode]) for case in cases}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return [folder / f"{name}.yaml" for name in texts]


def bot(case: Case, mark: str) -> str:
    limits = "{ " + ", ".join(f"{name}: {value}" for name, value in case.limits.items()) + " }"
    return BOT.format(
        mode=case.mode, python=sys.executable, server=SERVER, mark_name=MARK, mark=mark, limits=limits, sandbox=case.sandbox, within=case.within
    )


def new_mark() -> str:
    return str(uuid.uuid4())


class Watcher:
    """Chats with the bot that has nothing to do with modules, on and on, and looks at the host's memory."""

    def __init__(self, host: BotHost):
        self._host = host
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.samples: list[Sample] = []
        self.problem = ""

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._is_over.set()
        self._thread.join()

    def first(self, count: int) -> list[Sample]:
        """Waits for so many."""
        while len(self.samples) < count and not self.problem:
            time.sleep(0.05)
        return self.samples[:count]

    def between(self, start: float, end: float) -> list[Sample]:
        return [sample for sample in self.samples if start <= sample.time <= end]

    def _run(self) -> None:
        try:
            with self._host.chat("echo") as chat:
                number = 0
                while not self._is_over.wait(0.05):
                    number += 1
                    text, seconds = chat.ask(f"ping {number}", seconds=30)
                    assert text == f"You said: ping {number}", text
                    self.samples.append(Sample(time.monotonic(), seconds, self._host.process.resident_bytes()))
        except Exception as problem:
            self.problem = repr(problem)


@dataclass
class Trial:
    outcomes: dict[str, Outcome]
    calm: list[Sample]
    watcher_problem: str
    exit_code: int | None = None

    def summary(self) -> list[str]:
        """How the other bot fared, and the host: with and without bad modules."""
        beside = [seconds for outcome in self.outcomes.values() for seconds in outcome.echo_seconds]
        by_delay = sorted(self.outcomes, key=lambda mode: max(self.outcomes[mode].echo_seconds, default=0), reverse=True)
        most = max(outcome.resident_bytes for outcome in self.outcomes.values())
        return [
            f"a bot's replies alone: {figures([sample.echo_seconds for sample in self.calm])}",
            f"beside bad modules: {figures(beside)}",
            *(f"    beside {mode}: {figures(self.outcomes[mode].echo_seconds)}" for mode in by_delay[:5]),
            f"the host's memory: {max(sample.resident_bytes for sample in self.calm) >> 20} MiB, at most {most >> 20} MiB",
        ]


def figures(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    return f"median {statistics.median(seconds) * 1000:.1f} ms, longest {max(seconds) * 1000:.1f} ms of {len(seconds)}"


def try_all(host: BotHost, cases: list[Case], marks: dict[str, str]) -> Trial:
    outcomes = {case.mode: Outcome(marks[case.mode]) for case in cases}
    with Watcher(host) as watcher:
        calm = watcher.first(CALM_SAMPLES)
        quiet = [case for case in cases if not case.is_loud]
        with ThreadPoolExecutor(8) as customers:
            list(customers.map(lambda case: poke(host, case, outcomes[case.mode], watcher), quiet))
        for case in cases:
            if case.is_loud:
                poke(host, case, outcomes[case.mode], watcher)
    return Trial(outcomes, calm, watcher.problem)


def poke(host: BotHost, case: Case, outcome: Outcome, watcher: Watcher) -> None:
    start = time.monotonic()
    try:
        with host.chat(case.mode) as chat:
            outcome.reply, outcome.seconds = chat.ask("poke", seconds=case.within + PATIENCE)
    except Exception as problem:
        outcome.problem = repr(problem)
    outcome.orphans = orphans(outcome.mark)
    samples = watcher.between(start, time.monotonic())
    outcome.echo_seconds = [sample.echo_seconds for sample in samples]
    outcome.resident_bytes = max((sample.resident_bytes for sample in samples), default=0)


def orphans(mark: str, seconds: float = 10) -> dict[int, str]:
    """What is left after a while."""
    deadline = time.monotonic() + seconds
    while (left := processes_with(ORPHAN_MARK, mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
