"""What a message is written from: plain texts only, already in the message's language."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from wiseops.domain.automation.demand import Demand, Line
from wiseops.domain.templates import words

Context = dict[str, Any]
_DAY = date(2026, 3, 2)
_PHONE, _HOW_TO_PAY = "+4570101010", "Bank transfer to 1234 0001234567; please state the invoice number."
STEPS = (*range(1, 11), 99)
"""Those that a wording is tried at: more than any plan has, and one beyond."""


class Account(Protocol):
    """Whom the message is about."""

    @property
    def name(self) -> str: ...
    @property
    def number(self) -> str: ...


class Contact(Protocol):
    """Whom the message goes to."""

    @property
    def name(self) -> str: ...


class Company(Protocol):
    """Who writes."""

    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def how_to_pay(self) -> str: ...


def context_for(
    demand: Demand,
    *,
    account: Account,
    contact: Contact | None,
    company: Company,
    language: str,
    today: date,
    step: int = 1,
) -> Context:
    """The values of domain.templates.fields for one message; `language` one of LANGUAGES."""
    demanded = [line for line in demand.lines if line.demanded]
    return {
        "account": {"name": account.name, "number": account.number},
        "contact": {"name": (contact.name if contact else "") or account.name},
        "company": {"name": company.name, "phone": company.phone},
        "how_to_pay": company.how_to_pay.strip(),
        "items": _rows(demanded, language),
        "also": _rows((line for line in demand.lines if not line.demanded), language),
        "totals": words.totals(demand.totals, language),
        "numbers": words.numbers(line.number for line in demanded),
        "deadline": words.day(demand.deadline, language) if demand.deadline else "",
        "today": words.day(today, language),
        "step": step,
    }


def samples(company: Company, language: str) -> Iterable[Context]:
    """What a wording must survive: every step, with and without what may be missing."""
    missing = ((company.phone or _PHONE, ""), (company.how_to_pay.strip() or _HOW_TO_PAY, ""))
    for is_long, deadline, phone, how_to_pay in itertools.product((True, False), (_DAY, None), *missing):
        context = sample(company, language, is_long=is_long, deadline=deadline)
        context["company"]["phone"], context["how_to_pay"] = phone, how_to_pay
        for step in STEPS:
            yield context | {"step": step}


def sample(company: Company, language: str, *, is_long: bool = True, deadline: date | None = _DAY) -> Context:
    """Somebody who does not exist; `is_long`: a person there, many items in two currencies, and something besides."""
    first, second, other = _line("10417", 125_050), _line("10502", 98_000), _line("10611", 30_000, currency="EUR")
    outside = _line("10388", 20_000, demanded=False)
    customer = _Sample("Søndergaard & Ærø Blikkenslager- og Ventilationsforretning ApS", "204417")
    person = _Sample("Mette Østergård-Ångström")
    lines, contact = ((first, second, other, outside), person) if is_long else ((first,), None)
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.amount * line.demanded
    return context_for(
        Demand(lines, sums, deadline),
        account=customer,
        contact=contact,
        company=company,
        language=language,
        today=_DAY,
        step=3,
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    name: str
    number: str = ""


def _line(number: str, amount: int, *, currency: str = "DKK", demanded: bool = True) -> Line:
    due_on = _DAY - timedelta(days=11)
    return Line(0, number, "invoice", due_on - timedelta(days=30), due_on, currency, amount, demanded)


def _rows(lines: Iterable[Line], language: str) -> list[dict[str, str]]:
    return [
        {
            "number": line.number,
            "kind": words.kind(line.kind, language),
            "issued_on": words.day(line.issued_on, language),
            "due_on": words.day(line.due_on, language),
            "amount": words.money(line.amount, line.currency, language),
        }
        for line in lines
    ]
