"""Guardrails asked for what a person sends, overridden by a manager, and set by an admin."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from wiseops.domain import phones
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.guardrails import settings
from wiseops.domain.guardrails.asking import Answer, Facts, Override, Request, ask
from wiseops.domain.guardrails.settings import Guardrails
from wiseops.domain.guardrails.windows import candidates
from wiseops.domain.users import Role, includes
from wiseops.extensions import db
from wiseops.models import Event, Guardrail, User
from wiseops.queries import automation as queries
from wiseops.queries import contacts, reach, snapshots, suppressions
from wiseops.services import automation, events
from wiseops.services.transaction import transaction

_OVERRIDDEN = "guardrail_overridden"


def check(
    account_id: int,
    channel: str,
    address: str,
    *,
    now: datetime,
    by_hand: bool = True,
    override: Override | None = None,
) -> Answer:
    """Whether this contact may be made now: allowed, blocked, or deferred until; with the reasons."""
    rules = queries.rules()
    found = snapshots.load([account_id], rules)
    if not found:
        raise NotFound(f"account {account_id}")
    request = Request(channel, automatic=not by_hand, override=override)
    return answer(found[0], rules, request, address, now=now)


def answer(snapshot: Snapshot, rules: Rules, request: Request, address: str, *, now: datetime) -> Answer:
    """The same about an account that is read already."""
    guardrails = rules.guardrails_of(snapshot.country)
    facts = Facts(
        zones=candidates(snapshot.zone, snapshot.country, _phone_zones(snapshot, request, address), rules.zone),
        company_zone=rules.zone,
        contacts=snapshot.contacts,
        elsewhere=_elsewhere(snapshot, request, address, rules.zone) if guardrails.counts and address else (),
        suppressed=suppressions.standing(request.channel, [address]).get(address.lower()) if address else None,
        block=snapshot.block,
        paused=rules.is_paused(now),
        pause_until=rules.pause_until,
    )
    return ask(request, facts, guardrails, rules.calendar(snapshot.country), now)


def _phone_zones(snapshot: Snapshot, request: Request, address: str) -> tuple[str, ...]:
    """Those of the account's numbers, and of the number itself."""
    own = phones.zones(address) if request.channel != "email" else ()
    return tuple(dict.fromkeys((*snapshot.phone_zones, *own)))


def _elsewhere(snapshot: Snapshot, request: Request, address: str, zone: str) -> reach.Days:
    """What reached this address for other accounts: it is one person that reads it."""
    others = {contact.account_id for contact in contacts.sharing(request.channel, address)} - {snapshot.account_id}
    return reach.contacts_at(address, sorted(others), zone)


def override(
    account_id: int, channel: str, address: str, *, reason: str, now: datetime, by: User, message_id: int | None = None
) -> Override:
    """A manager goes past what stands in the way now and may be gone past; the timeline keeps who, what and why.

    Raises Refused where the right, a reason, or a limit that gives way is missing.
    """
    if not includes(by.role, Role.MANAGER):
        raise Refused("Only a manager can go past a guardrail.", "reason")
    asked = Override(by.id, reason.strip()[:200])
    with transaction():
        found = check(account_id, channel, address, now=now, override=asked)
        lifted = [each.code for each in getattr(found, "lifted", ())]
        if not lifted:
            raise Refused("This limit cannot be overridden, or nothing stands in the way.", "reason")
        facts = {"channel": channel, "limits": lifted, "reason": asked.reason, "message": message_id}
        events.record(_OVERRIDDEN, account_id=account_id, at=now, by_id=by.id, **facts)
    return replace(asked, limits=frozenset(lifted))


def overridden(account_id: int, message_id: int) -> Override | None:
    """The override that was given for this message, of the limits that it was given for, if one was."""
    query = select(Event).where(Event.account_id == account_id, Event.kind == _OVERRIDDEN)
    for event in db.session.scalars(query):
        if event.facts["message"] == message_id and event.by_id is not None:
            return Override(event.by_id, event.facts["reason"], frozenset(event.facts["limits"]))
    return None


def save(given: Guardrails, *, now: datetime, by_id: int | None) -> None:
    """Sets a country's limits, and takes them as confirmed. A country without a row gets one."""
    checked = settings.check(given)
    values = {name: _plain(value) for name, value in asdict(checked).items()}
    with transaction():
        row = db.session.scalar(select(Guardrail).where(Guardrail.country == given.country).with_for_update())
        if row is None:
            row = Guardrail(country=given.country)
            db.session.add(row)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, values[name])
        row.confirmed_at, row.confirmed_by_id = now, by_id
        events.record(
            "guardrails_set", account_id=None, at=now, by_id=by_id, country=given.country, fields=sorted(changed)
        )
        if changed:
            automation.rules_changed()


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return f"{value:%H:%M}" if isinstance(value, time) else value
