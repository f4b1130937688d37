"""What takes long to count is remembered for a while, so that a page that asks every few seconds stays light."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from wiseops.extensions import db

T = TypeVar("T")

LONG = 1.0
"""What takes fewer seconds is never remembered: on most books every figure is of this moment."""
TIMES, LONGEST = 20, 120.0
"""It is kept twenty times as long as it took, two minutes at most."""
_MOST = 32
_kept: dict[Any, tuple[float, Any]] = {}


def recall(key: object, count: Callable[[], T]) -> T:
    """What `count` answers, now or a little while ago."""
    key, started = (str(db.engine.url), key), time.monotonic()
    if key in _kept and _kept[key][0] > started:
        return _kept[key][1]  # type: ignore[no-any-return]
    found = count()
    took = time.monotonic() - started
    if took > LONG:
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = (time.monotonic() + min(took * TIMES, LONGEST), found)
    return found
