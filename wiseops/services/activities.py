"""Activities: what people did about an account. A call that goes out is a contact, so the account is decided anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from wiseops.domain.activities import Draft, Kind, check
from wiseops.domain.errors import Refused
from wiseops.domain.submissions import quoted
from wiseops.extensions import db
from wiseops.models import Activity, Contact, Disposition, Task, User
from wiseops.queries import calls as known
from wiseops.queries import company
from wiseops.services import automation, calls, locks, replies, submissions, tasks
from wiseops.services.transaction import transaction

TWINS_WITHIN, BLANK_TWINS_WITHIN = timedelta(minutes=10), timedelta(minutes=1)


def add(account_id: int, draft: Draft, *, token: str = "", now: datetime, by_id: int | None) -> int:
    """Notes what was done, does the tasks it finishes, and sets the follow-up it asks for. Answers its id.

    `token`: of the form; the same one makes one activity.
    """
    draft = check(draft, today=company.today(now))
    if draft.follow_up_on is None and draft.assignee_id not in (None, by_id):
        raise Refused("By when?", "follow_up_on")
    with transaction():
        locks.account(account_id)
        if (made := submissions.made(token, draft)) is not None:
            return made
        if token and draft.call_id is None:
            _refuse_twin(account_id, draft, now)
        disposition = _disposition(draft.disposition_id)
        contact = _contact(account_id, draft.contact_id) if draft.call_id is None else None
        activity = Activity(account_id=account_id, kind=draft.kind, direction=draft.direction, at=now, by_id=by_id)
        activity.disposition_id, activity.notes, activity.duration = draft.disposition_id, draft.notes, draft.duration
        if contact is not None:
            activity.contact_id, activity.contact_name = contact.id, contact.name
            activity.number = contact.phone or "" if draft.kind == Kind.CALL else ""
        if draft.call_id is not None:
            _of_call(activity, draft.call_id)
        words = ": ".join(part for part in (disposition and disposition.name, draft.notes) if part)
        activity.finished = _finish(account_id, draft, words, now, by_id)
        if draft.handles:
            replies.answered_all(account_id, up_to=draft.seen, now=now, by_id=by_id)
        activity.follow_up_on = draft.follow_up_on
        if draft.follow_up_on is not None:
            activity.assignee_id = draft.assignee_id
            activity.task_id = tasks.add(
                account_id, kind="follow_up", note=words[: tasks.LONGEST_OUTCOME], due_on=draft.follow_up_on,
                assignee_id=draft.assignee_id, now=now, by_id=by_id,
            )  # fmt: skip
        db.session.add(activity)
        db.session.flush()
        if draft.call_id is not None:
            calls.log(account_id, draft.call_id, activity.id)
        submissions.keep(token, activity.id, draft, _said(draft, words), now=now)
        if (activity.kind, activity.direction) == ("call", "out"):
            automation.touch([account_id])
    automation.decide([account_id], now)
    return activity.id


def _said(draft: Draft, words: str) -> str:
    until = f" and a follow-up on {draft.follow_up_on.isoformat()}" if draft.follow_up_on is not None else ""
    return quoted(words) + until


def _refuse_twin(account_id: int, draft: Draft, now: datetime) -> None:
    """Two people, or two tabs: whoever was first has noted it. Without notes only the very same moment is the same."""
    same = (Activity.account_id == account_id, Activity.kind == draft.kind, Activity.notes == draft.notes)
    went = (Activity.direction == draft.direction, Activity.disposition_id.is_not_distinct_from(draft.disposition_id))
    to = Activity.contact_id.is_not_distinct_from(draft.contact_id)
    lately = Activity.at > now - (TWINS_WITHIN if draft.notes else BLANK_TWINS_WITHIN)
    by = select(User.name).outerjoin_from(Activity, User, User.id == Activity.by_id).where(*same, *went, to, lately)
    first = db.session.execute(by.order_by(Activity.id.desc())).first()
    if first is not None:
        who = first.name or "Somebody"
        raise Refused(f"{who} has just noted exactly this. Change the notes if it happened again.", "notes")


def _of_call(activity: Activity, call_id: int) -> None:
    """What is known of the call counts, whoever the form names."""
    call = known.get(activity.account_id, call_id)
    activity.kind, activity.direction, activity.duration = Kind.CALL, "out", call.duration
    activity.contact_id, activity.contact_name, activity.number = call.contact_id, call.contact_name, call.number


def _finish(account_id: int, draft: Draft, words: str, now: datetime, by_id: int | None) -> list[dict[str, Any]]:
    """Does the tasks that are done with it; one that somebody finished meanwhile is left as it is."""
    if not draft.finishes:
        return []
    chosen = Task.id.in_(draft.finishes), Task.account_id == account_id, Task.status == "open"
    found = db.session.scalars(select(Task).where(*chosen).order_by(Task.id)).all()
    for task in found:
        outcome = words[: tasks.LONGEST_OUTCOME]
        tasks.complete(task.id, outcome=outcome, now=now, by_id=by_id, decides=False, tells=False)
    return [{"kind": task.kind, "step": task.step} for task in found]


def _disposition(disposition_id: int | None) -> Disposition | None:
    if disposition_id is None:
        return None
    found = db.session.get(Disposition, disposition_id)
    if found is None or not found.active:
        raise Refused("This is not in use any more. Choose another.", "disposition_id")
    return found


def _contact(account_id: int, contact_id: int | None) -> Contact | None:
    if contact_id is None:
        return None
    found = db.session.get(Contact, contact_id)
    if found is None or found.account_id != account_id:
        raise Refused("This contact was removed. Choose another.", "contact_id")
    return found
