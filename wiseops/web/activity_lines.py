"""The lines of an account's history as people read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatch
from typing import Any

from wiseops.domain import phones
from wiseops.domain.automation.snapshot import IN_FLIGHT
from wiseops.models import Activity, Event, Message, Reply
from wiseops.queries.activities import ACTIVITY, EVENT, MESSAGE, REPLY, Cursor, Line
from wiseops.queries.happenings import CHANNELS, EVENTS
from wiseops.web import clock, enclosures, happenings, labels, message_words
from wiseops.web.enclosures import Enclosure
from wiseops.web.filters import soon
from wiseops.web.texts import gettext as _

LETTERS = {ACTIVITY: "a", REPLY: "r", MESSAGE: "m", EVENT: "e"}
_SOURCES = {letter: source for source, letter in LETTERS.items()}
_SHORT = 160
_SOON = timedelta(minutes=2)
"""A message that should leave about now is looked at again and again, until it has."""
_REF = re.compile(r"([arme])(\d{1,18})")
ICONS = {
    "call": "phone", "sms": "message-square", "email": "mail", "note": "pencil", "meeting": "users", "other": "pencil",
    "promise": "handshake", "dispute": "scale", "payment": "wallet", "ledger": "file-text", "stage": "workflow",
    "override": "ban", "task": "calendar", "account": "contact",
}  # fmt: skip


@dataclass(slots=True)
class Drawn:
    """One line: `day` where it is the first of its day; `badges` as (words, tone)."""

    ref: str
    icon: str
    sentence: str
    at: datetime
    by: str
    title: str = ""
    text: str = ""
    badges: Sequence[tuple[Any, str]] = ()
    notes: Sequence[str] = ()
    message_id: int | None = None
    day: date | None = None
    incoming: bool = False
    moving: bool = False
    enclosure: Enclosure | None = None

    @property
    def is_long(self) -> bool:
        """Whether the text is more than two short lines."""
        return len(self.text) > _SHORT or len(self.text.splitlines()) > 2

    @property
    def gist(self) -> str:
        """The beginning of the text in one flow: two lines of a screen hold more than a greeting."""
        return " ".join(self.text[: 3 * _SHORT].split())


def place(ref: str) -> tuple[int, int] | None:
    """(source, id) of a line's reference, as `a12`."""
    read = _REF.fullmatch(ref)
    return (_SOURCES[read[1]], int(read[2])) if read else None


def token(at: Cursor) -> str:
    """The place of a line, for an address."""
    return f"{at.at.isoformat()}~{LETTERS[at.source]}{at.id}"


def cursor(text: str) -> Cursor | None:
    """The place that a token names; None where it names none."""
    moment, _tilde, ref = text.partition("~")
    where = place(ref)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Cursor(at, *where) if where and at.tzinfo else None


def by_day(lines: Sequence[Line], *, after: Cursor | None) -> list[Drawn]:
    """The lines in words, the first of each day marked; `after` the line above them."""
    last, drawn = after and after.at.astimezone(clock.zone()).date(), []
    enclosed = {REPLY: enclosures.of([line.row for line in lines if line.place.source == REPLY])}
    enclosed[MESSAGE] = enclosures.of_messages([line.place.id for line in lines if line.place.source == MESSAGE])
    for line in lines:
        each = _DRAWN[line.place.source](line)
        each.enclosure = enclosed.get(line.place.source, {}).get(line.place.id)
        day = line.place.at.astimezone(clock.zone()).date()
        each.day, last = (day if day != last else None), day
        drawn.append(each)
    return drawn


def draw(line: Line) -> Drawn:
    """One line in words."""
    return by_day([line], after=None)[0]


def _base(line: Line, icon: str, sentence: str) -> Drawn:
    ref = f"{LETTERS[line.place.source]}{line.place.id}"
    return Drawn(ref, icon, sentence, line.place.at, line.by or "")


def _activity(line: Line) -> Drawn:
    row: Activity = line.row
    drawn = _base(line, ICONS.get(row.kind, "pencil"), _sentence(row))
    drawn.text, drawn.incoming = row.notes, row.direction == "in"
    drawn.badges = [(line.disposition, "info")] if line.disposition else []
    notes = []
    if row.duration is not None:
        notes.append(_("%(minutes)s:%(seconds)s min", minutes=row.duration // 60, seconds=f"{row.duration % 60:02}"))
    for done in row.finished:
        what = labels.TASKS.get(done["kind"], done["kind"])
        notes.append(_("%(task)s of step %(step)s done", task=what, step=done["step"]) if done["step"] else
                     _("%(task)s done", task=what))  # fmt: skip
    if row.follow_up_on is not None:
        day = happenings.day(row.follow_up_on)
        who = line.assignee or _("nobody yet")
        notes.append(_("Follow-up on %(day)s: %(who)s", day=day, who=who))
    drawn.notes = notes
    return drawn


def _sentence(row: Activity) -> str:
    who = " · ".join(part for part in (row.contact_name, row.number and phones.shown(row.number)) if part)
    if row.kind == "call" and row.direction == "in":
        return _("Call from %(who)s", who=who) if who else _("They called")
    if row.kind == "call":
        return _("Call to %(who)s", who=who) if who else _("Call")
    what = str(labels.ACTIVITIES.get(row.kind, row.kind))
    return _("%(what)s with %(who)s", what=what, who=who) if who and row.kind != "note" else what


def _message(line: Line) -> Drawn:
    row: Message = line.row
    channel = labels.channel(row.channel)
    what = channel[:1].upper() + channel[1:]
    who = phones.shown(row.to_address) if row.to_address.startswith("+") else row.to_address
    sentence = _("%(what)s to %(who)s", what=what, who=who) if who else what
    if row.step:
        sentence = _("Step %(step)s: %(sentence)s", step=row.step, sentence=sentence)
    drawn = _base(line, ICONS.get(row.channel, "send"), sentence)
    status = message_words.status(row.status)
    drawn.badges = [(status, message_words.tone(row.status))]
    drawn.notes = [message_words.reason(row.reason)] if row.reason else []
    if row.cc:
        drawn.notes = [*drawn.notes, _("Copy to %(who)s", who=", ".join(row.cc))]
    if row.status == "queued" and row.not_before > clock.now():
        drawn.notes = [*drawn.notes, _("It goes on %(moment)s", moment=soon(row.not_before))]
    drawn.title, drawn.text, drawn.message_id = row.subject, row.body, row.id
    drawn.moving = row.status in IN_FLIGHT and -_SOON < clock.now() - row.not_before < _SOON
    return drawn


def _reply(line: Line) -> Drawn:
    row: Reply = line.row
    channel = labels.channel(row.channel)
    address = phones.shown(row.from_address)
    who = row.from_name or address or _("nobody named")
    sentence = _("%(what)s from %(who)s", what=channel[:1].upper() + channel[1:], who=who)
    drawn = _base(line, ICONS.get(row.channel, "inbox"), sentence)
    drawn.title, drawn.text, drawn.incoming = row.subject, row.body, True
    drawn.notes = [address] if row.from_name else []
    if row.automatic:
        drawn.badges = [enclosures.WRITTEN_BY.get(row.kind, enclosures.WRITTEN_BY["automatic"])]
    return drawn


def _event(line: Line) -> Drawn:
    row: Event = line.row
    kind = next((kind for kind, names in EVENTS.items() if any(_fits(row.kind, name) for name in names)), "")
    kind = row.facts.get("channel", "") if kind in CHANNELS else kind
    drawn = _base(line, ICONS.get(kind, "history"), happenings.sentence(row))
    drawn.text = str(row.facts.get("outcome") or row.facts.get("note") or "")
    return drawn


def _fits(kind: str, pattern: str) -> bool:
    return fnmatch(kind, pattern.replace("%", "*"))


_DRAWN = {ACTIVITY: _activity, REPLY: _reply, MESSAGE: _message, EVENT: _event}
