"""The last look: right before a message leaves, its account is read and decided again, and its text written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, select

from wiseops.domain.automation.demand import Demand
from wiseops.domain.automation.rules import Rules
from wiseops.domain.messages import Sender, Status
from wiseops.extensions import db
from wiseops.models import Message, MessageItem
from wiseops.queries import automation as queries
from wiseops.queries import snapshots
from wiseops.services import automation, channels, files, locks
from wiseops.services.claims import Claim
from wiseops.services.letters import Desk
from wiseops.services.looks import Look, Looked, Ready
from wiseops.services.transaction import transaction


def take(
    claims: Sequence[Claim],
    *,
    worker: str,
    senders: Mapping[str, Sender],
    now: datetime,
    rules: Rules | None = None,
    known: Rules | None = None,
) -> Looked:
    """Commits each message as sending, with its text; or cancels it, or fails it. Of one channel, an account once.

    `rules` replaces the installation's own; `known` are those as last read, kept where they have not changed.
    """
    with transaction():
        looked = Looked()
        switch = queries.switch()
        if switch.stopped:
            return looked
        ids = locks.accounts(claim.account_id for claim in claims)
        rows = _mine(claims, worker)
        looked.rules = rules = rules or queries.rules(known=known, row=switch)
        desk = Desk.open(ids, rules)
        found = {snapshot.account_id: snapshot for snapshot in snapshots.load(ids, rules)}
        for row in rows:
            Look(row, found[row.account_id], rules, desk, switch, senders, now).work_out(looked)
        looked.ready = _with_files(looked.ready)
        _keep_items(looked.listed)
        if looked.ready:
            looked.ready = _paced(looked.ready, rows[0].channel, now)
        automation.touch(looked.changed)
        return looked


def _mine(claims: Sequence[Claim], worker: str) -> list[Message]:
    """The rows that are still this worker's; one that a pause is cancelling at this moment is not waited for."""
    ids = [claim.message_id for claim in claims]
    mine = (Message.id.in_(ids), Message.status == Status.CLAIMED, Message.claimed_by == worker)
    query = select(Message).where(*mine).order_by(Message.id).with_for_update(skip_locked=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _with_files(ready: Sequence[Ready]) -> list[Ready]:
    """The same messages, each e-mail with the files that go with it."""
    attached = files.attached([item.message_id for item in ready if item.outbound.channel == "email"])
    return [
        replace(item, outbound=replace(item.outbound, attachments=attached.get(item.message_id, ()))) for item in ready
    ]


def _keep_items(listed: Mapping[int, Demand]) -> None:
    """What each message lists, in place of what an earlier try of it listed."""
    rows = [
        {
            "message_id": message_id,
            "entry_id": line.item_id,
            "demanded": line.demanded,
            "amount": line.amount,
            "currency": line.currency,
        }
        for message_id, demand in listed.items()
        for line in demand.lines
    ]
    if rows:
        db.session.execute(delete(MessageItem).where(MessageItem.message_id.in_(listed)))
        db.session.execute(insert(MessageItem), rows)


def _paced(ready: list[Ready], channel: str, now: datetime) -> list[Ready]:
    if not any(item.sender.reaches_people for item in ready):
        return ready
    slots = channels.take_slots(channel, len(ready), now)
    return [replace(item, slot=slot) for item, slot in zip(ready, slots, strict=True)]
