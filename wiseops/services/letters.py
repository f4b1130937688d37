"""Letters: whom a message goes to, in which language, and what it says."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from wiseops.domain import segments
from wiseops.domain.automation.demand import Demand
from wiseops.domain.contacts import takes_reminders
from wiseops.domain.errors import Refused
from wiseops.domain.messages import digest
from wiseops.domain.plans import Step
from wiseops.domain.templates import choose, context_for, render
from wiseops.extensions import db
from wiseops.models import Account, Contact, Message
from wiseops.queries import company, templates


def addressee(account_id: int, channel: str) -> Contact | None:
    """The account's default contact of the channel, if it is one for reminders."""
    default = Contact.default_email if channel == "email" else Contact.default_sms
    of_account = select(Contact).where(Contact.account_id == account_id, default).order_by(Contact.id)
    return next((c for c in db.session.scalars(of_account) if takes_reminders(c.roles)), None)


def write(
    row: Message, demand: Demand, *, account: Account, contact: Contact | None, step: Step | None, today: date
) -> None:
    """Fills the row in with the wording in use. Raises Refused with a reason code, or a code and what is wrong."""
    ours = company.get()
    address = _address(contact, row.channel)
    if contact is None or not address:
        raise Refused("no_address")
    versions = templates.for_channel(step.template_id, row.channel) if step and step.template_id else {}
    chosen = choose(versions, account.language, ours.language)
    if step is None or chosen is None:
        raise Refused("no_wording")
    language, version = chosen
    try:
        context = context_for(
            demand, account=account, contact=contact, company=ours, language=language, today=today, step=step.position
        )
        text = render(version.subject, version.body, context, channel=row.channel)
    except Refused as refused:
        raise Refused(f"wording: {refused.message}") from refused
    row.contact_id, row.to_address = contact.id, address
    row.cc = _copies(account.id, address) if row.channel == "email" else []
    row.language, row.template_version_id = language, version.id
    row.subject, row.body, row.sha256 = text.subject, text.body, digest(text.subject, text.body)
    row.segments = segments.measure(text.body).segments if row.channel == "sms" else 1


def _address(contact: Contact | None, channel: str) -> str:
    return (contact.email if channel == "email" else contact.phone) or "" if contact else ""


def _copies(account_id: int, address: str) -> list[str]:
    """Who else gets the e-mail: every other contact that is marked so."""
    marked = select(Contact).where(Contact.account_id == account_id, Contact.cc).order_by(Contact.id)
    found = [contact.email for contact in db.session.scalars(marked) if contact.email]
    return [email for email in dict.fromkeys(found) if email != address]
