"""`attache join` against the strict service, with the test as the customer."""

from pathlib import Path

import pytest

from strict_service import StrictService
from support.process import AttacheProcess
from support.visit import Visit

COURIER = Path(__file__).parent / "courier.yaml"


@pytest.fixture
async def service():
    async with StrictService() as service:
        yield service


@pytest.fixture
async def join(attache_binary, tmp_path, service):
    """Sends a bot into the service's chat: `join()`, or with another bot file, options, or service."""
    processes: list[AttacheProcess] = []

    def start(*options: str, bot: Path = COURIER, into: StrictService = service, token: str | None = None) -> Visit:
        token_file = tmp_path / "participant-token"
        token_file.write_text((token or into.chat.bot.participant_token) + "\n")
        token_file.chmod(0o600)
        arguments = ["join", str(bot), "--participant-token-file", str(token_file), "--endpoint", into.url, *options]
        processes.append(AttacheProcess(attache_binary, arguments, tmp_path / f"join-{len(processes)}.log"))
        return Visit(into, processes[-1])

    try:
        yield start
    finally:
        for process in processes:
            process.kill()
