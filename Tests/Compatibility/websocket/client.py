"""A client on Python's `websockets`, for our server, which echoes. Takes the port, prints one line for every check, and fails with the first that fails."""

import asyncio
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

URL = f"ws://127.0.0.1:{sys.argv[1]}/"


def link(**options):
    return connect(URL, proxy=None, max_size=None, **options)


async def echoes() -> None:
    async with link() as socket:
        for message in ["", "aß€😀", b"", bytes(range(256)), "x" * 125, "x" * 126, "x" * 65535, "x" * 65536, "y" * (1 << 20)]:
            await socket.send(message)
            assert await socket.recv() == message


async def fragments() -> None:
    async with link() as socket:
        await socket.send(chunk for chunk in ["Hé", "", "llo ", "😀"])
        assert await socket.recv() == "Héllo 😀"


async def pings() -> None:
    async with link() as socket:
        for number in range(20):
            await (await socket.ping(str(number)))


async def offers_are_not_taken() -> None:
    async with link(subprotocols=["chat"], compression="deflate") as socket:
        assert socket.subprotocol is None
        assert "Sec-WebSocket-Extensions" not in socket.response.headers


async def too_big() -> None:
    async with link() as socket:
        await socket.send("x" * ((1 << 20) + 1))
        await expect_close(socket, 1009)


async def closes() -> None:
    for code in [1000, 1001, 3000, 4999]:
        socket = await link()
        await socket.close(code, "because")
        assert (socket.close_code, socket.protocol.close_rcvd.code) == (code, code)


async def goodbyes_of_the_server() -> None:
    async with link() as socket:
        await socket.send("close 4321")
        await expect_close(socket, 4321)


async def drops() -> None:
    for _ in range(20):
        socket = await link()
        await socket.send("x" * 1000)
        socket.transport.abort()
    await echoes()


async def many_at_once() -> None:
    async def one(number: int) -> None:
        async with link() as socket:
            for count in range(20):
                await socket.send(f"{number} {count}")
                assert await socket.recv() == f"{number} {count}"

    await asyncio.gather(*(one(number) for number in range(100)))


async def expect_close(socket, code: int) -> None:
    try:
        await socket.recv()
        raise AssertionError("there was a message")
    except ConnectionClosed as error:
        assert error.rcvd is not None and error.rcvd.code == code, error


async def main() -> None:
    for check in [echoes, fragments, pings, offers_are_not_taken, too_big, closes, goodbyes_of_the_server, drops, many_at_once]:
        await asyncio.wait_for(check(), 30)
        print(check.__name__, flush=True)


asyncio.run(main())
