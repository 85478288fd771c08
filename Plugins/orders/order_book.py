"""The shop's orders, in SQLite."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

SCHEMA = """
CREATE TABLE orders (id TEXT PRIMARY KEY, customer TEXT NOT NULL, date TEXT NOT NULL, currency TEXT NOT NULL, cancelled_because TEXT);
CREATE TABLE lines (
    order_id TEXT NOT NULL REFERENCES orders (id),
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    cents INTEGER NOT NULL  -- the price of one: whole numbers add up exactly
);
INSERT INTO orders (id, customer, date, currency) VALUES
    ('1001', 'Ada Lovelace', '2025-12-19', 'EUR'),
    ('1002', 'Grace Hopper', '2025-12-22', 'USD'),
    ('1003', 'Ada Lovelace', '2025-12-30', 'EUR');
INSERT INTO lines VALUES
    ('1001', 'Espresso cup, white', 4, 750),
    ('1001', 'Coffee beans, 1 kg', 2, 1990),
    ('1001', 'Postage', 1, 495),
    ('1002', 'Moth trap', 1, 4900),
    ('1003', 'Punched cards, box of 2,000', 3, 2410),
    ('1003', 'Postage', 1, 495);
"""


@dataclass(frozen=True)
class Line:
    description: str
    quantity: int
    price: float


@dataclass(frozen=True)
class Order:
    id: str
    customer: str
    date: str
    currency: str
    status: str
    lines: list[Line]
    total: float

    def as_json(self) -> dict:
        return {**vars(self), "lines": [vars(line) for line in self.lines]}


class OrderBook:
    """Makes the file, with its sample orders, where there is none yet."""

    def __init__(self, path: str):
        self._db = sqlite3.connect(path, isolation_level=None)
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'orders'").fetchone():
            self._db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")

    def order(self, id: str) -> Order | None:
        return next(iter(self._orders("WHERE id = ?", id)), None)

    def orders_of(self, customer: str) -> list[Order]:
        """At most 20, the newest first; a part of the name will do."""
        return self._orders("WHERE instr(lower(customer), lower(?)) ORDER BY date DESC LIMIT 20", customer)

    def cancel(self, id: str, reason: str) -> Order:
        self._db.execute("UPDATE orders SET cancelled_because = ? WHERE id = ?", (reason, id))
        return self._orders("WHERE id = ?", id)[0]

    def _orders(self, which: str, value: str) -> list[Order]:
        rows = self._db.execute(f"SELECT id, customer, date, currency, cancelled_because FROM orders {which}", (value,))
        return [self._order(*row) for row in rows.fetchall()]

    def _order(self, id: str, customer: str, date: str, currency: str, cancelled_because: str | None) -> Order:
        rows = self._db.execute("SELECT description, quantity, cents FROM lines WHERE order_id = ? ORDER BY rowid", (id,)).fetchall()
        lines = [Line(description, quantity, cents / 100) for description, quantity, cents in rows]
        total = sum(quantity * cents for _, quantity, cents in rows) / 100
        return Order(id, customer, date, currency, "open" if cancelled_because is None else "cancelled", lines, total)
