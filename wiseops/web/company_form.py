"""The form of the company's settings."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from wiseops.domain import money
from wiseops.domain.company import Details
from wiseops.models import Company
from wiseops.web import choices
from wiseops.web.forms import Form, options
from wiseops.web.pages import LANGUAGES

DAYS = NumberRange(0, 365)


class CompanyForm(Form):
    """Who the creditor is, how it is paid, how it writes, and how it counts days."""

    name = StringField(_("Creditor name"), [InputRequired(), Length(max=200)])
    address = TextAreaField(_("Address"), [Optional(), Length(max=1000)])
    country = SelectField(_("Country"))
    timezone = SelectField(_("Time zone"))
    language = SelectField(_("Language of messages"), choices=options(LANGUAGES.items()))
    phone = StringField(_("Phone"), [Optional(), Length(max=40)])

    how_to_pay = TextAreaField(_("How to pay"), [Optional(), Length(max=4000)])
    currency = SelectField(_("Usual currency"))
    currencies = StringField(_("Currencies allowed"), [Optional(), Length(max=1200)])
    terms_days = IntegerField(_("Terms in days"), [InputRequired(), DAYS])

    email_sender_name = StringField(_("E-mail sender name"), [Optional(), Length(max=200)])
    email_sender = StringField(_("E-mail sender address"), [Optional(), Length(max=200), Email()])
    reply_to = StringField(_("Reply-to address"), [Optional(), Length(max=200), Email()])
    sms_sender = StringField(_("SMS sender"), [Optional(), Length(max=16)])
    sms_senders = TextAreaField(_("SMS senders by country"), [Optional(), Length(max=4000)])

    business_days = SelectMultipleField(_("Business days"), coerce=int, option_widget=CheckboxInput())
    ledger_max_age_days = IntegerField(_("Ledger may be this many days old"), [Optional(), NumberRange(1, 365)])
    collected_days = IntegerField(_("Days a payment counts as collected"), [InputRequired(), DAYS])
    promise_longest_days = IntegerField(
        _("A promise may be this many days ahead"), [InputRequired(), NumberRange(1, 365)]
    )
    promise_grace_days = IntegerField(_("Days of grace after a promise"), [InputRequired(), NumberRange(0, 30)])
    reply_hold_days = IntegerField(_("Days a reply holds reminders"), [InputRequired(), NumberRange(1, 90)])
    credit_allocation = BooleanField(_("Allocate credits to debts"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = options(choices.countries())
        self.timezone.choices = options(choices.timezones())
        self.currency.choices = options((code, code) for code in sorted(money.currencies()))
        self.business_days.choices = options(choices.weekdays())

    @classmethod
    def of(cls, row: Company) -> CompanyForm:
        """The form as the settings are now."""
        values = {field.name: getattr(row, field.name) for field in fields(Details)}
        return cls(formdata=None, data=values | {"currencies": " ".join(row.currencies)})

    def details(self) -> Details:
        """What was typed, as the service takes it."""
        typed: dict[str, Any] = {name: value for name, value in self.data.items() if name != "csrf_token"}
        codes = (typed["currencies"] or "").upper().replace(",", " ").split()
        typed["currencies"] = tuple(dict.fromkeys(codes))
        typed["business_days"] = tuple(sorted(typed["business_days"]))
        return Details(**typed)
