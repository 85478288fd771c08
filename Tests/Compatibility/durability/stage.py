"""All that a matrix needs, made in one folder: the bot with its file, a service, a host."""

import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from durability import later
from durability.conversation import PARCEL
from durability.conversations import Conversations
from durability.host import AttacheHost, Host, ScriptHost
from durability.matrix import KillMatrix
from durability.options import ROOT
from durability.services import FORGETFUL, make_service

HERE = Path(__file__).parent
BOTO3_BOT = ROOT / "Benchmarks/peers/boto3_bot.py"
SUBJECTS = ("attache", "boto3")
PARCEL_BYTES = 400 * 1024


@asynccontextmanager
async def kill_matrix(
    binary: Path, folder: Path, seed: int, service: str, subject: str = "attache", at_once: int = 8, receive: str = "websocket"
) -> AsyncIterator[KillMatrix]:
    dice = random.Random(seed)
    bot, parcel = make_bot(folder, dice)
    async with make_service(service, binary, folder, dice, is_lenient=subject != "attache") as running:
        host = make_host(subject, binary, bot, folder, running.url, receive)
        conversations = Conversations(running, host, dice, parcel, at_once, rejections=0.1, hang_ups=0.1)
        yield KillMatrix(running, host, conversations, dice, later.compiled(folder) if service in FORGETFUL else None)


def make_bot(folder: Path, dice: random.Random, size: int = PARCEL_BYTES) -> tuple[Path, bytes]:
    """The bot file, in a folder of its own with the file that the bot sends; and that file's bytes."""
    home = folder / "bot"
    home.mkdir()
    parcel = dice.randbytes(size)
    (home / PARCEL).write_bytes(parcel)
    return Path(shutil.copy(HERE / "parcels.yaml", home)), parcel


def make_host(subject: str, binary: Path, bot: Path, folder: Path, endpoint: str, receive: str) -> Host:
    if subject == "boto3":
        return ScriptHost(BOTO3_BOT, bot, folder, endpoint)
    return AttacheHost(binary, bot, folder, endpoint, options=("--receive", receive))
