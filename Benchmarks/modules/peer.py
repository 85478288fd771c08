"""The peer: the same calls by the client of the Python package `mcp`. Prints how long each took: {"microseconds": [...]}."""

import asyncio
import json
import sys
import time

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client


async def main(count: int, action: str, arguments: dict, command: list[str]) -> None:
    times = []
    async with Client(stdio_client(StdioServerParameters(command=command[0], args=command[1:]))) as client:
        for _ in range(count):
            start = time.perf_counter_ns()
            await client.call_tool(action, arguments)
            times.append((time.perf_counter_ns() - start) / 1000)
    print(json.dumps({"microseconds": times}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), sys.argv[4:]))
