"""A module that writes without end: flooding_module.py WHEN STREAM WHAT. Otherwise it answers a `poke` with "poked"."""

import json
import os
import sys
import threading

from bad_module import POKE, BadModule, answer, text

TEXTS = {
    "an-endless-line": "x",
    "blank-lines": "\n",
    "tiny-lines": "a b\n",
    "log-messages": json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "x"}}) + "\n",
    "progress": json.dumps({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": 77, "progress": 1}}) + "\n",
}


def flood(*_) -> None:
    descriptor = {"stdout": 1, "stderr": 2}[stream]
    block = (TEXTS[what] * ((1 << 16) // len(TEXTS[what]))).encode()
    while True:
        os.write(descriptor, block)


def flood_beside(request: dict) -> dict:
    """What it is asked it has answered."""
    threading.Timer(0.2, flood).start()
    return {"tools": [POKE]}


def called(request: dict) -> dict | None:
    if when == "at-the-end":
        answer(request, text("poked"))
        sys.stdin.buffer.read()
    if when in ("when-called", "at-the-end"):
        flood()
    return text("poked")


when, stream, what = sys.argv[1:]
module = BadModule()
if when == "at-start":
    flood()
if when == "when-listed":
    module.list = flood
if when == "when-idle":
    module.list = flood_beside
module.call = called
module.run()
