"""How accounts can be reached: their addresses, where those are, which must not be used, and what reached them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, literal, or_, select, text, union_all

from wiseops.domain import phones, zones
from wiseops.domain.automation.snapshot import COUNTS_AS_SENT
from wiseops.domain.contacts import takes_reminders
from wiseops.domain.suppressions import weightiest
from wiseops.models import Activity, Call, Contact, Message, Suppression, Task
from wiseops.queries.among import among, rows_of
from wiseops.queries.unindexed import unindexed

_ADDRESSES = select(
    Contact.account_id, Contact.roles, Contact.email, Contact.default_email, Contact.phone, Contact.default_sms
).where(among(Contact.account_id), or_(Contact.default_email, Contact.default_sms, Contact.phone.is_not(None)))
_STANDING = (among(Contact.account_id), Suppression.lifted_at.is_(None))
_BARRED = union_all(
    select(Contact.account_id, Suppression.channel, Suppression.reason)
    .join(Suppression, Suppression.address == func.lower(Contact.email))
    .where(*_STANDING, Contact.default_email, Suppression.channel == "email"),
    select(Contact.account_id, Suppression.channel, Suppression.reason)
    .join(Suppression, Suppression.address == Contact.phone)
    .where(*_STANDING, Contact.default_sms, Suppression.channel.in_(("sms", "call"))),
)
_MESSAGES: Any = select(Message.account_id, Message.channel, Message.left_at).where(
    among(Message.account_id), unindexed(Message.status).in_(sorted(COUNTS_AS_SENT | {"sending"}))
)
_CALL_TASKS: Any = select(Task.account_id, Task.kind, Task.done_at).where(
    among(Task.account_id), Task.kind == "call", unindexed(Task.status) == "done", Task.done_at.is_not(None)
)
_CALLED: Any = select(Activity.account_id, Activity.kind, Activity.at).where(
    among(Activity.account_id), text("kind = 'call' AND direction = 'out'")
)
_ANSWERED: Any = select(Call.account_id, literal("call"), Call.answered_at).where(
    among(Call.account_id), text("answered_at IS NOT NULL AND activity_id IS NULL")
)

Days = tuple[tuple[date, str], ...]


@dataclass(slots=True)
class Reach:
    """By account id: who has an e-mail address and a phone for reminders, its zones, barred channels and why."""

    email: set[int] = field(default_factory=set)
    sms: set[int] = field(default_factory=set)
    zones: dict[int, tuple[str, ...]] = field(default_factory=dict)
    barred: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def load(ids: Sequence[int]) -> Reach:
    """How these accounts can be reached by default; `barred` is asked apart, since most books bar nobody."""
    found = Reach()
    for account_id, roles, email, default_email, phone, default_sms in rows_of(ids, _ADDRESSES):
        if not takes_reminders(roles):
            continue
        if phone:
            known = found.zones.get(account_id, ())
            found.zones[account_id] = tuple(dict.fromkeys((*known, *phones.zones(phone))))
        if email and default_email:
            found.email.add(account_id)
        if phone and default_sms:
            found.sms.add(account_id)
    return found


def barred(ids: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Channel and weightiest reason, of these accounts' default addresses that must not be used."""
    reasons: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for account_id, channel, reason in rows_of(ids, _BARRED):
        reasons[account_id][channel].append(reason)
    return {
        account_id: tuple((channel, weightiest(given)) for channel, given in sorted(channels.items()))
        for account_id, channels in reasons.items()
    }


def contacts(ids: Sequence[int], zone_name: str) -> Mapping[int, Days]:
    """Company day and channel of every message that left or is leaving, and of every call made or answered."""
    if not ids:
        return {}
    zone = zones.zone(zone_name)
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for statement in (_MESSAGES, _CALLED, _ANSWERED):
        for account_id, channel, at in rows_of(ids, statement):
            found[account_id].append((at.astimezone(zone).date(), channel))
    for account_id, channel, at in rows_of(ids, _CALL_TASKS):
        if (call := (at.astimezone(zone).date(), channel)) not in found[account_id]:
            found[account_id].append(call)  # Otherwise the call that did the task is noted as an activity.
    return {account_id: tuple(sorted(days)) for account_id, days in found.items()}


def contacts_at(address: str, ids: Sequence[int], zone_name: str) -> Days:
    """Company day and channel of what reached that address or number for these accounts, not of what others got."""
    zone, to = zones.zone(zone_name), address.lower()
    theirs = (
        _MESSAGES.where(func.lower(Message.to_address) == to),
        _CALLED.where(Activity.number == to),
        _ANSWERED.where(Call.number == to),
    )
    found = (row for statement in theirs for row in rows_of(ids, statement)) if ids else ()
    return tuple((at.astimezone(zone).date(), channel) for _, channel, at in found)
