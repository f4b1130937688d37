"""What a message to an account would be written from now, whether or not one is due."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from wiseops.domain.automation.demand import Demand, demand
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Run
from wiseops.domain.contacts import takes_reminders
from wiseops.domain.plans import Conditions, Plan
from wiseops.domain.templates import Context, Rendered, context_for, render
from wiseops.extensions import db
from wiseops.models import Account, Contact, TemplateVersion
from wiseops.queries import company, snapshots

_PLAN = Plan(0, "", 0, Conditions(), ())


def account(number: str) -> Account | None:
    """The account of exactly that number."""
    return db.session.scalar(select(Account).where(Account.number == number))


def context(of: Account, *, channel: str, language: str, today: date) -> Context | None:
    """Everything overdue and collectable, as if a step demanded it; None where nothing is."""
    demanded = _demand(of.id, today)
    if not demanded.totals:
        return None
    default = Contact.default_email if channel == "email" else Contact.default_sms
    contacts = db.session.scalars(select(Contact).where(Contact.account_id == of.id, default).order_by(Contact.id))
    contact = next((found for found in contacts if takes_reminders(found.roles)), None)
    return context_for(demanded, account=of, contact=contact, company=company.get(), language=language, today=today)


def text(of: Account, version: TemplateVersion, *, name: str, today: date) -> Rendered | None:
    """What a wording says to a contact of this name today; None where nothing is overdue. Raises Refused."""
    known = context(of, channel=version.channel, language=version.language, today=today)
    if known is None:
        return None
    known |= {"contact": {"name": name or of.name}}
    return render(version.subject, version.body, known, channel=version.channel)


def _demand(account_id: int, today: date) -> Demand:
    rules = Rules()
    [snapshot] = snapshots.load([account_id], rules)
    run = Run(None, _PLAN.id, frozenset(item.id for item in snapshot.items))
    return demand(_PLAN, run, snapshot.book(today), 1, rules, today)
