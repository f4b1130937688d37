"""What surrounds every tab of an account: the header that stays, the tabs, and the rail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from wiseops.auth import me
from wiseops.domain.promises import MISSED, Status
from wiseops.models import Account, Contact, Entry
from wiseops.queries import (
    accounts,
    contacts,
    disputes,
    entries,
    plans,
    promises,
    replies,
    rounds,
    suppressions,
    users,
)
from wiseops.web import clock, labels, message_words
from wiseops.web.block_forms import BlockForm, HoldForm
from wiseops.web.filters import day, money
from wiseops.web.htmx import show

TABS = (
    ("accounts.show", lazy_gettext("Details")),
    ("promises.index", lazy_gettext("Promise to Pay")),
    ("disputes.index", lazy_gettext("Disputes")),
    ("entries.index", lazy_gettext("Ledger")),
    ("activities.index", lazy_gettext("Collections")),
    ("activities.messages", lazy_gettext("Messages")),
)

UNDER = {
    "entries": "entries.index",
    "promises": "promises.index",
    "disputes": "disputes.index",
    "activities": "activities.index",
    "calls": "activities.index",
    "compositions": "activities.index",
    "threads": "activities.index",
}
"""The tab that pages of a blueprint belong to."""


def tab(
    account_id: int, template: str, *, status: int = 200, people: Sequence[Contact] | None = None, **context: Any
) -> ResponseReturnValue:
    """A tab of an account: within its frame, or alone where htmx asks; `people` its contacts, where they are known."""
    page, fragment = "accounts/show.html", "accounts/_tab.html"
    around = frame(account_id, people) | _work(account_id)
    return show(page, fragment, status=status, tab=template, **around | context)


def _work(account_id: int) -> dict[str, Any]:
    """Where one is in work mode, and who else is at this account."""
    user_id, now = me().id, clock.now()
    return {
        "round": rounds.place(account_id, user_id=user_id, now=now),
        "opened_by": rounds.open_with([account_id], but=user_id, now=now).get(account_id),
    }


def frame(account_id: int, people: Sequence[Contact] | None = None) -> dict[str, Any]:
    """What the templates around a tab need."""
    account = accounts.get(account_id)
    still_open = entries.still_open(account_id)
    people = contacts.of_account(account_id) if people is None else people
    written = replies.standing(account_id)
    taken = promises.of_account(account_id)
    open_ones = [row for row in taken if row.promise.status == Status.OPEN]
    disputed = disputes.of_account(account_id, resting=True)
    terms = [row.terms for row in open_ones], [row.terms for row in disputed]
    standings = entries.standings(still_open, clock.today(), *terms)
    rests = disputes.resting(still_open, disputed)
    return {
        "account": account,
        "tags": sorted(accounts.tags(account_id)),
        "owner": users.get(account.owner_id) if account.owner_id else None,
        "standings": standings,
        "promised": open_ones,
        "disputed": disputed,
        "rests": rests,
        "contacts": people,
        "warnings": [
            *_waiting(written.waits_since),
            *_broken(taken, standings),
            *_warnings(account, people, still_open),
            *_resting(still_open, rests, disputed),
        ],
        "tabs": _tabs(account_id, written.unread),
        "plan": plans.row(account.plan_id) if account.plan_id else None,
        "block_form": BlockForm(formdata=None),
        "hold_form": HoldForm(formdata=None),
    }


def _tabs(account_id: int, unread: int) -> list[dict[str, Any]]:
    current = request.endpoint or ""
    here = current if current in dict(TABS) else UNDER.get(request.blueprint or "", "accounts.show")
    items: list[dict[str, Any]] = [
        {"label": label, "href": url_for(endpoint, account_id=account_id), "current": endpoint == here}
        for endpoint, label in TABS
    ]
    place = next(place for place, (endpoint, _label) in enumerate(TABS) if endpoint == "activities.index")
    items[place]["unread"] = unread
    return items


def _waiting(since: datetime | None) -> Iterator[str]:
    if since is not None:
        yield _("They wrote on %(day)s and wait for us.", day=day(since.astimezone(clock.zone()).date()))


def _broken(taken: Sequence[promises.Listed], standings: Sequence[entries.Standing]) -> Iterator[str]:
    """The latest promise in a currency, where it was missed and something is overdue in it still."""
    for standing in standings:
        latest = max((r for r in taken if r.promise.currency == standing.currency), key=_taken_at, default=None)
        if latest is None or latest.promise.status not in MISSED or not standing.position.overdue:
            continue
        promise = latest.promise
        facts = {"amount": money(promise.amount, promise.currency), "day": day(promise.due_on)}
        if promise.received:
            received = money(promise.received, promise.currency)
            yield _(
                "The promise of %(amount)s for %(day)s was kept in part: %(received)s came.", received=received, **facts
            )
        else:
            yield _("The promise of %(amount)s for %(day)s was broken.", **facts)


def _taken_at(row: promises.Listed) -> int:
    return row.promise.id


def _resting(
    still_open: Sequence[Entry], rests: Mapping[int, int], disputed: Sequence[disputes.Listed]
) -> Iterator[str]:
    """What is disputed of each entry, whoever said so, and what that waits for."""
    noted = {row.entry.id: row for row in disputed}
    for entry in still_open:
        if entry.id not in rests:
            continue
        facts = {"amount": money(rests[entry.id], entry.currency), "number": entry.number}
        row = noted.get(entry.id)
        if row is None:
            yield _("%(amount)s of %(number)s is disputed.", **facts)
        elif row.dispute.status != "open":
            yield _("%(amount)s of %(number)s was upheld: it waits for its credit note.", **facts)
        else:
            ground = labels.ground(row.dispute.ground).lower()
            yield _(
                "%(amount)s of %(number)s is disputed (%(ground)s), to be decided by %(day)s.",
                ground=ground, day=day(row.dispute.due_on), **facts,
            )  # fmt: skip


def _warnings(account: Account, people: Sequence[Contact], still_open: Sequence[Entry]) -> Iterator[str]:
    if account.blocked_at is not None:
        yield _("Blocked by hand: %(reason)s. Nothing goes out by itself.", reason=account.block_reason.rstrip("."))
    elif account.stage == "blocked":
        yield _("Blocked by a rule. Nothing goes out by itself.")
    if not any(person.default_email or person.default_sms for person in people):
        yield _("No valid e-mail address or phone number: no reminder can reach this account.")
    elif not any(person.phone for person in people):
        yield _("No valid phone number: no SMS, no call.")
    elif not any(person.email for person in people):
        yield _("No valid e-mail address: no e-mail.")
    for person in people:
        if person.phone_given and person.phone is None:
            yield _("“%(phone)s” is not a valid phone number and is never texted.", phone=person.phone_given)
    for channel, address, reason in suppressions.of_contacts(people):
        where = labels.channel(channel)
        why = message_words.reason(reason)
        yield _("%(address)s must not be used for %(channel)s: %(why)s.", address=address, channel=where, why=why)
    for entry in still_open:
        if entry.waiting:
            yield _(
                "%(number)s waits for %(named)s, which is not known yet.", number=entry.number, named=entry.allocate_to
            )
