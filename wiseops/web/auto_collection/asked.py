"""What the address asks for: which tab, whom, which period. The same words in every link of the page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from flask import request, url_for

from wiseops.auth import me
from wiseops.queries.auto_collection.figures import TABS
from wiseops.queries.auto_collection.periods import Period
from wiseops.queries.auto_collection.rows import NOBODY, SORTS, Wanted

NARROWING = ("q", "owner", "country", "tag", "held", "addressless")
WORDS = ("stage", *NARROWING, "sort", "from", "to")
STAGES = tuple(str(stage) for stage in TABS)
FIRST_SORT = {"scheduled": "next", "engaged": "next", "follow_up": "since", "blocked": "-since"}


def wanted(args: Mapping[str, Any] | None = None) -> Wanted:
    """The accounts asked for; what makes no sense is as if it were not there."""
    found = request.args if args is None else args
    stage = found.get("stage", "")
    stage = stage if stage in STAGES else STAGES[0]
    sort = found.get("sort", "")
    return Wanted(
        stage=stage,
        text=found.get("q", "").strip(),
        owner_id=_owner(found.get("owner", "")),
        country=found.get("country", "").replace("\x00", "")[:2],
        tag=found.get("tag", "").replace("\x00", ""),
        held=bool(found.get("held")),
        addressless=bool(found.get("addressless")),
        sort=sort if sort.removeprefix("-") in SORTS else FIRST_SORT.get(stage, "-overdue"),
    )


def period() -> Period:
    """The period of the figures; all time where none is given."""
    return Period(_day("from"), _day("to"))


def link(endpoint: str = "auto_collection.index", **changes: Any) -> str:
    """The address with some of its words changed; None takes one out. Another list begins at its first page."""
    kept = {key: value for key, value in request.args.items() if value and key in WORDS}
    words = {key: value for key, value in (kept | changes).items() if value not in (None, "")}
    return url_for(endpoint, **words)


def _owner(text: str) -> int | None:
    if text == "me":
        return me().id
    if text == "none":
        return NOBODY
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _day(name: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(request.args.get(name, ""))
    return None
