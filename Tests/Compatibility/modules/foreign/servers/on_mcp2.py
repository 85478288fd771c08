"""A server on version 2 of the `mcp` package: everything that a tool can give, through the package's own means."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

from mcp.server.mcpserver import Context, Elicit, Image, MCPServer, Resolve
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import BlobResourceContents, EmbeddedResource, ResourceLink
from pydantic import BaseModel

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)

server = MCPServer("everything")


class Weather(BaseModel):
    city: str
    degrees: float
    is_dry: bool


class Size(BaseModel):
    size: int


def ask_for_size() -> Elicit[Size]:
    return Elicit("Which size?", Size)


@server.tool()
def greet(name: str) -> str:
    return f"Hello, {name} 👋"


@server.tool()
def weather(city: str) -> Weather:
    return Weather(city=city, degrees=21.5, is_dry=True)


@server.tool()
def picture() -> Image:
    return Image(data=PIXEL, format="png")


@server.tool(structured_output=False)
def document() -> list:
    contents = BlobResourceContents(uri="file:///terms.pdf", mime_type="application/pdf", blob="JVBERi0=")
    return ["The terms.", EmbeddedResource(type="resource", resource=contents)]


@server.tool(structured_output=False)
def report(text: str) -> ResourceLink:
    path = Path(os.environ["BOT_SPOOL_DIR"]) / "report 1.csv"
    path.write_text(text)
    return ResourceLink(type="resource_link", uri=path.as_uri(), name="report.csv", mime_type="text/csv")


@server.tool()
def fail() -> str:
    raise ToolError("The warehouse is closed.")


@server.tool()
async def work(ctx: Context) -> str:
    for step in range(3):
        await ctx.report_progress(step, 3, f"step {step}")
    return "worked"


@server.tool()
def order(item: str, size: Annotated[Size, Resolve(ask_for_size)]) -> str:
    return f"{item} in size {size.size}"


@server.tool()
async def wait_until_cancelled() -> str:
    try:
        await asyncio.sleep(600)
    finally:
        Path(os.environ["CANCELLED"]).touch()
    return "never"


server.run()
