"""The example bots, with their modules, in hosts that are killed at every point of a chat: the customer is told the same."""

import signal
import threading
import time
from pathlib import Path

import pytest

from conftest import ROOT
from durability.kills import POINTS
from support.host import BotHost
from support.service import Participant

# What the customer says, each after the bot has said this; then what it says last.
CONVERSATIONS = {
    "receipts": [("Welcome to Acme.", "receipt 1001"), ("Anything else?", "no"), ("Thank you, and goodbye.", None)],
    "concierge": [("What can I do for you?", "transcript"), ("Here it is.", "person"), ("What is it about?", "tea"), ("One moment", None)],
}
# A chat is over within this, also with a restart in it.
SECONDS = 40


class Lives:
    """A host that is started again whenever it has died."""

    def __init__(self, start, crash_at: str):
        self._start = start
        self.host: BotHost = start(ATTACHE_CRASH_AT=crash_at)
        self.first = self.host.process
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._is_over.wait(0.02):
            if not self.host.process.is_running:
                self.host = self._start()

    def has_been_killed(self, seconds: float = 0) -> bool:
        deadline = time.monotonic() + seconds
        while self.first.is_running and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self.first.is_running and self.first.wait() == -signal.SIGKILL

    def end(self) -> None:
        self._is_over.set()
        self._thread.join()
        self.host.process.kill()

    def take(self, bot: str, participant: Participant) -> None:
        """Gives it a chat, if need be in its next life."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                assert self.host.offer(bot, participant).status in (200, 202)
                return
            except (AssertionError, OSError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("bot", CONVERSATIONS)
def test_the_answers_are_the_same_wherever_the_host_is_killed(attache_binary, tmp_path, local_service, expected, bot, point):
    passings = 0
    while True:
        folder = tmp_path / str(passings + 1)
        folder.mkdir()
        said, was_killed = converse(attache_binary, folder, local_service, bot, f"{point}:{passings + 1}")
        assert said == expected(bot), f"killed at {point}, passing {passings + 1}"
        if not was_killed:
            break
        passings += 1
    # Where files are sent is no point of a chat without any, and all others are points of every chat.
    assert passings > 0


@pytest.fixture(scope="module")
def expected(attache_binary, tmp_path_factory, local_service):
    """What a bot says in a host that nobody kills."""
    said: dict[str, list[tuple[str, str]]] = {}

    def expected(bot: str) -> list[tuple[str, str]]:
        if bot not in said:
            never = "session.ended:1000"
            said[bot], was_killed = converse(attache_binary, tmp_path_factory.mktemp(bot), local_service, bot, never)
            assert not was_killed
        return said[bot]

    return expected


def converse(binary: Path, folder: Path, service, bot: str, crash_at: str) -> tuple[list[tuple[str, str]], bool]:
    """One chat: what the bot said in it and which files it sent, and whether its host was killed."""

    def start(**environment: str) -> BotHost:
        return BotHost(binary, folder, service, [ROOT / f"bots/{bot}.yaml"], **environment)

    contact = service.start_contact()
    contact.customer.connect()
    lives = Lives(start, crash_at)
    try:
        lives.take(bot, contact.add_bot(bot))
        for cue, words in CONVERSATIONS[bot]:
            wait_for(contact.customer, lambda item: cue in item.get("Content", ""), cue)
            if words:
                contact.customer.say(words)
        wait_for(contact.customer, lambda item: item.get("ContentType", "").endswith("participant.left"), "the bot to leave")
        was_killed = lives.has_been_killed(seconds=1)
        return [fact for item in contact.customer.transcript() if (fact := told(item, contact.customer))], was_killed
    finally:
        lives.end()


def told(item: dict, customer: Participant) -> tuple[str, str] | None:
    """What the customer sees of an item of the bot's: words, or a file; not what depends on the time."""
    if item.get("ParticipantRole") != "CUSTOM_BOT":
        return None
    if item["Type"] == "MESSAGE":
        return ("says", item["Content"])
    if item["Type"] == "ATTACHMENT":
        [file] = item["Attachments"]
        content = customer.download(file["AttachmentId"]).decode()
        # A transcript is full of times.
        is_receipt = file["AttachmentName"].startswith("receipt")
        return (file["AttachmentName"], "\n".join(content.splitlines()[3:]) if is_receipt else "")
    return None


def wait_for(customer: Participant, fits, what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not any(fits(item) for item in customer.transcript()):
        assert time.monotonic() < deadline, f"waited {SECONDS} s for {what!r}: {customer.transcript()}"
        time.sleep(0.03)
