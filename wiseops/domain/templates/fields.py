"""What a template may name: the table that the form shows and the grammar checks."""

from __future__ import annotations

from collections.abc import Mapping

SCALARS: Mapping[str, str] = {
    "account.name": "The customer's name",
    "account.number": "The customer's number",
    "contact.name": "Whom the message is addressed to; the customer's name where no person is known",
    "company.name": "Our name",
    "company.phone": "Our phone number; may be empty",
    "how_to_pay": "The payment text of the company settings; may be empty",
    "totals": "What is demanded, per currency",
    "numbers": "The numbers of what is demanded, the first five",
    "deadline": "Pay by this day; empty where the step sets none",
    "today": "The day the message leaves",
    "step": "The number of the step, from 1",
}
LISTS: Mapping[str, str] = {
    "items": "What is demanded, a row each: the total is their sum",
    "also": "What else is overdue, outside the total; may be empty",
}
ROW: Mapping[str, str] = {
    "number": "Invoice number",
    "kind": "What it is: invoice, fee …",
    "issued_on": "Invoice date",
    "due_on": "Due date",
    "amount": "What is to be paid of it, with currency",
}
FILTERS: Mapping[str, tuple[str, ...]] = {
    "upper": (),
    "lower": (),
    "capitalize": (),
    "trim": ("chars",),
    "default": ("default_value", "boolean"),
    "length": (),
}
