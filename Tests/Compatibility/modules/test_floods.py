"""A module that writes without end, at whatever time: it is read more slowly, and then ended. Its host's processor time is reported."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.host import BotHost
from support.process import clean_environment

SERVER = Path(__file__).parent / "bad/flooding_module.py"
REASON = r"it floods its standard %s with more than 1024 lines or 4 MiB a second"
STREAMS = {"stdout": "output", "stderr": "error output"}

BOT = """
bot: flood
participant: {{ display_name: Flood }}
modules:
  flood: {{ mcp: {command} }}
behaviours:
  - when: message
    do:
      - flood.poke: {{}}
      - say: "poked"
"""


@pytest.mark.parametrize(
    "flood",
    [
        "at-start stderr an-endless-line",
        "at-start stdout an-endless-line",
        "at-start stdout log-messages",
        "when-listed stderr tiny-lines",
        "when-listed stdout blank-lines",
        "when-called stderr blank-lines",
        "when-called stdout progress",
        "when-called stdout an-endless-line",
    ],
)
def test_a_call_fails_with_the_reason(attache_binary, flood, tell):
    words = flood.split()
    command = [attache_binary, "module", "call", f"{sys.executable} -S {SERVER} {flood}", "poke", "{}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(), text=True)
    seconds, used = processor_time(process, limit=40)
    errors = process.communicate()[1]
    tell([f"{flood}: {used:.1f} s of processor time in {seconds:.1f} s"])
    assert process.returncode == 1
    assert REASON % STREAMS[words[1]] in errors


@pytest.mark.parametrize("flood", ["stderr an-endless-line", "stdout an-endless-line", "stdout log-messages"])
def test_one_that_has_nothing_to_do_is_ended(attache_binary, tmp_path, local_service, flood):
    with host(attache_binary, tmp_path, local_service, f"when-idle {flood}") as running:
        running.process.wait_for_log(REASON % STREAMS[flood.split()[0]], seconds=40)


@pytest.mark.parametrize("flood", ["stderr an-endless-line", "stdout an-endless-line", "stdout progress"])
def test_one_that_is_being_stopped_does_not_hold_up_the_end(attache_binary, tmp_path, local_service, flood):
    with host(attache_binary, tmp_path, local_service, f"at-the-end {flood}") as running:
        with running.chat("flood") as chat:
            assert chat.ask("poke", seconds=20)[0] == "poked"
        assert running.process.stop() == 0


def host(binary, folder, service, arguments: str) -> BotHost:
    words = [sys.executable, "-S", str(SERVER), *arguments.split()]
    bot = folder / "flood.yaml"
    bot.write_text(BOT.format(command="[" + ", ".join(f'"{word}"' for word in words) + "]"))
    return BotHost(binary, folder, service, [bot])


def processor_time(process: subprocess.Popen, limit: float) -> tuple[float, float]:
    """How long a process has run when it ended, and what it has used of the processor; seconds."""
    start = time.monotonic()
    used = 0.0
    while process.poll() is None:
        assert time.monotonic() - start < limit, f"it did not end within {limit} s"
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        time.sleep(0.05)
    return time.monotonic() - start, used
