"""The last look: right before a message leaves, its account is read and decided again, and its text written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, select

from wiseops.domain.automation.demand import Demand
from wiseops.domain.automation.rules import Rules
from wiseops.domain.messages import Sender, Status
from wiseops.extensions import db
from wiseops.models import Message, MessageFile, MessageItem
from wiseops.queries import automation as queries
from wiseops.queries import sending, snapshots
from wiseops.queries.among import among
from wiseops.services import automation, channels, files, locks
from wiseops.services import rows as table_rows
from wiseops.services.claims import Claim
from wiseops.services.letters import Desk
from wiseops.services.looks import Look, Looked, Ready
from wiseops.services.transaction import transaction

_MINE = (
    select(Message, exists().where(MessageFile.message_id == Message.id))
    .where(among(Message.id), Message.status == Status.CLAIMED, Message.claimed_by == bindparam("worker"))
    .order_by(Message.id)
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)


def take(
    claims: Sequence[Claim],
    *,
    worker: str,
    senders: Mapping[str, Sender],
    now: datetime,
    rules: Rules | None = None,
    known: Desk | None = None,
) -> Looked:
    """Commits each message as sending, with its text; or cancels it, or fails it. Of one channel, an account once.

    Nothing where the channel rests, or it or all sending is stopped by now. `rules` replaces the installation's own;
    `known` is the desk of the slice before.
    """
    with transaction():
        looked = Looked()
        switch, channel = sending.gates(claims[0].channel)
        if sending.is_shut(switch, channel, now):
            return looked
        ids = locks.accounts(claim.account_id for claim in claims)
        rows, with_files = _mine(claims, worker)
        rules = rules or queries.rules(known=known.rules if known else None, row=switch)
        tried = {row.id for row in rows if row.body}
        looked.desk = desk = Desk.open(ids, rules, known)
        found = {snapshot.account_id: snapshot for snapshot in snapshots.load(ids, rules)}
        for row in rows:
            Look(row, found[row.account_id], rules, desk, switch, senders, now).work_out(looked)
        if with_files:
            looked.ready = _with_files(looked.ready, with_files)
        _keep_items(looked.listed, looked.listed.keys() & tried)
        if looked.ready:
            looked.ready = _paced(looked.ready, rows[0].channel, now)
        automation.touch(looked.changed)
        return looked


def _mine(claims: Sequence[Claim], worker: str) -> tuple[list[Message], list[int]]:
    """The rows that are still this worker's, and which e-mails of them have files.

    One that a pause is cancelling at this moment is not waited for.
    """
    ids = [claim.message_id for claim in claims]
    found = db.session.execute(_MINE, {"ids": ids, "worker": worker}).all()
    with_files = [row.id for row, has_files in found if has_files and row.channel == "email"]
    return [row for row, _ in found], with_files


def _with_files(ready: list[Ready], with_files: Collection[int]) -> list[Ready]:
    """The same messages, each of these with the files that go with it."""
    attached = files.attached(with_files)
    return [
        replace(item, outbound=replace(item.outbound, attachments=attached[item.message_id]))
        if item.message_id in attached
        else item
        for item in ready
    ]


def _keep_items(listed: Mapping[int, Demand], tried: Collection[int]) -> None:
    """What each message lists, in place of what an earlier try of it listed: those that were `tried` before."""
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
        if tried:
            db.session.execute(delete(MessageItem).where(MessageItem.message_id.in_(tried)))
        table_rows.add(MessageItem, rows)


def _paced(ready: list[Ready], channel: str, now: datetime) -> list[Ready]:
    if not any(item.sender.reaches_people for item in ready):
        return ready
    slots = channels.take_slots(channel, len(ready), now)
    return [replace(item, slot=slot) for item, slot in zip(ready, slots, strict=True)]
