"""A server on Python's `websockets`, for our client. Prints its port, then serves until its input ends.

What it does is in the path: /echo, /close/CODE, /drop, /ping, /fragments, /big/BYTES, /deny/STATUS.
"""

import asyncio
import http
import sys

from websockets.asyncio.server import ServerConnection, serve


async def handle(socket: ServerConnection) -> None:
    command, _, argument = socket.request.path.split("?")[0].lstrip("/").partition("/")
    if command == "echo":
        async for message in socket:
            await socket.send(message)
    elif command == "close":
        await socket.close(int(argument), "because")
    elif command == "drop":
        await socket.send("last words")
        socket.transport.abort() if argument == "abort" else socket.transport.close()
    elif command == "ping":
        for number in range(20):
            await (await socket.ping(str(number)))
        await socket.send("pongs arrived")
    elif command == "fragments":
        await socket.send(chunk for chunk in ["Hé", "", "llo ", "😀"])
        await socket.send(chunk for chunk in [b"\x00", b"\xff" * 70000, b""])
    elif command == "big":
        await socket.send("x" * int(argument))
        await socket.wait_closed()
        print("closed with", socket.close_code, flush=True)


def deny(connection: ServerConnection, request):
    command, _, argument = request.path.lstrip("/").partition("/")
    if command == "deny":
        return connection.respond(http.HTTPStatus(int(argument)), "no\n")
    return None


async def main() -> None:
    async with serve(handle, "127.0.0.1", 0, process_request=deny, max_size=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        server.close()


asyncio.run(main())
