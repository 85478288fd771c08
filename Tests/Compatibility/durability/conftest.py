"""Chats on the local service, with hosts that share one store."""

import pytest

from durability.echo import write_bot
from durability.small_disk import SmallDisk
from support.host import BotHost
from support.service import LocalService


@pytest.fixture
def local_service(attache_binary, tmp_path):
    with LocalService(attache_binary, tmp_path, "--quotas", "off", "--scan-delay", "0") as service:
        yield service


@pytest.fixture
def start_host(attache_binary, tmp_path, local_service):
    """Starts hosts of the echo bot, one after the other, with the store in `tmp_path`."""
    bot = write_bot(tmp_path)
    started: list[BotHost] = []

    def start(program=attache_binary, **environment: str) -> BotHost:
        started.append(BotHost(program, tmp_path, local_service, [bot], **environment))
        return started[-1]

    try:
        yield start
    finally:
        for host in started:
            host.process.kill()


@pytest.fixture
def disk(tmp_path):
    """Where the store is then."""
    disk = SmallDisk(tmp_path / "store", mebibytes=4)
    try:
        yield disk
    finally:
        disk.close()


@pytest.fixture
def program(disk, attache_binary, tmp_path):
    """`attache` with that disk."""
    return disk.program(attache_binary, tmp_path / "attache-on-the-small-disk")
