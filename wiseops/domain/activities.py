"""What a person notes about an account: what makes sense, and what must be said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from wiseops.domain.errors import Refused
from wiseops.domain.texts import several_lines

LONGEST_NOTES = 5000


class Kind(StrEnum):
    """What was done."""

    CALL = "call"
    NOTE = "note"
    MEETING = "meeting"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An activity before it is kept. `finishes` the open tasks that are done with it; `call_id` the call it notes.

    `handles`: what they wrote and waits for us is dealt with, up to the reply `seen`; None: all that is there now.
    """

    kind: str = Kind.CALL
    direction: str = "out"
    disposition_id: int | None = None
    contact_id: int | None = None
    notes: str = ""
    follow_up_on: date | None = None
    assignee_id: int | None = None
    finishes: frozenset[int] = frozenset()
    duration: int | None = None
    call_id: int | None = None
    handles: bool = False
    seen: int | None = None


def check(draft: Draft, *, today: date) -> Draft:
    """The draft with its notes cleaned. Raises Refused on the field that is wrong."""
    if draft.kind not in tuple(Kind):
        raise Refused("Choose what it was.", "kind")
    if draft.kind == Kind.CALL and draft.disposition_id is None:
        raise Refused("Say how the call went.", "disposition_id")
    notes = several_lines(draft.notes, "notes", LONGEST_NOTES)
    if not notes and draft.disposition_id is None:
        raise Refused("Write down what happened.", "notes")
    if draft.follow_up_on is not None and draft.follow_up_on < today:
        raise Refused("The follow-up is in the past.", "follow_up_on")
    direction = "in" if draft.direction == "in" else "out"
    return replace(draft, notes=notes, direction="" if draft.kind == Kind.NOTE else direction)
