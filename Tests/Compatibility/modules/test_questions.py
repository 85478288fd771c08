"""Questions that a module puts to the customer in the middle of a call, and what a restart of the host does to them."""

import sys

import pytest

from conftest import ROOT
from support.host import BotHost

BOT = f"""
bot: shop
participant: {{ display_name: Shop }}
modules:
  orders:
    mcp: ["{sys.executable}", "{ROOT}/Plugins/orders/server.py"]
    env: {{ ORDERS_DB: "$DB" }}
    protocol: $ERA
    sandbox: off
behaviours:
  - when: message
    matches: '^cancel (?<id>[0-9]+)'
    do:
      - orders.cancel: {{ id: "{{{{id}}}}", reason: changed my mind }}
        as: order
        within: 10s
        otherwise:
          - say: "{{{{error.kind}}}}: {{{{error.reason}}}}"
          - stop
      - say: "Order {{{{order.id}}}} is {{{{order.status}}}}."
  - when: message
    matches: '^status (?<id>[0-9]+)'
    do:
      - orders.lookup: {{ id: "{{{{id}}}}" }}
        as: order
      - say: "Order {{{{order.id}}}} is {{{{order.status}}}}."
"""


@pytest.fixture
def start(attache_binary, tmp_path, local_service):
    """Starts hosts, one after the other, with one store."""
    started: list[BotHost] = []

    def start(era: str) -> BotHost:
        bot = tmp_path / "shop.yaml"
        bot.write_text(BOT.replace("$DB", str(tmp_path / "orders.db")).replace("$ERA", era))
        started.append(BotHost(attache_binary, tmp_path, local_service, [bot]))
        return started[-1]

    try:
        yield start
    finally:
        for host in started:
            host.process.kill()


@pytest.mark.parametrize("era", ["modern", "legacy"])
@pytest.mark.parametrize(
    ("answers", "status"),
    [
        (["yes"], "Order 1001 is cancelled."),
        (["no"], "failed: Order 1001 was not cancelled."),
        (["perhaps", "YES!"], "Order 1001 is cancelled."),
    ],
)
def test_the_customers_answer_goes_to_the_module(start, era, answers, status):
    with start(era).chat("shop") as chat:
        assert "Really cancel order 1001?" in chat.ask("cancel 1001")[0]
        for answer in answers[:-1]:
            assert "Really cancel order 1001?" in chat.ask(answer)[0]
        assert chat.ask(answers[-1])[0] == status


def test_another_customer_is_served_meanwhile(start):
    host = start("legacy")
    with host.chat("shop") as first, host.chat("shop") as second:
        assert "Really cancel order 1001?" in first.ask("cancel 1001")[0]
        assert second.ask("status 1001")[0] == "Order 1001 is open."
        assert first.ask("yes")[0] == "Order 1001 is cancelled."
        assert second.ask("status 1001")[0] == "Order 1001 is cancelled."


@pytest.mark.parametrize(("era", "reply"), [("modern", "Order 1001 is cancelled."), ("legacy", "interrupted: ")])
def test_a_question_outlives_the_host_where_the_protocol_lets_it(start, era, reply):
    """In the older era the call itself waits for the answer, and it is gone with its process."""
    host = start(era)
    with host.chat("shop") as chat:
        assert "Really cancel order 1001?" in chat.ask("cancel 1001")[0]
        host.process.kill()
        start(era)
        assert chat.ask("yes", seconds=20)[0].startswith(reply)
