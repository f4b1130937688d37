"""A job's turn: twenty seconds, or until its worker is asked to leave. Work left over is rung for again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LONGEST = 20.0
_leaving = threading.Event()
_last_words: list[Callable[[], None]] = []


def turn() -> Callable[[], bool]:
    """What to ask before each chunk or slice: is the turn over?"""
    end = time.monotonic() + LONGEST
    return lambda: _leaving.is_set() or time.monotonic() >= end


def leave() -> None:
    """The worker was asked to stop: no job begins anything new."""
    _leaving.set()


def last_word(say: Callable[[], None]) -> Callable[[], None]:
    """Registers what a worker still writes down, within a second, when it must leave while a job hangs."""
    _last_words.append(say)
    return say


def say_last_words() -> None:
    """Runs what `last_word` registered; called from another thread than the job's."""
    for say in _last_words:
        say()
