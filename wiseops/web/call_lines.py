"""Numbers to call and calls under way, as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from wiseops.domain import calls as rules
from wiseops.domain import phones
from wiseops.domain.calls import State
from wiseops.models import Call
from wiseops.queries import contacts
from wiseops.services import calls
from wiseops.web import call_numbers, guardrail_words
from wiseops.web.call_numbers import Number
from wiseops.web.guardrail_words import Remark
from wiseops.web.texts import gettext as _

OURS = {
    State.CANCELLED: _l("You hung up before they were rung."),
    State.UNANSWERED: _l("Your phone was not answered."),
    State.BUSY: _l("Your phone was busy."),
    State.REJECTED: _l("Your phone declined the call."),
    State.FAILED: _l("No call was started."),
}
THEIRS = {
    State.COMPLETED: _l("Call ended"),
    State.CANCELLED: _l("Ended before they answered"),
    State.UNANSWERED: _l("No answer"),
    State.BUSY: _l("Busy"),
    State.REJECTED: _l("Declined"),
    State.FAILED: _l("Could not be connected"),
}
TONES = {
    State.CONNECTED: "good", State.COMPLETED: "good", State.UNKNOWN: "warn", State.ASKED: "info", State.RINGING: "info",
    State.ANSWERED: "info", State.FAILED: "bad",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dial:
    """A number, what time it is there, and what stands against calling it now."""

    number: Number
    remark: Remark | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A call in words: `lasts` while more may come, `is_rung` once their phone was, `clock` as 0:42."""

    call: Call
    who: str
    words: str
    tone: str
    clock: str
    lasts: bool
    is_rung: bool


def dials(account_id: int, now: datetime) -> list[Dial]:
    """Whom one can call, the default first."""
    numbers = call_numbers.numbers(account_id, contacts.of_account(account_id), now)
    if not numbers:
        return []
    answers = calls.allowed(account_id, [number.contact.phone or "" for number in numbers], now=now)
    return [
        Dial(number, guardrail_words.remark(answers[number.contact.phone or ""], now, zone=number.zone))
        for number in numbers
    ]


def draw(call: Call, now: datetime) -> Drawn:
    """The call as it stands."""
    state, number = State(call.state), phones.shown(call.number)
    who = f"{call.contact_name} · {number}" if call.contact_name else number
    lasts = rules.lasts(state, call.heard_at, now)
    is_rung = bool(call.debtor_leg) or state is State.UNKNOWN
    return Drawn(
        call, who, _words(call, state, lasts=lasts), TONES.get(state, "warn"), clock(call, now), lasts, is_rung
    )


def clock(call: Call, now: datetime) -> str:
    """How long they talk, or talked; empty where they never did."""
    if call.answered_at is None:
        return ""
    seconds = call.duration
    if seconds is None:
        seconds = max(0, int(((call.ended_at or now) - call.answered_at).total_seconds()))
    return span(seconds)


def span(seconds: int) -> str:
    """42 → 0:42"""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _words(call: Call, state: State, *, lasts: bool) -> str:
    if state is State.UNKNOWN:
        return _("Unclear: your phone may ring")
    if not lasts and not state.has_ended:
        return _("Nothing was heard of this call any more. Note what you know.")
    if state.has_ended:
        return str((THEIRS if call.debtor_leg else OURS).get(state, THEIRS[State.COMPLETED]))
    if state is State.CONNECTED:
        return _("Connected")
    if state is State.ANSWERED:
        return _("Ringing %(who)s …", who=call.contact_name or _("them"))
    return _("Ringing your phone …")
