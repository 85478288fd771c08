#!/usr/bin/env python3
"""What one call of an action in a process costs: `attache`, the Python package's own client, and a bare pipe, in turns, with one server.
And what one in a native library costs `attache`, and a C program that does nothing else.

    swift build -c release --disable-local-rpath
    Benchmarks/modules/measure.py [--calls 2000] [--rounds 3] [--attache .build/release/attache]
"""

import argparse
import atexit
import json
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
ACTION, ARGUMENTS = "lookup", '{"id": "1001"}'
# The first calls find everything cold, on all sides.
WARM_UP = 100


def main() -> None:
    options = read_options()
    server = [sys.executable, str(ROOT / "Plugins/orders/server.py")]
    calls = str(options.calls + WARM_UP)
    direct = build_direct()
    shared = options.attache.parent / "libShout.so"
    library = [options.attache, "module", "call", "Shout", "shout", '{"text": "hello"}', "--repeat", calls]
    commands = {
        "attache": [options.attache, "module", "call", shlex.join(server), ACTION, ARGUMENTS, "--repeat", calls],
        "Python's mcp client": [ROOT / ".venv-mcp2/bin/python", HERE / "peer.py", calls, ACTION, ARGUMENTS, *server],
        "a bare pipe": [sys.executable, HERE / "floor.py", calls, ACTION, ARGUMENTS, *server],
        "attache, a library": library,
        "the library, directly": [direct, shared, calls, "shout", '{"text": "hello"}'],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            times[name] += measure(command)
    print(f"{options.rounds} times {options.calls} calls of orders.{ACTION}, or of Shout.shout, microseconds a call")
    print(f"{'':22}{'median':>8}{'p99':>8}")
    for name, all_times in times.items():
        print(f"{name:22}{statistics.median(all_times):8.0f}{statistics.quantiles(all_times, n=100)[98]:8.0f}")
    for name, floor in [("attache", "a bare pipe"), ("attache, a library", "the library, directly")]:
        overhead = statistics.median(times[name]) - statistics.median(times[floor])
        print(f"{name} adds {overhead:.0f} microseconds to {floor}")


def build_direct() -> Path:
    program = Path(tempfile.mkdtemp()) / "direct"
    atexit.register(shutil.rmtree, program.parent)
    subprocess.run(["cc", "-O2", f"-I{ROOT}/Sources/CAttacheModule/include", "-o", program, HERE / "direct.c"], check=True)
    return program


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--attache", type=Path, default=ROOT / ".build/release/attache")
    return parser.parse_args()


def measure(command: list) -> list[float]:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr}")
    return json.loads(done.stdout)["microseconds"][WARM_UP:]


if __name__ == "__main__":
    main()
