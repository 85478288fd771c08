"""Files of a bot's own folder: what is sent is what was there, and nothing else can be sent."""

import hashlib
import random
import re
import shutil
from pathlib import Path

import pytest

MEBIBYTE = 1024 * 1024


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "bot"
    folder.mkdir()
    shutil.copy(Path(__file__).parent / "postman.yaml", folder)
    return folder


@pytest.fixture
async def visit(join, folder):
    return await join(bot=folder / "postman.yaml").greeted()


@pytest.mark.parametrize("size", [1, 1024, 65_536, 65_537, 5 * MEBIBYTE, 20 * MEBIBYTE])
async def test_a_file_arrives_as_it_is(service, visit, folder, size):
    data = random.Random(size).randbytes(size)
    (folder / "data.pdf").write_bytes(data)
    service.customer_says("send data.pdf")
    await visit.until_said("data.pdf is sent")
    [upload] = service.uploads
    assert upload.puts == 1 and upload.content_type == "application/pdf"
    assert hashlib.sha256(upload.data).digest() == hashlib.sha256(data).digest()
    service.chat.end()
    assert await visit.ended() == 0
    assert service.violations == []


REFUSED = {
    "a folder above": "../secret.txt",
    "an absolute path": "/etc/hostname",
    "a way round": "inner/../../secret.txt",
    "a link out of it": "link.txt",
    "a folder": "inner",
    "no file": "nothing.txt",
    "an empty file": "empty.txt",
    "a type that is not taken": "archive.zip",
    "no type": "README",
    "too large a file": "film.mp4",
    "too long a name": "a" * 252 + ".text.txt",
}


@pytest.mark.parametrize("name", list(REFUSED.values()), ids=list(REFUSED))
async def test_what_may_not_be_sent_is_refused_before_the_first_call(service, visit, folder, name):
    (folder.parent / "secret.txt").write_text("secret")
    (folder / "inner").mkdir()
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "empty.txt").touch()
    for plain in ("archive.zip", "README"):
        (folder / plain).write_text("text")
    with (folder / "film.mp4").open("wb") as film:
        film.truncate(20 * MEBIBYTE + 1)
    service.customer_says(f"send {name}")
    await visit.until_said(f"{name} could not be sent")
    assert service.uploads == [] and "StartAttachmentUpload" not in service.calls
    service.chat.end()
    assert await visit.ended() == 0
    assert service.violations == []


async def test_a_large_file_is_not_held_in_memory(service, join, folder):
    """The peak of the resident size may be 4 MiB higher for 19 MiB than for 1 KiB."""
    (folder / "small.mp4").write_bytes(bytes(1024))
    (folder / "large.mp4").write_bytes(random.Random(1).randbytes(19 * MEBIBYTE))
    visit = await join(bot=folder / "postman.yaml").greeted()
    peaks = []
    for name in ("small.mp4", "large.mp4"):
        service.customer_says(f"send {name}")
        await visit.until_said(f"{name} is sent")
        peaks.append(peak_bytes(visit.process.pid))
    service.chat.end()
    assert await visit.ended() == 0
    assert peaks[1] - peaks[0] < 4 * MEBIBYTE, [peak / MEBIBYTE for peak in peaks]


def peak_bytes(pid: int) -> int:
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) * 1024
