"""Plugins/orders: the example of a module in Python, in both eras of the protocol."""

import csv
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from conftest import ROOT
from support.module import META, Client, Module

SERVER = ROOT / "Plugins/orders/server.py"
ESPRESSO = {"description": "Espresso cup, white", "quantity": 4, "price": 7.5}


@pytest.fixture
def start(tmp_path):
    """Starts servers; each must end when its input does."""
    started: list[Module] = []

    def start(**environment: str) -> Module:
        started.append(Module([sys.executable, SERVER], tmp_path / f"orders-{len(started)}.log", **environment))
        return started[-1]

    try:
        yield start
        for module in started:
            assert module.close() == 0, module.log
    finally:
        for module in started:
            module.kill()


@pytest.fixture(params=["modern", "legacy"])
def client(request, start) -> Client:
    return Client(start(), request.param)


def text(result: dict) -> str:
    [content] = result["content"]
    return content["text"]


def test_it_says_who_it_is(client):
    if client.is_modern:
        assert client.server["supportedVersions"] == ["2026-07-28"]
        assert client.server["_meta"][META + "serverInfo"]["name"] == "orders"
    else:
        assert client.server["protocolVersion"] == "2025-11-25"
        assert client.server["serverInfo"]["name"] == "orders"
    assert "tools" in client.server["capabilities"]


def test_it_lists_its_tools(client):
    tools = client.tools()
    assert tools.keys() == {"lookup", "search", "cancel", "invoice"}
    assert tools["lookup"]["inputSchema"]["required"] == ["id"]
    assert tools["lookup"]["annotations"]["readOnlyHint"]
    assert tools["cancel"]["annotations"]["destructiveHint"]


def test_an_order_is_found(client):
    order = client.call("lookup", {"id": "1001"})["structuredContent"]
    assert order.keys() == {"id", "customer", "date", "currency", "status", "lines", "total"}
    assert (order["id"], order["currency"], order["total"]) == ("1001", "EUR", 74.75)
    assert order["lines"][0] == ESPRESSO


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("lookup", {"id": "7"}, "There is no order 7."),
        ("lookup", {"id": "'; DROP TABLE orders; --"}, "'id' cannot be"),
        ("lookup", {"id": 1001}, "'id' must be of type string."),
        ("lookup", {}, "'id' is missing."),
        ("lookup", {"id": "1001", "colour": "red"}, "no parameter 'colour'"),
        ("search", {"customer": ""}, "'customer' cannot be"),
        ("invoice", {"id": "1001"}, "BOT_SPOOL_DIR"),
    ],
)
def test_what_cannot_be_done_is_said_to_the_customer(client, tool, arguments, words):
    result = client.call(tool, arguments)
    assert result["isError"]
    assert words in text(result)


def test_a_customers_orders_are_listed_newest_first(client):
    orders = client.call("search", {"customer": "lovelace"})["structuredContent"]["orders"]
    assert [order["id"] for order in orders] == ["1003", "1001"]
    assert client.call("search", {"customer": "nobody"})["structuredContent"]["orders"] == []


def test_what_it_does_not_know_is_an_error_of_the_protocol(client):
    module = client.module
    assert module.request("tools/call", {"name": "refund", "arguments": {}})["error"]["code"] == -32602
    assert module.request("prompts/list")["error"]["code"] == -32601
    assert module.request("ping")["result"] == {}


RUBBISH = [
    b"",
    b"rubbish",
    b"\xff\xfe",
    b"[]",
    b"null",
    b'{"method": "notifications/cancelled", "params": 5}',
    b'"text"',
    b"[" * 100_000,
]


@pytest.mark.parametrize("line", RUBBISH, ids=lambda line: line[:40].decode(errors="replace"))
def test_rubbish_is_logged_and_the_next_request_is_answered(client, line):
    client.module.send(line)
    assert client.call("lookup", {"id": "1001"})["structuredContent"]["id"] == "1001"
    assert "not an MCP message" in client.module.log


def test_a_version_that_it_does_not_know_is_answered_with_those_it_does(start):
    module = start()
    answer = module.request("server/discover", {"_meta": {META + "protocolVersion": "1900-01-01", META + "clientCapabilities": {}}})
    assert answer["error"]["code"] == -32022
    assert answer["error"]["data"] == {"supported": ["2026-07-28"], "requested": "1900-01-01"}
    assert module.request("initialize", {"protocolVersion": "1900-01-01", "capabilities": {}})["result"]["protocolVersion"] == "2025-11-25"


class TestCancel:
    ARGUMENTS = {"id": "1001", "reason": "Too much coffee."}

    @pytest.mark.parametrize(("answer", "status"), [("yes", "cancelled"), ("no", "open"), (None, "open")])
    def test_in_the_newer_era_the_question_is_a_result(self, start, answer, status):
        client = Client(start(), "modern")
        asked = client.call("cancel", self.ARGUMENTS)
        assert asked["resultType"] == "input_required"
        [(key, request)] = asked["inputRequests"].items()
        assert (request["method"], request["params"]["message"]) == ("elicitation/create", "Really cancel order 1001?")
        response = {"action": "accept", "content": {"sure": answer}} if answer else {"action": "decline"}
        again = {"inputResponses": {key: response}, "requestState": asked["requestState"]}

        other = client.call("cancel", self.ARGUMENTS | {"id": "1003"}, **again)
        assert other["resultType"] == "input_required", "an answer counts for the call that asked"

        result = client.call("cancel", self.ARGUMENTS, **again)
        assert result["resultType"] == "complete"
        assert result.get("isError", False) == (status == "open")
        assert client.call("lookup", {"id": "1001"})["structuredContent"]["status"] == status

    @pytest.mark.parametrize(("answer", "status"), [("yes", "cancelled"), ("no", "open"), (None, "open")])
    def test_in_the_older_era_the_question_is_a_request(self, start, answer, status):
        client = Client(start(), "legacy")
        call = client.send_call("cancel", self.ARGUMENTS)
        question = client.module.next()
        assert (question["method"], question["params"]["message"]) == ("elicitation/create", "Really cancel order 1001?")
        # While the customer thinks, others are served.
        assert client.call("lookup", {"id": "1001"})["structuredContent"]["status"] == "open"

        response = {"action": "accept", "content": {"sure": answer}} if answer else {"action": "cancel"}
        client.module.send({"id": question["id"], "result": response})
        result = client.module.next()
        assert result["id"] == call
        assert result["result"].get("isError", False) == (status == "open")
        assert client.call("lookup", {"id": "1001"})["structuredContent"]["status"] == status

    def test_a_question_that_is_given_up_is_not_answered(self, start):
        client = Client(start(), "legacy")
        call = client.send_call("cancel", self.ARGUMENTS)
        question = client.module.next()
        client.module.send({"method": "notifications/cancelled", "params": {"requestId": call}})
        client.module.send({"id": question["id"], "result": {"action": "accept", "content": {"sure": "yes"}}})
        assert client.call("lookup", {"id": "1001"})["structuredContent"]["status"] == "open"

    @pytest.mark.parametrize("era", ["modern", "legacy"])
    def test_without_somebody_to_ask_nothing_is_cancelled(self, start, era):
        client = Client(start(), era, can_ask=False)
        assert client.call("cancel", self.ARGUMENTS)["isError"]
        assert client.call("lookup", {"id": "1001"})["structuredContent"]["status"] == "open"


@pytest.mark.parametrize("era", ["modern", "legacy"])
def test_an_invoice_is_a_file_in_the_spool_with_progress_on_the_way(start, era, tmp_path):
    spool = tmp_path / "with a space"
    spool.mkdir()
    client = Client(start(BOT_SPOOL_DIR=str(spool)), era)
    paths = []
    for _ in range(2):
        call = client.send_call("invoice", {"id": "1001"}, progress_token="a-token")
        progress = [client.module.next()["params"] for _ in range(3)]
        assert [(step["progressToken"], step["progress"], step["total"]) for step in progress] == [("a-token", n, 3) for n in (1, 2, 3)]
        result = client.module.next()
        assert result["id"] == call
        [link] = result["result"]["content"]
        assert (link["type"], link["name"], link["mimeType"]) == ("resource_link", "invoice-1001.csv", "text/csv")
        paths.append(Path(urlsplit(link["uri"].replace("%20", " ")).path))
    assert paths[0].parent == paths[1].parent == spool and paths[0] != paths[1]
    with paths[0].open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1] == ["Espresso cup, white", "4", "7.50"] and rows[-1] == ["Total", "", "74.75"]


def test_an_order_book_in_a_file_outlives_the_server(start, tmp_path):
    path = str(tmp_path / "orders.db")
    for expected in ("open", "cancelled"):
        client = Client(start(ORDERS_DB=path), "modern")
        assert client.call("lookup", {"id": "1001"})["structuredContent"]["status"] == expected
        asked = client.call("cancel", TestCancel.ARGUMENTS)
        if expected == "open":
            responses = {"question": {"action": "accept", "content": {"sure": "yes"}}}
            client.call("cancel", TestCancel.ARGUMENTS, inputResponses=responses, requestState=asked["requestState"])
        else:
            assert asked["structuredContent"]["status"] == "cancelled", "to cancel it again does nothing, and asks nothing"
