"""Which messages the address asks for, and addresses that ask for others."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from wiseops.queries.outbox import Wanted
from wiseops.web import clock

VIEWS = {
    "all": _l("All"),
    "waiting": _l("Waiting"),
    "sent": _l("Sent"),
    "unknown": _l("Unclear"),
    "failed": _l("Failed"),
    "cancelled": _l("Cancelled"),
}
INCIDENTS = ("unknown", "failed")
"""Views in which one looks for what an incident left: by its reason, its backend and the minutes it lasted."""

PAGE = 50
"""Messages of a list that are shown, and may be ticked, at once."""

NARROWING = ("channel", "by", "q", "account", "first", "last", "reason", "backend")


def wanted() -> Wanted:
    """What makes no sense is as if it were not there; minutes count where incidents are looked for, else days."""
    given = request.args
    view = given.get("view", "all")
    is_incident = view in INCIDENTS
    first, last = given.get("first", ""), given.get("last", "")
    if not is_incident:
        first, last = first[:10], last[:10]
    return Wanted(
        view=view if view in VIEWS else "all",
        channel=given.get("channel", ""),
        by=given.get("by", ""),
        text=given.get("q", ""),
        account_id=given.get("account", None, int),
        first=_start(first),
        before=_end(last),
        reason=given.get("reason", "") if is_incident else "",
        backend=given.get("backend", "") if is_incident else "",
    )


def kept() -> list[tuple[str, str]]:
    """The filters of this list, for a form to carry on."""
    return [(name, request.args[name]) for name in ("view", *NARROWING) if request.args.get(name)]


def address(endpoint: str = "messages.index", **changed: Any) -> str:
    """This list's address with some arguments changed."""
    words = dict(kept()) | changed
    return url_for(endpoint, **{key: value for key, value in words.items() if value})


def typed(name: str) -> str:
    """What the field `first` or `last` shows: a day, or where incidents are looked for a minute."""
    text = request.args.get(name, "")
    if (_start if name == "first" else _end)(text) is None:
        return ""
    if request.args.get("view") not in INCIDENTS:
        return text[:10]
    return text[:16] if "T" in text else f"{text}T{'00:00' if name == 'first' else '23:59'}"


def _start(text: str) -> datetime | None:
    """The first instant of a day or of a minute where the company is."""
    try:
        local = datetime.combine(date.fromisoformat(text), time(0))
    except ValueError:
        try:
            local = datetime.fromisoformat(text)
        except ValueError:
            return None
    return _instant(local)


def _end(text: str) -> datetime | None:
    """The first instant after a day or a minute. A minute that the night of a clock change has twice is over twice."""
    try:
        return _instant(datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(0)))
    except OverflowError:
        return None
    except ValueError:
        try:
            found = _instant(datetime.fromisoformat(text).replace(fold=1))
        except ValueError:
            return None
    return found + timedelta(minutes=1) if found else None


def _instant(local: datetime) -> datetime | None:
    try:
        return local.replace(tzinfo=clock.zone()).astimezone(UTC)
    except OverflowError:
        return None
