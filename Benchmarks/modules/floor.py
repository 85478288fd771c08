"""The floor: the same calls with nothing but a write and a read for each, as no client can be faster. Prints {"microseconds": [...]}."""

import json
import subprocess
import sys
import time

META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}


def main(count: int, action: str, arguments: dict, command: list[str]) -> None:
    params = {"name": action, "arguments": arguments, "_meta": META}
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode() + b"\n"
    times = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        for _ in range(count):
            start = time.perf_counter_ns()
            server.stdin.write(line)
            server.stdin.flush()
            answer = server.stdout.readline()
            times.append((time.perf_counter_ns() - start) / 1000)
            assert b'"result"' in answer, answer
        server.stdin.close()
    print(json.dumps({"microseconds": times}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), sys.argv[4:])
