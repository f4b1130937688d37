"""What a double is told to do instead of taking a message, and what it has taken."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import Any

ACTS = ("accept", "refuse", "drop", "hang", "drip", "delay", "empty")
KEPT = 1000


@dataclass(frozen=True, slots=True)
class Order:
    """One way to answer. None as `times`: until told otherwise.

    refuse: with `code`, and if Vonage, with `seconds` to wait. drop: closes without a word. hang: says nothing for
    `seconds`, or for good. drip: takes it and says so a byte every `seconds` (HTTP only). delay: takes it after
    `seconds`. empty: a success without content.
    `keep`: it has the message, though it never says so.
    `at` is the moment of an SMTP talk (connect, mail, rcpt, data, message) or `call`, `only` the address it is about.
    """

    act: str
    code: int = 0
    seconds: float = 0.0
    keep: bool = False
    at: str = "message"
    only: str = ""
    times: int | None = None

    def __post_init__(self) -> None:
        if self.act not in ACTS:
            raise ValueError(f"Choose one of: {', '.join(ACTS)}.")

    @property
    def pause(self) -> float:
        """Seconds between two bytes of the answer."""
        return self.seconds if self.act == "drip" else 0.0


@dataclass(slots=True)
class Sink:
    """Orders to come and messages taken; safe to use from any thread. Of the messages themselves the last ones."""

    orders: list[Order] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    kept: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def tell(self, *orders: Order) -> None:
        """Replaces what was told before."""
        with self.lock:
            self.orders = list(orders)

    def clear(self) -> None:
        """As if nobody had asked for anything yet, and nothing had been told."""
        with self.lock:
            self.orders.clear()
            self.asked.clear()
            self.taken.clear()
            self.kept.clear()

    def order(self, at: str = "message", about: str = "") -> Order:
        """What to do now."""
        with self.lock:
            for place, order in enumerate(self.orders):
                if order.at == at and order.only in ("", about):
                    left = None if order.times is None else order.times - 1
                    self.orders[place : place + 1] = [] if left == 0 else [replace(order, times=left)]
                    return order
        return Order("accept")

    def ask(self, ref: str) -> None:
        """Somebody wants to hand over the message `ref`."""
        with self.lock:
            self.asked[ref] += 1

    def take(self, ref: str, message: dict[str, Any]) -> None:
        """The message is here."""
        with self.lock:
            self.taken[ref] += 1
            self.kept.append(message)

    def counts(self) -> dict[str, Any]:
        """How often each reference was asked for and taken; `twice` should be empty."""
        with self.lock:
            twice = {ref: count for ref, count in self.taken.items() if count > 1}
            return {
                "asked": self.asked.total(),
                "taken": self.taken.total(),
                "different": len(self.taken),
                "twice": twice,
                "by_ref": dict(self.taken),
            }
