"""What takes long to count is remembered for a while, so that a page that asks every few seconds stays light."""

from __future__ import annotations

import time
from collections.abc import Mapping

from wiseops.extensions import db
from wiseops.queries.auto_collection import collected
from wiseops.queries.auto_collection.periods import Period

LONG = 1.0
"""A count that takes fewer seconds is never remembered: on most books the figure is of this moment."""
TIMES, LONGEST = 20, 120.0
"""It is kept twenty times as long as it took, two minutes at most."""
_MOST = 32
_kept: dict[tuple[str, Period], tuple[float, Mapping[str, int]]] = {}


def total(period: Period) -> Mapping[str, int]:
    """What automation brought in, counted now or a little while ago."""
    key, started = (str(db.engine.url), period), time.monotonic()
    if key in _kept and _kept[key][0] > started:
        return _kept[key][1]
    found = collected.total(period)
    took = time.monotonic() - started
    if took > LONG:
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = (time.monotonic() + min(took * TIMES, LONGEST), found)
    return found
