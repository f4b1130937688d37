"""The lines of a thread as people read them: bubbles, ours and theirs, with what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from wiseops.models import Message, Reply
from wiseops.queries import documents
from wiseops.queries.documents import Linked
from wiseops.queries.threads import Line
from wiseops.web import clock, enclosures, labels, message_words
from wiseops.web.enclosures import Enclosure
from wiseops.web.texts import gettext as _

ICONS = {
    "queued": "clock", "claimed": "clock", "sending": "send", "sent": "send", "delivered": "check",
    "undelivered": "triangle-alert", "failed": "triangle-alert", "unknown": "circle-help", "cancelled": "ban",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """What a bubble shows of a link in it; we save the file from `address`."""

    id: int
    address: str
    name: str
    until: datetime
    opens: bool


@dataclass(slots=True)
class Bubble:
    """`ref` its line in the history; `day` where it is the first of its day; `state` words, icon and tone."""

    ref: str
    incoming: bool
    text: str
    at: datetime
    state: tuple[str, str, str] | None = None
    notes: list[str] = field(default_factory=list)
    documents: Sequence[Document] = ()
    is_new: bool = False
    day: date | None = None
    enclosure: Enclosure | None = None
    title: str = ""


def draw(lines: Sequence[Line], now: datetime) -> list[Bubble]:
    """The lines in words, the first of each day marked."""
    linked = documents.of_messages([line.row.id for line in lines if not line.incoming])
    enclosed = {True: enclosures.of([line.row for line in lines if isinstance(line.row, Reply)])}
    enclosed[False] = enclosures.of_messages([line.row.id for line in lines if _is_mail_of_ours(line)])
    drawn: list[Bubble] = []
    for line in lines:
        drawn.append(_reply(line) if line.incoming else _message(line, linked.get(line.row.id, ()), now))
        drawn[-1].enclosure = enclosed[line.incoming].get(line.row.id)
    _mark_days(drawn)
    return drawn


def _is_mail_of_ours(line: Line) -> bool:
    return not line.incoming and line.row.channel == "email"  # The files of an SMS are links in it.


def _mark_days(drawn: Sequence[Bubble]) -> None:
    last = None
    for bubble in drawn:
        day = bubble.at.astimezone(clock.zone()).date()
        bubble.day, last = (day if day != last else None), day


def _message(line: Line, linked: Sequence[Linked], now: datetime) -> Bubble:
    row = line.row
    assert isinstance(row, Message)
    words = _("Not delivered") if row.status == "undelivered" else message_words.status(row.status)
    bubble = Bubble(f"m{row.id}", False, row.body, line.at)
    bubble.state = (words, ICONS.get(row.status, "send"), message_words.tone(row.status))
    who = _("Step %(step)s, by itself", step=row.step) if row.automated and row.step else line.by
    trial = _("trial: to %(address)s instead", address=row.diverted_to) if row.diverted_to else ""
    why = message_words.reason(row.reason) if row.reason else ""
    bubble.notes = [note for note in (why, who or (_("by itself") if row.automated else ""), trial) if note]
    bubble.documents = [_document(row, each, now) for each in linked]
    return bubble


def _document(row: Message, linked: Linked, now: datetime) -> Document:
    link, address = linked.row, enclosures.went_with(row.id, linked.row.file_id)
    return Document(link.id, address, linked.name, link.expires_at, linked.opens(now))


def _reply(line: Line) -> Bubble:
    row = line.row
    assert isinstance(row, Reply)
    bubble = Bubble(f"r{row.id}", True, row.body or _("(no text)"), line.at, is_new=_is_unread(line))
    if row.channel != "sms":
        bubble.notes.append(labels.channel(row.channel))
    if row.subject:
        bubble.title = row.subject
    if row.keyword in ("stop", "start"):
        bubble.notes.append(_("obeyed by itself"))
    elif row.handled_at is not None:
        bubble.notes.append(_("dealt with by %(who)s", who=line.by) if line.by else _("dealt with"))
    if row.handled_note:
        bubble.notes.append(row.handled_note)
    return bubble


def _is_unread(line: Line) -> bool:
    return isinstance(line.row, Reply) and line.row.read_at is None
