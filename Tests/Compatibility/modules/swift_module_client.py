"""Calls the actions of the sample module with the Python package's own client, and prints what came back as JSON.

Runs under either version of the `mcp` package: the first argument is `legacy` or `auto`, the rest is the module's command.
"""

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import mcp.types
from mcp.client.stdio import StdioServerParameters, stdio_client

asked = []


async def elicit(_, params):
    asked.append(params.message)
    return mcp.types.ElicitResult(action="accept", content={"order": "1001"})


@asynccontextmanager
async def connected(mode: str, command: str, *arguments: str):
    """A client, and the revision of the protocol that it agreed on."""
    transport = stdio_client(StdioServerParameters(command=command, args=list(arguments)))
    if hasattr(mcp.types, "DiscoverResult"):
        from mcp.client import Client

        async with Client(transport, mode=mode, elicitation_callback=elicit) as client:
            yield client, client.session.protocol_version
    else:
        async with transport as (reader, writer), mcp.ClientSession(reader, writer, elicitation_callback=elicit) as session:
            yield session, (await session.initialize()).protocolVersion


async def call(client, action: str, **arguments):
    progress = []

    async def note(value, _total, message):
        progress.append([value, message])

    try:
        result = await client.call_tool(action, arguments, progress_callback=note)
    except Exception as error:
        return {"refused": str(error)}
    answer = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return answer | ({"progress": progress} if progress else {})


async def main(mode: str, *command: str) -> None:
    async with connected(mode, *command) as (client, version):
        slow = asyncio.create_task(call(client, "slow", milliseconds=60_000))
        await asyncio.sleep(0.2)
        slow.cancel()
        answers = {
            "version": version,
            "tools": [tool.name for tool in (await client.list_tools()).tools],
            "greet": await call(client, "greet", who="Ada"),
            "list": await call(client, "list"),
            "file": await call(client, "file", name="a é.txt"),
            "ask": await call(client, "ask"),
            "slow": await call(client, "slow"),
            "fail": await call(client, "fail", message="Sorry."),
            "missing": await call(client, "greet"),
            "many": await asyncio.gather(*(call(client, "greet", who=str(number)) for number in range(20))),
            "asked": asked,
        }
    print(json.dumps(answers))


asyncio.run(main(*sys.argv[1:]))
