"""A running `attache run`, with its chats in a local service."""

import json
import os
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.http import Answer, exchange
from support.live import Live
from support.process import AttacheProcess, HasProcess, clean_environment
from support.service import Contact, LocalService, Participant

INTAKE_SECRET = "an-intake-secret-0123456789"


class BotHost(HasProcess):
    """Hosts bots; a chat arrives as a flow's Lambda brings it."""

    def __init__(self, binary: Path, folder: Path, service: LocalService, bots: list[Path], *options: str, **environment: str):
        self.service = service
        secret = folder / "intake-secret"
        secret.write_text(INTAKE_SECRET + "\n")
        secret.chmod(0o600)
        arguments = ["run", *map(str, bots), "--endpoint", service.url, "--quotas", "off", "--store", str(folder / "store")]
        arguments += ["--intake", "127.0.0.1:0", "--intake-secret-file", str(secret), *options]
        self.process = AttacheProcess(binary, arguments, folder / f"run-{uuid.uuid4()}.log", clean_environment(**environment))
        try:
            self.intake = self.process.wait_for_log(r"intake: (http://\S+)", seconds=120)[1]
        except AssertionError:
            self.process.kill()
            raise

    @contextmanager
    def chat(self, bot: str):
        """A new chat with a bot, as its customer."""
        contact = self.service.start_contact()
        contact.customer.connect()
        with contact.customer.live() as live:
            yield Chat(contact, self._bring(bot, contact), live)

    def _bring(self, bot: str, contact: Contact) -> Participant:
        participant = contact.add_bot(bot)
        answer = self.offer(bot, participant)
        assert answer.status == 202, str(answer)
        return participant

    def offer(self, bot: str, participant: Participant) -> Answer:
        """Brings a chat to the intake, and gives what that says."""
        body = {"bot": bot, "contactId": participant.contact_id, "participantId": participant.id, "participantToken": participant.token}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {INTAKE_SECRET}"}
        return exchange("POST", self.intake, headers, json.dumps(body).encode())

    def readiness(self) -> Answer:
        return exchange("GET", self.intake.removesuffix("/v1/chats") + "/readyz")


@dataclass
class Chat:
    contact: Contact
    bot: Participant
    live: Live

    def say(self, text: str) -> None:
        self.contact.customer.say(text)

    def reply(self, seconds: float = 10) -> str:
        """What the bot says next."""
        return self.live.item(seconds, Type="MESSAGE", ParticipantRole="CUSTOM_BOT")["Content"]

    def ask(self, text: str, seconds: float = 10) -> tuple[str, float]:
        """The bot's reply, and after how many seconds it came."""
        start = time.monotonic()
        self.say(text)
        return self.reply(seconds), time.monotonic() - start


def processes_with(variable: str, value: str) -> dict[int, str]:
    """The processes with such a variable in their environments: their command lines by their ids."""
    wanted = f"{variable}={value}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has gone meanwhile, or is none of ours
    return found


def assert_no_process_with(variable: str, value: str, seconds: float = 10) -> None:
    """None is left, or goes on its own very soon."""
    deadline = time.monotonic() + seconds
    while left := processes_with(variable, value):
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.05)
