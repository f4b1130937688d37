"""What messages may do as a whole: go to customers or to ourselves, how many a day, how fast, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from wiseops.domain import phones
from wiseops.domain.contacts import is_email
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Automation, AutomationSwitch, Channel
from wiseops.queries import company
from wiseops.queue import ring
from wiseops.services import events
from wiseops.services.transaction import transaction

FASTEST = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """Empty `trial_email`, `trial_phone`: a trial writes files. `daily` None: no limit. `paces` messages a second."""

    trial_email: str
    trial_phone: str
    daily: int | None
    paces: Mapping[str, int]


def go_live(*, missing: str | None, now: datetime, by_id: int | None) -> None:
    """From now on messages reach customers. Raises Refused with `missing`, what the environment still lacks."""
    if missing:
        raise Refused(missing)
    with transaction():
        _turn("mode", {"mode": "live"}, "live", now, by_id)


def go_trial(*, now: datetime, by_id: int | None) -> None:
    """From now on messages reach nobody but ourselves; what is on the wire arrives."""
    with transaction():
        _turn("mode", {"mode": "trial"}, "trial", now, by_id)


def stop(*, reason: str, now: datetime, by_id: int | None) -> None:
    """Nothing leaves any more, a person's messages neither, within a second; what waits stays queued."""
    if not reason.strip():
        raise Refused("Say why everything is stopped.", "reason")
    with transaction():
        _turn("stopped", {"stopped": True}, reason.strip(), now, by_id)


def start(*, now: datetime, by_id: int | None) -> None:
    """What waits goes again, each after its last look."""
    with transaction():
        _turn("started", {"stopped": False}, "", now, by_id)
        ring("messages.send", queue="send")


def limit(limits: Limits, *, now: datetime, by_id: int | None) -> None:
    """Sets where a trial goes, the automatic messages a day, and each channel's pace."""
    phone = _own_phone(limits.trial_phone)
    if limits.trial_email and not is_email(limits.trial_email):
        raise Refused("This is not an e-mail address.", "trial_email")
    with transaction():
        row = _locked()
        row.trial_email, row.trial_phone, row.daily_limit = limits.trial_email, phone, limits.daily
        for channel in db.session.scalars(select(Channel).where(Channel.name.in_(limits.paces)).with_for_update()):
            channel.per_second = max(1, min(FASTEST, limits.paces[channel.name]))
        facts = {"daily": limits.daily, "paces": dict(limits.paces)}
        events.record("sending_limited", account_id=None, at=now, by_id=by_id, **facts)


def _turn(kind: str, values: Mapping[str, object], reason: str, now: datetime, by_id: int | None) -> None:
    row = _locked()
    if all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    db.session.add(AutomationSwitch(kind=kind, at=now, by_id=by_id, reason=reason))


def _own_phone(given: str) -> str:
    if not given:
        return ""
    number = phones.e164(given, company.get().country)
    if number is None:
        raise Refused("This is not a valid phone number. Begin with + and the country code.", "trial_phone")
    return number


def _locked() -> Automation:
    return db.session.get_one(Automation, 1, with_for_update=True, populate_existing=True)
