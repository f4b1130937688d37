"""The company's own settings, and which values make sense."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from wiseops.domain import sms_senders
from wiseops.domain.errors import Refused
from wiseops.domain.money import currencies
from wiseops.domain.promises import GRACE_DAYS, LONGEST_DAYS
from wiseops.domain.replies import HOLD_DAYS

LANGUAGES = ("en", "da", "nb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All that an admin sets about the company, but the logo. No currencies: every one is allowed."""

    name: str
    address: str = ""
    country: str = "DK"
    timezone: str = "Europe/Copenhagen"
    language: str = "en"
    currency: str = "DKK"
    currencies: tuple[str, ...] = ()
    how_to_pay: str = ""
    email_sender: str = ""
    email_sender_name: str = ""
    reply_to: str = ""
    sms_sender: str = ""
    sms_senders: str = ""
    phone: str = ""
    terms_days: int = 30
    business_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    ledger_max_age_days: int | None = None
    collected_days: int = 30
    credit_allocation: bool = True
    promise_grace_days: int = GRACE_DAYS
    promise_longest_days: int = LONGEST_DAYS
    reply_hold_days: int = HOLD_DAYS


def check(details: Details) -> Details:
    """The details, if they can be worked with."""
    for field, is_right, message in (
        ("name", details.name.strip(), "The creditor needs a name: debtors read it in every message."),
        ("timezone", details.timezone in available_timezones(), "This is no time zone."),
        ("language", details.language in LANGUAGES, "This is no language we have texts in."),
        ("currency", details.currency in currencies(), "This is no ISO 4217 currency."),
        ("currencies", _allowed(details), "The usual currency must be among those allowed."),
        ("business_days", set(details.business_days) <= set(range(7)), "Days go from Monday to Sunday."),
        ("business_days", details.business_days, "Choose at least one day."),
        ("terms_days", 0 <= details.terms_days <= 365, "Terms are 0 to 365 days."),
        ("collected_days", 0 <= details.collected_days <= 365, "Use 0 to 365 days."),
        ("ledger_max_age_days", (details.ledger_max_age_days or 1) in range(1, 366), "Use 1 to 365 days, or nothing."),
        ("promise_grace_days", 0 <= details.promise_grace_days <= 30, "Use 0 to 30 days."),
        ("reply_hold_days", 1 <= details.reply_hold_days <= 90, "Use 1 to 90 days."),
        ("promise_longest_days", 1 <= details.promise_longest_days <= 365, "Use 1 to 365 days."),
        (
            "sms_sender",
            not details.sms_sender or sms_senders.is_sender(details.sms_sender),
            "Use up to 11 letters and digits, or a number.",
        ),
        ("email_sender", "\n" not in details.email_sender_name + details.email_sender, "Use one line."),
    ):
        if not is_right:
            raise Refused(message, field)
    for code in details.currencies:
        if code not in currencies():
            raise Refused(f"“{code[:10]}” is no ISO 4217 currency.", "currencies")
    return replace(details, sms_senders=sms_senders.written(sms_senders.parse(details.sms_senders)))


def _allowed(details: Details) -> bool:
    return not details.currencies or details.currency in details.currencies
