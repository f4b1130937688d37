"""Webhooks: what providers call us with is kept raw first, and worked on afterwards, each in its own transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from wiseops.extensions import db
from wiseops.formats import payloads, postmark, sendgrid, vonage, vonage_voice
from wiseops.models import Webhook
from wiseops.queue import ring
from wiseops.services import arrivals, automation, calls, files, replies, statuses
from wiseops.services.arrivals import Read
from wiseops.services.statuses import Effect
from wiseops.services.transaction import transaction

_log = structlog.get_logger(__name__)
_BATCH = 200
_BROKE = "broke"
_READING, _AGAIN = "reading since ", "reading again since "
_READS_WITHIN = timedelta(minutes=5)
"""A mail whose reader says nothing for so long took it along when it was killed."""

_UNREADABLE = "unreadable"
_MAILS = {"mta": ("mail.eml", "message/rfc822"), "postmark": ("mail.json", "application/json")}


@dataclass(frozen=True, slots=True)
class Received:
    """One event as it came: provider and `kind` say what reads its body."""

    provider: str
    kind: str
    event_id: str
    body: bytes


def store(received: Sequence[Received], *, now: datetime) -> int:
    """Keeps each event once and rings for the work. Answers how many were new."""
    with transaction():
        new = sum(_insert(received[start : start + _BATCH], now) for start in range(0, len(received), _BATCH))
        if new:
            ring("webhooks.work", queue="inbound")
        return new


def store_mail(raw: bytes, *, provider: str, event_id: str, now: datetime) -> bool:
    """Keeps an e-mail once, in a file, as it may be large; the event only names it. Answers whether it was new."""
    with transaction():
        same = (Webhook.provider == provider, Webhook.event_id == event_id)
        if db.session.scalar(select(Webhook.id).where(*same)) is not None:
            return False
        file = files.store([raw], name=_MAILS[provider][0], content_type=_MAILS[provider][1], now=now)
        if store([Received(provider, "mail", event_id, json.dumps({"file": file.id}).encode())], now=now):
            return True
        files.remove(file.id)
        return False


def work(now: datetime, *, is_over: Callable[[], bool] = lambda: False) -> bool:
    """Lets every event that waits have its effect, oldest first. Answers False where its time was up before.

    One that breaks says so in its row and in the log; it is tried once more the next time, after all others, then left.
    """
    touched: set[int] = set()
    broken: set[int] = set()
    try:
        for webhook_id, kind in _waiting():
            if is_over():
                return False
            if webhook_id in broken:
                continue
            try:
                touched.update(_apply(webhook_id, kind, now))
            except Exception:
                broken.add(webhook_id)
                _log.exception("webhook_broke", webhook=webhook_id)
    finally:
        automation.decide(touched, now)
    return True


def _insert(received: Sequence[Received], now: datetime) -> int:
    rows = [{**asdict(event), "received_at": now, "outcome": ""} for event in received]
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Webhook).values(rows).on_conflict_do_nothing().returning(Webhook.id)
    return len(db.session.scalars(statement).all())


def _waiting() -> Iterator[tuple[int, str]]:
    """Id and kind of what waits."""
    for has_broken in (False, True):
        last = 0
        while found := _after(last, has_broken=has_broken):
            yield from found
            last = found[-1][0]


def _after(last: int, *, has_broken: bool) -> Sequence[tuple[int, str]]:
    waiting = select(Webhook.id, Webhook.kind).where(Webhook.done_at.is_(None), Webhook.id > last)
    of_these = waiting.where(Webhook.outcome != "" if has_broken else Webhook.outcome == "")
    return [(row.id, row.kind) for row in db.session.execute(of_these.order_by(Webhook.id).limit(_BATCH))]


def _apply(webhook_id: int, kind: str, now: datetime) -> Sequence[int]:
    try:
        if kind == "mail" and not _may_read(webhook_id, now):
            return ()
        mail = _mail(webhook_id) if kind == "mail" else None
        with transaction():
            waits = (Webhook.id == webhook_id, Webhook.done_at.is_(None))
            row = db.session.scalar(select(Webhook).where(*waits).with_for_update(skip_locked=True))
            if row is None:
                return ()
            effect = arrivals.take(mail, now=now) if mail else _READERS[row.provider, row.kind](row.body, now)
            row.done_at, row.outcome = now, effect.outcome
    except BaseException as error:
        _note(webhook_id, error, now)
        raise
    tell = _log.warning if effect.outcome == _UNREADABLE else _log.info
    tell("webhook_done", webhook=webhook_id, outcome=effect.outcome)
    return effect.account_ids


def _may_read(webhook_id: int, now: datetime) -> bool:
    """Notes that this process reads it, before it does: one that killed two of them is not read a third time."""
    with transaction():
        row = db.session.get_one(Webhook, webhook_id, populate_existing=True, with_for_update=True)
        since = row.outcome.removeprefix(_AGAIN).removeprefix(_READING)
        if row.done_at is not None or (since != row.outcome and now < datetime.fromisoformat(since) + _READS_WITHIN):
            return False
        if row.outcome.startswith(_AGAIN):
            row.done_at, row.outcome = now, f"{_BROKE}: killed its reader twice"
            _log.error("webhook_given_up", webhook=webhook_id)
            return False
        row.outcome = (_AGAIN if row.outcome else _READING) + now.isoformat()
        return True


def _mail(webhook_id: int) -> Read:
    """The mail that came, read before the transaction begins."""
    row = db.session.get_one(Webhook, webhook_id)
    return arrivals.read(row.body, provider=row.provider, at=row.received_at)


def _note(webhook_id: int, error: BaseException, now: datetime) -> None:
    with transaction():
        row = db.session.get_one(Webhook, webhook_id, populate_existing=True)
        row.done_at = now if row.outcome.startswith((_BROKE, _AGAIN)) else None
        row.outcome = f"{_BROKE}: {type(error).__name__}"


_READERS: Mapping[tuple[str, str], Callable[[bytes, datetime], Effect]] = {
    ("vonage", "status"): lambda body, now: statuses.of_sms(vonage.report(body), now=now),
    ("vonage", "inbound"): lambda body, now: Effect("reply", replies.receive(vonage.inbound(body), now=now)),
    ("vonage", "voice"): lambda body, now: calls.heard(vonage_voice.event(body), now=now),
    ("postmark", "event"): lambda body, now: statuses.of_email(postmark.event(payloads.read(body)), now=now),
    ("sendgrid", "event"): lambda body, now: statuses.of_email(sendgrid.event(payloads.read(body)), now=now),
    ("sendgrid", "unreadable"): lambda _body, _now: Effect(_UNREADABLE),
}
