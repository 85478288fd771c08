#!/usr/bin/env python3
"""An MCP server for the orders of a small shop: an example of an action module in Python, with nothing beyond the standard library.

    modules:
      orders: { mcp: [python3, ../Plugins/orders/server.py], env: { ORDERS_DB: /var/lib/shop/orders.db } }

Without ORDERS_DB the orders are sample ones, in memory. What is special to a module is in this file and in order_book.py;
mcp_server.py speaks the protocol and can be taken as it is.
"""

from __future__ import annotations

import csv
import os
import tempfile

from mcp_server import Call, Failure, FileLink, Question, Server
from order_book import Order, OrderBook

ORDER_ID = {"type": "string", "pattern": "^[0-9]{1,12}$", "description": "The number of the order."}
READ_ONLY = {"readOnlyHint": True, "idempotentHint": True}

server = Server("orders", "1.0.0")
book = OrderBook(os.environ.get("ORDERS_DB", ":memory:"))


@server.tool("Finds an order by its number.", {"id": ORDER_ID}, READ_ONLY)
def lookup(call: Call, id: str) -> dict:
    return find(id).as_json()


@server.tool(
    "Lists the newest orders of a customer.",
    {"customer": {"type": "string", "minLength": 2, "description": "A name, or a part of it."}},
    READ_ONLY,
)
def search(call: Call, customer: str) -> dict:
    return {"orders": [order.as_json() for order in book.orders_of(customer)]}


@server.tool(
    "Cancels an order, after asking the customer whether it is really meant.",
    {"id": ORDER_ID, "reason": {"type": "string", "minLength": 1, "description": "Why, for the shop."}},
    {"destructiveHint": True, "idempotentHint": True},
)
def cancel(call: Call, id: str, reason: str) -> dict | Question:
    order = find(id)
    if order.status == "cancelled":
        return order.as_json()
    if call.answer is None:
        return Question(f"Really cancel order {id}?", {"sure": {"type": "string", "enum": ["yes", "no"], "title": "Really?"}})
    if call.answer.get("sure") != "yes":
        raise Failure(f"Order {id} was not cancelled.")
    return book.cancel(id, reason).as_json()


# Making the same file again does no harm, but it does make a file: not read-only, yet idempotent.
@server.tool("Makes the invoice of an order, as a CSV file.", {"id": ORDER_ID}, {"destructiveHint": False, "idempotentHint": True})
def invoice(call: Call, id: str) -> FileLink:
    order = find(id)
    folder = os.environ.get("BOT_SPOOL_DIR")
    if not folder:
        raise Failure("Invoices cannot be made here: the host has set no BOT_SPOOL_DIR.")
    # A new name each time: the host may still be reading the file of the call before.
    descriptor, path = tempfile.mkstemp(prefix=f"invoice-{id}-", suffix=".csv", dir=folder)
    with open(descriptor, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["Description", "Quantity", f"Price ({order.currency})"])
        for number, line in enumerate(order.lines, start=1):
            rows.writerow([line.description, line.quantity, f"{line.price:.2f}"])
            call.progress(number, len(order.lines), f"line {number}")
        rows.writerow(["Total", "", f"{order.total:.2f}"])
    return FileLink(path, name=f"invoice-{id}.csv", type="text/csv")


def find(id: str) -> Order:
    order = book.order(id)
    if order is None:
        raise Failure(f"There is no order {id}.")
    return order


if __name__ == "__main__":
    server.run()
