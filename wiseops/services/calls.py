"""Calls: started once, with no transaction open while we ask the provider; moved on by what it says of each leg."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog

from wiseops.domain import calls
from wiseops.domain.calls import Caller, CallFailed, Leg, Placed, State
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.guardrails.asking import Allowed, Answer, Request
from wiseops.extensions import db
from wiseops.formats.vonage_voice import VoiceEvent
from wiseops.models import Call, Contact, User
from wiseops.queries import automation as rules_of
from wiseops.queries import calls as queries
from wiseops.queries import contacts, snapshots
from wiseops.services import addressees, automation, events, guardrails, locks, submissions
from wiseops.services.statuses import Effect
from wiseops.services.transaction import end_read, transaction

HINDRANCES = {
    "trial": "In trial mode nobody is called from here. Dial yourself, or ask an admin to go live.",
    "stopped": "All sending is stopped, and so are calls from here.",
}
_log = structlog.get_logger(__name__)


def allowed(account_id: int, numbers: Iterable[str], *, now: datetime) -> Mapping[str, Answer]:
    """What the guardrails say about calling each of these numbers now."""
    rules = rules_of.rules()
    found = snapshots.load([account_id], rules)
    if not found:
        raise NotFound(f"account {account_id}")
    asked = Request("call")
    return {number: guardrails.answer(found[0], rules, asked, number, now=now) for number in numbers}


def begin(
    account_id: int,
    contact_id: int,
    *,
    token: str,
    caller: Caller | None,
    shown: str | None = None,
    reason: str = "",
    now: datetime,
    by: User,
) -> int:
    """Rings the person's phone, then the contact's. Answers the call's id; the same token starts one call.

    `shown`: the number that the form showed; `reason`: why a manager goes past a guardrail. Whatever the provider
    answers is kept on the call, never repeated.
    """
    if caller is None:
        raise Refused("Calls are not started from here: dial yourself.", "contact_id")
    with transaction():
        locks.account(account_id)
        if (made := submissions.made(token, [contact_id])) is not None:
            return made
        contact = _may(account_id, contact_id, shown, reason, now, by)
        call = Call(account_id=account_id, contact_id=contact.id, contact_name=contact.name, number=contact.phone or "")
        call.ref, call.by_id, call.asked = secrets.token_urlsafe(24), by.id, State.ASKED
        call.state, call.started_at, call.heard_at = State.ASKED, now, now
        db.session.add(call)
        db.session.flush()
        submissions.keep(token, call.id, [contact_id], f"a call to {call.contact_name or call.number}", now=now)
        told = {"call": call.id, "number": call.number, "who": call.contact_name or call.number}
        events.record("call_placed", account_id=account_id, at=now, by_id=by.id, **told)
        call_id, ref, number, ours = call.id, call.ref, call.number, by.phone
    _place(account_id, call_id, caller, ref, ours, number)
    return call_id


def hang_up(account_id: int, call_id: int, *, caller: Caller | None, by: User) -> None:
    """Asks the provider to end a call of this person's own. What becomes of it, its legs tell."""
    call = queries.get(account_id, call_id)
    if call.by_id != by.id:
        raise Refused("Only who makes the call can end it here.")
    if caller is None or not call.leg_uuid:
        raise Refused("Hang up at your phone: the provider did not say which call this is.")
    leg_id = call.leg_uuid
    end_read()
    try:
        caller.hang_up(leg_id)
    except CallFailed as failed:
        raise Refused(f"{failed.detail} Hang up at your phone.") from None
    _log.info("call_hung_up", call=call_id)


def heard(event: VoiceEvent, *, now: datetime) -> Effect:
    """Moves the call on by one leg's news. In any order, and twice, the end is the same."""
    with transaction():
        found = queries.referred_to(event.ref, event.leg_id, event.talk_id)
        if found is None:
            return Effect("unknown_reference")
        locks.accounts([found.account_id])
        call = db.session.get_one(Call, found.id, populate_existing=True)
        if event.status is None:
            call.detail = call.detail or event.detail
            return Effect("kept")
        before = (call.collector_leg, call.debtor_leg, call.answered_at, call.duration)
        _note(call, event, event.status, now)
        if before == (call.collector_leg, call.debtor_leg, call.answered_at, call.duration):
            return Effect("no_news")
        call.state, call.heard_at = calls.state(call.asked, call.collector_leg, call.debtor_leg), now
        if before[2] is None and call.answered_at is not None:
            automation.touch([call.account_id])
            return Effect(call.state, [call.account_id])
        return Effect(call.state)


def log(account_id: int, call_id: int, activity_id: int) -> None:
    """The call is noted by this activity. Raises Refused where it was noted before."""
    with transaction():
        call = queries.get(account_id, call_id)
        if call.activity_id is not None:
            raise Refused("This call was noted before.")
        call.activity_id = activity_id


def _may(account_id: int, contact_id: int, shown: str | None, reason: str, now: datetime, by: User) -> Contact:
    """The contact to call. Raises Refused with what stands against it."""
    contact = contacts.get(account_id, contact_id)
    if not contact.phone:
        raise Refused("This contact has no valid phone number.", "contact_id")
    addressees.refuse_unseen(contact.phone, shown, "contact_id")
    if not by.phone:
        raise Refused("Set your own phone in your profile first: it rings before theirs.", "contact_id")
    if (hindrance := queries.hindrance()) is not None:
        raise Refused(HINDRANCES[hindrance], "contact_id")
    for other in queries.live(now, account_id=account_id, by_id=by.id):
        mine = other.row.by_id == by.id
        raise Refused("You are on a call already." if mine else f"{other.by} is calling them now.", "contact_id")
    if isinstance(guardrails.check(account_id, "call", contact.phone, now=now), Allowed):
        return contact
    if not reason.strip():
        raise Refused("They may not be called now.", "contact_id")
    guardrails.override(account_id, "call", contact.phone, reason=reason, now=now, by=by)
    return contact


def _place(account_id: int, call_id: int, caller: Caller, ref: str, ours: str, number: str) -> None:
    """Asks the provider, then keeps its answer. News that overtook it is kept as it is."""
    end_read()
    placed: Placed | None = None
    asked, detail = State.ASKED, ""
    try:
        placed = caller.call(ref, to_collector=ours, to_debtor=number)
    except CallFailed as failed:
        asked, detail = State.UNKNOWN if failed.unclear else State.FAILED, failed.detail
    _log.info("call_placed", call=call_id, asked=str(asked))
    with transaction():
        locks.account(account_id)
        call = db.session.get_one(Call, call_id, populate_existing=True)
        call.asked, call.detail = asked, detail
        if placed is not None:
            call.leg_uuid, call.conversation_uuid = placed.leg_id, placed.talk_id
        call.state = calls.state(call.asked, call.collector_leg, call.debtor_leg)


def _note(call: Call, event: VoiceEvent, said: Leg, now: datetime) -> None:
    at = event.at or now
    if (event.leg or ("debtor" if event.to == call.number else "collector")) == "collector":
        call.collector_leg = calls.further(call.collector_leg, said)
        return
    call.debtor_leg = calls.further(call.debtor_leg, said)
    if (taken := event.answered_at or (at if said is Leg.ANSWERED else None)) is not None:
        call.answered_at = min(taken, call.answered_at or taken)
    if said.has_ended:
        call.ended_at = max(at, call.ended_at or at)
    if event.duration is not None:
        call.duration = max(event.duration, call.duration or 0)
