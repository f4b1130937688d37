"""What Vonage's Voice API calls us with: how one phone of a call fares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wiseops.domain.calls import Leg
from wiseops.domain.errors import Refused
from wiseops.formats import payloads
from wiseops.formats.vonage import moment, number

LEGS: Mapping[str, Leg] = {
    "started": Leg.STARTED,
    "ringing": Leg.RINGING,
    "answered": Leg.ANSWERED,
    "human": Leg.ANSWERED,
    "machine": Leg.ANSWERED,
    "completed": Leg.COMPLETED,
    "disconnected": Leg.COMPLETED,
    "cancelled": Leg.CANCELLED,
    "unanswered": Leg.UNANSWERED,
    "timeout": Leg.UNANSWERED,
    "busy": Leg.BUSY,
    "rejected": Leg.REJECTED,
    "failed": Leg.FAILED,
}


@dataclass(frozen=True, slots=True)
class VoiceEvent:
    """One leg's news. `status` None: nothing that moves a call. `ref` and `leg` are those of the address it came to.

    `answered_at` where it says when the phone was taken, `duration` in seconds where it tells.
    """

    event_id: str
    ref: str
    leg: str
    leg_id: str
    talk_id: str
    to: str
    status: Leg | None
    at: datetime | None
    answered_at: datetime | None
    duration: int | None
    detail: str


def addressed(body: bytes, *, ref: str, leg: str) -> bytes:
    """The event as it came, together with what stood in the address. Raises Refused where it is no JSON."""
    payloads.read(body)
    return json.dumps({"call": ref[:64], "leg": leg[:20]}).encode()[:-1] + b', "event": ' + body + b"}"


def event(kept: bytes) -> VoiceEvent:
    """Reads what `addressed` made. Raises Refused for what is no event of a call."""
    around = payloads.mapping(payloads.read(kept))
    given = payloads.mapping(around.get("event"))
    leg_id, talk_id = payloads.text(given.get("uuid"), 100), payloads.text(given.get("conversation_uuid"), 100)
    word = payloads.text(given.get("status") or given.get("type"), 40)
    if not (leg_id or talk_id) or not (word or given.get("reason")):
        raise Refused("This is not an event of the Voice API.")
    status, at = LEGS.get(word), moment(given.get("timestamp"))
    leg = payloads.text(around.get("leg"))
    return VoiceEvent(
        event_id=payloads.key(leg_id or talk_id, word or "error"),
        ref=payloads.text(around.get("call")),
        leg=leg if leg in ("collector", "debtor") else "",
        leg_id=leg_id,
        talk_id=talk_id,
        to=number(given.get("to")),
        status=status,
        at=at,
        answered_at=at if status is Leg.ANSWERED else _taken_at(given, status),
        duration=_seconds(given) if status is Leg.COMPLETED else None,
        detail=payloads.text(given.get("reason") or given.get("detail"), 160),
    )


def _taken_at(given: Mapping[str, Any], status: Leg | None) -> datetime | None:
    """A leg that is completed was taken if it lasted: at its start, or so long before its end."""
    seconds = _seconds(given)
    if status is not Leg.COMPLETED or not seconds:
        return None
    ended_at = moment(given.get("end_time")) or moment(given.get("timestamp"))
    return moment(given.get("start_time")) or (ended_at and ended_at - timedelta(seconds=seconds))


def _seconds(given: Mapping[str, Any]) -> int | None:
    written = payloads.text(given.get("duration"), 10)
    return int(written) if written.isascii() and written.isdigit() else None
