"""The forms of the ledger: recording, correcting, reversing and allocating."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.domain.entries import CREDITS, Kind
from wiseops.domain.money import Money
from wiseops.models import Entry
from wiseops.queries import company
from wiseops.queries import entries as found
from wiseops.web.filters import day, money
from wiseops.web.forms import DateField, Form, MoneyField, options


class EntryForm(Form):
    """An entry to record. The token makes a form that is sent twice act once."""

    token = HiddenField()
    amount = MoneyField(lazy_gettext("Amount"), [InputRequired()], currency_field="currency")
    currency = SelectField(lazy_gettext("Currency"))
    issued_on = DateField(lazy_gettext("Date"), [InputRequired()])
    due_on = DateField(lazy_gettext("Due"), [Optional()])
    allocate_to = SelectField(lazy_gettext("For"), validate_choice=True)
    number = StringField(lazy_gettext("Number"), [Optional(), Length(max=60)])
    payment_reference = StringField(lazy_gettext("Payment reference"), [Optional(), Length(max=60)])
    note = StringField(lazy_gettext("Note"), [Optional(), Length(max=500)])

    def __init__(self, account_id: int, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        used = found.currencies(account_id)
        usual = [*used, company.get().currency]
        codes = list(dict.fromkeys([*usual, *sorted(company.currencies())]))
        self.currency.choices = options((code, code) for code in codes)
        if not self.currency.data:
            self.currency.data = codes[0]
        self.token.data = self.token.data or secrets.token_urlsafe(24)
        if kind in CREDITS:
            del self.due_on
        if kind in CREDITS or kind == Kind.REFUND:
            self.allocate_to.choices = options(_targets(account_id, kind))
        else:
            del self.allocate_to

    def columns(self) -> dict[str, Any]:
        """What was typed, for the service to check."""
        return {
            "token": self.token.data or "",
            "amount": self.amount.data.minor,
            "currency": self.amount.data.currency,
            "issued_on": self.issued_on.data,
            "due_on": self.due_on.data if self.due_on else None,
            "allocate_to": (self.allocate_to.data or "") if self.allocate_to else "",
            "number": self.number.data or None,
            "payment_reference": self.payment_reference.data or "",
            "note": self.note.data or "",
        }


class CorrectionForm(Form):
    """What may change of an entry."""

    due_on = DateField(lazy_gettext("Due"), [InputRequired()])
    disputed = MoneyField(lazy_gettext("Disputed, as imported"), [Optional()])
    payment_reference = StringField(lazy_gettext("Payment reference"), [Optional(), Length(max=60)])

    def __init__(self, currency: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._currency = self.disputed.currency = currency

    @staticmethod
    def of(entry: Entry) -> dict[str, Any]:
        """The entry as it is."""
        disputed = Money(entry.disputed, entry.currency)
        return {"due_on": entry.due_on, "disputed": disputed, "payment_reference": entry.payment_reference}

    def columns(self) -> dict[str, Any]:
        """What was typed, for the service to check."""
        return {
            "due_on": self.due_on.data,
            "disputed": self.disputed.data.minor if self.disputed.data else 0,
            "payment_reference": self.payment_reference.data or "",
        }


class ReversalForm(Form):
    """The day on which an entry is taken back."""

    on = DateField(lazy_gettext("Reverse on"), [InputRequired()])


class AllocationForm(Form):
    """What an entry is put against, and how much of it."""

    token = HiddenField()
    other_id = SelectField(lazy_gettext("Against"), coerce=int)
    part = MoneyField(lazy_gettext("Amount"), [Optional()])

    def __init__(self, entry: Entry, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.part.currency = entry.currency
        self.token.data = self.token.data or secrets.token_urlsafe(24)
        others = [
            other
            for other in found.still_open(entry.account_id)
            if other.currency == entry.currency and (other.amount > 0) != (entry.amount > 0)
        ]
        self.other_id.choices = options((other.id, _open_line(other)) for other in others)


def _targets(account_id: int, kind: str) -> list[tuple[str, str]]:
    """What an entry of this kind may name: a refund a payment, a credit an open debit."""
    if kind == Kind.REFUND:
        payments = [(entry.number, _line(entry)) for entry in found.recent(account_id, Kind.PAYMENT)]
        return [("", _("Credit that is left")), *payments]
    debits = [(entry.number, _open_line(entry)) for entry in found.still_open(account_id) if entry.open > 0]
    return [("", _("The oldest that is open")), *debits]


def _line(entry: Entry) -> str:
    return f"{entry.number} · {day(entry.issued_on)} · {money(abs(entry.amount), entry.currency)}"


def _open_line(entry: Entry) -> str:
    when = _("due %(day)s", day=day(entry.due_on)) if entry.amount > 0 else day(entry.issued_on)
    return f"{entry.number} · {when} · {_('open %(amount)s', amount=money(abs(entry.open), entry.currency))}"
