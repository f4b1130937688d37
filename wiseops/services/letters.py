"""Letters: whom a message goes to, in which language, and what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from wiseops.domain import segments
from wiseops.domain.automation.demand import Demand
from wiseops.domain.automation.rules import Rules
from wiseops.domain.contacts import takes_reminders
from wiseops.domain.errors import Refused
from wiseops.domain.messages import digest
from wiseops.domain.plans import Step
from wiseops.domain.templates import choose, context_for, render
from wiseops.extensions import db
from wiseops.models import Account, Company, Contact, Message
from wiseops.queries import company, suppressions, templates
from wiseops.queries.among import among

_ACCOUNTS = select(Account).where(among(Account.id))
_CONTACTS = select(Contact).where(among(Contact.account_id)).order_by(Contact.id)


@dataclass(slots=True)
class Desk:
    """What the letters of one slice need, read once; the transaction that opened it must still be running."""

    ours: Company
    accounts: dict[int, Account]
    contacts: dict[int, list[Contact]]
    barred: Mapping[str, str]
    rules: Rules
    wordings: Mapping[int, Mapping[templates.Key, templates.Text]]

    @classmethod
    def open(cls, account_ids: Collection[int], rules: Rules, known: Desk | None = None) -> Desk:
        """For letters to these accounts; the wordings of a desk that is `known` serve as long as the rules hold."""
        accounts = db.session.scalars(_ACCOUNTS, {"ids": account_ids})
        contacts: dict[int, list[Contact]] = defaultdict(list)
        for contact in db.session.scalars(_CONTACTS, {"ids": account_ids}):
            contacts[contact.account_id].append(contact)
        copied = [person.email for people in contacts.values() for person in people if person.cc and person.email]
        barred = suppressions.standing("email", copied)
        every = {account.id: account for account in accounts}
        wordings = known.wordings if known and known.rules is rules else _wordings(rules)
        return cls(company.get(), every, contacts, barred, rules, wordings)

    def write(self, row: Message, demand: Demand, step: Step | None, *, today: date) -> None:
        """Fills the row in with the wording in use. Raises Refused with a reason code, or a code and what is wrong."""
        contact = self._addressee(row)
        account, ours = self.accounts[row.account_id], self.ours
        language, version = self._wording(row.channel, step, account.language, ours.language)
        try:
            context = context_for(
                demand,
                account=account,
                contact=contact,
                company=ours,
                language=language,
                today=today,
                step=row.step or 0,
            )
            text = render(version.subject, version.body, context, channel=row.channel)
        except Refused as refused:
            raise Refused(f"wording: {refused.message}") from refused
        row.contact_id, row.to_address = contact.id, _address(contact, row.channel)
        row.cc = self._copies(row) if row.channel == "email" else []
        row.language, row.template_version_id = language, version.id
        row.subject, row.body, row.sha256 = text.subject, text.body, digest(text.subject, text.body)
        row.segments = segments.measure(text.body).segments if row.channel == "sms" else 1

    def _addressee(self, row: Message) -> Contact:
        """The account's default contact of the channel, if it is one for reminders."""
        for contact in self.contacts[row.account_id]:
            is_default = contact.default_email if row.channel == "email" else contact.default_sms
            if is_default and takes_reminders(contact.roles) and _address(contact, row.channel):
                return contact
        raise Refused("no_address")

    def _wording(self, channel: str, step: Step | None, *languages: str | None) -> tuple[str, templates.Text]:
        every = self.wordings.get(step.template_id or 0, {}) if step else {}
        own, companys = languages
        chosen = choose({code: v for (where, code), v in every.items() if where == channel}, own, companys or "en")
        if chosen is None:
            raise Refused("no_wording")
        return chosen

    def _copies(self, row: Message) -> list[str]:
        """Who else gets the e-mail: every other contact that is marked so and may be written to."""
        found = [contact.email for contact in self.contacts[row.account_id] if contact.cc and contact.email]
        return [email for email in dict.fromkeys(found) if email != row.to_address and email.lower() not in self.barred]


def _wordings(rules: Rules) -> Mapping[int, Mapping[templates.Key, templates.Text]]:
    """Of every template that a plan uses; whoever words one anew changes the rules."""
    return templates.texts(
        {step.template_id for plan in rules.plans.values() for step in plan.steps if step.template_id}
    )


def _address(contact: Contact, channel: str) -> str:
    return (contact.email if channel == "email" else contact.phone) or ""
