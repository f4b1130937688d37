"""What the guardrails answered, in words: why a contact may not be made now, and from when it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wiseops.domain import zones
from wiseops.domain.automation.decision import Reason
from wiseops.domain.guardrails.asking import LIFTABLE, Allowed, Answer, Deferred
from wiseops.web import clock, filters, message_words, reasons
from wiseops.web.texts import gettext as _

_CLOSED = ("window", "weekday", "holiday")


@dataclass(frozen=True, slots=True)
class Remark:
    """Why not now. `until` None: no time makes it right; `there` what time that is for them, where it is another.

    `may_lift`: a manager may go past every reason.
    """

    sentences: Sequence[str]
    until: datetime | None
    there: str
    may_lift: bool


def remark(answer: Answer, now: datetime, *, zone: str) -> Remark | None:
    """None where nothing stands in the way. `zone` is theirs."""
    if isinstance(answer, Allowed):
        return None
    until = answer.until if isinstance(answer, Deferred) else None
    may_lift = all(reason.code in LIFTABLE for reason in answer.reasons)
    sentences = [_sentence(reason, now) for reason in answer.reasons]
    return Remark(sentences, until, _there(until, zone) if until else "", may_lift)


def _there(until: datetime, zone: str) -> str:
    there, here = until.astimezone(zones.zone(zone)), until.astimezone(clock.zone())
    return "" if there.utcoffset() == here.utcoffset() else filters.local_time(there)


def _sentence(reason: Reason, now: datetime) -> str:
    if reason.code in _CLOSED:
        there = " – ".join(dict.fromkeys(_times(reason.facts["zones"], now)))
        return _("%(why)s. It is %(time)s there.", why=message_words.reason(reason.code), time=there)
    if reason.code in reasons.SENTENCES:
        return reasons.sentence({"code": reason.code, **reason.facts})
    return message_words.reason(reason.code) + "."


def _times(names: Sequence[str], now: datetime) -> list[str]:
    local = sorted((now.astimezone(zones.zone(name)) for name in names), key=lambda at: at.replace(tzinfo=None))
    return [filters.local_time(at) for at in (local[0], local[-1])]
